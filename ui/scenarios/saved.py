"""方案对比: the kept scenarios in a list; taken up again, renamed, taken away."""

from functools import partial

import streamlit as st

from geo.errors import PlannerError
from register import Register
from register.scenarios import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Saved,
    forget_scenario,
    rename_scenario,
)
from reports.scenario_told import change_words
from siting.plans.variant import Variant
from siting.plans.wishes import Wishes
from ui import edits, identity, keys, pages
from ui.compute import read_book
from ui.labels import label, refusal
from ui.language import current
from ui.ledger.words import event_time
from ui.safe import plain
from ui.scenarios.sides import word
from ui.scenarios.streets import hold
from ui.standards.setting import in_force
from ui.workbench import filters
from ui.workbench.filters import counted_words
from words import Lang, distance, percent, say


def draw_saved(register: Register, kept: tuple[Saved, ...]) -> None:
    """Draw the list of kept scenarios, the latest first, with what may be done with each."""
    if not kept:
        return
    st.markdown(f"**{word('saved')}**")
    may = identity.may_change(register, "scenarios", {})
    with st.container(key="scenarios_saved", gap="small"):
        for saved in kept:
            _draw_one(register, saved, may=may)


def terms_words(variant: Variant, lang: Lang) -> str:
    """Say on what terms a scenario was looked at."""
    told = [
        say("scenarios.change.cutoff", lang, cutoff=distance(variant.parameters.cutoff_m, lang)),
        counted_words(variant.parameters),
        label("weeks", variant.season, lang),
        say("scenarios.change.share", lang, share=percent(variant.open_share, digits=0)),
        say("scenarios.change.defaults", lang) if variant.kind_defaults else "",
    ]
    return say("scenarios.change.joint", lang).join(part for part in told if part)


def _draw_one(register: Register, saved: Saved, *, may: bool) -> None:
    lang = current()
    with st.container(border=True, key=f"scenario_{saved.id}", gap="xxsmall"):
        st.markdown(f"**{plain(saved.name)}**")
        if saved.variant is None:
            st.warning(word("unreadable"), icon=":material/help:")
        else:
            st.markdown(plain(change_words(saved.variant, lang)))
            st.caption(plain(terms_words(saved.variant, lang)))
        if saved.note:
            st.markdown(plain(saved.note))
        when = event_time(saved.saved_at)
        st.caption(plain(word("kept", who=saved.saved_by, when=when, event=saved.baseline)))
        with st.container(horizontal=True, gap="small"):
            if saved.variant is not None and st.button(
                word("load"),
                key=f"load_{saved.id}",
                icon=":material/edit_location_alt:",
                help=word("load_help"),
            ):
                take_up(register, saved.name, saved.variant)
                st.session_state.pop(keys.PAGE, None)  # what is told goes along
                pages.go("workbench")
            if may:
                _draw_renaming(register, saved)
                st.button(
                    word("forget"),
                    key=f"forget_{saved.id}",
                    icon=":material/delete:",
                    type="tertiary",
                    on_click=_forget,
                    args=(register, saved),
                )


def take_up(register: Register, name: str, variant: Variant) -> None:
    """Set the planner's page as it was when a scenario was kept.

    What it opens is asked of the next plan, what it rejects is ruled out of it; records stay as
    they are.
    """
    there = set(read_book(register).inputs.candidates["id"].astype(str))
    opens = tuple(opening.id for opening in variant.opens if opening.id in there)
    rejects = tuple(site for site in variant.rejects if site in there)
    filters.take_up(variant, in_force(register))
    edits.close_card()
    hold(variant.streets)
    st.session_state[keys.PLAN_WISHES] = Wishes(require=opens, forbid=rejects)
    st.session_state[keys.TAB] = "plan"
    told = partial(say, "scenarios.loaded", name=name, sites=len(opens))
    st.session_state[keys.NOTICE] = edits.Notice("done", told)


def _draw_renaming(register: Register, saved: Saved) -> None:
    with (
        st.popover(word("rename"), icon=":material/edit:", key=f"rename_{saved.id}"),
        st.form(f"rename_form_{saved.id}_{saved.version}", border=False),
    ):
        name = st.text_input(word("name"), saved.name, max_chars=LONGEST_NAME)
        note = st.text_area(word("note"), saved.note, max_chars=LONGEST_NOTE, height=80)
        if st.form_submit_button(word("rename_save"), type="primary"):
            _rename(register, saved, name, note)
            st.rerun()


def _rename(register: Register, saved: Saved, name: str, note: str) -> None:
    try:
        who = identity.sign_for(register, "scenarios", {})
        rename_scenario(register, saved, name, who=who, note=note)
    except PlannerError as error:
        edits.tell_error(refusal(error))
    else:
        edits.tell_latest(register, partial(say, "scenarios.renamed", name=name.strip()))


def _forget(register: Register, saved: Saved) -> None:
    try:
        forget_scenario(register, saved, who=identity.sign_for(register, "scenarios", {}))
    except PlannerError as error:
        edits.tell_error(refusal(error))
    else:
        edits.tell_latest(register, partial(say, "scenarios.forgotten", name=saved.name))
