"""规划: the map and the panels beside it.

page          the page; filters: what a planner may set
coverage      the figures; waterfall, open_share: what they are made of
areas         the worst gaps; gaps_export; questions: which records to ask for first
candidates    ranked; hosts, hosts_sketch: where they may come from
point_card    the form and the card of a point; score_card, service_card, open_windows, what_if
placing       what the data say of a place; dragging: a point taken elsewhere
lasso         what is in a drawn area; lasso_file; downloads: files beside the map
"""
