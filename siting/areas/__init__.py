"""Areas: those of the siting rules, and those that somebody drew.

zones, zone_files, drawing   zones set by hand: kept, loaded, drawn
grid         the areas place by place
counts       who and what is in an area that somebody drew
"""
