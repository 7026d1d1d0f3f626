"""Seats: what `capacity` rests on.

seating    who sits where: maximum flows
prices     a bound on what any plan seats; milp: for HiGHS
"""
