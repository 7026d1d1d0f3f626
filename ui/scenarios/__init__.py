"""方案: what was kept under a name, and two of them beside each other.

page       the page; sides: what is compared; beside: sizes and years of one of them
keep       the planner's page kept under a name; saved: the list of what is kept
streets    streets that a scenario closes or adds
"""
