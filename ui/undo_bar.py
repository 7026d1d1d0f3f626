"""Undo and redo beside the map: one's own latest changes, each named before it is taken back."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st

from geo.errors import PlannerError
from register import Event, Register, Undoable, tables
from register.steps import step
from ui import edits, identity, keys
from ui.labels import refusal
from ui.language import current
from ui.ledger.columns import event_title
from ui.safe import plain
from ui.shortcuts import listen_for_undo
from words import Lang, say

Way = Literal["undo", "redo"]
KINDS: tuple[str, ...] = ("candidates", "stations", "scenarios")
"""What is changed beside the map; imports and settings are taken back where they are made."""

LEDGER_KINDS = tuple(kind for kind in tables.KINDS if kind not in tables.OWN_DOOR)
"""What is changed record by record in the ledger."""

_PLACE = frozenset({"lon", "lat", "town"})
_MOST_LETTERS = 14
_ICONS = {"undo": ":material/undo:", "redo": ":material/redo:"}


@dataclass(frozen=True)
class Offered:
    """A change that one of the buttons takes back or does again.

    Attributes
    ----------
    event
        What the register undoes: the change, or the undoing of it.
    what
        The word of what was done: `added`, `moved`, `changed`, `decided`, `removed` or
        `brought_back`.
    name
        Of the thing.
    problem
        Why it cannot be undone now: somebody changed the thing since; None: it can be.
    """

    event: int
    what: str
    name: str
    problem: PlannerError | None

    def told(self, lang: Lang) -> str:
        """Say what was done to what, in short."""
        short = (
            self.name if len(self.name) <= _MOST_LETTERS else self.name[: _MOST_LETTERS - 1] + "…"
        )
        return say(f"workbench.undo.{self.what}", lang, name=short)


def offered(
    register: Register, who: str, way: Way, kinds: tuple[str, ...] = KINDS
) -> Offered | None:
    """Return what `who` may take back or do again here, of `kinds`; None: nothing."""
    ask = register.last_change if way == "undo" else register.last_undoing
    found: Undoable | None = ask(who, kinds)
    if found is None:
        return None
    first = _first(register, found.event)
    return Offered(found.event.id, _what(first), event_title(register, first), found.problem)


def draw_undo_bar(register: Register, kinds: tuple[str, ...] = KINDS) -> None:
    """Draw both buttons, which keys press, too; whoever may change nothing has none."""
    who = identity.actor(register)
    if who is None or not who.writes_for(who.unit):
        return
    with st.container(key="undo_bar", horizontal=True, gap="small", width="content"):
        for way in ("undo", "redo"):
            _draw(register, way, offered(register, who.who, way, kinds))
    listen_for_undo()


def press(register: Register, way: Way, kinds: tuple[str, ...] = KINDS) -> None:
    """Do what a button does, for the keys that a map heard; nothing where it is shut."""
    who = identity.actor(register)
    found = None if who is None else offered(register, who.who, way, kinds)
    if found is not None and found.problem is None:
        _do(register, way, found)


def _draw(register: Register, way: Way, found: Offered | None) -> None:
    words = tell_way(way, current(), found)
    problem = None if found is None else found.problem
    keys_of = say(f"workbench.undo.{way}_keys", current())
    why = keys_of if problem is None else plain(refusal(problem)(current()))
    st.button(
        plain(words),
        key=f"bar_{way}",
        icon=_ICONS[way],
        type="tertiary",
        disabled=found is None or problem is not None,
        help=why,
        on_click=_do,
        args=(register, way, found),
    )


def tell_way(way: Way, lang: Lang, found: Offered | None) -> str:
    """Say what a button does; without anything to do, its name alone."""
    if found is None:
        return say(f"workbench.undo.{way}", lang)
    return say(f"workbench.undo.{way}_what", lang, what=found.told(lang))


def _do(register: Register, way: Way, found: Offered | None) -> None:
    if found is None:
        return
    edits.undo(register, found.event)
    notice: edits.Notice | None = st.session_state.get(keys.NOTICE)
    if notice is not None and notice.kind == "done":
        st.session_state[keys.NOTICE] = edits.Notice("done", partial(_done, way, found))


def _done(way: Way, found: Offered, lang: Lang) -> str:
    return say(f"workbench.undo.{way}_done", lang, what=found.told(lang))


def _first(register: Register, event: Event) -> Event:
    """Return the change that an undoing, or an undoing of that, goes back to."""
    while event.undoes is not None:
        event = register.event_at(event.undoes)
    return event


def _what(event: Event) -> str:
    told = step(event)
    if told.outcome != "changed":
        return told.outcome
    columns = {difference.column for difference in told.differences}
    if columns and columns <= _PLACE:
        return "moved"
    return "decided" if columns == {"state"} else "changed"
