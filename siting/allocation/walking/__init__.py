"""Walks: what the p-median and the p-center rest on.

walks         the problem that both share
median_search, median_bound, median_milp    greedy and swaps; prices; for HiGHS
median_tree                                 few sites: branch and bound on prices
center_ways, center_proof                   who is how far; whether so many reach everybody
"""
