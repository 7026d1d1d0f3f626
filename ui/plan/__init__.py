"""Plans: asked for, looked for, explained, stored.

panel      the form and the answer; question: what is asked; wishes: what it must keep to
actions    what could be done with all stations, not new ones alone
search     how good it is so far, and the button that takes it; turns: one after another
why, curve, front, spares   why these sites, how many, second goals, who stands in for them
stored     plans in the register and back
"""
