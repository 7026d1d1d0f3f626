"""A new demand of several sources: which ones, what it would be, and the button that stores it."""

import uuid
from dataclasses import dataclass
from functools import partial

import streamlit as st

from geo.errors import PlannerError
from geo.reference import read_list
from register import Register
from register.demand_layers import HeadLayer, head_layers, official_totals, own_profile
from siting.demand.build import Built, HeadSource, Official, build, worker_hours
from siting.demand.calibration import official_by_unit
from siting.demand.presence import DEFAULT_SHIFT, ENTERPRISE_GROUP
from siting.demand.sources import SWEPT, enterprise_heads, need_heads, street_heads
from siting.model import Inputs, LayerSource
from ui import edits, keys, projects
from ui.data.demand_tables import factor_table, name_of, show, source_table, unit_table, warn_far
from ui.data.demand_words import word
from ui.guard import show_error
from ui.labels import label
from ui.language import current
from words import count, say

_PREVIEWS = 4
_NO_GROUP = ""


@dataclass(frozen=True)
class Choice:
    """What people chose.

    Attributes
    ----------
    shift
        Of enterprises that state none.
    layers
        Ids of the tables of heads, in the order in which they count.
    group
        Whom heads are that name no group.
    apart
        Whether the sources count different people.
    need_heads
        Heads that one record of need stands for; 0: need is no demand.
    totals
        Whether to calibrate to the official totals of the register, and `counted`: whom they count.
    """

    enterprises: bool = False
    shift: str = DEFAULT_SHIFT
    layers: tuple[int, ...] = ()
    group: str = _NO_GROUP
    apart: bool = False
    sweepers: int = 0
    need_heads: float = 0.0
    totals: bool = False
    counted: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether no source was chosen."""
        return not (self.enterprises or self.layers or self.sweepers or self.need_heads)


def draw_making(register: Register, inputs: Inputs) -> None:
    """Draw the choice of sources, what they make, and the button."""
    with st.expander(word("making"), icon=":material/join:", key="demand_making"):
        st.caption(word("making_help"))
        tables = head_layers(register)
        choice = _draw_choice(register, inputs, tables)
        if choice.nothing:
            st.info(word("choose"), icon=":material/arrow_upward:")
            return
        try:
            built = _built(
                str(register.folder), register.revision(), choice, register, inputs, tables
            )
        except PlannerError as error:
            show_error(error)
            return
        _draw_preview(built, inputs, choice)
        if built.demand.empty:
            st.warning(word("empty"), icon=":material/warning:")
            return
        st.button(
            word("take"),
            type="primary",
            key="take_demand",
            icon=":material/check:",
            on_click=partial(take, register, built, source_of(built, tables, choice)),
        )


def take(register: Register, built: Built, source: LayerSource) -> None:
    """Put a demand in force, as one change that can be undone; a callback."""
    try:
        register.put_demand(
            built.demand,
            source,
            who=projects.who(),
            key=uuid.uuid4().hex,
            made_of=built.made.as_json(),
        )
    except PlannerError as error:
        st.session_state[keys.DEMAND_NOTICE] = edits.Notice("error", error.message)
        return
    points = int(built.demand["id"].nunique())
    heads = float(built.heads["workers"].sum())
    st.session_state[keys.DEMAND_NOTICE] = edits.Notice(
        "done",
        lambda lang: say(
            "demand.taken", lang, points=count(points, lang), heads=count(heads, lang)
        ),
        register.revision(),
    )


def source_of(built: Built, tables: tuple[HeadLayer, ...], choice: Choice) -> LayerSource:
    """Return where a demand comes from, as exports print it: every source, licence and date."""
    used = [table.layer for table in tables if table.layer.id in choice.layers]
    names = "；".join(name_of(facts) for facts in built.made.sources)
    licences = "；".join(dict.fromkeys(layer.licence for layer in used if layer.licence))
    dates = [facts.date for facts in built.made.sources if facts.date]
    return LayerSource("demand", word("source", names=names), licences, max(dates, default=""))


def sources_of(
    choice: Choice, inputs: Inputs, tables: tuple[HeadLayer, ...], enterprises_on: str
) -> tuple[HeadSource, ...]:
    """Return the chosen sources in the order in which they count.

    Raises
    ------
    InputError
        Sweepers without a street that is swept.
    """
    found = []
    if choice.enterprises:
        heads = enterprise_heads(inputs.enterprises, choice.shift)
        found.append(HeadSource("", "enterprises", heads, enterprises_on))
    by_id = {table.layer.id: table for table in tables}
    for number in choice.layers:
        table = by_id[number]
        heads = table.heads.copy()
        heads["group"] = heads["group"].where(heads["group"] != "", choice.group)
        found.append(HeadSource(table.layer.source, "heads", heads, table.layer.date, choice.apart))
    if choice.sweepers and inputs.streets is not None:
        heads = street_heads(inputs.streets, float(choice.sweepers), SWEPT)
        found.append(HeadSource("", "streets", heads))
    if choice.need_heads:
        heads, _ = need_heads(inputs.needs, choice.need_heads)
        found.append(HeadSource("", "needs", heads))
    return tuple(found)


@st.cache_resource(max_entries=_PREVIEWS, show_spinner=False)
def _built(
    folder: str,
    revision: int,
    choice: Choice,
    _register: Register,
    _inputs: Inputs,
    _tables: tuple[HeadLayer, ...],
) -> Built:
    del folder, revision
    sources = sources_of(choice, _inputs, _tables, _counted_on(_inputs))
    towns = {str(town) for source in sources for town in source.heads["town"].unique()}
    totals = official_by_unit(official_totals(_register), towns) if choice.totals else {}
    return build(sources, Official(totals, choice.counted), own_profile(_register))


def _counted_on(inputs: Inputs) -> str:
    """Return the latest day that head counts of enterprises are of; "": nobody says."""
    days = [str(day) for day in inputs.enterprises["workers_on"] if day]
    dates = [source.date for source in inputs.sources if source.layer == "enterprises"]
    return max(days or dates, default="")


def _draw_choice(register: Register, inputs: Inputs, tables: tuple[HeadLayer, ...]) -> Choice:
    left, right = st.columns(2, gap="medium")
    with left:
        enterprises, shift = _draw_enterprises(inputs)
        sweepers = st.number_input(
            word("sweepers"),
            min_value=0,
            step=10,
            key=keys.DEMAND_SWEEPERS,
            disabled=inputs.streets is None,
            help=word("sweepers_help"),
        )
        need_each = st.number_input(
            word("need_heads"),
            min_value=0.0,
            step=1.0,
            key=keys.DEMAND_NEED,
            disabled=inputs.needs.empty,
            help=word("need_heads_help"),
        )
    with right:
        layers, group, apart = _draw_tables(tables)
        totals, counted = _draw_totals(register)
    return Choice(
        enterprises=enterprises,
        shift=shift,
        layers=layers,
        group=group,
        apart=apart,
        sweepers=int(sweepers),
        need_heads=float(need_each),
        totals=totals,
        counted=counted,
    )


def _draw_enterprises(inputs: Inputs) -> tuple[bool, str]:
    counted = inputs.enterprises[inputs.enterprises["workers"].fillna(0) > 0]
    if counted.empty:
        st.caption(word("no_enterprises"))
        return False, DEFAULT_SHIFT
    lang = current()
    chosen = st.checkbox(
        word(
            "use_enterprises",
            firms=count(len(counted), lang),
            heads=count(float(counted["workers"].sum()), lang),
        ),
        value=True,
        key=keys.DEMAND_ENTERPRISES,
    )
    blank = int(counted["shift"].eq("").sum())
    if not blank:
        return chosen, DEFAULT_SHIFT
    shift = st.selectbox(
        word("shift_of_blank", count=count(blank, lang)),
        list(read_list("reference/shifts")),
        format_func=lambda code: label("shifts", code, lang),
        key=keys.DEMAND_SHIFT,
        help=word("shift_of_blank_help"),
    )
    return chosen, shift


def _draw_tables(tables: tuple[HeadLayer, ...]) -> tuple[tuple[int, ...], str, bool]:
    if not tables:
        st.caption(word("no_tables"))
        return (), _NO_GROUP, False
    named = {table.layer.id: _table_name(table) for table in tables}
    chosen = st.multiselect(
        word("tables"),
        list(named),
        format_func=named.__getitem__,
        key=keys.DEMAND_TABLES,
        placeholder=word("tables_choose"),
        help=word("tables_help"),
    )
    nameless = any(
        table.heads["group"].eq("").any() for table in tables if table.layer.id in chosen
    )
    group = _NO_GROUP
    if nameless:
        groups = list(read_list("reference/groups"))
        group = st.selectbox(
            word("group_of_blank"),
            groups,
            index=groups.index(ENTERPRISE_GROUP),
            format_func=lambda code: label("groups", code, current()),
            key=keys.DEMAND_GROUP,
        )
    apart = bool(chosen) and st.checkbox(
        word("apart"), key=keys.DEMAND_APART, help=word("apart_help")
    )
    return tuple(chosen), group, apart


def _table_name(table: HeadLayer) -> str:
    lang = current()
    facts = {
        "name": table.layer.source or word("unnamed"),
        "points": count(int(table.heads["id"].nunique()), lang),
        "heads": count(float(table.heads["workers"].sum()), lang),
    }
    return word("table_name", **facts)


def _draw_totals(register: Register) -> tuple[bool, tuple[str, ...]]:
    totals = official_totals(register)
    if totals.empty:
        st.caption(word("no_totals"))
        return False, ()
    lang = current()
    chosen = st.checkbox(
        word(
            "use_totals",
            units=count(len(totals), lang),
            heads=count(float(totals["workers"].sum()), lang),
        ),
        key=keys.DEMAND_TOTALS,
    )
    if not chosen:
        return False, ()
    counted = st.multiselect(
        word("totals_of"),
        list(read_list("reference/groups")),
        format_func=lambda code: label("groups", code, lang),
        key=keys.DEMAND_COUNTED,
        placeholder=word("totals_of_all"),
    )
    return True, tuple(counted)


def _draw_preview(built: Built, inputs: Inputs, choice: Choice) -> None:
    st.markdown(f"**{word('preview')}**")
    show(source_table(built.made.sources), "demand_preview")
    if choice.need_heads:
        _, left_out = need_heads(inputs.needs, choice.need_heads)
        st.caption(word("need_left_out", **left_out))
    if built.made.factors:
        st.markdown(f"**{word('factors')}**")
        warn_far(built.made.factors)
        show(factor_table(built.made.factors), "demand_factors")
    st.markdown(f"**{word('before_after')}**")
    show(unit_table(inputs.demand, built.demand), "demand_before_after")
    lang = current()
    now, then = (worker_hours(demand) for demand in (inputs.demand, built.demand))
    st.caption(
        word(
            "hours_before_after" if now else "hours_after",
            before=count(now, lang),
            after=count(then, lang),
        )
    )
