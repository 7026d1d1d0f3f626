"""总览: the manager's home.

page         one figure, one table, the worst gaps
units        the table of units; trend: stations opened by month; year_so_far: what was built
since        what has moved since the last report, and the next one by one click; words
"""
