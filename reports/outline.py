"""A report on its way from top to bottom: numbered headings, sentences, numbered tables.

Nothing is printed here: the blocks go to the printers of Word and PDF.
"""

from collections.abc import Sequence

from reports import figures
from reports.blocks import Align, Block, Paragraph, Picture, Plate, Role, Table, TableColumn
from reports.report import Report
from reports.shown import Figure
from words import count, day, percent

NAMES_PRINTED = 20
"""Stations and candidates off the streets named in the document; the annex names all."""

Columns = Sequence[tuple[str, float, Align]]
"""Key, width in millimetres and alignment of each column; the widths fill 156 mm."""


class Outline:
    """Writes one report, counting its headings and tables."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.blocks: list[Block] = []
        self._sections = 0
        self._parts = 0
        self._tables = 0
        self._figures = 0

    def paragraph(self, role: Role, text: str, *, keep_with_next: bool = False) -> None:
        """Write a paragraph of any role."""
        self.blocks.append(Paragraph(role, text, keep_with_next))

    def title(self) -> None:
        """Write the heading, the day, and the label of invented data."""
        report = self.report
        self.paragraph("Title", report.heading)
        self.paragraph("Subtitle", report.say("made_on", day=day(report.made_on, report.lang)))
        if report.scenario is not None:
            self.paragraph("Subtitle", report.scenario.sentence(report.lang))
        if report.synthetic:
            self.paragraph("Label", report.say("synthetic"))

    def section(self, key: str) -> None:
        """Write a heading of the first level."""
        self._sections += 1
        self._parts = 0
        self.paragraph("Level 1", self._numbered("level1", self._sections, key))

    def part(self, key: str) -> None:
        """Write a heading of the second level."""
        self._parts += 1
        self.paragraph("Level 2", self._numbered("level2", self._parts, key))

    def write(self, *sentences: str) -> None:
        """Write paragraphs."""
        for sentence in sentences:
            self.paragraph("Body", sentence)

    def note(self, sentence: str) -> None:
        """Write a paragraph that stays on the page of the table it is about."""
        self.paragraph("Body", sentence, keep_with_next=True)

    def table(
        self,
        caption: str,
        columns: Columns,
        rows: Sequence[Sequence[str | Picture]],
        totals: Sequence[str] | None = None,
        *,
        signed: bool = False,
    ) -> None:
        """Write a caption and a table; `signed` keeps it on the page of what follows."""
        self._tables += 1
        report = self.report
        text = report.say("caption", number=self._tables, text=report.say(f"titles.{caption}"))
        self.paragraph("Caption Line", text)
        printed = [
            TableColumn(figures.column_name(report, key), width, align)
            for key, width, align in columns
        ]
        none = [report.say("none"), *[""] * (len(columns) - 1)]
        self.blocks.append(Table(printed, rows or [none], totals, signed))

    def figure(self, caption: str, plate: Plate) -> None:
        """Write a drawing and, under it, its caption."""
        self._figures += 1
        report = self.report
        self.blocks.append(plate)
        text = report.say("figure", number=self._figures, text=report.say(f"titles.{caption}"))
        self.paragraph("Caption Line", text)

    def notes(self, *sentences: str) -> None:
        """Write what is said in small under a figure."""
        for sentence in sentences:
            self.paragraph("Note", sentence)

    def listed(self, names: Sequence[str]) -> tuple[str, str]:
        """Return the first names, and how many more there are."""
        report, more = self.report, ""
        if len(names) > NAMES_PRINTED:
            more = report.say("names_more", count=count(len(names), report.lang))
        return report.say("list_joint").join(names[:NAMES_PRINTED]), more

    def counted(self, figure: Figure | None) -> str:
        """Write workers, or the mark that stands for them."""
        return count(figure, self.report.lang) if isinstance(figure, float) else figure or ""

    def share(self, figure: Figure | None) -> str:
        """Write a share, or the mark that stands for it."""
        return percent(figure) if isinstance(figure, float) else figure or ""

    def _numbered(self, level: str, number: int, key: str) -> str:
        report = self.report
        numeral = report.say("numerals").split()[number - 1]
        return report.say(level, numeral=numeral, text=report.say(f"parts.{key}"))
