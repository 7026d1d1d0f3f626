"""What pages show of one moment, computed once per state of the register and parameters.

Results are frozen and shared by all sessions (`st.cache_resource`), so nothing is copied; every
cache is bounded. Arguments with a leading underscore are not part of the key: the others name the
same content without reading it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from geo.intake.units import SHIPPED_OUTLINE, in_daxing
from register import Register
from register.settings_rules import rules_in_force
from reports.webmap import (
    BaseLayer,
    Label,
    Surface,
    base_layer,
    effective_surfaces,
    labels_from,
    read_outline,
    surfaces_of,
)
from siting import district_time
from siting.allocation.again import Again
from siting.coverage import bracketed
from siting.coverage.levels import Terms
from siting.effective import EffectiveEvaluation, evaluate_effective
from siting.live import LiveService
from siting.model import Inputs, LayerSource, Parameters
from siting.plan_results import PlanResult
from siting.planning import Evaluation, coverage, evaluate, scenario_of
from siting.plans.after_plan import PlanEffect, opened_and_closed, plan_effect
from siting.plans.comparing import Option
from siting.plans.goals.for_goal import PlanAsked, begin_for_goal
from siting.plans.goals.task import Limits
from siting.plans.proposing import begin
from siting.plans.under_way import Proposal
from siting.plans.wishes import NO_WISHES, Wishes
from siting.results import CoverageResult
from siting.rules import RuleBook
from siting.scenario import LAYERS, Digests
from siting.service import Service
from ui import memory
from ui.settings import installed

_DIGESTS = Digests()
_STATES = 6
_SCENARIOS = 24
_BASES = 4
_MARGIN_DEG = 0.01
BLANK_GROUND = (116.21, 39.43, 116.72, 39.83)
"""West, south, east, north of Daxing District, degrees: where a map without any data begins."""

_LAYERS_OF_BASE = ("streets", "outline", "labels")
_LENT_OUTLINE = LayerSource("outline", "© OpenStreetMap contributors", "ODbL 1.0")


@dataclass(frozen=True, eq=False)
class Book:
    """One state of a register.

    Attributes
    ----------
    own
        Candidates that somebody put on the map by hand: id -> version; these can be dragged.
    rules
        The siting rules in force: the district's own, or the shipped ones.
    changed_by
        What tells inputs that a scenario changed from the register's; "": they are the register's.
    """

    revision: int
    inputs: Inputs
    own: Mapping[str, int]
    rules: RuleBook
    changed_by: str = ""


@dataclass(eq=False)
class _Latest:
    """What was last read and worked out of a register; the next of it is much the same."""

    inputs: Inputs | None = None
    evaluation: Evaluation | None = None


@dataclass(frozen=True, eq=False)
class Situation:
    """One state of a register under one set of parameters, and what follows from them.

    Attributes
    ----------
    scenario
        Names the state and the parameters; the terms are of effective coverage alone.
    evaluation
        Nominal coverage, scores, distances.
    effective
        Who can really use a station, on `terms`.
    today
        The day on which hosts' consents are judged.
    """

    register: Register
    book: Book
    parameters: Parameters
    terms: Terms
    scenario: str
    evaluation: Evaluation
    effective: EffectiveEvaluation
    today: date

    @property
    def inputs(self) -> Inputs:
        """The tables that everything rests on."""
        return self.book.inputs

    @property
    def coverage(self) -> CoverageResult:
        """Nominal coverage by the existing stations."""
        return self.evaluation.coverage


def read_book(register: Register) -> Book:
    """Return the register's present state."""
    return _book(str(register.folder), register.revision(), register)


def situation(register: Register, book: Book, parameters: Parameters, terms: Terms) -> Situation:
    """Return what follows from one state under `parameters` and `terms`."""
    folder = str(register.folder)
    today = district_time.today()
    scenario = _scenario(folder, (book.revision, book.changed_by), parameters, today, book)
    latest = _latest(folder)
    # Distances of sites that have not moved are taken over: one more candidate costs one more row.
    previous = latest.evaluation
    found = _evaluation(scenario, today, book.inputs, parameters, book.rules, previous)
    latest.evaluation = found
    effective = _effective(scenario, repr(terms), book.inputs, parameters, terms, found)
    return Situation(register, book, parameters, terms, scenario, found, effective, today)


def coverage_beside_straight_lines(now: Situation) -> CoverageResult:
    """Return the coverage with its bracket; without streets there is none."""
    return _bracketed(now.scenario, now.inputs, now.coverage)


