"""The sample's report, read back: document, annex and replay file say what a plain recount says."""

import json
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from reports.document import document_bytes
from reports.replay import replay_bytes
from reports.report import Report, make_report
from reports.workbook import workbook_bytes
from siting.coverage.levels import Terms
from siting.effective import EffectiveEvaluation, evaluate_effective
from siting.files import InputFiles, read_inputs
from siting.filters import Passed, admits, need_of, offers, opened
from siting.model import Parameters
from siting.windows import window
from words import percent

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
TABLES = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")
WORKERS, VERIFIED, UNVERIFIED, UNCOVERED, NOMINAL = range(5)


@pytest.fixture(scope="module")
def found() -> EffectiveEvaluation:
    inputs, _ = read_inputs(
        InputFiles(
            tables={name: next(SAMPLE.glob(f"{name}.*")) for name in TABLES},
            streets=SAMPLE / "streets.wsn",
        )
    )
    return evaluate_effective(inputs, Parameters(), Terms())


@pytest.fixture(scope="module")
def report(found: EffectiveEvaluation) -> Report:
    return make_report(
        found.service.inputs,
        Parameters(),
        found,
        title="示例区",
        made_on=date(2026, 11, 21),
    )


@pytest.fixture(scope="module")
def recount(found: EffectiveEvaluation) -> dict[str, dict[str, list[float]]]:
    """Return workers by what, then by name: all, verified, unverified, uncovered, in reach."""
    inputs, reach, terms = found.service.inputs, found.service.reach, Terms()
    stations = inputs.stations.to_dict("records")
    point = {identity: number for number, identity in enumerate(found.nominal.point_id)}

    @cache
    def answers(site: int, own: bool, group: str, when: str) -> list[Passed]:  # noqa: FBT001 - a key
        record = stations[site]
        always = min(
            admits(record["access"], group, own_grounds=own),
            offers(record["services"], need_of(group, when)),
        )
        days = opened(record["hours"], when, terms.monday, terms.open_share)
        return [min(on_day, always) for on_day in days]

    hours: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0] * 5))
    columns = (
        inputs.demand[name].tolist() for name in ("id", "town", "group", "window", "workers")
    )
    for identity, town, group, when, workers in zip(*columns, strict=True):
        at = point[identity]
        sites = range(reach.indptr[at], reach.indptr[at + 1])
        near = [answers(int(reach.site[i]), bool(reach.own[i]), group, when) for i in sites]
        weight = workers * window(when).hours_per_day
        for day in range(len(window(when).days)):
            best = max((days[day] for days in near), default=Passed.NO)
            kind = {Passed.YES: VERIFIED, Passed.UNVERIFIED: UNVERIFIED}.get(best, UNCOVERED)
            for by, name in (("", ""), ("town", town), ("group", group), ("window", when)):
                cells = hours[by][name]
                cells[WORKERS] += weight
                cells[kind] += weight
                cells[NOMINAL] += weight if near else 0.0
    every_hour = sum(window(name).hours_per_week for name in hours["window"])
    for by, named in hours.items():
        for name, cells in named.items():
            per = window(name).hours_per_week if by == "window" else every_hour
            named[name] = [worker_hours / per for worker_hours in cells]
    return hours


def number(text: str) -> float:
    return float(text.replace(",", "").rstrip("%"))


def rows_under(document: Any, heading: str) -> dict[str, list[str]]:  # noqa: ANN401 - no types
    """Return the rows of the first table with a heading, by their first cell."""
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][0] == heading:
            return {row[0]: row[1:] for row in rows[1:]}
    raise AssertionError(heading)


def test_the_document_says_what_a_recount_says(
    report: Report, recount: dict[str, dict[str, list[float]]]
) -> None:
    document = docx.Document(BytesIO(document_bytes(report)))
    total = recount[""][""]
    headline = next(p.text for p in document.paragraphs if p.text.startswith("有效覆盖率"))
    assert percent(total[VERIFIED] / total[WORKERS]) in headline
    assert f"{round(total[VERIFIED]):,} 人" in headline
    for heading, by in (("镇街、产业基地", "town"), ("职工群体", "group"), ("时段", "window")):
        printed = rows_under(document, heading)
        printed.pop("合计", None)
        assert len(printed) == len(recount[by])
        # In the order of their lists; names are words there and codes here.
        exact = [recount[by][row.name] for row in report.effective.rows(by)]
        for cells, workers in zip(printed.values(), exact, strict=True):
            for cell, value in zip(cells[:4], workers[:4], strict=True):
                assert number(cell) == pytest.approx(value, abs=2.0)
            assert cells[4] == percent(workers[VERIFIED] / workers[WORKERS])
            assert cells[5] == percent(workers[NOMINAL] / workers[WORKERS])


def test_the_annex_says_what_the_document_says(report: Report) -> None:
    document = docx.Document(BytesIO(document_bytes(report)))
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(report)))
    for heading, sheet in (
        ("镇街、产业基地", "有效覆盖-镇街"),
        ("职工群体", "有效覆盖-职工群体"),
        ("时段", "有效覆盖-时段"),
    ):
        page = book[sheet]
        head = int(page.freeze_panes[1:]) - 1
        assert page.print_title_rows == f"${head}:${head}"
        cells = {row[0]: row[1:] for row in page.iter_rows(min_row=head + 1, values_only=True)}
        printed = rows_under(document, heading)
        assert cells.keys() == printed.keys()
        for name, texts in printed.items():
            assert list(cells[name][:4]) == [number(text) for text in texts[:4]]
            assert [percent(share) for share in cells[name][-2:]] == texts[4:]


def test_the_replay_file_holds_terms_and_exact_figures(
    report: Report, recount: dict[str, dict[str, list[float]]]
) -> None:
    told = json.loads(replay_bytes(report))["effective"]
    assert (told["monday"], told["open_share"]) == ("2026-11-16", 0.5)
    assert told["kind_defaults"] is False
    total = recount[""][""]
    keys = ("workers", "verified", "unverified", "uncovered", "nominal")
    assert [told[key] for key in keys] == pytest.approx(total, abs=1e-6)
    for by in ("town", "group", "window"):
        rows = {row[by]: [row[key] for key in keys] for row in told[f"{by}s"]}
        assert rows.keys() == recount[by].keys()
        for name, figures in rows.items():
            assert figures == pytest.approx(recount[by][name], abs=1e-6)


def test_areas_and_mends_are_those_of_the_evaluation(report: Report) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(report)))
    areas = report.effective.gap_areas
    page = book["盲区"]
    head = int(page.freeze_panes[1:])
    rows = list(page.iter_rows(min_row=head, values_only=True))
    assert [row[3] for row in rows] == pytest.approx([area.gap.workers for area in areas])
    mends = list(book["改进办法"].iter_rows(values_only=True))
    listed = Counter(row[0] for row in mends if isinstance(row[0], int))
    assert listed == {n: len(area.mends) for n, area in enumerate(areas, 1) if area.mends}
