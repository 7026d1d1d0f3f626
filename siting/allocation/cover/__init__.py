"""Everybody, or a share, for the least: what `set_covering` and `center` rest on.

engine     reduce, take apart, search from above, bound from below; share: not everybody
dominance  exact reductions; search: greedy, then weights on rows
bound      the linear relaxation without a solver; milp: for HiGHS
"""
