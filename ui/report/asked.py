"""What goes into a report: by what, which plan, in which language, signed by whom, as which files.

What is chosen stays for the session; who signs is a setting of the district, where the session may
settle one.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

import streamlit as st

from geo.reference import read_list
from register import Plan, Register
from register.reporting import PEOPLE
from register.scenarios import Saved
from register.settings import settle, settled
from reports.scenario_told import ScenarioTold, change_words
from siting.coverage.levels import DEFAULT_OPEN_SHARE, Terms, week_of
from siting.model import Inputs, Parameters
from siting.plans.variant import Variant
from siting.standards import Standard
from siting.weather import weather_of
from ui import keys
from ui.identity import may_keep_whole, may_settle, sign_for_district
from ui.labels import label
from ui.language import current
from ui.ledger.words import event_time
from ui.report.scenario import told_of
from ui.report.words import word
from ui.standards.setting import in_force, possible
from ui.standards.words import name_of
from ui.workbench.filters import counted_words, kept_parameters
from words import LANGUAGES, Lang, has, say

MOST_PLANS: Final = 30
LONGEST_NAME: Final = 40
NO_PLAN: Final = 0
"""The number that stands for what there is; plans begin at 1."""
AS_PLANNED: Final = ""
"""Instead of a standard: what the planner's page has set."""
AS_KEPT: Final = "as kept"
"""Instead of a standard: what a scenario was kept with."""
FIRST_FORMATS: Final = ("docx", "xlsx", "pdf")
ALWAYS: Final = "json"
"""The replay file goes with every report."""


@dataclass(frozen=True)
class People:
    """Who signs a report, "" prints a line to write on; and to whom it goes, "" is the usual."""

    compiled_by: str = ""
    reviewed_by: str = ""
    sent_to: str = ""


UNSIGNED: Final = People()
"""Both lines are to be written on."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants of a report.

    Attributes
    ----------
    plan
        Number of a stored plan; `NO_PLAN`: what stands today.
    beside
        Whether reasons, curve and years stand beside the plan: they are searched for.
    formats
        Files, by their endings, in the order of the product.
    bundle
        Whether the layers go with it: every record, for the house alone.
    kept, scenario
        Id of a kept scenario, and what a report tells of it; "" and None: it is about none.
    """

    parameters: Parameters
    terms: Terms
    plan: int
    beside: bool
    lang: Lang
    people: People
    formats: tuple[str, ...]
    bundle: bool
    kept: str = ""
    scenario: ScenarioTold | None = None


def draw_asked(
    register: Register,
    inputs: Inputs,
    plans: Mapping[int, Plan],
    scenarios: Mapping[str, Saved],
) -> Asked:
    """Draw the choices and return what is chosen now."""
    with st.container(key="report_asked", border=True, gap="small"):
        st.markdown(f"**{word('what.title')}**")
        choice = _draw_plan(plans, scenarios)
        plan = choice if isinstance(choice, int) else NO_PLAN
        kept = scenarios.get(str(choice))
        beside = plan != NO_PLAN and st.toggle(
            word("what.beside"),
            value=True,
            key=keys.REPORT_BESIDE,
            persist_state="session",
            help=word("what.beside_help"),
        )
        variant = None if kept is None else kept.variant
        parameters, terms = _draw_terms(register, inputs, variant)
        people = _draw_people(register)
        lang = _draw_language()
        formats = _draw_formats()
        bundle = may_keep_whole(register) and st.toggle(
            word("what.bundle"),
            key=keys.REPORT_BUNDLE,
            persist_state="session",
            help=word("what.bundle_help"),
        )
    return Asked(
        parameters,
        terms,
        plan,
        bool(beside),
        lang,
        people,
        formats,
        bool(bundle),
        kept="" if kept is None else kept.id,
        scenario=None if kept is None else told_of(kept),
    )


def known_formats() -> tuple[str, ...]:
    """Return the files that people choose among, the replay file aside."""
    from reports.bundle import WRITERS  # noqa: PLC0415 -- the writers are not needed to start

    return tuple(name for name in WRITERS if name != ALWAYS)


def format_name(name: str, lang: Lang) -> str:
    """Return what a file is called by people."""
    key = f"report_page.format.{name}"
    return say(key, lang) if has(key, lang) else name.upper()


def plan_name(plan: Plan) -> str:
    """Return what a stored plan is called in a list."""
    facts = {"number": plan.id, "sites": len(plan.result["selected"])}
    if plan.name:
        return word("what.plan_named", name=plan.name, **facts)
    return word("what.plan", when=event_time(plan.created_at), **facts)


def people_of(register: Register) -> People:
    """Return who signs: as this session wrote it, or else as the district has settled it."""
    held: dict[str, People] = st.session_state.get(keys.REPORT_PEOPLE, {})
    return held.get(str(register.folder)) or settled_people(register)


def settled_people(register: Register) -> People:
    """Return who signs as the district has settled it."""
    text = settled(register, PEOPLE)
    if text is None:
        return UNSIGNED
    told = json.loads(text)
    return People(**{name: str(told.get(name, "")) for name in asdict(UNSIGNED)})


def remember_people(register: Register, people: People) -> None:
    """Keep who signs for the next report of the district, by whom may settle that.

    Raises
    ------
    PlannerError
        The disk or the database refuses.
    """
    if may_settle(register) and people != settled_people(register):
        text = json.dumps(asdict(people), sort_keys=True, ensure_ascii=False)
        settle(register, PEOPLE, text, who=sign_for_district(register))


