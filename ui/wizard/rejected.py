"""The rows that were left out, as a spreadsheet: their numbers, the reason, the cells as they were.

Mended, the file can be brought again as it is: its headings are those of the original.
"""

from collections.abc import Callable

from geo.intake.rejects import Rejects
from siting import district_time
from ui.wizard.words import word
from words import Lang, say


def left_out_file(rejects: Rejects, lang: Lang) -> Callable[[], bytes]:
    """Return what makes the .xlsx file when somebody asks for it."""

    def build() -> bytes:
        # Late: the writer of spreadsheets is not needed to start the app.
        from reports.tables import Sheet, SheetColumn, write_sheets  # noqa: PLC0415

        def words(key: str) -> str:
            return say(f"import.{key}", lang)

        frame = rejects.frame(lang)
        title = words("left_out_title")
        sheet = Sheet(
            name=words("left_out_sheet"),
            title=title,
            columns=(
                SheetColumn(words("row"), "count"),
                SheetColumn(words("reason"), widest=60),
                *(SheetColumn(str(heading)) for heading in frame.columns[2:]),
            ),
            rows=[
                (int(row[0]), *(str(cell) for cell in row[1:]))
                for row in frame.itertuples(index=False, name=None)
            ],
            notes=(words("left_out_note"),),
        )
        made_on = district_time.today()
        return write_sheets([sheet], title=title, made_on=made_on, lang=lang, empty="")

    return build


def left_out_name(name: str) -> str:
    """Return what the file is called; `name` is the client's, without its folder and suffix."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    kept = "".join(sign if sign.isalnum() else "_" for sign in stem)[:60]
    return f"{word('left_out_name', file=kept)}.xlsx"