def begin_plan(
    now: Situation, asked: PlanAsked, *, wishes: Wishes = NO_WISHES, again: Again | None = None
) -> Proposal:
    """Begin to look for a plan of new stations by the federation's siting rules.

    `again` knows what this session has asked before of plans for coverage.
    """
    if asked.objective != "coverage":
        limits = Limits(
            rules=now.book.rules,
            wishes=wishes,
            time_limit_s=installed.in_force().plan_seconds,
            today=now.today,
        )
        return begin_for_goal(now.inputs, now.parameters, asked, limits, previous=now.evaluation)
    return begin(
        now.inputs,
        now.parameters,
        new=asked.new,
        budget_yuan=asked.budget_yuan,
        rules=now.book.rules,
        wishes=wishes,
        time_limit_s=installed.in_force().plan_seconds,
        previous=now.evaluation,
        today=now.today,
        again=again,
    )


def coverage_with(now: Situation, candidate_ids: tuple[str, ...]) -> CoverageResult:
    """Return coverage as if these candidates were open stations."""
    chosen = now.inputs.candidates["id"].isin(candidate_ids)
    opened = now.inputs.candidates.loc[chosen, list(now.inputs.stations.columns)]
    stations = pd.concat([now.inputs.stations, opened.assign(state="open")], ignore_index=True)
    return coverage(replace(now.inputs, stations=stations), now.parameters)


def live_of(now: Situation) -> LiveService:
    """Return what tells in milliseconds how one site moves effective coverage.

    It is shared: try, but change nothing.
    """
    return _live(now.scenario, repr(now.terms), now.effective.service)


def effect_of(now: Situation, plan: PlanResult) -> PlanEffect:
    """Return what a plan brings of effective coverage, on the terms of the moment."""
    opened, closed = map(tuple, opened_and_closed(plan))
    return _effect(now.scenario, repr(now.terms), opened, closed, now.effective.service)


def is_blank(register: Register, inputs: Inputs) -> bool:
    """Tell whether nothing says where the district is: the map is then blank ground."""
    active = {layer.kind for layer in register.layers() if layer.active}
    return not active.intersection(_LAYERS_OF_BASE) and _extent(inputs) is None


def base_of(register: Register, inputs: Inputs, lent: tuple[Label, ...] = ()) -> BaseLayer:
    """Return the map's base layer; blank ground where nothing tells where the district is.

    `lent` are the names to show where the district has no layer of its own names.
    """
    active = {layer.kind: layer.sha256 for layer in register.layers() if layer.active}
    bounds = _bounds_of(register, inputs)
    key = tuple(active.get(kind, "") for kind in _LAYERS_OF_BASE)
    return _base(key, bounds, lent, register, inputs)


def surfaces_for(coverage: CoverageResult) -> tuple[Surface, ...]:
    """Return gap and density surfaces of one nominal coverage."""
    return _surfaces(_digest(coverage, coverage.point_covered), coverage)


def effective_surfaces_for(found: EffectiveEvaluation | Option) -> tuple[Surface, ...]:
    """Return the uncovered, the unverified and all workers of effective coverage as surfaces."""
    return _effective_surfaces(_digest(found.nominal, found.effective.point_hours), found)


@st.cache_resource(max_entries=_STATES, show_spinner=False)
def _book(folder: str, revision: int, _register: Register) -> Book:
    latest = _latest(folder)
    inputs = _kept(_register.inputs(), latest.inputs)
    latest.inputs = inputs
    return Book(
        revision=revision,
        inputs=_credited(_register, inputs),
        own=_register.added_by_hand("candidates"),
        rules=rules_in_force(_register),
    )


@st.cache_resource(max_entries=_SCENARIOS, show_spinner=False)
def _scenario(
    folder: str, state: tuple[int, str], parameters: Parameters, today: date, _book: Book
) -> str:
    del folder, state
    return scenario_of(_book.inputs, parameters, _book.rules, today, digest=_DIGESTS)


@st.cache_resource(max_entries=_SCENARIOS, show_spinner=False)
def _evaluation(
    scenario: str,
    today: date,
    _inputs: Inputs,
    _parameters: Parameters,
    _rules: RuleBook,
    _previous: Evaluation | None,
) -> Evaluation:
    del scenario
    return evaluate(_inputs, _parameters, rules=_rules, previous=_previous, today=today)


@st.cache_resource(max_entries=_SCENARIOS, show_spinner=False)
def _effective(
    scenario: str,
    terms: str,
    _inputs: Inputs,
    _parameters: Parameters,
    _terms: Terms,
    _previous: Evaluation,
) -> EffectiveEvaluation:
    del scenario, terms
    found = evaluate_effective(_inputs, _parameters, _terms, previous=_previous)
    memory.settle()
    return found


