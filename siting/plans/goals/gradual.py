"""The plan that weighs workers by the way to their nearest open station.

Bands of distance and what a worker counts in each come from data/reference/distance_bands.toml or a
file of the same form; they end at the cut-off. `siting.allocation.gradual` says how.
"""

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from geo.errors import InfeasibleError, InputError
from geo.reference import read_list
from siting.allocation import Solution
from siting.allocation.contained import solve_contained
from siting.allocation.gradual import (
    Band,
    GradualPlan,
    GradualProblem,
    require_bands,
    solve_gradual,
)
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.plans.goals.soft_common import Beside, Chosen, beside, nothing_built, told
from siting.plans.goals.soft_result import BandRow, GradualProposal, SoftSite
from siting.plans.goals.task import Limits, Task, task_of
from siting.rules.sentences import Terms, ground
from words import Lang, distance, say

_MM = 1000.0


def read_bands(file: Path | None = None) -> tuple[Band, ...]:
    """Return bands in millimetres, from a file or, without one, the product's own.

    Raises
    ------
    InputError
        The file cannot be read, is no TOML, has no bands, or bands that do not decay.
    """
    content = read_list("reference/distance_bands") if file is None else _read(file)
    rows = content.get("bands", ())
    try:
        bands = tuple(Band(round(_MM * row["within_m"]), float(row["worth"])) for row in rows)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise InputError("siting_bands_unread", file=str(file)) from None
    require_bands(bands)
    return bands


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise InputError("siting_bands_unread", file=str(file)) from None


def within(bands: tuple[Band, ...], cutoff_m: float) -> tuple[Band, ...]:
    """Return bands as far as the cut-off: the one that it lies in ends there."""
    most = round(_MM * cutoff_m)
    before = [band for band in bands if band.most < most]
    return (*before, *(Band(most, band.worth) for band in bands[len(before) :][:1]))


def propose_gradual(
    inputs: Inputs,
    parameters: Parameters,
    limits: Limits,
    *,
    bands: tuple[Band, ...] | None = None,
    previous: Evaluation | None = None,
) -> GradualProposal:
    """Return which candidates to open so that the most workers are near, weighed by distance.

    Parameters
    ----------
    limits
        With rules, their points are the second goal, and requests weigh as they say, by the way to
        their nearest station, too.
    bands
        In millimetres; None: the product's own.

    Raises
    ------
    InputError
        Tables, parameters, limits, wishes or bands that cannot be used; no candidates.
    """
    near = within(read_bands() if bands is None else bands, parameters.cutoff_m)
    require_bands(near)
    shown = [[band.most / _MM, band.worth] for band in near]
    task = task_of(inputs, parameters, limits, previous=previous, objective="gradual", bands=shown)
    try:
        base = task.problem()
        problem = GradualProblem(
            base=base,
            cost=task.sites.candidate_matrix().cost_mm,
            nearest=task.sites.matrix.nearest_mm(task.existing),
            bands=near,
        )
        search: Callable[..., Solution] = partial(solve_contained, looked_at=limits.looked_at)
        weighed = task.weighed(search, near)
        found = solve_gradual(
            problem,
            tolerance=0.0 if task.scores is None else limits.tolerance,
            time_limit_s=limits.time_limit_s,
            seed=limits.seed,
            search=search if weighed is None else weighed,
        )
    except InfeasibleError as error:
        return _proposal(task, near, nothing_built(task, error), _nothing(task, near))

    def tell(site: SoftSite, number: int, lang: Lang) -> str:
        score = None if task.scores is None else task.scores[number]
        if score is None or not score.evidence:
            return told("reason_gradual", task, site, lang)
        terms = Terms(task.sites.demand.measure, task.sites.matrix.method)
        facts = {"ground": ground(score.evidence, terms, lang), "points": f"{score.points:g}"}
        return told("reason_gradual_rule", task, site, lang, **facts)

    decided = None if weighed is None else weighed.decided
    chosen = Chosen(found.chosen, found.gains, found.status, found.seconds, found.stopped, decided)
    fields = beside(task, "gradual", chosen, tell, [(_said(near, "zh"), _said(near, "en"))])
    return _proposal(task, near, fields, found)


def _said(bands: tuple[Band, ...], lang: Lang) -> str:
    """Return the bands in words, marked as an assumption."""
    each = [
        say(
            "siting.soft.band",
            lang,
            metres=distance(band.most / _MM, lang),
            worth=f"{band.worth:g}",
        )
        for band in bands
    ]
    return say("siting.soft.bands", lang, bands=say("siting.soft.band_joint", lang).join(each))


def _nothing(task: Task, bands: tuple[Band, ...]) -> GradualPlan:
    """Return what counts now, where nothing can be built."""
    weights = task.sites.demand.point_hours
    way = task.sites.matrix.nearest_mm(task.existing)
    left, by_band, counted = way >= 0, [], 0.0
    for band in bands:
        here = left & (way <= band.most)
        by_band.append(float(weights[here].sum()))
        counted += band.worth * by_band[-1]
        left &= ~here
    by_band.append(float(weights.sum()) - sum(by_band))
    return GradualPlan(
        chosen=(),
        gains=(),
        before=counted,
        after=counted,
        bound=counted,
        status="infeasible",
        points=0.0,
        seconds=0.0,
        by_band_before=tuple(by_band),
        by_band_after=tuple(by_band),
    )


def _proposal(
    task: Task, bands: tuple[Band, ...], fields: Beside, found: GradualPlan
) -> GradualProposal:
    present = task.sites.demand.present
    levels = [*((band.most / _MM, band.worth) for band in bands), (None, 0.0)]
    rows = tuple(
        BandRow(within_m, worth, present(before), present(after))
        for (within_m, worth), before, after in zip(
            levels, found.by_band_before, found.by_band_after, strict=True
        )
    )
    return GradualProposal(
        counted_before=present(found.before),
        counted_after=present(found.after),
        counted_bound=present(found.bound),
        bands=rows,
        **fields,
    )
