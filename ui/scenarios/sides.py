"""方案对比: the two sides. What each is (what stands, a kept scenario, a plan), counted today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Literal

import streamlit as st

from register import Plan
from register.plan_records import from_record
from register.scenarios import Saved
from reports.webmap import Layer, MapScene, opened_points, scene_from
from siting.adding_up import whole_levels
from siting.coverage.levels import Level, Terms
from siting.lines import street_change_text
from siting.model import Parameters
from siting.plan_results import PlanResult
from siting.plans.after_plan import opened_and_closed
from siting.plans.comparing import Option, option
from siting.plans.variant import Variant, moved, variant_option, with_variant
from siting.service import Service
from ui import keys
from ui.compute import Situation, base_of, effective_surfaces_for, read_book, situation
from ui.exporting import draw_map_export
from ui.language import current
from ui.ledger.words import event_time
from ui.live_map import MapEvent, show_map
from ui.safe import plain
from ui.scenarios.streets import lines_of
from words import count, percent, say, yuan

Side = Literal["one", "other"]
SIDES: tuple[Side, ...] = ("one", "other")
Choice = int | str
"""A plan by its number, a scenario by its id, or `NOW`."""

NOW = 0
"""The number that stands for what there is; plans begin at 1."""

NOTHING = Variant()

_OPTIONS = 12
_LISTED = 12
_LAYERS: tuple[Layer, ...] = ("gap", "unverified", "stations", "plan")


@dataclass(frozen=True, eq=False)
class Shelf:
    """What can be chosen, the latest first."""

    scenarios: Mapping[str, Saved]
    plans: Mapping[int, Plan]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All of it; what stands comes first."""
        readable = (name for name, saved in self.scenarios.items() if saved.variant is not None)
        return (NOW, *readable, *self.plans)

    def called(self, choice: Choice) -> str:
        """Return what a choice is called."""
        if isinstance(choice, str):
            saved = self.scenarios[choice]
            opens = 0 if saved.variant is None else len(saved.variant.opens)
            return word("scenario", name=saved.name, sites=opens)
        if choice == NOW:
            return word("now")
        plan = self.plans[choice]
        sites = len(plan.result["selected"])
        if plan.name:
            return word("named", name=plan.name, number=plan.id, sites=sites)
        return word("unnamed", number=plan.id, when=event_time(plan.created_at), sites=sites)

    def plan_behind(self, choice: Choice) -> Plan | None:
        """Return the stored plan that a choice is, or took over; None: none that is listed."""
        number = choice if isinstance(choice, int) else self._variant(choice).plan
        return self.plans.get(number or NOW)

    def variant(self, choice: Choice) -> Variant:
        """Return what a choice changes."""
        if isinstance(choice, str):
            return self._variant(choice)
        return NOTHING

    def _variant(self, name: str) -> Variant:
        saved = self.scenarios.get(name)
        return NOTHING if saved is None or saved.variant is None else saved.variant


