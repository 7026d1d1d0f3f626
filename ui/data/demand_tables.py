"""Sources and factors as tables that people read."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from siting.coverage.shares import in_order, unit_order
from siting.demand.build import SourceFacts, worker_hours
from siting.demand.calibration import Factor
from ui.data.demand_words import word
from ui.labels import unit_name
from ui.language import current
from words import count, percent

_SOURCE_COLUMNS = (
    *("source", "heads", "worker_hours", "share", "given", "twice"),
    *("shift_assumed", "presence_assumed", "kind", "date", "points"),
)
_FACTOR_COLUMNS = ("town", "factor", "before", "official", "after", "note")
_WIDE = {"source": 200, "town": 150, "note": 220, "kind": 190, "presence_assumed": 140}
_FIRST = {"source", "town"}


def source_table(sources: Sequence[SourceFacts]) -> pd.DataFrame:
    """Return one row per source: heads as given, counted before, in the demand, worker-hours."""
    every = sum(facts.worker_hours for facts in sources)
    rows = [
        {
            "source": name_of(facts),
            "kind": word(f"kind_{facts.kind}"),
            "date": facts.date or word("undated"),
            "points": _number(facts.points),
            "given": _number(facts.given),
            "twice": _number(facts.twice),
            "heads": _number(facts.heads),
            "worker_hours": _number(facts.worker_hours),
            "share": _share(facts.worker_hours / every) if every else "—",
            "shift_assumed": _share(facts.shift_assumed),
            "presence_assumed": _share(facts.presence_assumed),
        }
        for facts in sources
    ]
    return pd.DataFrame(rows, columns=_SOURCE_COLUMNS)


def name_of(facts: SourceFacts) -> str:
    """Return what people call a source; what has no name of its own is called by its sort."""
    return facts.name or word(f"named_{facts.kind}")


def factor_table(factors: Sequence[Factor]) -> pd.DataFrame:
    """Return one row per unit, those far apart first: the factor, heads before, total, after."""
    rows = [
        {
            "town": unit_name(item.town, current()),
            "before": _number(item.before),
            "official": "—" if item.official is None else _number(item.official),
            "factor": "—" if item.factor is None or item.official is None else f"{item.factor:.2f}",
            "after": _number(item.after),
            "note": _note(item),
        }
        for item in sorted(factors, key=lambda item: not item.far)
    ]
    return pd.DataFrame(rows, columns=_FACTOR_COLUMNS)


def warn_far(factors: Sequence[Factor]) -> None:
    """Name the units whose sources and official totals are far apart."""
    far = [unit_name(item.town, current()) for item in factors if item.far]
    if far:
        names = ("、" if current() == "zh" else ", ").join(far)
        st.warning(word("far", count=len(far), names=names), icon=":material/warning:")


def show(table: pd.DataFrame, key: str) -> None:
    """Draw a table of this section."""
    st.dataframe(
        table,
        hide_index=True,
        key=key,
        column_config={
            name: st.column_config.TextColumn(
                word(f"column_{name}"),
                help=word(f"help_{name}"),
                width=_WIDE.get(name, 105),
                pinned=name in _FIRST,
            )
            for name in table.columns
        },
    )


def _note(item: Factor) -> str:
    if item.official is None:
        return word("note_no_total")
    if item.factor is None:
        return word("note_nobody")
    return word("note_far") if item.far else ""


def _number(value: float) -> str:
    return count(value, current()) if value else "—"


def _share(value: float) -> str:
    return word("unknown") if math.isnan(value) else percent(value, digits=0)


def unit_table(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return one row per unit: a week's worker-hours of the demand in force and of the new one.

    A demand in force without windows has no worker-hours: then there is the new one only.
    """
    weighed = [_hours_by_unit(demand) for demand in (before, after)]
    units = in_order(dict.fromkeys([*weighed[0], *weighed[1]]), str, unit_order())
    timed = before["window"].ne("").any()
    rows = []
    for unit in units:
        had, has = weighed[0].get(unit, 0.0), weighed[1].get(unit, 0.0)
        rows.append(
            {
                "town": unit_name(unit, current()),
                "hours_before": _number(had),
                "hours_after": _number(has),
                "change": f"{has / had - 1:+.0%}" if had else "—",
            }
        )
    told = ("hours_before", "hours_after", "change") if timed else ("hours_after",)
    return pd.DataFrame(rows, columns=["town", *told])


def _hours_by_unit(demand: pd.DataFrame) -> dict[str, float]:
    return {str(town): worker_hours(rows) for town, rows in demand.groupby("town", sort=False)}
