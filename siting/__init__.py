"""DECISIONS: who is covered, which rule speaks for a site, where the next stations go. Pure functions over tables.

model       the inputs of a decision and its parameters, frozen
results     coverage, scores and plans, frozen; their `as_dict` is the command line's JSON
hours       opening hours and time windows, public holidays and make-up days included
coverage    covered and uncovered workers, per unit, group and window
rules       the federation's siting rules as measures, points and sentences
allocation  location-allocation: maximal covering with a proven bound
scenario    one hash for inputs and parameters
planning    the use cases that the doors call: evaluate, propose
"""