@dataclass(frozen=True, eq=False)
class Chosen:
    """One side of the page, and what it leads to today.

    Attributes
    ----------
    choice, name
        What it is.
    now
        The situation that it is counted in: with its streets, and its candidates where they stood.
    option
        What it leads to.
    plan
        The plan that it is; None: it is none.
    elsewhere
        Candidates that the register has elsewhere.
    """

    choice: Choice
    name: str
    now: Situation
    option: Option
    plan: PlanResult | None = None
    elsewhere: tuple[str, ...] = ()


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `scenarios.<key>` in the language of this session."""
    return say(f"scenarios.{key}", current(), **facts)


def draw_choices(shelf: Shelf) -> tuple[Choice, Choice]:
    """Draw both lists; return what was chosen in them."""
    choices = shelf.choices
    first: Mapping[Side, Choice] = {"one": NOW, "other": choices[min(1, len(choices) - 1)]}
    names = {choice: shelf.called(choice) for choice in choices}
    chosen: list[Choice] = []
    for side, column in zip(SIDES, st.columns(2, gap="medium"), strict=True):
        # A list of each language: one that lives on keeps showing the words that it was opened in.
        held = f"{keys.COMPARED}_{side}"
        start = st.session_state.get(held)
        choice = column.selectbox(
            word(side),
            choices,
            index=choices.index(start if start in names else first[side]),
            format_func=names.__getitem__,
            key=f"{held}_{current()}",
        )
        st.session_state[held] = choice
        chosen.append(choice)
    return chosen[0], chosen[1]


def counted(
    base: Situation, shelf: Shelf, choice: Choice, parameters: Parameters, terms: Terms
) -> Chosen:
    """Return one side, counted on today's records.

    Parameters
    ----------
    base
        Of the page: it has the records.
    parameters, terms
        By which both sides are counted.

    Raises
    ------
    PlannerError
        A street that the scenario closes is no longer there, or its terms are unknown.
    """
    variant = shelf.variant(choice)
    inputs = with_variant(base.inputs, variant)
    book = base.book
    if inputs is not base.inputs:
        book = replace(book, inputs=inputs, changed_by=repr(variant))
    now = situation(base.register, book, parameters, terms)
    name, marks = shelf.called(choice), (now.scenario, repr(terms))
    if isinstance(choice, str):
        found = _option(marks, variant, now.effective.service)
        return Chosen(choice, name, now, found, elsewhere=moved(base.inputs, variant))
    stored = shelf.plans.get(choice)
    if stored is None:
        return Chosen(choice, name, now, _option(marks, NOTHING, now.effective.service))
    plan = from_record(stored.result)
    opened, closed = map(tuple, opened_and_closed(plan))
    found = _planned(marks, opened, closed, now.effective.service)
    known = tuple(site for site in plan.selected if site.id in found.sites)
    return Chosen(choice, name, now, found, replace(plan, selected=known, after=found.nominal))


@st.cache_resource(max_entries=_OPTIONS, show_spinner=False)
def _option(marks: tuple[str, str], variant: Variant, _service: Service) -> Option:
    del marks
    return variant_option(_service, variant)


@st.cache_resource(max_entries=_OPTIONS, show_spinner=False)
def _planned(
    marks: tuple[str, str], sites: tuple[str, ...], closed: tuple[str, ...], _service: Service
) -> Option:
    del marks
    return option(_service, sites, closed)


def draw_side(side: Side, chosen: Chosen) -> None:
    """Draw one side: its figures, what is wrong with it, its map."""
    lang, found = current(), chosen.option
    total = found.effective.total
    st.caption(word("map", title=word(side), name=plain(chosen.name)))
    with st.container(key=f"figures_{side}", horizontal=True, gap="medium"):
        closes = word("closes", count=len(found.closed)) if found.closed else None
        figures = {
            "effective": percent(total.coverage),
            "covered": count(whole_levels(total)[Level.VERIFIED], lang),
            "nominal": percent(found.nominal.coverage),
            "cost": yuan(found.cost_yuan, lang),
        }
        for name, value in figures.items():
            st.metric(word(name), value, width="content")
        st.metric(
            word("sites"),
            len(found.sites),
            closes,
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
    _draw_notes(chosen)
    scene = _scene(chosen)
    show_map(scene, key=f"{keys.COMPARED}_map_{side}", on_event=_look_only)
    draw_map_export(scene, chosen.name, key=f"export_map_{side}")


def _draw_notes(chosen: Chosen) -> None:
    found = chosen.option
    if found.gone:
        st.warning(word("gone", count=len(found.gone), names=plain(listed(found.gone))))
    if chosen.elsewhere:
        st.info(word("elsewhere", count=len(chosen.elsewhere)), icon=":material/wrong_location:")
    changed = chosen.now.inputs.street_changes
    if changed:
        st.info(word("streets", count=len(changed)), icon=":material/edit_road:")
        for change in changed:
            st.caption(plain(street_change_text(change, current())))


def _scene(chosen: Chosen) -> MapScene:
    now, found, lang = chosen.now, chosen.option, current()
    stored = read_book(now.register).inputs
    stations = now.inputs.stations
    states = stations["state"].mask(stations["id"].isin(found.closed), "closed")
    inputs = replace(now.inputs, stations=stations.assign(state=states))
    scene = scene_from(
        base_of(now.register, stored),
        inputs,
        found.nominal,
        plan=chosen.plan,
        lang=lang,
        ready_surfaces=effective_surfaces_for(found),
        gap_of="effective",
    )
    if chosen.plan is None:
        scene = replace(scene, plan=opened_points(now.inputs.candidates, found.sites, lang))
    lines = lines_of(stored, now.inputs)
    return replace(scene, linked=_link(), visible=_LAYERS, lines=lines)


def _look_only(_: MapEvent) -> None:
    """Nothing is picked or moved here."""


def _link() -> str:
    """Return the word that the two maps of this session share, and no other page's."""
    word_: str = st.session_state.setdefault(keys.COMPARED, token_hex(8))
    return word_


def listed(names: Sequence[str]) -> str:
    """Return names in a row, the first dozen of them."""
    between = "、" if current() == "zh" else ", "
    more = "…" if len(names) > _LISTED else ""
    return between.join(names[:_LISTED]) + more
