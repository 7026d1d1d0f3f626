"""The use case: which stations to better, reopen, move or open, so that the most are served.

The model is exact: its columns are whole records, and what is claimed is computed anew from the
tables as the plan makes them, by the same way as coverage is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from geo.errors import InfeasibleError, InputError
from siting import planning
from siting.actions.bundles import (
    ACTIONS,
    ActionKind,
    Bundle,
    Menu,
    all_bundles,
    menu,
    movable,
    records,
)
from siting.actions.changing import changed_inputs
from siting.actions.choosing import Columns, Turn, columns_of, in_turns, problem_of
from siting.actions.items import Bools, Int64, Items, Served, read_items
from siting.actions.lines import infeasible_text, reason_text, remark_text
from siting.actions.results import ActionPlan, ChosenAction, Shares
from siting.allocation import Solution
from siting.allocation.contained import solve_contained
from siting.allocation.held import NONE_IN_TIME
from siting.costs import SHIPPED, Prices
from siting.coverage.cells import read_cells
from siting.coverage.levels import Terms
from siting.model import Inputs, Parameters
from siting.planning import Evaluation
from siting.plans.goals.task import Limits
from siting.plans.problem import passing_rules
from siting.plans.proposing import edition
from siting.plans.wishes import (
    SideConstraints,
    Wishes,
    called,
    side_constraints,
    with_rule_quotas,
)
from siting.rules import read_rules
from siting.scenario import scenario_hash
from siting.service import Service, service_of
from siting.sums import sum_by

_AGREE = 1e-6
"""Share by which the model and the tables may differ: rounding of long sums."""


def plan_actions(
    inputs: Inputs,
    parameters: Parameters,
    terms: Terms | None = None,
    *,
    limits: Limits,
    actions: Iterable[ActionKind] = ACTIONS,
    prices: Prices = SHIPPED,
    previous: Evaluation | None = None,
) -> ActionPlan:
    """Return what to do so that the most workers are newly covered, effectively and verified.

    Parameters
    ----------
    terms
        On which a station is of use; None: an ordinary week and half of each window.
    limits
        `new`: at most so many places where something is done: a new station, or a station
        bettered, reopened or moved, whatever is done there together. Rules keep candidates out
        and set quotas; their points do not decide. Wishes are about candidates, about stations that
        may not be moved and, floors, about effective coverage; others, such as closing stations,
        are refused. A quota of kinds lets candidates open as their own kind only.
    actions
        What may be done.
    prices
        What it costs.
    previous
        An earlier nominal evaluation of nearly the same inputs.

    Raises
    ------
    InputError
        Tables, parameters, limits or wishes that cannot be used; no limit.
    """
    service = service_of(inputs, parameters, terms, previous=previous)
    allowed = tuple(name for name in ACTIONS if name in set(actions))
    book = None if limits.rules is None else read_rules(limits.rules)
    scores = None
    if book is not None:
        scores = planning.scores_of(inputs, parameters, service.sites, book, limits.today)
    wishes = with_rule_quotas(limits.wishes, book)
    limits = replace(limits, wishes=wishes)
    if replace(wishes, require=(), forbid=(), quotas=(), floors=(), spacing_m=0.0, keep=()):
        raise InputError("siting_actions_wish")
    settings: dict[str, object] = {
        **asdict(parameters),
        "objective": "effective",
        "new": limits.new,
        "budget_yuan": limits.budget_yuan,
        "actions": list(allowed),
        "prices": dict(prices.own),
        "open_share": service.terms.open_share,
        "monday": service.terms.monday.isoformat(),
        "rules": None if book is None else book.name,
        **({} if book is None else edition(book, limits.today)),
        "time_limit_s": limits.time_limit_s,
        "seed": limits.seed,
        **({"wishes": asdict(wishes)} if wishes else {}),
    }
    settings["scenario"] = scenario_hash(inputs, parameters, plan=settings)
    asked = _Asked(parameters, limits, settings)
    sides = side_constraints(inputs, service.sites.demand, wishes, scores)
    passing = passing_rules(len(inputs.candidates), scores) & ~sides.left_out
    offered = menu(allowed, prices, service.terms, service.cells)
    model = _model(service, offered, wishes, sides, passing)
    try:
        solution = _solved(model, limits, sides)
    except InfeasibleError as error:
        if error.code == NONE_IN_TIME:  # that is no proof that there is none
            raise
        names = _called(model)
        return replace(
            _planned(model, asked, None, []),
            status="infeasible",
            remark_zh=infeasible_text(error, wishes, "zh", names),
            remark_en=infeasible_text(error, wishes, "en", names),
        )
    if solution is None:
        return _planned(model, asked, None, [])
    turns = in_turns(model.items, model.columns, solution.chosen, whole=bool(wishes))
    return _planned(model, asked, solution, turns)


@dataclass(frozen=True, eq=False)
class _Asked:
    parameters: Parameters
    limits: Limits
    settings: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class _Model:
    service: Service
    items: Items
    columns: Columns


def _solved(model: _Model, limits: Limits, sides: SideConstraints) -> Solution | None:
    """Return the plan in columns; None: nothing that may be done wins anybody."""
    new, budget_yuan = limits.new, limits.budget_yuan
    costs = [model.columns.bundles[column].cost_yuan for column in model.columns.actions]
    if new is None and budget_yuan is None:
        raise InputError("siting_plan_no_limit")
    if not costs:
        if sides.floors or any(quota.least for quota in sides.quotas):
            raise InfeasibleError("siting_actions_none")
        return None
    if budget_yuan is not None and 0 <= budget_yuan < min(costs, default=0) and new != 0:
        raise InfeasibleError(
            "siting_actions_budget_small", budget=budget_yuan, cheapest=min(costs)
        )
    problem = problem_of(
        model.items,
        model.columns,
        new=new,
        budget_yuan=budget_yuan,
        sides=sides,
        first=model.service.sites.stations,
    )
    return solve_contained(
        problem,
        time_limit_s=limits.time_limit_s,
        seed=limits.seed,
        looked_at=limits.looked_at,
    )


def _model(
    service: Service, offered: Menu, wishes: Wishes, sides: SideConstraints, passing: Bools
) -> _Model:
    inputs, sites, terms = service.inputs, service.sites, service.terms
    stations, candidates = inputs.stations, inputs.candidates
    free = planning.eligible(inputs, sites) & passing
    usable = np.concatenate([service.counting, free]).tolist()
    if any(quota.field == "kind" for quota in wishes.quotas):
        offered = replace(offered, own_kinds=True)
    standing = [
        Bundle(site, site, record)
        for site, record in enumerate(records(stations))
        if service.counting[site]
    ]
    bundles = all_bundles(stations, candidates, usable, offered)
    places = movable(stations, candidates, usable, offered)
    kept = set(wishes.keep)
    moves = {
        bundle.site: offered.moved(bundle, places[bundle.site])
        for bundle in standing
        if bundle.site in places and stations["id"].iloc[bundle.site] not in kept
    }
    every = [*standing, *bundles]
    # Days are cut anew: what may be agreed on are other hours than any on record.
    cells = read_cells(inputs.demand, terms.monday, [bundle.record.hours for bundle in every])
    items = read_items(service.demand, cells)
    served = Served(items, sites.matrix, terms, every)
    asked = frozenset(
        sites.stations + site for quota in sides.quotas if quota.least for site in quota.sites
    )
    return _Model(service, items, columns_of(items, served, standing, bundles, moves, asked))


def _called(model: _Model) -> dict[str, str]:
    """Return what people call each candidate, by id."""
    table = model.service.inputs.candidates
    return dict(zip(table["id"].astype(str), called(table), strict=True))


def _planned(
    model: _Model, asked: _Asked, solution: Solution | None, turns: Sequence[Turn]
) -> ActionPlan:
    """Return a plan with its figures computed anew from the tables as it makes them."""
    service, columns = model.service, model.columns
    done = [columns.bundles[turn.column] for turn in turns]
    after = service
    if done:
        tables = changed_inputs(service.inputs, done)
        known = Evaluation(service.nominal, service.sites)
        after = service_of(tables, asked.parameters, service.terms, previous=known)
    reached = after.effective.total.verified
    bound = reached
    if solution is not None:
        _require_agreement(service, reached, solution)
        bound = max(service.demand.present(solution.bound), reached)
    selected = tuple(_chosen(model, turn, order) for order, turn in enumerate(turns, 1))
    stopped = None if solution is None else solution.stopped
    names = _called(model)
    remarks = {
        lang: remark_text(selected, asked.limits, len(columns.actions), stopped, lang, names)
        for lang in ("zh", "en")
    }
    return ActionPlan(
        selected=selected,
        before=service.effective,
        after=after.effective,
        nominal_before=service.nominal,
        nominal_after=after.nominal,
        bound_workers=bound if solution is None or solution.status != "optimal" else reached,
        status="optimal" if solution is None else solution.status,
        stopped=stopped,
        seconds=0.0 if solution is None else solution.seconds,
        considered=len(columns.actions),
        tables=after.inputs,
        unattached_candidates=service.sites.unattached_candidates(service.inputs.candidates["id"]),
        remark_zh=remarks["zh"],
        remark_en=remarks["en"],
        parameters=asked.settings,
    )


def _require_agreement(service: Service, reached: float, solution: Solution) -> None:
    """Stop where the tables do not say what the model does: an error of ours, never a plan."""
    claimed = service.demand.present(solution.after)
    if abs(claimed - reached) > _AGREE * max(service.effective.total.workers, 1.0):
        msg = f"the model claims {claimed} workers, the tables say {reached}"
        raise ArithmeticError(msg)


def _chosen(model: _Model, turn: Turn, order: int) -> ChosenAction:
    service, bundle = model.service, model.columns.bundles[turn.column]
    stations, candidates = service.inputs.stations, service.inputs.candidates
    first = len(stations)
    is_new = bundle.site >= first
    row = candidates.iloc[bundle.site - first] if is_new else stations.iloc[bundle.site]
    moves = bundle.place != bundle.site
    there = candidates.iloc[bundle.place - first] if moves else None
    found = ChosenAction(
        id=str(row["id"]),
        name=str(row["name"]) or str(row["id"]),
        town=str(row["town"]),
        order=order,
        steps=bundle.steps,
        before=None if is_new else records(stations.iloc[[bundle.site]])[0],
        after=bundle.record,
        to_id="" if there is None else str(there["id"]),
        to_name="" if there is None else str(there["name"]) or str(there["id"]),
        to_place=None if there is None else (float(there["lon"]), float(there["lat"])),
        workers_gained=service.demand.present(turn.hours),
        gained_by=_gained_by(model, turn),
        assumed=bundle.assumed,
    )
    measure = service.effective.measure
    return replace(
        found,
        reason_zh=reason_text(found, measure, "zh"),
        reason_en=reason_text(found, measure, "en"),
    )


def _gained_by(model: _Model, turn: Turn) -> dict[str, Shares]:
    """Return what an action wins by unit, by group, and by window in its heads."""
    items, cells, weather = model.items, model.items.cells, model.service.terms.weather
    item, per_week = turn.item, model.service.demand.hours_per_week
    lengths = [weather.window_hours(code) for code in cells.windows]
    return {
        "town": _shares(cells.towns, items.town[item], turn, [per_week] * len(cells.towns)),
        "group": _shares(cells.groups, items.group[item], turn, [per_week] * len(cells.groups)),
        "window": _shares(cells.windows, items.window[item], turn, lengths),
    }


def _shares(names: Sequence[str], number: Int64, turn: Turn, lengths: Sequence[float]) -> Shares:
    won = sum_by(number, turn.gained, len(names)) / np.array(lengths)
    order = np.argsort(-np.abs(won), kind="stable").tolist()
    return tuple((names[place], float(won[place])) for place in order if won[place])
