"""规则: the siting rules in force, and how they are edited.

page       the rules, criterion by criterion; draft: the text that is edited
weights    sliders, and comparisons in pairs; quotas: how many of a plan are where
areas      where the areas lie; zones: areas set by hand
trial      what edited rules would change
"""
