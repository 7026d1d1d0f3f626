"""An empty file to fill in: the headings, two examples that are never imported, what each asks."""

from collections.abc import Callable
from datetime import UTC, datetime

from geo.reference import read_list
from geo.tables import Column, ColumnType, columns, known_by
from ui.labels import label
from words import Lang, has, say

_EXAMPLES = 2
_KINDS_OF_CELLS: dict[ColumnType, str] = {
    "text": "text",
    "list": "text",
    "number": "number",
    "integer": "number",
    "date": "date",
    "flag": "flag",
}


def template(table: str, lang: Lang) -> Callable[[], bytes]:
    """Return what makes the .xlsx file of a table when somebody asks for it."""

    def build() -> bytes:
        return template_file(table, lang)

    return build


def template_file(table: str, lang: Lang) -> bytes:
    """Return an .xlsx file that `geo.intake` reads as `table` without rows.

    The first sheet has the headings, `*` before required ones, and two rows whose id says that they
    are examples: the intake leaves them out. The second sheet says what may be filled in. Columns
    that the schema keeps out of forms are not asked for; whoever adds their headings is understood.
    """
    # Late: the writer of spreadsheets is not needed to start the app.
    from reports.tables import Sheet, SheetColumn, write_sheets  # noqa: PLC0415

    def words(key: str) -> str:
        return say(f"ui.template.{key}", lang)

    asked = [column for column in columns(table) if column.form]
    title = say(f"ui.data.table_{table}", lang)
    form = Sheet(
        name=title,
        title=title,
        columns=tuple(
            SheetColumn(_heading(c, lang), "degree" if c.name in {"lon", "lat"} else "text")
            for c in asked
        ),
        rows=[[_example(c, n, known_by(table), lang) for c in asked] for n in range(_EXAMPLES)],
        notes=(words("note"),),
        filtered=False,
    )
    guide = Sheet(
        name=words("guide"),
        title=words("guide"),
        columns=(
            SheetColumn(words("column")),
            SheetColumn(words("required")),
            SheetColumn(words("how"), widest=90),
        ),
        rows=[(c.label(lang), words("yes") if c.required else "", _how(c, lang)) for c in asked],
        filtered=False,
    )
    made_on = datetime.now(UTC).astimezone().date()
    return write_sheets([form, guide], title=title, made_on=made_on, lang=lang, empty="")


def _heading(column: Column, lang: Lang) -> str:
    return f"*{column.label(lang)}" if column.required else column.label(lang)


def _example(column: Column, number: int, marked: str, lang: Lang) -> str | float | None:
    """Return what an example row says; `marked` is the column that tells that it is one."""
    if column.name == marked:
        return say("ui.template.example", lang, number=number + 1)
    if column.codes:
        known = list(read_list(f"reference/{column.codes}"))
        return label(column.codes, known[number % len(known)], lang)
    return column.examples[number % len(column.examples)] if column.examples else None


def _how(column: Column, lang: Lang) -> str:
    key = f"ui.template.how_{column.name}"
    if column.codes:
        between = say("intake.comma_list", lang)
        known = between.join(
            label(column.codes, code, lang) for code in read_list(f"reference/{column.codes}")
        )
        return say(
            f"ui.template.how_{'list' if column.type == 'list' else 'code'}", lang, known=known
        )
    if has(key, lang):
        return say(key, lang)
    return say(f"ui.template.how_a_{_KINDS_OF_CELLS[column.type]}", lang)
