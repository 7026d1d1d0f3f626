"""存为方案: what is on the planner's page, kept under a name: sites, what is ruled out, terms."""

from functools import partial

import streamlit as st

from geo.errors import PlannerError
from register.scenarios import LONGEST_NAME, LONGEST_NOTE, keep_scenario
from reports.scenario_told import change_words
from reports.webmap import candidate_names
from siting.plans.after_plan import opened_and_closed
from siting.plans.variant import Opening, Variant, places_of
from ui import edits, identity, keys
from ui.compute import Situation
from ui.labels import refusal
from ui.language import current
from ui.plan.stored import Shown, may_store
from ui.plan.wishes import wishes_of
from ui.safe import plain
from ui.scenarios.saved import terms_words
from ui.scenarios.sides import listed, word
from ui.scenarios.streets import draw_kept, held
from ui.workbench import filters
from words import say


def draw_keep(now: Situation, shown: Shown | None) -> None:
    """Draw the button that keeps what is on the page, and its form; only for who may store it."""
    if not now.coverage.point_id or not may_store(now):
        return
    # Another one after each that was kept: it is closed, and its form is blank.
    number = st.session_state.get(keys.KEPT, 0)
    with st.popover(word("keep"), icon=":material/bookmark_add:", key=f"keep_scenario_{number}"):
        with_plan = shown is not None and st.toggle(
            word("with_plan", number=shown.number, sites=len(shown.plan.selected)),
            value=True,
            key=f"keep_with_plan_{number}",
        )
        variant = variant_of(now, shown, with_plan=with_plan)
        _draw_what(now, variant)
        if now.inputs.streets is not None:
            draw_kept(now.register)
        _draw_form(now, variant, number)


def variant_of(now: Situation, shown: Shown | None, *, with_plan: bool) -> Variant:
    """Return what is on the page as a scenario.

    Parameters
    ----------
    shown
        The plan of this state, if there is one.
    with_plan
        Whether its sites open; those that must be in the next plan open in any case, those that
        must not do not.
    """
    wishes = wishes_of(now, shown)
    taken = shown if with_plan else None
    planned, closed = ([], []) if taken is None else opened_and_closed(taken.plan)
    places = places_of(now.inputs)
    return Variant(
        opens=tuple(
            Opening(site, places[site])
            for site in dict.fromkeys([*planned, *wishes.require])
            if site in places and site not in wishes.forbid
        ),
        closes=tuple(dict.fromkeys([*closed, *wishes.close])),
        rejects=wishes.forbid,
        streets=held() if now.inputs.street_changes else (),
        plan=None if taken is None else taken.number,
        parameters=now.parameters,
        season=filters.season(),
        open_share=now.terms.open_share,
        kind_defaults=now.terms.kind_defaults,
    )


def _draw_what(now: Situation, variant: Variant) -> None:
    lang = current()
    names = candidate_names(now.inputs.candidates, lang)
    st.markdown(plain(change_words(variant, lang)))
    if variant.opens:
        st.caption(plain(listed([names.get(opening.id, opening.id) for opening in variant.opens])))
    st.caption(plain(terms_words(variant, lang)))


def _draw_form(now: Situation, variant: Variant, number: int) -> None:
    with st.form(f"keep_form_{number}", border=False, clear_on_submit=False):
        name = st.text_input(word("name"), max_chars=LONGEST_NAME, placeholder=word("name_example"))
        note = st.text_area(word("note"), max_chars=LONGEST_NOTE, height=80)
        # Above the button: below it the form may end beyond what a small screen shows.
        trouble = st.container()
        sent = st.form_submit_button(word("keep_save"), type="primary")
    if not sent:
        return
    with trouble:
        kept = _keep(now, name, note, variant)
    if kept:
        st.rerun()


def _keep(now: Situation, name: str, note: str, variant: Variant) -> bool:
    """Keep it; return whether it was kept. A refusal is told in the form."""
    register, fingerprint = now.register, now.scenario
    try:
        who = identity.sign_for(register, "scenarios", {})
        saved = keep_scenario(register, name, variant, fingerprint=fingerprint, who=who, note=note)
    except PlannerError as error:
        st.error(plain(refusal(error)(current())))
        return False
    st.session_state[f"{keys.COMPARED}_other"] = saved.id
    st.session_state[keys.KEPT] = st.session_state.get(keys.KEPT, 0) + 1
    edits.tell_latest(register, partial(say, "scenarios.saved_as", name=saved.name))
    return True
