"""The fewest stations, or the least money, for a share of the workers; whom nobody can cover.

Location set covering and partial covering: `siting.allocation.set_covering` says how.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from geo.catchments import ABSENT, Travel, k_nearest, travel
from geo.errors import InfeasibleError
from geo.streets import AttachStatus
from siting.allocation import Covering, CoveringProblem, cover
from siting.allocation.contained import solve_contained
from siting.allocation.held import NONE_IN_TIME, Keeper, Watch
from siting.allocation.problem import Bools, Int64
from siting.allocation.set_covering import DEFAULT_TIME_LIMIT_S
from siting.costs import costs_yuan
from siting.model import Inputs, Parameters
from siting.plan_results import NeedServed
from siting.planning import Evaluation, Rules
from siting.plans.goals.choice import Choice, by_gain, choice_of, only_by
from siting.plans.goals.covering_result import CoveringPlan, CoveringSite, Sought, Uncoverable, Why
from siting.plans.goals.need_least import serving_most
from siting.plans.goals.soft_common import joined
from siting.plans.reasons import Outcome, infeasible_remark, reason_need, remark
from siting.plans.stated_need import Deciding, need_rows
from siting.plans.wishes import NO_WISHES, Wishes, called
from siting.results import Stopped, Unattached
from siting.rules import read_rules
from siting.rules.sentences import Terms
from siting.sites import SiteTravel
from words import Lang, count, say

LOOKED_M = 5000.0
"""For whoever nothing covers, the nearest site is looked for up to here, metres."""

_MM = 1000.0


def least_covering(  # noqa: PLR0913 - the planner's own settings, each by name
    inputs: Inputs,
    parameters: Parameters,
    *,
    sought: Sought = "stations",
    target: float | None = None,
    rules: Rules | None = None,
    wishes: Wishes = NO_WISHES,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    seed: int = 0,
    previous: Evaluation | None = None,
    today: date | None = None,
    looked_at: Watch | None = None,
) -> CoveringPlan:
    """Return the plan that covers what is asked for with the least.

    Parameters
    ----------
    sought
        As few new stations as can be, or as few yuan.
    target
        Share (0 < share <= 1) of all workers, those covered already included; None: everybody whom
        a candidate that may be opened reaches.
    rules
        A rule file whose filters keep candidates out; its points decide nothing here, its stated
        need among plans that cost no more (`siting.plans.goals.need_least`).
    wishes
        Candidates asked for (they count) and forbidden; nothing else.
    time_limit_s, seed
        Of the search.
    previous, today
        As for `siting.plans.proposing.propose`.
    looked_at
        As of `siting.plans.goals.task.Limits`.

    Raises
    ------
    InputError
        As `choice_of`; a target that is no share.
    InfeasibleError
        The search was ended before it had a plan.
    """
    choice = choice_of(
        inputs,
        parameters,
        rules=rules,
        wishes=wishes,
        today=today,
        previous=previous,
        objective=sought,
        target=target,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    keeper = Keeper(looked_at)
    case = _Case(inputs, parameters, choice, sought, target, wishes)
    begun = time.monotonic()
    try:
        problem = case.problem()
        found = keeper.run(cover, problem, time_limit_s=time_limit_s, seed=seed)
    except InfeasibleError as error:
        if error.code == NONE_IN_TIME:  # that is no proof that there is none
            raise
        return case.infeasible(error)
    book = None if rules is None else read_rules(rules)
    needs = need_rows(inputs, choice.sites, book)
    left_s = time_limit_s - (time.monotonic() - begun)
    if needs is None or keeper.stopped is not None or left_s <= 0:
        return case.plan(found, keeper.stopped)
    found, decided = serving_most(
        problem,
        found,
        needs,
        columns=choice.sites.stations + np.arange(problem.candidates),
        opened=case.opened(np.flatnonzero(choice.required)),
        search=partial(solve_contained, looked_at=looked_at),
        time_limit_s=left_s,
        seed=seed,
    )
    return case.plan(found, None, decided)


@dataclass(frozen=True, eq=False)
class _Case:
    """One question, and what its answer is made from."""

    inputs: Inputs
    parameters: Parameters
    choice: Choice
    sought: Sought
    target: float | None
    wishes: Wishes

    @property
    def sites(self) -> SiteTravel:
        return self.choice.sites

    @property
    def costs(self) -> Int64:
        return costs_yuan(self.inputs.candidates)[0]

    def opened(self, chosen: Int64) -> Bools:
        """Return bool[sites]: existing stations, and candidates by number."""
        mask = self.sites.open_sites(self.inputs.stations)
        mask[self.sites.stations + chosen] = True
        return mask

    def covered(self, chosen: Int64) -> float:
        """Return the weight within the cut-off, recomputed from the catchments."""
        reached = self.sites.matrix.covered(self.opened(chosen))
        return float(self.sites.demand.point_hours[reached].sum())

    def problem(self) -> CoveringProblem:
        """Return the covering, with what is asked for open already."""
        walk = self.sites.candidate_matrix()
        required = np.flatnonzero(self.choice.required)
        return CoveringProblem(
            weights=self.sites.demand.point_hours,
            covered=self.sites.matrix.covered(self.opened(required)),
            indptr=walk.indptr,
            demand=walk.demand,
            cost_yuan=self.costs,
            allowed=self.choice.allowed & ~self.choice.required,
            goal=self.sought,
            share=self.target,
        )

    def plan(
        self, found: Covering, stopped: Stopped | None, decided: Deciding | None = None
    ) -> CoveringPlan:
        """Return what was found, with what was asked for by name counted in."""
        required = np.flatnonzero(self.choice.required)
        spent = len(required) if self.sought == "stations" else int(self.costs[required].sum())
        chosen = np.concatenate([required, np.array(found.chosen, dtype=np.int64)])
        assumed = costs_yuan(self.inputs.candidates)[1]
        ids, names = self.inputs.candidates["id"].astype(str), called(self.inputs.candidates)
        ended: Stopped | None = (stopped or "time") if found.status == "time_limit" else None
        outcome = Outcome(
            asked=0,
            selected=len(chosen),
            unattached=self._off_streets(),
            assumed=tuple(names.iloc[site] for site in chosen.tolist() if assumed[site]),
            names=dict(zip(ids, names, strict=True)),
            wishes=self.wishes,
            stopped=ended,
            stated_need=None if decided is None else self._served(decided, chosen),
        )
        made = self._made(
            selected=self._selected(chosen, decided),
            value=found.value + spent,
            bound=found.bound + spent,
            after=self.covered(chosen),
            goal=found.target,
            found=found,
            stopped=ended,
            remarks=(remark(outcome, "zh"), remark(outcome, "en")),
        )
        return replace(made, stated_need=outcome.stated_need)

    def _served(self, decided: Deciding, chosen: Int64) -> NeedServed:
        return decided.served(self.opened(chosen[:0]), self.opened(chosen))

    def infeasible(self, error: InfeasibleError) -> CoveringPlan:
        """Return the plan that opens nothing because nothing is enough."""
        off_streets = self._off_streets()
        table = self.inputs.candidates
        names = dict(zip(table["id"].astype(str), called(table), strict=True))
        said = [
            infeasible_remark(error.message(lang), off_streets, self.wishes, lang, names)
            for lang in ("zh", "en")
        ]
        return self._made(
            selected=(),
            value=0,
            bound=0,
            after=self.covered(np.empty(0, dtype=np.int64)),
            goal=(self.target or 0.0) * self.choice.total,
            found=None,
            stopped=None,
            remarks=(said[0], said[1]),
        )

    def _made(
        self,
        *,
        selected: tuple[CoveringSite, ...],
        value: int,
        bound: int,
        after: float,
        goal: float,
        found: Covering | None,
        stopped: Stopped | None,
        remarks: tuple[str, str],
    ) -> CoveringPlan:
        present = self.sites.demand.present
        return CoveringPlan(
            sought=self.sought,
            target=self.target,
            selected=selected,
            value=value,
            bound=bound,
            workers_total=present(self.choice.total),
            workers_covered_before=present(self.covered(np.empty(0, dtype=np.int64))),
            workers_covered_after=present(after),
            workers_target=present(goal),
            uncoverable=self._uncoverable(),
            status="infeasible" if found is None else found.status,
            seconds=0.0 if found is None else found.seconds,
            stopped=stopped,
            method=self.sites.matrix.method,
            measure=self.sites.demand.measure,
            rules=self.choice.rules,
            parameters=self.choice.settings,
            unattached_candidates=self._off_streets(),
            remark_zh=remarks[0],
            remark_en=remarks[1],
        )

    def _off_streets(self) -> dict[str, Unattached]:
        return self.sites.unattached_candidates(self.inputs.candidates["id"])

    def _selected(self, chosen: Int64, decided: Deciding | None) -> tuple[CoveringSite, ...]:
        """Return the sites, the most workers gained first, with why each is there."""
        present, hours = self.sites.demand.present, self.sites.demand.point_hours
        walk = self.sites.candidate_matrix()
        within = replace(walk, cost=np.zeros_like(walk.cost))
        already = self.sites.matrix.covered(self.sites.open_sites(self.inputs.stations))
        order, wins = by_gain(within, hours, np.where(already, 0.0, 1.0), chosen)
        alone = only_by(self.sites.matrix, hours, self.opened(chosen))[self.sites.stations :]
        costs, assumed = costs_yuan(self.inputs.candidates)
        ids = self.inputs.candidates["id"].astype(str)
        terms = Terms(self.sites.demand.measure, self.sites.matrix.method)
        records = np.zeros(len(order))
        if decided is not None:
            records = decided.rows.gained(self.opened(chosen[:0]), self.sites.stations + order)
        return tuple(
            CoveringSite(
                id=ids.iloc[site],
                order=place,
                workers_gained=present(gain),
                cost_yuan=int(costs[site]),
                cost_assumed=bool(assumed[site]),
                reason_zh=_reason(place, present(gain), present(alone[site]), terms, "zh", asked),
                reason_en=_reason(place, present(gain), present(alone[site]), terms, "en", asked),
                workers_only=present(float(alone[site])),
                needs_gained=asked,
            )
            for place, (site, gain, asked) in enumerate(
                zip(order.tolist(), wins.tolist(), records.tolist(), strict=True), start=1
            )
        )

    def _uncoverable(self) -> tuple[Uncoverable, ...]:
        """Return whom nothing that may be opened covers, with the least that would."""
        usable = self.opened(np.flatnonzero(self.choice.allowed))
        demand = self.sites.demand
        lost = ~self.sites.matrix.covered(usable) & (demand.point_hours > 0)
        points = np.flatnonzero(lost)
        if not len(points):
            return ()
        barred = np.flatnonzero(~usable)
        town = self.inputs.demand["town"].astype(str)[~self.inputs.demand["id"].duplicated()]
        ids = np.array([*self.inputs.stations["id"], *self.inputs.candidates["id"]], dtype=object)
        rows = [
            Uncoverable(
                id=str(demand.point_id[point]),
                town=str(town.iloc[point]),
                workers=demand.present(float(demand.point_hours[point])),
                why=why,
                by="" if site == ABSENT else str(ids[site]),
                cutoff_needed_m=None if site == ABSENT else cost / _MM,
            )
            for point, (why, site, cost) in zip(
                points.tolist(), self._whys(points, np.flatnonzero(usable), barred), strict=True
            )
        ]
        return tuple(sorted(rows, key=lambda row: -row.workers))

    def _whys(self, points: Int64, usable: Int64, barred: Int64) -> Iterator[tuple[Why, int, int]]:
        """Return for each point why nothing covers it, the site that might, and its walk, mm."""
        off = self.sites.matrix.demand_status[points] != AttachStatus.OK
        near = _nearest(self.sites.matrix.take(barred))
        far = _nearest(self._longer(points, usable))
        for at, point in enumerate(points.tolist()):
            if off[at]:
                yield "off_streets", ABSENT, ABSENT
            elif near[0][point] != ABSENT:
                yield "ruled_out", int(barred[near[0][point]]), int(near[1][point])
            elif far[0][at] != ABSENT:
                yield "farther", int(usable[far[0][at]]), int(far[1][at])
            else:
                yield "nothing_near", ABSENT, ABSENT

    def _longer(self, points: Int64, usable: Int64) -> Travel:
        """Return walks of up to `LOOKED_M` from usable sites to some points."""
        sites, demand = self.sites, self.sites.demand
        return travel(
            self.inputs.streets,
            sites.lon[usable],
            sites.lat[usable],
            demand.point_lon[points],
            demand.point_lat[points],
            cutoff_m=max(LOOKED_M, self.parameters.cutoff_m),
            cap_m=sites.cap_m,
            alternatives_m=sites.alternatives_m,
        )


def _nearest(walks: Travel) -> tuple[list[int], list[int]]:
    """Return for each point the nearest site and its walk; `ABSENT` in both without one."""
    sites, costs = k_nearest(walks, 1)
    return sites[:, 0].tolist(), costs[:, 0].tolist()


def _reason(
    order: int, gained: float, alone: float, terms: Terms, lang: Lang, records: float
) -> str:
    said = say(
        "siting.cover.reason" if alone > 0 else "siting.cover.reason_shared",
        lang,
        order=order,
        gained=count(gained, lang),
        only=count(alone, lang),
        who=terms.who(lang),
    )
    return joined([said, reason_need(records, lang)], lang)
