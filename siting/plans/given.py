"""A kept scenario as a plan: what people decided, with what it brings; nothing was sought."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from siting.model import Inputs
from siting.plan_results import ClosedStation, PlanResult, SelectedSite
from siting.plans.chosen_set import evaluated
from siting.plans.variant import Variant
from siting.sites import SiteTravel
from words import Lang, count, say

_NAMED = 12


@dataclass(frozen=True)
class Reason:
    """Why a site is in a plan, in both languages."""

    zh: str
    en: str


def given_plan(
    inputs: Inputs,
    sites: SiteTravel,
    variant: Variant,
    *,
    scenario: str,
    reasons: Mapping[str, Reason] | None = None,
) -> PlanResult:
    """Return what a scenario opens and closes as a plan whose status is `given`.

    Parameters
    ----------
    inputs, sites
        The tables with the scenario's streets and places (`siting.plans.variant.with_variant`), and
        the distances that they lead to.
    variant
        What it changes; sites and stations that the tables no longer have are left out.
    scenario
        Hash of inputs and parameters.
    reasons
        Why a site was proposed, by its id, where a plan proposed it; the others were put in by
        people, and it is said.

    Notes
    -----
    Nothing is proved of it: `bound_workers` is all workers.
    """
    known, chosen = reasons or {}, Reason(*(say("siting.given", lang) for lang in ("zh", "en")))
    names = dict(zip(inputs.stations["id"].astype(str), inputs.stations["name"], strict=True))
    total = sites.demand.present(float(sites.demand.point_hours.sum()))
    plan = PlanResult(
        selected=tuple(
            _site(opening.id, number, known.get(opening.id, chosen))
            for number, opening in enumerate(variant.opens, 1)
        ),
        workers_total=total,
        workers_covered_before=0.0,
        workers_covered_after=0.0,
        bound_workers=total,
        status="given",
        seconds=0.0,
        method=sites.matrix.method,
        rules=None,
        rules_tolerance=0.0,
        parameters={"scenario": scenario},
        closed=tuple(
            ClosedStation(station, str(names.get(station, station)), asked=True, workers_lost=0.0)
            for station in variant.closes
        ),
    )
    found = evaluated(inputs, sites, plan)
    # The most gained first, as every plan has them; gains are marginal in the order that is given.
    first = sorted(found.selected, key=lambda site: -site.workers_gained)
    ready = evaluated(inputs, sites, replace(found, selected=tuple(first)))
    return replace(ready, remark_zh=_closing(ready, "zh"), remark_en=_closing(ready, "en"))


def _closing(plan: PlanResult, lang: Lang) -> str:
    """Say which stations close, and whom that alone costs their cover; "" where none does."""
    if not plan.closed:
        return ""
    between = "、" if lang == "zh" else ", "
    return say(
        "siting.given_closed",
        lang,
        count=len(plan.closed),
        names=between.join(station.name or station.id for station in plan.closed[:_NAMED])
        + ("…" if len(plan.closed) > _NAMED else ""),
        workers=count(plan.workers_lost_by_closing, lang),
    )


def _site(site: str, order: int, why: Reason) -> SelectedSite:
    return SelectedSite(
        id=site,
        order=order,
        workers_gained=0.0,
        cost_yuan=0,
        cost_assumed=False,
        reason_zh=why.zh,
        reason_en=why.en,
    )
