"""Where the next stations go: from tables to location-allocation, and back to words.

proposing   the use case: limits, wishes and rules in, a plan with its proof out
closing     existing stations that a plan closes, may close, or moves
evenness    the worst-off first, then coverage
wishes      what is asked of a plan beside its size
curve       the best plan of every size; a plan over years
under_way   a proposal that is being looked for: how good so far, how to end it
reasons     why a site is in a plan, and what is to be said of the plan as a whole
explaining  why each site is in a plan: what it wins, what could stand there, what decided
pricing     what each limit, wish and rule costs, by solving without it
why_lines   both in sentences
asked       what a stored plan was asked; recorded: a plan as plain JSON, and read again
chosen_set  what the chosen set of a stored plan brings: evaluated, not solved
after_plan  what a plan brings of effective coverage
comparing   two plans beside each other: who gains, who loses
variant     a scenario as it is kept: changes of what stands, and terms
goals       plans for something else than the most coverage
given       a kept scenario as a plan: decided by people, nothing sought
grounds     what keeps a candidate out of the place of a site; why: a site and prices, for any goal
stated_need requests that a plan goes by, and that coverage never has
robust      what is left of a plan if hosts leave; the plan that expects it
near_best   the next best plans; what may be swapped, and at what price
stability   how often each site is chosen under shaken demand and weights
pareto      coverage against money, rule points, or the unit that is covered least
second_lines  these four, and the best years, as lines of text
"""