def _draw_plan(plans: Mapping[int, Plan], scenarios: Mapping[str, Saved]) -> int | str:
    names: dict[int | str, str] = {NO_PLAN: word("what.no_plan")}
    names |= {number: plan_name(plan) for number, plan in plans.items()}
    names |= {name: scenario_name(saved) for name, saved in scenarios.items()}
    numbers = list(names)
    kept = st.session_state.get(keys.REPORT_PLAN, next(iter(plans), NO_PLAN))
    chosen = st.selectbox(
        word("what.plan_label"),
        numbers,
        index=numbers.index(kept) if kept in names else 0,
        format_func=names.__getitem__,
        key=f"{keys.REPORT_PLAN}_{current()}",
        help=word("what.plan_help"),
    )
    st.session_state[keys.REPORT_PLAN] = chosen
    return chosen


def scenario_name(saved: Saved) -> str:
    """Return what a kept scenario is called in a list."""
    what = "" if saved.variant is None else change_words(saved.variant, current())
    return word("what.scenario", name=saved.name, what=what)


def _draw_terms(
    register: Register, inputs: Inputs, variant: Variant | None
) -> tuple[Parameters, Terms]:
    """Draw by what is reckoned: a standard, or what the planner has set; and the season."""
    norm = in_force(register)
    norms = {each.name: each for each in possible()}
    planned = kept_parameters(inputs.demand, norm)
    names = {name: name_of(each) for name, each in norms.items()}
    if planned != _by(norms.get(planned.standard or "")):
        names[AS_PLANNED] = _as_planned(planned)
    choices = [norm.name, *(name for name in names if name != norm.name)]
    kept = st.session_state.get(keys.REPORT_BY, norm.name)
    if variant is not None:
        names[AS_KEPT] = word("what.as_kept", cutoff=f"{variant.parameters.cutoff_m:,.0f}")
        choices, kept = [AS_KEPT, *choices], AS_KEPT
    left, right = st.columns(2)
    chosen = left.selectbox(
        word("what.by"),
        choices,
        index=choices.index(kept) if kept in choices else 0,
        format_func=names.__getitem__,
        key=f"{keys.REPORT_BY}_{current()}_{'' if variant is None else repr(variant)}",
        help=word("what.by_help"),
    )
    if variant is not None and chosen == AS_KEPT:
        right.caption(word("what.as_kept_help"))
        return variant.parameters, variant.terms
    st.session_state[keys.REPORT_BY] = chosen
    with right:
        season = _draw_season()
    terms = Terms(week_of(season), DEFAULT_OPEN_SHARE, weather=weather_of(season))
    return planned if chosen == AS_PLANNED else _by(norms[chosen]), terms


def _by(norm: Standard | None) -> Parameters:
    if norm is None:
        return Parameters()
    return Parameters(cutoff_m=norm.cutoff_m, standard=norm.name)


def _as_planned(planned: Parameters) -> str:
    part = counted_words(planned)
    cutoff = f"{planned.cutoff_m:,.0f}"
    if part:
        return word("what.as_planned_part", cutoff=cutoff, part=part)
    return word("what.as_planned", cutoff=cutoff)


def _draw_season() -> str:
    seasons = list(read_list("reference/weeks"))
    lang = current()
    kept = st.session_state.get(keys.REPORT_SEASON, seasons[0])
    chosen = st.selectbox(
        word("what.season"),
        seasons,
        index=seasons.index(kept),
        format_func=lambda code: label("weeks", code, lang),
        key=f"{keys.REPORT_SEASON}_{lang}",
        help=word("what.season_help"),
    )
    st.session_state[keys.REPORT_SEASON] = chosen
    return str(chosen)


def _draw_people(register: Register) -> People:
    known = asdict(people_of(register))
    columns = st.columns(len(known))
    written = {
        name: column.text_input(
            word(f"what.{name}"),
            value=value,
            max_chars=LONGEST_NAME,
            key=f"{keys.REPORT_PEOPLE}_{name}",
            placeholder=say("reports.sent_to", current())
            if name == "sent_to"
            else word("what.blank"),
        )
        for column, (name, value) in zip(columns, known.items(), strict=True)
    }
    people = People(**{name: value.strip() for name, value in written.items()})
    held: dict[str, People] = st.session_state.get(keys.REPORT_PEOPLE, {})
    st.session_state[keys.REPORT_PEOPLE] = {**held, str(register.folder): people}
    return people


def _draw_language() -> Lang:
    return st.segmented_control(
        word("what.lang"),
        LANGUAGES,
        default=current(),
        required=True,
        key=keys.REPORT_LANG,
        persist_state="session",
        format_func={lang: say("ui.language.name", lang) for lang in LANGUAGES}.__getitem__,
    )


def _draw_formats() -> tuple[str, ...]:
    known, lang = known_formats(), current()
    kept = st.session_state.get(keys.REPORT_FORMATS, FIRST_FORMATS)
    chosen = st.pills(
        word("what.formats"),
        known,
        selection_mode="multi",
        default=[name for name in kept if name in known],
        format_func=lambda name: format_name(name, lang),
        key=f"{keys.REPORT_FORMATS}_{lang}",
        help=word("what.formats_help"),
    )
    st.session_state[keys.REPORT_FORMATS] = tuple(chosen)
    return tuple(name for name in known if name in chosen)
