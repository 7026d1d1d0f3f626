"""What plans for softer goals say of the question, whatever the goal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np

from geo.errors import InfeasibleError
from siting.allocation.contained import solve_contained
from siting.allocation.held import NONE_IN_TIME
from siting.allocation.problem import Float64
from siting.costs import costs_yuan
from siting.plan_results import NeedServed
from siting.plans.goals.soft_result import SoftSite
from siting.plans.goals.task import Task
from siting.plans.reasons import (
    Outcome,
    infeasible_remark,
    reason_need,
    remark,
    why_infeasible,
)
from siting.plans.stated_need import Deciding
from siting.plans.wishes import called
from siting.results import Measure, Method, Status, Stopped, Unattached
from siting.rules.sentences import Terms
from words import Lang, count, say


class Beside(TypedDict):
    """The fields of every plan that are not its own figure."""

    selected: tuple[SoftSite, ...]
    workers_total: float
    workers_covered_before: float
    workers_covered_after: float
    status: Status
    seconds: float
    stopped: Stopped | None
    method: Method
    measure: Measure
    rules: str | None
    parameters: dict[str, object]
    unattached_candidates: dict[str, Unattached]
    remark_zh: str
    remark_en: str
    stated_need: NeedServed | None


@dataclass(frozen=True)
class Chosen:
    """What a solver chose.

    Attributes
    ----------
    sites
        Candidates by number, the most gained first.
    gains
        What each adds in that order to the plan's own figure.
    status, seconds
        As of a plan.
    stopped
        By what the search was ended; None: by itself.
    decided
        Requests that weighed in the choice; None: none did.
    """

    sites: tuple[int, ...]
    gains: tuple[float, ...]
    status: Status
    seconds: float
    stopped: Stopped | None = None
    decided: Deciding | None = None

    @property
    def ended(self) -> Stopped | None:
        """What ended a search without proof; None: there is one."""
        return (self.stopped or "time") if self.status == "time_limit" else None


Tell = Callable[[SoftSite, int, Lang], str]
"""A reason: the site, its number among the candidates, the language."""


def beside(
    task: Task, goal: str, chosen: Chosen, tell: Tell, said: Sequence[tuple[str, str]] = ()
) -> Beside:
    """Return the fields of a plan.

    Parameters
    ----------
    goal
        Its name, in the sentences' keys.
    chosen
        Within the limits.
    said
        What the remark begins with, in Chinese and in English.
    """
    limits, ids = task.limits, task.inputs.candidates["id"].astype(str)
    names = called(task.inputs.candidates)
    _, assumed = costs_yuan(task.inputs.candidates)
    outcome = Outcome(
        asked=0,  # why a plan is smaller than asked for is said here
        selected=len(chosen.sites),
        unattached=task.sites.unattached_candidates(ids),
        assumed=tuple(names.iloc[site] for site in chosen.sites if assumed[site]),
        names=dict(zip(ids, names, strict=True)),
        wishes=limits.wishes,
        stopped=chosen.ended,
        stated_need=_served(task, chosen),
    )
    remarks = {}
    for place, lang in enumerate(LANGS):
        parts = [pair[place] for pair in said]
        if limits.new is not None and len(chosen.sites) < limits.new:
            facts = {"new": limits.new, "selected": len(chosen.sites)}
            parts.append(say(f"siting.soft.fewer_{goal}", lang, **facts))
        if task.scores is not None and not limits.tolerance:
            parts.append(say("siting.soft.filters_only", lang))
        parts.append(remark(outcome, lang))
        remarks[lang] = joined(parts, lang)
    return _beside(task, chosen, tuple(_sites(task, chosen, tell)), remarks)


def nothing_built(task: Task, error: InfeasibleError) -> Beside:
    """Return the fields of the plan that builds nothing because nothing can be built.

    Raises
    ------
    InfeasibleError
        The search ended before it had a plan: that is no proof that there is none.
    """
    if error.code == NONE_IN_TIME:
        raise error
    error = _in_shares_of_all(task, error)
    off_streets = task.sites.unattached_candidates(task.inputs.candidates["id"])
    wishes, table = task.limits.wishes, task.inputs.candidates
    names = dict(zip(table["id"].astype(str), called(table), strict=True))
    remarks = {
        lang: infeasible_remark(why_infeasible(error, lang), off_streets, wishes, lang, names)
        for lang in LANGS
    }
    return _beside(task, Chosen((), (), "infeasible", 0.0), (), remarks)


def _in_shares_of_all(task: Task, error: InfeasibleError) -> InfeasibleError:
    """Return what cannot be kept to together with floors as they were asked.

    Searches for second stations know of a floor only what existing stations leave of it; maximal
    covering, with the same limits and wishes, says it of everybody.
    """
    if "unmet" not in error.facts:
        return error
    try:
        solve_contained(task.problem(), time_limit_s=task.limits.time_limit_s)
    except InfeasibleError as plainly:
        if "unmet" in plainly.facts:
            return plainly
    return error


LANGS: tuple[Lang, Lang] = ("zh", "en")


def joined(parts: Sequence[str], lang: Lang) -> str:
    """Return sentences one after the other, empty ones left out."""
    return ("" if lang == "zh" else " ").join(part for part in parts if part)


def points_reached(task: Task, chosen: tuple[int, ...]) -> Float64:
    """Return float64[n + 1]: worker-hours within the cut-off before and after each of `chosen`."""
    matrix, weights = task.sites.matrix, task.sites.demand.point_hours
    near = matrix.covered(task.existing)
    values = [float(weights[near].sum())]
    for site in chosen:
        near[matrix.row(task.sites.stations + site)[0]] = True
        values.append(float(weights[near].sum()))
    return np.array(values)


def who(task: Task, lang: Lang) -> str:
    """Return what is counted, as it stands beside a figure."""
    return Terms(task.sites.demand.measure, task.sites.matrix.method).who(lang)


def told(key: str, task: Task, site: SoftSite, lang: Lang, **facts: object) -> str:
    """Return a reason: `siting.soft.<key>` with what every reason names."""
    return say(
        f"siting.soft.{key}",
        lang,
        order=site.order,
        who=who(task, lang),
        counted=count(site.counted_gained, lang),
        gained=count(site.workers_gained, lang),
        **facts,
    )


def _sites(task: Task, chosen: Chosen, tell: Tell) -> list[SoftSite]:
    costs, assumed = costs_yuan(task.inputs.candidates)
    present, ids = task.sites.demand.present, task.inputs.candidates["id"].astype(str)
    covered = np.diff(points_reached(task, chosen.sites)).tolist()
    records = _records(task, chosen)
    picked = []
    for order, (number, gain, fresh, asked) in enumerate(
        zip(chosen.sites, chosen.gains, covered, records, strict=True), 1
    ):
        site = SoftSite(
            id=ids.iloc[number],
            order=order,
            workers_gained=present(fresh),
            cost_yuan=int(costs[number]),
            cost_assumed=bool(assumed[number]),
            reason_zh="",
            reason_en="",
            counted_gained=present(gain),
            needs_gained=asked,
        )
        zh, en = (
            joined([tell(site, number, lang), reason_need(asked, lang)], lang) for lang in LANGS
        )
        picked.append(replace(site, reason_zh=zh, reason_en=en))
    return picked


def _records(task: Task, chosen: Chosen) -> list[float]:
    """Return how many requests each site adds, in their order."""
    if chosen.decided is None:
        return [0.0] * len(chosen.sites)
    sites = task.sites.stations + np.array(chosen.sites, dtype=np.int64)
    return [float(one) for one in chosen.decided.rows.gained(task.existing, sites)]


def _served(task: Task, chosen: Chosen) -> NeedServed | None:
    if chosen.decided is None:
        return None
    return chosen.decided.served(task.existing, task.open_with(chosen.sites))


def _beside(
    task: Task, chosen: Chosen, selected: tuple[SoftSite, ...], remarks: dict[Lang, str]
) -> Beside:
    present, covered = task.sites.demand.present, points_reached(task, chosen.sites)
    rules = task.settings["rules"]
    return {
        "selected": selected,
        "workers_total": present(float(task.sites.demand.point_hours.sum())),
        "workers_covered_before": present(float(covered[0])),
        "workers_covered_after": present(float(covered[-1])),
        "status": chosen.status,
        "seconds": chosen.seconds,
        "stopped": chosen.ended,
        "method": task.sites.matrix.method,
        "measure": task.sites.demand.measure,
        "rules": None if rules is None else str(rules),
        "parameters": dict(task.settings),
        "unattached_candidates": task.sites.unattached_candidates(task.inputs.candidates["id"]),
        "remark_zh": remarks["zh"],
        "remark_en": remarks["en"],
        "stated_need": _served(task, chosen),
    }
