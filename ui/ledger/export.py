"""What the ledger shows as files: all records that were looked for, not only one page of them.

Names and phones are masked as on the screen: who may not see them cannot take them along. Who sits
there is asked when the button is drawn: the file is written beside the session.
"""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from geo.tables import csv_bytes
from register import Kind, Register, Sort, Wanted
from register.privacy import masked_rows, masked_task
from register.tasks import Task
from register.values import frame_of
from siting import district_time
from ui import identity
from ui.exporting import Exported, draw_export
from ui.labels import label
from ui.language import current
from ui.ledger.words import kind_name
from ui.report.words import word as export_word
from words import Lang, say

_BATCH = 2000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_ledger_export(register: Register, kind: Kind, wanted: Wanted, sort: Sort) -> None:
    """Draw the button under the table: the records as a spreadsheet that can be imported again."""
    identity.check_reader(register)
    name = kind_name(kind)
    rows = partial(ledger_rows, register, kind, wanted, sort, _seen_by(register))
    with st.popover(
        export_word("export.button"),
        icon=":material/download:",
        type="tertiary",
        key="export_ledger",
    ):
        for ending, mime, build in (
            ("xlsx", _XLSX, partial(ledger_workbook, rows, register.name, kind, current())),
            ("csv", "text/csv", partial(ledger_csv, rows)),
        ):
            st.download_button(
                export_word(f"export.{ending}"),
                data=build,
                file_name=f"{name}.{ending}",
                mime=mime,
                key=f"export_ledger_{ending}",
                on_click="ignore",
                type="tertiary",
                icon=":material/table_view:" if ending == "xlsx" else ":material/csv:",
            )
        st.caption(export_word("export.ledger_help"))


def ledger_workbook(rows: Callable[[], pd.DataFrame], title: str, kind: Kind, lang: Lang) -> bytes:
    """Return an .xlsx file of every record that was looked for, codes in words."""
    from reports.listing import tables_workbook  # noqa: PLC0415 -- GeoPackages come late

    return tables_workbook(
        {kind: rows()},
        title=title,
        notes=(say("report_page.export.masked", lang),),
        made_on=district_time.today(),
        lang=lang,
    )


def ledger_csv(rows: Callable[[], pd.DataFrame]) -> bytes:
    """Return a .csv file of the same records, codes as they are stored."""
    return csv_bytes(rows())


def ledger_rows(
    register: Register, kind: Kind, wanted: Wanted, sort: Sort, seen: tuple[str, str]
) -> pd.DataFrame:
    """Return every record that was looked for, as a role of a unit may see it: `seen`."""
    rows: list[dict[str, object]] = []
    while True:
        page = register.page(
            kind,
            wanted,
            sort=sort,
            descending=sort == "changed",
            limit=_BATCH,
            offset=len(rows),
        )
        rows += [{"id": record.id, **record.fields} for record in page.records]
        if not page.records or len(rows) >= page.total:
            break
    role, unit = seen
    return masked_rows(kind, frame_of(kind, rows), role, unit=unit)


def _seen_by(register: Register) -> tuple[str, str]:
    """Return the role and the unit of who sits here; blank: nobody in particular."""
    who = identity.actor(register)
    return ("", "") if who is None else (who.role, who.unit)


def draw_tasks_export(register: Register, tasks: Sequence[Task]) -> None:
    """Draw the button under the tasks: a row for each of those that are listed."""
    draw_export(tasks_exported(register, tasks), key="export_tasks", listed=True)


def tasks_exported(register: Register, tasks: Sequence[Task]) -> Exported:
    """Return the tasks as a table, as who sits here may see them."""
    lang = current()
    role, unit = _seen_by(register)
    seen = [masked_task(task, role, unit=unit) for task in tasks]
    rows = [
        {
            "kind": label("task_kinds", task.kind, lang),
            "unit": task.unit,
            "state": label("task_states", task.state, lang),
            "request": task.request,
            "about": task.about,
            "due": "" if task.due is None else task.due.isoformat(),
            "asked_by": task.asked_by,
            "claimed_by": task.claimed_by,
            "answer": task.answer,
            "reason": task.reason,
        }
        for task in seen
    ]
    names = tuple(rows[0]) if rows else ()
    headings = {name: export_word(f"tasks.{name}") for name in names}
    return Exported(pd.DataFrame(rows), export_word("tasks.title"), headings)
