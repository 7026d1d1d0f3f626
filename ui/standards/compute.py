"""What the page of standards shows, computed once per state of the register and terms."""

import streamlit as st

from reports.webmap import Surface, apart_surfaces
from siting.apart import Apart, apart
from siting.coverage.levels import Terms
from siting.judging import Judgement, judge
from siting.model import Inputs, Parameters
from siting.rules import RuleBook
from siting.sensitivity import Sensitivity, open_share_sensitivity
from siting.standards import standard, standard_names
from siting.street_service import MainStreets, StreetService, main_streets, street_service
from ui.compute import Situation

_KEPT = 8


def judged(now: Situation, first: str) -> Judgement:
    """Return what every standard says of the situation, the one named `first` before the others."""
    return _judged(*_key(now), first, now.inputs, now.parameters, now.terms)


def apart_of(now: Situation, first: str, second: str) -> Apart:
    """Return where two standards disagree, and why."""
    return _apart(*_key(now), first, second, now.inputs, now.parameters, now.terms)


def surfaces_apart(
    now: Situation, first: str, second: str, titles: tuple[str, str]
) -> tuple[Surface, ...]:
    """Return the workers whom only one of two standards counts, as surfaces of the map."""
    return _surfaces(*_key(now), first, second, titles, apart_of(now, first, second))


def streets_of(now: Situation) -> tuple[StreetService, MainStreets] | None:
    """Return how far main streets are served, in figures and on the ground; None: no streets."""
    return _streets(
        *_key(now), now.inputs, now.parameters, now.book.rules, now.terms.weather.reach_share
    )


def sensitivity_of(now: Situation) -> tuple[Sensitivity, ...]:
    """Return effective coverage by the share of a window that a station must be open."""
    return _sensitivity(*_key(now), now)


def _key(now: Situation) -> tuple[str, str]:
    return now.scenario, repr(now.terms)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _judged(
    scenario: str, terms: str, first: str, _inputs: Inputs, _parameters: Parameters, _terms: Terms
) -> Judgement:
    del scenario, terms
    return judge(_inputs, _parameters, (first, *standard_names()), _terms)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _apart(
    scenario: str,
    terms: str,
    first: str,
    second: str,
    _inputs: Inputs,
    _parameters: Parameters,
    _terms: Terms,
) -> Apart:
    del scenario, terms
    return apart(_inputs, _parameters, (standard(first), standard(second)), _terms)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _surfaces(
    scenario: str, terms: str, first: str, second: str, titles: tuple[str, str], _found: Apart
) -> tuple[Surface, ...]:
    del scenario, terms, first, second
    demand, between = _found.demand, _found.between
    lon, lat = demand.point_lon, demand.point_lat
    return apart_surfaces(lon, lat, between.only_first, between.only_second, titles)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _streets(
    scenario: str,
    terms: str,
    _inputs: Inputs,
    _parameters: Parameters,
    _rules: RuleBook,
    _share: float,
) -> tuple[StreetService, MainStreets] | None:
    del scenario, terms
    found = street_service(_inputs, _parameters, _rules, share=_share)
    ground = main_streets(_inputs, _parameters, _rules, share=_share)
    return None if found is None or ground is None else (found, ground)


@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _sensitivity(scenario: str, terms: str, _now: Situation) -> tuple[Sensitivity, ...]:
    del scenario, terms
    return open_share_sensitivity(_now.effective.service)
