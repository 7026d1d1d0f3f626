"""Plans of effective coverage: what to do at which station, candidate or container.

bundles    what may be done at each place: sensible things together, as exclusive alternatives
changing   the tables as they are once something is done
items      who is to be covered, and whom each bundle would effectively cover
choosing   from bundles to location-allocation and back: an order, and who gains by each
planning   the use case
results    a plan of actions, frozen; its JSON
lines      the same as sentences
"""