@st.cache_resource(max_entries=_BASES, show_spinner=False)
def _live(scenario: str, terms: str, _service: Service) -> LiveService:
    del scenario, terms
    return LiveService(_service)


@st.cache_resource(max_entries=_SCENARIOS, show_spinner=False)
def _effect(
    scenario: str,
    terms: str,
    opened: tuple[str, ...],
    closed: tuple[str, ...],
    _service: Service,
) -> PlanEffect:
    del scenario, terms
    return plan_effect(_service, opened, closed)


@st.cache_resource(max_entries=_SCENARIOS, show_spinner=False)
def _bracketed(scenario: str, _inputs: Inputs, _coverage: CoverageResult) -> CoverageResult:
    del scenario
    return bracketed(_inputs, _coverage)


@st.cache_resource(max_entries=_BASES, show_spinner=False)
def _latest(folder: str) -> _Latest:
    del folder
    return _Latest()


def _kept(read: Inputs, before: Inputs | None) -> Inputs:
    """Return what was read, with the very tables of before where they say the same.

    What is known of a table (its hash, the points of the map) is known by the table itself.
    """
    if before is None:
        return read
    tables = {name: (getattr(before, name), getattr(read, name)) for name in LAYERS}
    same = {name: old for name, (old, new) in tables.items() if old.equals(new)}
    return replace(read, **same)


@st.cache_resource(max_entries=_BASES, show_spinner=False)
def _base(
    key: tuple[str, ...],
    bounds: tuple[float, float, float, float] | None,
    lent: tuple[Label, ...],
    _register: Register,
    _inputs: Inputs,
) -> BaseLayer:
    del key
    outline = _register.layer_file("outline")
    labels = _register.layer_file("labels")
    return base_layer(
        _inputs.streets,
        _outline(outline, bounds),
        lent if labels is None else labels_from(pd.read_csv(labels)),
        bounds,
    )


def _outline(
    own: Path | None, bounds: tuple[float, float, float, float] | None
) -> Mapping[str, Any] | None:
    """Return the district's own outline, or Daxing's where only points there are known."""
    if own is not None:
        return read_outline(own)
    return read_outline(SHIPPED_OUTLINE) if _is_of_daxing(bounds) else None


def _is_of_daxing(bounds: tuple[float, float, float, float] | None) -> bool:
    if bounds is None:
        return False
    west, south, east, north = bounds
    return in_daxing(np.array([(west + east) / 2]), np.array([(south + north) / 2]))


def _bounds_of(register: Register, inputs: Inputs) -> tuple[float, float, float, float] | None:
    """Return what to show where no layer spans an area; None: one does."""
    active = {layer.kind for layer in register.layers() if layer.active}
    if active.intersection(_LAYERS_OF_BASE):
        return None
    return _extent(inputs) or BLANK_GROUND


def _credited(register: Register, inputs: Inputs) -> Inputs:
    """Return the inputs with the source of the outline that is lent to a district without one."""
    if not _is_of_daxing(_bounds_of(register, inputs)):
        return inputs
    return replace(inputs, sources=(*inputs.sources, _LENT_OUTLINE))


@st.cache_resource(max_entries=_SCENARIOS, show_spinner=False)
def _surfaces(digest: str, _coverage: CoverageResult) -> tuple[Surface, ...]:
    del digest
    return surfaces_of(_coverage)


@st.cache_resource(max_entries=_SCENARIOS, show_spinner=False)
def _effective_surfaces(digest: str, _found: EffectiveEvaluation | Option) -> tuple[Surface, ...]:
    del digest
    return effective_surfaces(_found)


def _digest(coverage: CoverageResult, covered: NDArray[np.float64]) -> str:
    """Return what surfaces depend on: one more candidate leaves them as they are."""
    arrays = (coverage.point_lon, coverage.point_lat, coverage.point_workers, covered)
    digest = sha256()
    for array in arrays:
        digest.update(array.tobytes())
    return digest.hexdigest()


def _extent(inputs: Inputs) -> tuple[float, float, float, float] | None:
    frames = (inputs.demand, inputs.stations, inputs.candidates, inputs.enterprises, inputs.hosts)
    points = pd.concat([frame[["lon", "lat"]] for frame in frames], ignore_index=True)
    if points.empty:
        return None
    west, south = points.min() - _MARGIN_DEG
    east, north = points.max() + _MARGIN_DEG
    return float(west), float(south), float(east), float(north)
