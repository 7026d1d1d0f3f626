"""What the ledger shows as files: all records that were looked for, not only one page of them.

Names and phones are masked as on the screen: who may not see them cannot take them along.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import pandas as pd
import streamlit as st

from geo.tables import csv_bytes
from register import Kind, Register, Sort, Wanted
from register.privacy import masked_rows, masked_task
from register.tasks import Task
from register.values import frame_of
from ui import identity
from ui.exporting import Exported, draw_export
from ui.labels import label
from ui.language import current
from ui.ledger_words import kind_name
from ui.report_words import word as export_word
from words import Lang

_BATCH = 2000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_ledger_export(register: Register, kind: Kind, wanted: Wanted, sort: Sort) -> None:
    """Draw the button under the table: the records as a spreadsheet that can be imported again."""
    identity.check_reader(register)
    name = kind_name(kind)
    with st.popover(
        export_word("export.button"),
        icon=":material/download:",
        type="tertiary",
        key="export_ledger",
    ):
        for ending, mime, build in (
            ("xlsx", _XLSX, partial(ledger_workbook, register, kind, wanted, sort, current())),
            ("csv", "text/csv", partial(ledger_csv, register, kind, wanted, sort)),
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


def ledger_workbook(
    register: Register, kind: Kind, wanted: Wanted, sort: Sort, lang: Lang
) -> bytes:
    """Return an .xlsx file of every record that was looked for, codes in words."""
    from reports.listing import tables_workbook  # noqa: PLC0415 -- GeoPackages come late

    return tables_workbook(
        {kind: ledger_rows(register, kind, wanted, sort)},
        title=register.name,
        notes=(export_word("export.masked"),),
        made_on=datetime.now(UTC).astimezone().date(),
        lang=lang,
    )


def ledger_csv(register: Register, kind: Kind, wanted: Wanted, sort: Sort) -> bytes:
    """Return a .csv file of the same records, codes as they are stored."""
    return csv_bytes(ledger_rows(register, kind, wanted, sort))


def ledger_rows(register: Register, kind: Kind, wanted: Wanted, sort: Sort) -> pd.DataFrame:
    """Return every record that was looked for, as who sits here may see it."""
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
    who = identity.actor(register)
    role, unit = ("", "") if who is None else (who.role, who.unit)
    return masked_rows(kind, frame_of(kind, rows), role, unit=unit)


def draw_tasks_export(register: Register, tasks: Sequence[Task]) -> None:
    """Draw the button under the tasks: a row for each of those that are listed."""
    draw_export(tasks_exported(register, tasks), key="export_tasks")


def tasks_exported(register: Register, tasks: Sequence[Task]) -> Exported:
    """Return the tasks as a table, as who sits here may see them."""
    lang = current()
    who = identity.actor(register)
    role, unit = ("", "") if who is None else (who.role, who.unit)
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
