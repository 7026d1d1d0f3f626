"""DECISIONS: who is covered, which rule speaks for a site, where the next stations go.

Pure functions over tables.

model       the inputs of a decision and its parameters, frozen
results     coverage and scores, frozen; their `as_dict` is the command line's JSON
plan_results  plans, frozen, and what they all say of their answer
windows     time windows of a week
calendar    public holidays and make-up working days
district_time   days and times as the district's people have them
hours       opening hours, and the share of a window in which a station is open
weather     heat and cold: shorter ways, heavier hours
standards   named standards with their sources; within: the stations they let count
sites       distances from all stations and candidates, computed once
circles     what lies around places as the crow flies, found once for the same places
filters     what a station must pass to be of use: open, admits, offers
coverage    covered and uncovered workers, per unit, group and window; nominal and effective
rules       the federation's siting rules as measures, points and sentences
candidates  where a station may be opened: at hosts, and where none is known
costs       what a station at a candidate costs
allocation  location-allocation: the mathematics, with proven bounds
plans       the use cases of plans: from tables to location-allocation and back to words
actions     plans of effective coverage: what to do at stations, containers and candidates
scenario    one hash for inputs and parameters
planning    the use cases that the doors call: coverage, evaluate, score
service     who reaches which station and what stations answer, for all that follows
effective   the use case of effective coverage: verified, to be asked, mends, gap areas
judging     several standards at once: who passes, where they disagree
apart       where two of them disagree, and why
street_service  how much of each main street street-front stations serve
utilisation     idle, duplicate and overloaded stations, where visits are recorded
haves_audit     coverage with and without the stations that fail the seven haves
progress        a year's work: targets, money, checks, key places without a station
sensitivity     effective coverage by open share
what_if     effective coverage if one site were otherwise
live        effective coverage while single stations change, in milliseconds
audit_lines     these as sentences
demand      demand made of several sources, each person once; what of it may leave the house
areas       the areas of the siting rules, and those that somebody drew
gap_areas   the worst gap areas with their mends; gap_places gives them names
effective_lines  the same as sentences
sums        sums by index
"""
