"""Whom a station serves, and whom of them nobody else does."""

from dataclasses import dataclass

import numpy as np

from siting.coverage.levels import Level, Levels
from siting.coverage.points import Float64
from siting.coverage.reach import Reach
from siting.sums import sum_by


@dataclass(frozen=True, eq=False)
class Alone:
    """Worker-hours per week that stations effectively cover, verified; s stations.

    Attributes
    ----------
    served
        float64[s]: within reach of the station and served by it, whoever else serves them.
    alone
        float64[s]: of these, served by no other station: what would be lost without it.
    """

    served: Float64
    alone: Float64


def served_alone(reach: Reach, level: Levels, hours: Float64) -> Alone:
    """Return what each station serves, and serves alone.

    Parameters
    ----------
    level
        uint8[2, s, c], as `Supply.level` has it.
    hours
        float64[p, c]: worker-hours per week.
    """
    served, alone = np.zeros(reach.sites), np.zeros(reach.sites)
    for part in reach.parts(np.flatnonzero(np.diff(reach.indptr))):
        near = reach.only(part)
        helps = level[near.own, near.site] == Level.VERIFIED
        helpers = np.add.reduceat(helps, near.indptr[:-1], axis=0, dtype=np.int32)
        owner = np.repeat(np.arange(len(part)), np.diff(near.indptr))
        covered = np.where(helps, hours[part][owner], 0.0)
        served += sum_by(near.site, covered.sum(axis=1), reach.sites)
        only = np.where(helpers[owner] == 1, covered, 0.0)
        alone += sum_by(near.site, only.sum(axis=1), reach.sites)
    return Alone(served, alone)
