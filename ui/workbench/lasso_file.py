"""The spreadsheet of an area that somebody drew: its figures, its stations and candidates."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from reports.webmap import candidate_names
from siting import district_time
from siting.areas.counts import AreaCount
from siting.effective_lines import headline_lines
from ui.compute import Situation
from ui.labels import label, unit_name
from words import Lang, say

if TYPE_CHECKING:
    from reports.tables import Sheet


def area_file(
    now: Situation, found: AreaCount, said: Sequence[str], groups: pd.DataFrame, lang: Lang
) -> bytes:
    """Return the .xlsx of an area; few workers are not told in it either.

    Parameters
    ----------
    now, found
        The moment, and what is in the area.
    said
        The sentences of the panel.
    groups
        Its table of groups.
    """
    # Late: the writer of spreadsheets is not needed to start the app.
    from reports.tables import write_sheets  # noqa: PLC0415

    title = _word("file_name", lang)
    sheets = [
        _figures(now, found, said, groups, lang),
        _sites(now, found.stations, "stations", lang),
        _sites(now, found.candidates, "candidates", lang),
    ]
    made_on = district_time.today()
    return write_sheets(sheets, title=title, made_on=made_on, lang=lang, empty=_word("none", lang))


def _word(key: str, lang: Lang, /, **facts: object) -> str:
    return say(f"workbench.lasso.{key}", lang, **facts)


def _figures(
    now: Situation, found: AreaCount, said: Sequence[str], groups: pd.DataFrame, lang: Lang
) -> "Sheet":
    from reports.tables import Sheet, SheetColumn  # noqa: PLC0415 -- as above

    hidden = len(found.groups) - len(groups)
    notes = [
        *said,
        _word("counted", lang),
        *headline_lines(now.effective, lang),
        *([_word("hidden", lang, count=hidden, smallest=f"{found.smallest:g}")] if hidden else []),
        _word("sample", lang) if now.inputs.synthetic else "",
    ]
    parts = ("verified", "unverified", "uncovered")
    return Sheet(
        name=_word("file_name", lang),
        title=_word("file_name", lang),
        columns=(
            SheetColumn(_word("group", lang)),
            SheetColumn(_word("workers", lang), "count"),
            SheetColumn(_word("effective", lang), "percent"),
            *(SheetColumn(_word(f"{name}_workers", lang), "count") for name in parts),
        ),
        rows=[
            (row["name"], row["workers"], row["effective"] / 100, *(row[name] for name in parts))
            for row in groups.to_dict("records")
        ],
        notes=tuple(note for note in notes if note),
    )


def _sites(now: Situation, ids: Sequence[str], table: str, lang: Lang) -> "Sheet":
    from reports.tables import Sheet, SheetColumn  # noqa: PLC0415 -- as above

    frame = now.inputs.stations if table == "stations" else now.inputs.candidates
    names = candidate_names(now.inputs.candidates, lang) if table == "candidates" else {}
    chosen = frame[frame["id"].astype(str).isin(ids)]
    title = _word(f"sheet_{table}", lang)
    return Sheet(
        name=title,
        title=title,
        columns=(
            SheetColumn(_word("site_id", lang)),
            SheetColumn(_word("site_name", lang)),
            SheetColumn(_word("site_town", lang)),
            SheetColumn(_word("site_kind", lang)),
            SheetColumn(_word("site_state", lang)),
        ),
        rows=[
            (
                str(row["id"]),
                names.get(str(row["id"]), str(row["name"])),
                unit_name(str(row["town"]), lang),
                label("kinds", str(row["kind"]), lang),
                label("states", str(row["state"]), lang),
            )
            for row in chosen.to_dict("records")
        ],
    )
