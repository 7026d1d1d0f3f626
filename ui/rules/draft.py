"""The rule file that somebody is editing in this session: one text for every way of editing it."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from geo.errors import ConflictError, InputError, PlannerError
from register import Register
from register.settings_rules import back_to_shipped, rules_in_force, settle_rules
from siting.rules import RuleBook, read_rules_text
from siting.rules.book import OWN_RULES
from siting.rules.naming import edition_text
from ui import edits, identity, keys
from ui.language import current
from words import Lang, say


@dataclass(frozen=True)
class Draft:
    """An edited rule file.

    Attributes
    ----------
    text
        As it stands now.
    base, seen
        The text that the editing began with, and the `sha256` of those rules.
    """

    text: str
    base: str
    seen: str

    @property
    def is_touched(self) -> bool:
        """Whether anything was edited."""
        return self.text != self.base


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `rules.<key>` in the language of this session."""
    return say(f"rules.{key}", current(), **facts)


def draft_of(rules: RuleBook) -> Draft:
    """Return what is being edited; what nobody has touched follows the rules in force."""
    held: Draft | None = st.session_state.get(keys.RULES_DRAFT)
    if held is None or (not held.is_touched and held.seen != rules.sha256):
        held = Draft(rules.text, rules.text, rules.sha256)
        st.session_state[keys.RULES_DRAFT] = held
    return held


def edit(text: str) -> None:
    """Let the draft say something else."""
    held: Draft = st.session_state[keys.RULES_DRAFT]
    st.session_state[keys.RULES_DRAFT] = Draft(text, held.base, held.seen)


def keep(key: str, value: object) -> None:
    """Let a widget show a value; one that shows it already is left alone.

    What is set anew in every run would take back what a hand is doing while the run goes on.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def forget() -> None:
    """Let the draft be the rules in force again."""
    for key in (keys.RULES_DRAFT, keys.RULES_PAIRS):
        st.session_state.pop(key, None)


@st.cache_resource(max_entries=8, show_spinner=False)
def read(text: str, name: str) -> RuleBook | InputError:
    """Return the rules of a text, or what is wrong with it."""
    try:
        return read_rules_text(text, name)
    except InputError as error:
        return error


def draw_settling(register: Register, rules: RuleBook, draft: Draft, book: RuleBook | None) -> None:
    """Draw the buttons that put rules in force, for those who speak for the district."""
    if not identity.may_settle(register):
        st.caption(word("settle.not_yours"))
        return
    with st.container(horizontal=True):
        st.button(
            word("settle.keep"),
            key="rules_settle",
            type="primary",
            icon=":material/gavel:",
            disabled=book is None or not draft.is_touched,
            help=word("settle.help"),
            on_click=_settle,
            args=(register, draft),
        )
        if rules.is_own:
            st.button(
                word("settle.shipped"),
                key="rules_shipped",
                icon=":material/settings_backup_restore:",
                on_click=_back,
                args=(register,),
            )


def _settle(register: Register, draft: Draft) -> None:
    try:
        who = identity.sign_for_district(register)
        book = settle_rules(register, draft.text, seen=draft.seen, who=who)
    except PlannerError as error:
        if isinstance(error, ConflictError):
            # What was edited stays, now beside the rules that somebody else has put in force.
            seen = rules_in_force(register).sha256
            st.session_state[keys.RULES_DRAFT] = replace(draft, seen=seen)
        edits.tell_error(error.message)
        st.session_state[keys.RULES_SETTLED] = True
        return
    forget()
    st.session_state[keys.RULES_SETTLED] = True
    edits.tell_latest(register, partial(_settled_words, book.version, book.dated))


def _back(register: Register) -> None:
    try:
        back_to_shipped(register, who=identity.sign_for_district(register))
    except PlannerError as error:
        edits.tell_error(error.message)
        st.session_state[keys.RULES_SETTLED] = True
        return
    forget()
    st.session_state[keys.RULES_SETTLED] = True
    edits.tell_latest(register, partial(say, "rules.settle.back"))


def _settled_words(version: int, dated: str, lang: Lang) -> str:
    named = edition_text(OWN_RULES, version, dated, lang)
    return say("rules.settle.done", lang, rules=named)
