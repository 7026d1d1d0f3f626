"""Standards side by side as they are printed: the district, and who passes."""

from dataclasses import dataclass

from reports.levels import level_lines
from reports.report import Report
from siting.judging import Judged
from words import percent


@dataclass(frozen=True)
class NormLine:
    """One standard and what it says of the whole district."""

    name: str
    source: str
    asked: float
    nominal: float
    effective: float
    verdict: str
    units: str


def norm_lines(report: Report) -> list[NormLine]:
    """Return the standards; none where they were not asked."""
    judged = () if report.standards is None else report.standards.judged
    return [_line(report, item) for item in judged]


def unit_rows(report: Report) -> list[tuple[str, list[str]]]:
    """Return each unit's verdict and share under every standard; few workers hide their shares."""
    judged = () if report.standards is None else report.standards.judged
    if not judged:
        return []
    few = {line.name for line in level_lines(report, "town") if isinstance(line.coverage, str)}
    hidden = report.say("withheld")
    return [
        (
            row.name or report.say("outside_units"),
            [hidden if row.name in few else _cell(report, item, place) for item in judged],
        )
        for place, row in enumerate(judged[0].coverage.towns)
    ]


def norm_name(report: Report, item: Judged) -> str:
    """Return the name of a standard."""
    return item.standard.zh if report.lang == "zh" else item.standard.en


def _line(report: Report, item: Judged) -> NormLine:
    towns = [row for row in item.coverage.towns if row.name and row.workers > 0]
    passed = sum(item.verdict(row) == "pass" for row in towns)
    return NormLine(
        name=norm_name(report, item),
        source=item.standard.source,
        asked=item.standard.pass_share,
        nominal=item.nominal.total.nominal_coverage,
        effective=item.coverage.total.coverage,
        verdict=_verdict(report, item.verdict(item.coverage.total)),
        units=f"{passed} / {len(towns)}",
    )


def _cell(report: Report, item: Judged, place: int) -> str:
    row = item.coverage.towns[place]
    return report.say(
        "norms.cell", mark=_verdict(report, item.verdict(row)), share=percent(row.coverage)
    )


def _verdict(report: Report, verdict: str) -> str:
    return report.say("norms.passed" if verdict == "pass" else f"norms.{verdict}")
