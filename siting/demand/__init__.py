"""Demand: whom stations are for, made of several sources, each person once.

sources      tables of heads; overlaps: nobody counted twice; calibration: official totals
presence     who is at work when
build        demand of several sources, and what it is made of
merging, small_cells    what of it may leave the house
"""
