"""What all sheets of the annex have in common: label of invented data, headings, notes, marks."""

from collections.abc import Sequence

from reports import figures
from reports.report import Report
from reports.shown import Figure
from reports.tables import WIDEST_COLUMN, Cell, Chart, Kind, Sheet, SheetColumn, Value

# Columns of sentences, in widths of a digit.
_WIDEST = {
    "item": 30,
    "what": 28,
    "step": 40,
    "place": 34,
    "way": 64,
    "ask": 30,
    "cause": 30,
    "value": 34,
    "note": 56,
    "sentence": 64,
    "reason": 56,
    "decided": 64,
    "whom": 64,
    "source": 48,
    "licence": 30,
    "sha256": 38,
}
Columns = Sequence[tuple[str, Kind]]
Rows = Sequence[Sequence[Value | Cell]]


def make_sheet(
    report: Report,
    name: str,
    columns: Columns,
    rows: Rows,
    *,
    totals: Sequence[Value | Cell] | None = None,
    notes: Sequence[str] = (),
    filtered: bool = True,
    chart: Chart | None = None,
) -> Sheet:
    """Return a sheet; `columns` are keys of their headings, and what they hold."""
    label = [report.say("synthetic")] if report.synthetic else []
    return Sheet(
        name=report.say(f"sheets.{name}"),
        title=f"{report.title} · {report.say(f'titles.{name}')}",
        columns=tuple(
            SheetColumn(
                figures.column_name(report, key),
                kind,
                bar=kind == "percent",
                widest=_WIDEST.get(key, WIDEST_COLUMN),
            )
            for key, kind in columns
        ),
        rows=rows,
        totals=totals,
        notes=(*label, *notes),
        filtered=filtered,
        chart=chart,
    )


def method_notes(report: Report) -> list[str]:
    """Return in what the figures of a sheet are."""
    return [figures.method_sentence(report), figures.measure_sentence(report)]


def told(figure: Figure | None) -> Value | Cell:
    """Return a number as it is, and a mark that stands for one as text."""
    return Cell(figure, "text") if isinstance(figure, str) else figure


def yes_no(report: Report, *, answer: bool) -> str:
    """Return yes or no."""
    return report.say("yes" if answer else "no")
