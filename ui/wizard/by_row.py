"""A column that says the datum of every row: what stands in it, and which rows say nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import streamlit as st

from geo.intake import Intake
from geo.intake.datums import named_datum
from geo.intake.meanings import Header
from geo.intake.raw import RawTable
from ui.language import current
from ui.safe import plain
from ui.wizard.names import datum_name
from ui.wizard.words import word
from words import count, say

_SHOWN_UNKNOWN: Final = 3
_SHOWN_CHARS: Final = 20


@dataclass(frozen=True)
class Said:
    """What the rows with a position say of their datum.

    Attributes
    ----------
    named
        Datum -> how many rows name it.
    unknown
        (row of the file, its text) where nobody knows what is named.
    blank
        How many rows say nothing.
    """

    named: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[tuple[int, str], ...] = ()
    blank: int = 0


def said_by_rows(raw: RawTable, header: Header, intake: Intake) -> Said | None:
    """Return what the column of datums says; None: the file has none."""
    if header.datum is None:
        return None
    rows = np.union1d(intake.rows, intake.rejects.rows)
    rows = np.setdiff1d(rows, intake.unplaced.rows)  # what has no position has no datum
    texts = raw.cells[header.datum].iloc[rows - raw.first_row].str.strip()
    known = {text: named_datum(text) for text in texts.unique().tolist() if text}
    named = Counter(known[text] for text in texts.tolist() if known.get(text))
    unknown = tuple(
        (int(row), text)
        for row, text in zip(rows.tolist(), texts.tolist(), strict=True)
        if text and not known[text]
    )
    return Said(named, unknown, int(np.count_nonzero(texts == "")))


def draw(said: Said) -> None:
    """Say how many rows name which datum, and which rows name none."""
    lang = current()
    parts = [
        word("rows_named", datum=plain(datum_name(datum)), count=count(rows, lang))
        for datum, rows in said.named.items()
    ]
    if said.blank:
        parts.append(word("rows_blank", count=count(said.blank, lang)))
    listed = say("intake.comma_list", lang).join(parts)
    st.info(word("datum_by_column", listed=listed), icon=":material/description:")
    if said.unknown:
        shown = say("intake.comma_list", lang).join(
            word("rows_unknown_one", row=row, text=plain(text[:_SHOWN_CHARS]))
            for row, text in said.unknown[:_SHOWN_UNKNOWN]
        )
        more = len(said.unknown) > _SHOWN_UNKNOWN
        key = "rows_unknown_more" if more else "rows_unknown"
        st.warning(word(key, listed=shown, count=count(len(said.unknown), lang)))
