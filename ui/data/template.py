"""An empty file to fill in: the headings, two examples that are never imported, what each asks."""

from collections.abc import Callable
from dataclasses import dataclass

from geo.intake.units import unit_names
from geo.reference import read_list
from geo.tables import Column, ColumnType, columns, has_position, known_by
from siting import district_time
from ui.labels import label
from words import Lang, has, say

_EXAMPLES = 2
_DATUMS = ("gcj02", "bd09", "wgs84")
_KINDS_OF_CELLS: dict[ColumnType, str] = {
    "text": "text",
    "list": "text",
    "number": "number",
    "integer": "number",
    "date": "date",
    "flag": "flag",
}


@dataclass(frozen=True)
class _Asked:
    """One column of the file: what stands in it and what is said of it."""

    name: str
    how: str
    examples: tuple[str | float | None, ...]
    required: bool = False
    degree: bool = False
    choices: tuple[str, ...] = ()


def template(table: str, lang: Lang) -> Callable[[], bytes]:
    """Return what makes the .xlsx file of a table when somebody asks for it."""

    def build() -> bytes:
        return template_file(table, lang)

    return build


def template_file(table: str, lang: Lang) -> bytes:
    """Return an .xlsx file that `geo.intake` reads as `table` without rows.

    The first sheet has the headings, `*` before required ones, and two rows whose id says that they
    are examples: the intake leaves them out. What has a short list of answers drops down, and may
    be typed all the same. A table of places has a column for the datum of each row. The second
    sheet says what may be filled in. Columns that the schema keeps out of forms are not asked for;
    whoever adds their headings is understood.
    """
    # Late: the writer of spreadsheets is not needed to start the app.
    from reports.tables import Sheet, SheetColumn, write_sheets  # noqa: PLC0415

    def words(key: str) -> str:
        return say(f"ui.template.{key}", lang)

    asked = [_asked(c, known_by(table), lang) for c in columns(table) if c.form]
    if has_position(table):
        asked.append(_asked_datum(lang))
    title = say(f"ui.data.table_{table}", lang)
    form = Sheet(
        name=title,
        title=title,
        columns=tuple(
            SheetColumn(
                f"*{column.name}" if column.required else column.name,
                "degree" if column.degree else "text",
                choices=column.choices,
            )
            for column in asked
        ),
        rows=[[column.examples[number] for column in asked] for number in range(_EXAMPLES)],
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
        rows=[(c.name, words("yes") if c.required else "", c.how) for c in asked],
        filtered=False,
    )
    made_on = district_time.today()
    return write_sheets([form, guide], title=title, made_on=made_on, lang=lang, empty="")


def _asked(column: Column, marked: str, lang: Lang) -> _Asked:
    """Return what is asked; `marked` is the column that tells that a row is an example."""
    return _Asked(
        column.label(lang),
        _how(column, lang),
        tuple(_example(column, number, marked, lang) for number in range(_EXAMPLES)),
        required=column.required,
        degree=column.name in {"lon", "lat"},
        choices=_choices(column, lang),
    )


def _asked_datum(lang: Lang) -> _Asked:
    """Return the column that says the datum of each row."""
    names = tuple(say(f"ui.template.datum_{datum}", lang) for datum in _DATUMS)
    return _Asked(
        say("ui.template.datum", lang),
        say("ui.template.how_datum", lang),
        (names[0], names[-1]),
        choices=names,
    )


def _choices(column: Column, lang: Lang) -> tuple[str, ...]:
    """Return what drops down in a column: the names of one code, the units, 是 or 否."""
    if column.type == "flag":
        return say("ui.template.flag_yes", lang), say("ui.template.flag_no", lang)
    if column.name in {"town", "claimed_by"}:
        return tuple(dict.fromkeys(unit_names().values()))
    if not column.codes or column.type == "list":
        return ()
    return tuple(label(column.codes, code, lang) for code in read_list(f"reference/{column.codes}"))


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
