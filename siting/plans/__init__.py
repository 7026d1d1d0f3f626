"""Where the next stations go: from tables to location-allocation, and back to words.

proposing   the use case: limits, wishes and rules in, a plan with its proof out
wishes      what is asked of a plan beside its size
curve       the best plan of every size; a plan over years
reasons     why a site is in a plan, and what is to be said of the plan as a whole
after_plan  what a plan brings of effective coverage
"""
