"""需求来源: which sources make up the demand in force, and a new demand of several of them."""

import streamlit as st

from register import Register
from register.demand_layers import demand_made_of
from reports.webmap.credit import source_words
from siting.demand.build import Made, SourceFacts, worker_hours
from siting.demand.calibration import Factor
from siting.demand.sources import about_siting
from siting.model import Inputs
from ui import edits, keys
from ui.data.demand_making import draw_making
from ui.data.demand_profile import draw_profile
from ui.data.demand_tables import factor_table, show, source_table, warn_far
from ui.data.demand_words import word
from ui.language import current
from ui.safe import plain
from ui.scrolling import into_view
from words import count


def draw_demand(register: Register, inputs: Inputs) -> None:
    """Draw the section: the demand in force, the making of another, the presence behind both."""
    with st.container(border=True, key="demand_sources"):
        st.markdown(f"**{word('title')}**")
        _tell_once(register)
        _draw_in_force(register, inputs)
        if not register.synthetic:
            draw_making(register, inputs)
        draw_profile(register)


def _tell_once(register: Register) -> None:
    """Show what the last change here did, with its way back, where people look for it."""
    notice: edits.Notice | None = st.session_state.pop(keys.DEMAND_NOTICE, None)
    if notice is None:
        return
    st.session_state[keys.NOTICE] = notice
    edits.draw_notice(register)
    edits.forget_notice()
    if notice.kind == "done":
        st.toast(plain(notice.text), icon=":material/check:")
    into_view("demand_sources", str(notice.event))


def _draw_in_force(register: Register, inputs: Inputs) -> None:
    kinds: set[str] = set()
    if inputs.demand.empty:
        st.caption(word("none"))
    else:
        made = demand_made_of(register)
        kinds = {facts.kind for facts in made.sources} if made else set()
        st.caption(word("in_force" if made else "in_force_unknown"))
        show(source_table(facts_in_force(inputs, made)), "demand_in_force")
        if made and made.factors:
            _draw_factors(made.factors)
    _draw_need(inputs, counted="needs" in kinds)


def facts_in_force(inputs: Inputs, made: Made | None) -> tuple[SourceFacts, ...]:
    """Return what is known of the sources of the demand in force.

    A demand that was brought in from a file is one source, and its assumptions are unknown.
    """
    if made is not None:
        return made.sources
    demand = inputs.demand
    source = next((s for s in inputs.sources if s.layer == "demand"), None)
    bare = demand["window"].eq("")
    heads = float(demand.loc[bare, "workers"].sum())
    return (
        SourceFacts(
            name="" if source is None else source_words(source, current()),
            kind="heads",
            date="" if source is None else source.date,
            points=int(demand["id"].nunique()),
            given=heads,
            twice=0.0,
            heads=heads,
            worker_hours=worker_hours(demand),
            shift_assumed=float("nan"),
            presence_assumed=float("nan"),
            heads_assumed=False,
        ),
    )


def _draw_factors(factors: tuple[Factor, ...]) -> None:
    with st.expander(word("factors_in_force"), icon=":material/balance:"):
        warn_far(factors)
        show(factor_table(factors), "demand_factors_in_force")


def _draw_need(inputs: Inputs, *, counted: bool) -> None:
    """Say what was voiced: it is no head count, and is never among them unmarked."""
    if inputs.needs.empty:
        return
    speaks = about_siting(inputs.needs)
    records = inputs.needs["records"].astype(float).fillna(1.0)
    lang = current()
    st.caption(
        word(
            "need_counted" if counted else "need",
            every=count(float(records.sum()), lang),
            about=count(float(records[speaks].sum()), lang),
            places=count(
                int(inputs.needs.loc[speaks, ["lon", "lat"]].drop_duplicates().shape[0]), lang
            ),
        )
    )
