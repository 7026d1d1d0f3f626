"""The last button: what was checked becomes one change of the register that can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, get_args

import pandas as pd
import streamlit as st

from geo.errors import PlannerError
from geo.intake import Intake
from geo.intake.duplicates import Group, Settled, find_doubles, settle
from geo.intake.registers import Merged, merge_registers
from geo.intake.rejects import Rejects
from geo.streets import Network, summary
from register import Kind, Register
from register.candidate_steps import STEPS, TABLE, Held, keep_to_steps, said, states_of
from siting.model import Inputs, LayerSource
from ui import edits, keys
from ui.identity import may_settle, sign, sign_for
from ui.labels import label
from ui.language import current
from ui.wizard.draft import Draft, forget, group_key
from words import Lang, count, say

_VISITED: Final = "走访"
_MEANS: Final = ("visit", "phone")
"""Means of verification that are sources of a head count, too."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the last button would store.

    Attributes
    ----------
    frame
        For the register: the rows of the file, or two registers of enterprises as one.
    size
        How many rows of the file come in.
    groups
        Rows of the file that may be one.
    settled
        The rows after the decisions on them.
    merged
        Of enterprises that the register holds already; None: of everything else.
    """

    frame: pd.DataFrame
    size: int
    groups: tuple[Group, ...]
    settled: Settled
    merged: Merged | None = None


@dataclass(frozen=True, eq=False)
class Ready:
    """What is stored.

    Attributes
    ----------
    table, content
        As the register takes it.
    name
        Of the file, as the browser called it.
    key
        Makes storing it twice the same as once.
    size
        How many rows of the file come in.
    rejects
        The rows that do not.
    """

    table: str
    content: pd.DataFrame | Network
    name: str
    key: str
    size: int = 0
    rejects: Rejects | None = None


def prepare(draft: Draft, intake: Intake, inputs: Inputs) -> Prepared:
    """Return what the decisions of a draft make of a reading."""
    if draft.table == "enterprises" and counted_on_visits(intake.columns):
        intake = replace(
            intake, frame=dated_by_visit(intake.frame), doubles=dated_by_visit(intake.doubles)
        )
    groups = find_doubles(intake, draft.table)
    decisions = {group: draft.doubles.get(group_key(group), group.proposed) for group in groups}
    settled = settle(intake, draft.table, groups, decisions)
    size = len(settled.frame)
    if draft.table != "enterprises" or inputs.enterprises.empty:
        return Prepared(settled.frame, size, groups, settled)
    merged = merge_registers(inputs.enterprises, settled.frame, draft.sides)
    # A row that brings the id of a record is that record, whatever it is called now.
    frame = merged.frame.drop_duplicates("id", keep="last").reset_index(drop=True)
    return Prepared(frame, size, groups, settled, merged)


def counted_on_visits(headings: Mapping[str, str]) -> bool:
    """Tell whether a file's head counts are those of its visits: it says no other date of them."""
    if "workers_on" in headings or not {"workers", "verified_on"} <= set(headings):
        return False
    return any(_VISITED in headings[column] for column in ("workers", "verified_on"))


def dated_by_visit(frame: pd.DataFrame) -> pd.DataFrame:
    """Return enterprises whose head counts have the day and the means of the visit."""
    counted = frame["workers"].notna() & (frame["verified_on"] != "")
    means = frame["verified_by_means"].where(frame["verified_by_means"].isin(_MEANS), "")
    source = frame["workers_from"].where(frame["workers_from"] != "", means)
    return frame.assign(
        workers_on=frame["workers_on"].where(~counted, frame["verified_on"]),
        workers_from=frame["workers_from"].where(~counted, source),
    )


def in_steps(
    register: Register,
    table: str,
    frame: pd.DataFrame,
    rows: Sequence[int] | None = None,
    column: str | None = None,
) -> Held:
    """Return candidates with the states that this session may import; other tables as they are.

    Parameters
    ----------
    rows, column
        Numbers of the rows, and heading of the states, in the file; None: nobody is told.
    """
    if table != TABLE:
        return Held(frame, ())
    asks = may_settle(register)
    held = keep_to_steps(frame, states_of(register), asks=asks, rows=rows, column=column)
    names = {state: label("states", state, current()) for state in STEPS}
    return Held(held.frame, tuple(said(held.findings, names)))


def provenance_of(ready: Ready, source: str) -> LayerSource:
    """Return where it came from: as people say, or else as the file itself states."""
    given = source.strip()
    if not isinstance(ready.content, Network):
        return LayerSource(ready.table, given or ready.name)
    meta = ready.content.meta
    return LayerSource(ready.table, given or meta.source or ready.name, meta.licence, meta.date)


def take_in(register: Register, ready: Ready, source: LayerSource) -> None:
    """Store what was read, as one change that can be undone; a callback."""
    try:
        event, text = _stored(register, ready, source)
    except PlannerError as error:
        st.session_state[keys.NOTICE] = edits.Notice("error", error.message)
        return
    st.session_state[keys.NOTICE] = edits.Notice("done", text, event)
    forget()  # the page preselects what it asks for next
    if ready.rejects is not None and len(ready.rejects.rows):
        st.session_state[keys.LEFT_OUT] = (ready.name, ready.rejects, event)


def _stored(
    register: Register, ready: Ready, source: LayerSource
) -> tuple[int | None, Callable[[Lang], str]]:
    if isinstance(ready.content, Network):
        who = sign(register)
        register.put_streets(ready.content, source, who=who, key=ready.key)
        street_km = summary(ready.content).street_km
        return register.revision(), partial(say, "ui.data.done_streets", km=f"{street_km:,.0f}")
    frame = ready.content
    if ready.table == "demand":
        register.put_demand(frame, source, who=sign(register), key=ready.key)
        points, workers = frame["id"].nunique(), int(frame["workers"].sum())
        return register.revision(), lambda lang: say(
            f"ui.data.done_{'windows' if (frame['window'] != '').any() else 'demand'}",
            lang,
            points=count(points, lang),
            workers=count(workers, lang),
        )
    kind = next(kind for kind in get_args(Kind) if kind == ready.table)
    who = sign_for(register, kind)
    frame = in_steps(register, ready.table, frame).frame
    batch = register.put_records(kind, frame, source, who=who, key=ready.key)

    def words(lang: Lang) -> str:
        return say(
            "ui.data.imported",
            lang,
            name=say(f"ui.data.table_{kind}", lang),
            added=count(batch.added, lang),
            changed=count(batch.changed, lang),
            unchanged=count(batch.unchanged, lang),
        )

    return batch.id, words
