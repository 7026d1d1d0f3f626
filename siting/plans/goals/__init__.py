"""Plans for other goals than the most coverage: asked, searched, explained, told.

for_goal      one plan for any goal, to be looked at and stopped; task: what plans are made from
gradual, backup, capacity   by distance, with a second station, with seats; soft_*: alike in all
covering      a share of the workers for the least; need_least: with the most requests served
walking       short walks; walking_ways; by_points: rule points as the second goal
choice        what they are chosen from; yardsticks: what any set of candidates is worth
case, beside, curve, pricing    why, other sizes and years, what each wish costs
lines, least_lines, own_lines, size_lines    all this as sentences
"""
