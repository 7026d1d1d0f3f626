"""The Word report: a page of sentences with one table, then the lists, then how it was reckoned."""

from collections.abc import Sequence

from reports import figures
from reports.figures import CandidateLine, PlanLine
from reports.report import Report
from reports.shown import Figure, small_cells_sentence, town_lines
from reports.typography import Align, Page, TableColumn
from siting.results import PlanResult
from words import Lang, count, day, percent, say

NAMES_PRINTED = 20
"""Stations and candidates off the streets named in the document; the annex names all."""


def document_bytes(report: Report) -> bytes:
    """Return report.docx; the same report has the same bytes."""
    writer = _Writer(report)
    writer.title()
    writer.summary()
    writer.coverage()
    writer.siting()
    writer.method()
    writer.signatures()
    return writer.page.bytes()


class _Writer:
    """Writes one report from top to bottom, counting its headings and tables."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.page = Page(report.heading, lang=report.lang, made_on=report.made_on)
        self.sections = 0
        self.parts = 0
        self.tables = 0

    def title(self) -> None:
        """Write the heading, the day, and the label of invented data."""
        report = self.report
        self.page.write("Title", report.heading)
        self.page.write("Subtitle", report.say("made_on", day=day(report.made_on, report.lang)))
        if report.synthetic:
            self.page.write("Label", report.say("synthetic"))

    def summary(self) -> None:
        """Write the first page: sentences, and one table."""
        report = self.report
        self._section("summary")
        self._write(figures.headline(report), figures.method_sentence(report))
        self._write(*figures.unreached_sentences(report))
        if report.plan is None:
            self._write(report.say("no_plan"))
        else:
            self._write(*figures.plan_sentences(report, report.plan))
        self._summary_table()

    def coverage(self) -> None:
        """Write coverage by unit, and who cannot be reached."""
        report = self.report
        self._section("coverage")
        self._part("towns")
        self._town_table()
        self._part("unreached")
        if not report.coverage.unreachable_stations and not report.coverage.unsnapped_demand:
            self._write(report.say("all_reached"))
        records = figures.station_rows(report)
        stations = [
            figures.name_or_id(records.get(identity, {}), identity)
            for identity in report.coverage.unreachable_stations
        ]
        self._station_names(stations)
        if report.coverage.unsnapped_demand:
            points = count(len(report.coverage.unsnapped_demand), report.lang)
            self._write(report.say("unsnapped_listed", points=points))
        self._unattached_names()

    def siting(self) -> None:
        """Write the plan, and the candidates it was chosen from."""
        report = self.report
        self._section("siting")
        self._part("plan")
        if report.plan is None:
            self._write(report.say("no_plan"))
        elif report.plan.selected:
            self._plan_table(report.plan, figures.plan_lines(report))
        else:
            self._write(*figures.plan_sentences(report, report.plan))
        self._part("candidates")
        self._candidate_table(figures.printed_candidates(report))

    def method(self) -> None:
        """Write definitions, parameters, sources."""
        report = self.report
        self._section("method")
        self._part("definitions")
        self._write(
            figures.method_sentence(report),
            *figures.bracket_sentences(report),
            figures.measure_sentence(report),
            figures.scope_sentence(report),
            report.say("definitions"),
            report.say("rounding"),
            small_cells_sentence(report),
        )
        self._part("parameters")
        self._parameter_table()
        self._part("sources")
        self._source_table()

    def signatures(self) -> None:
        """Write who is to sign, and what this paper is not."""
        report = self.report
        blank = report.say("blank")
        self.page.write(
            "Signature Line",
            report.say(
                "signatures",
                compiled_by=report.compiled_by or blank,
                reviewed_by=report.reviewed_by or blank,
            ),
        )
        self.page.write("Note", report.say("internal"))

    def _section(self, key: str) -> None:
        self.sections += 1
        self.parts = 0
        self.page.write("Level 1", self._numbered("level1", self.sections, key))

    def _part(self, key: str) -> None:
        self.parts += 1
        self.page.write("Level 2", self._numbered("level2", self.parts, key))

    def _numbered(self, level: str, number: int, key: str) -> str:
        report = self.report
        numeral = report.say("numerals").split()[number - 1]
        return report.say(level, numeral=numeral, text=report.say(f"parts.{key}"))

    def _write(self, *sentences: str) -> None:
        for sentence in sentences:
            self.page.write("Body", sentence)

    def _unattached_names(self) -> None:
        report = self.report
        if not report.unattached_candidates:
            return
        records = figures.candidate_rows(report)
        named = [
            report.say(
                "unattached_one",
                name=figures.name_or_id(records.get(identity, {}), identity),
                why=say(f"siting.unattached.{why}", report.lang),
            )
            for identity, why in report.unattached_candidates.items()
        ]
        names, more = self._listed(named)
        self._write(report.say("unattached_names", names=names, more=more))

    def _listed(self, names: Sequence[str]) -> tuple[str, str]:
        report, more = self.report, ""
        if len(names) > NAMES_PRINTED:
            more = report.say("names_more", count=count(len(names), report.lang))
        return report.say("list_joint").join(names[:NAMES_PRINTED]), more

    def _station_names(self, names: Sequence[str]) -> None:
        if not names:
            return
        listed, more = self._listed(names)
        self._write(self.report.say("unreachable_names", names=listed, more=more))

    def _table(
        self,
        caption: str,
        columns: Sequence[tuple[str, float, Align]],
        rows: Sequence[Sequence[str]],
        totals: Sequence[str] | None = None,
        *,
        signed: bool = False,
    ) -> None:
        self.tables += 1
        report = self.report
        text = report.say("caption", number=self.tables, text=report.say(f"titles.{caption}"))
        self.page.write("Caption Line", text)
        printed = [
            TableColumn(figures.column_name(report, key), width, align)
            for key, width, align in columns
        ]
        none = [report.say("none"), *[""] * (len(columns) - 1)]
        self.page.table(printed, rows or [none], totals=totals, keep_with_next=signed)

    def _summary_table(self) -> None:
        report, result, plan = self.report, self.report.coverage, self.report.plan
        rows = [
            ["stations", count(result.stations, report.lang)],
            ["workers", count(result.workers_total, report.lang)],
            ["covered", count(result.workers_covered, report.lang)],
            ["coverage", percent(result.coverage)],
        ]
        columns: list[tuple[str, float, Align]] = [("item", 78.0, "left"), ("now", 78.0, "right")]
        if plan is not None and plan.after is not None:
            after = plan.after
            columns = [("item", 64.0, "left"), ("now", 46.0, "right"), ("after", 46.0, "right")]
            rows[0].append(count(after.stations, report.lang))
            rows[1].append(count(after.workers_total, report.lang))
            rows[2].append(count(after.workers_covered, report.lang))
            rows[3].append(percent(after.coverage))
        named = [[figures.item_name(report, key), *cells] for key, *cells in rows]
        self._table("summary", columns, named)

    def _town_table(self) -> None:
        report, lang = self.report, self.report.lang
        result = report.coverage
        after = report.plan.after if report.plan is not None else None
        columns: list[tuple[str, float, Align]] = [
            ("town", 56.0, "left"),
            ("workers", 34.0, "right"),
            ("covered", 34.0, "right"),
            ("coverage", 32.0, "right"),
        ]
        printed = town_lines(report)
        rows = [
            [
                figures.town_name(report, row.name),
                _counted(row.workers, lang),
                _counted(row.covered, lang),
                _part(row.coverage),
            ]
            for row in printed
        ]
        totals = [
            report.say("total"),
            count(result.workers_total, lang),
            count(result.workers_covered, lang),
            percent(result.coverage),
        ]
        if after is not None:
            columns = [
                ("town", 46.0, "left"),
                ("workers", 24.0, "right"),
                ("covered", 24.0, "right"),
                ("coverage", 20.0, "right"),
                ("covered_after", 22.0, "right"),
                ("coverage_after", 20.0, "right"),
            ]
            for cells, row in zip(rows, printed, strict=True):
                cells += [_counted(row.covered_after, lang), _part(row.coverage_after)]
            totals += [count(after.workers_covered, lang), percent(after.coverage)]
        self._table("towns", columns, rows, totals)

    def _plan_table(self, plan: PlanResult, lines: Sequence[PlanLine]) -> None:
        report, lang = self.report, self.report.lang
        columns: list[tuple[str, float, Align]] = [
            ("order", 12.0, "center"),
            ("name", 26.0, "left"),
            ("town", 20.0, "left"),
            ("area_rule", 21.0, "left"),
            ("workers_gained", 17.0, "right"),
            ("cost", 18.0, "right"),
            ("reason", 42.0, "left"),
        ]
        rows = []
        for line in lines:
            cost = f"{line.cost_yuan:,}"
            if line.cost_assumed:
                cost = report.say("assumed_mark", cost=cost)
            rows.append(
                [
                    str(line.order),
                    line.name,
                    line.town,
                    line.rule,
                    count(line.workers_gained, lang),
                    cost,
                    line.reason,
                ]
            )
        gained = sum(site.workers_gained for site in plan.selected)
        totals = [
            report.say("total"),
            *[""] * 3,
            count(gained, lang),
            f"{plan.cost_yuan:,}",
            "",
        ]
        self._table("plan", columns, rows, totals)

    def _candidate_table(self, lines: Sequence[CandidateLine]) -> None:
        report = self.report
        columns: list[tuple[str, float, Align]] = [
            ("rank", 12.0, "center"),
            ("name", 32.0, "left"),
            ("town", 22.0, "left"),
            ("rule", 21.0, "left"),
            ("evidence", 43.0, "left"),
            ("points", 14.0, "right"),
            ("selected", 12.0, "center"),
        ]
        rows = [
            [
                str(line.rank) if line.rank is not None else "",
                line.name,
                line.town,
                line.rule,
                figures.evidence_text(report, line.evidence),
                f"{line.points:.1f}" if line.points is not None else "",
                report.say("yes") if line.selected else "",
            ]
            for line in lines
        ]
        total = count(len(figures.candidate_lines(report)), report.lang)
        printed = count(len(lines), report.lang)
        self._write(report.say("candidates_note", printed=printed, total=total))
        self._table("candidates", columns, rows)

    def _parameter_table(self) -> None:
        columns: list[tuple[str, float, Align]] = [("item", 34.0, "left"), ("value", 122.0, "left")]
        self._table("parameters", columns, figures.parameter_rows(self.report))

    def _source_table(self) -> None:
        report = self.report
        columns: list[tuple[str, float, Align]] = [
            ("layer", 28.0, "left"),
            ("source", 66.0, "left"),
            ("licence", 38.0, "left"),
            ("date", 24.0, "left"),
        ]
        rows = [
            [
                figures.layer_name(report, credit.layer),
                figures.source_text(report, credit),
                credit.licence or report.say("not_stated"),
                credit.date or report.say("not_stated"),
            ]
            for credit in report.credits
        ]
        # Nobody signs an empty page: the last table goes along with the signatures.
        self._table("sources", columns, rows, signed=True)


def _counted(figure: Figure | None, lang: Lang) -> str:
    """Write workers, or the mark that stands for them."""
    return count(figure, lang) if isinstance(figure, float) else figure or ""


def _part(figure: Figure | None) -> str:
    """Write a share, or the mark that stands for it."""
    return percent(figure) if isinstance(figure, float) else figure or ""
