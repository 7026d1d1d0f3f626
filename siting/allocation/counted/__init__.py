"""Rows whose worth grows with the number of open sites that reach them.

What `backup`, `robust` and `roll_out` rest on.

rows       the problem; engine: the best plan and its bound
anneal     annealed swaps; bound: prices; milp: for HiGHS
"""
