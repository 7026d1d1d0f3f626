"""Plans that must keep to more than a number: quotas, pairs, floors.

sides      quotas, pairs and floors of a reduced problem; floor_sites: what floors imply
search     greedy and swaps that keep to them; anneal: the same, driven to floors
prices     their prices, for the bound
"""
