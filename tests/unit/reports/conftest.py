"""A small district made by hand: every figure in it is chosen, none is computed by the product."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from geo.tables import DTYPES, columns
from reports.report import Report, make_report
from siting.coverage.effective import EffectiveCoverage, LevelRow
from siting.coverage.gaps import Gap
from siting.coverage.levels import Level, Terms
from siting.coverage.mends import Mend, Question
from siting.effective import EffectiveEvaluation, evaluate_effective
from siting.gap_areas import GapArea, PricedMend
from siting.gap_places import GapPlace
from siting.model import Inputs, LayerSource, Parameters
from siting.plan_results import PlanResult, SelectedSite
from siting.results import AreaType, CandidateScore, CoverageResult, Evidence, ShareRow

TOWNS = (
    *("黄村镇", "西红门镇", "旧宫镇", "亦庄镇", "瀛海镇", "青云店镇", "长子营镇", "采育镇"),
    *("安定镇", "礼贤镇", "榆垡镇", "庞各庄镇", "北臧村镇", "魏善庄镇", "兴丰街道", "林校路街道"),
    *("清源街道", "观音寺街道", "高米店街道", "天宫院街道", "生物医药产业基地", "新媒体产业基地"),
)
RULES: tuple[AreaType, ...] = (
    "enterprise_cluster",
    "central_urban",
    "function_zone",
    "sparse",
    "special",
)
UNITS = ("person", "m", "person/day", "record", "person")
SUBJECTS = ("富思特", "兴华大街", "龙湖天街", "榆垡村", "环卫工人")


def frame(table: str, records: list[dict[str, object]]) -> pd.DataFrame:
    """Return records as a frame that has every column of its table."""
    made = {}
    for column in columns(table):
        missing: object = "" if column.type in ("text", "list") else pd.NA
        values = [record.get(column.name, missing) for record in records]
        if column.type == "number":
            values = [np.nan if value is pd.NA else value for value in values]
        made[column.name] = pd.Series(values, dtype=DTYPES[column.type])
    return pd.DataFrame(made)


def place(number: int) -> tuple[float, float]:
    """Return a position of its own for every number, in and around the district."""
    return 116.25 + 0.37 * ((number * 37) % 101) / 101, 39.5 + 0.3 * ((number * 53) % 97) / 97


def point_records(count: int) -> list[dict[str, object]]:
    records: list[dict[str, object]] = []
    for number in range(count):
        lon, lat = place(number)
        town = TOWNS[number % len(TOWNS)] if number % 23 else ""
        workers = 100.0 + 7 * number
        records.append(
            {"id": f"d{number}", "lon": lon, "lat": lat, "town": town, "workers": workers}
        )
    return records


def station_records(count: int) -> list[dict[str, object]]:
    kinds = (("enterprise", "enterprise"), ("street_front", "bank"), ("mobile", "public_land"))
    records: list[dict[str, object]] = []
    for number in range(count):
        lon, lat = place(1000 + number)
        kind, host = kinds[number % 3]
        records.append(
            {
                "id": f"s{number}",
                "name": f"{TOWNS[number % 22]}第{number + 1}驿站",
                "lon": lon,
                "lat": lat,
                "town": TOWNS[number % 22],
                "kind": kind,
                "host_type": host,
                "hours": "Mo-Fr 08:00-18:00",
                "access": "public;drivers",
                "services": "water;seat;microwave;charging",
                "seats": 6 + number % 5,
                "state": "open",
            }
        )
    return records


def candidate_records(count: int) -> list[dict[str, object]]:
    records: list[dict[str, object]] = []
    for number in range(count):
        lon, lat = place(2000 + number)
        records.append(
            {
                "id": f"c{number}",
                "name": f"{SUBJECTS[number % 5]}候选点{number + 1}",
                "lon": lon,
                "lat": lat,
                "town": TOWNS[(3 * number) % 22],
                "kind": "street_front",
                "host_type": "restaurant",
                "state": "proposed",
                "cost_yuan": 5000 + 100 * number,
            }
        )
    return records


def coverage_of(demand: pd.DataFrame, stations: int) -> CoverageResult:
    """Return a result in which every point with an even number is covered."""
    number = demand["id"].str[1:].astype(int)
    covered = (number % 2 == 0).to_numpy()
    workers = demand["workers"].to_numpy()
    towns = tuple(
        ShareRow(
            name,
            float(workers[(demand["town"] == name).to_numpy()].sum()),
            float(workers[(demand["town"] == name).to_numpy() & covered].sum()),
        )
        for name in (*TOWNS, "")
        if (demand["town"] == name).any()
    )
    total, reached = float(workers.sum()), float(workers[covered].sum())
    return CoverageResult(
        workers_total=total,
        workers_covered=reached,
        worker_hours_total=total,
        worker_hours_covered=reached,
        hours_per_week=1.0,
        measure="workers",
        cutoff_m=1000.0,
        method="street",
        stations=stations,
        unreachable_stations=("s2",),
        unsnapped_demand=("d1", "d3"),
        unsnapped_workers=float(workers[1] + workers[3]),
        towns=towns,
        groups=(),
        windows=(),
        row_covered=covered,
        point_id=tuple(demand["id"]),
        point_lon=demand["lon"].to_numpy(),
        point_lat=demand["lat"].to_numpy(),
        point_workers=workers,
        point_covered=np.where(covered, workers, 0.0),
        nearest_m=np.where(covered, 321.5, np.nan),
    )


def level_of(number: int) -> Level:
    """Return how far its stations get a point: the odd ones are out of reach, as above."""
    if number % 2:
        return Level.OUT_OF_REACH
    return (Level.VERIFIED, Level.VERIFIED, Level.UNVERIFIED, Level.CLOSED, Level.NOT_ADMITTED)[
        number // 2 % 5
    ]


def level_row(name: str, levels: list[Level], workers: list[float]) -> LevelRow:
    pairs = list(zip(levels, workers, strict=True))
    return LevelRow(name, tuple(sum(w for at, w in pairs if at == level) for level in Level))


def effective_of(demand: pd.DataFrame) -> EffectiveCoverage:
    """Return a result in which every point is at one level; groups and windows are made up."""
    levels = [level_of(int(identity[1:])) for identity in demand["id"]]
    workers = demand["workers"].tolist()
    total = level_row("", levels, workers)
    towns = tuple(
        level_row(
            name,
            [level for level, town in zip(levels, demand["town"], strict=True) if town == name],
            [w for w, town in zip(workers, demand["town"], strict=True) if town == name],
        )
        for name in (*TOWNS, "")
        if (demand["town"] == name).any()
    )
    share = {"food_rider": 0.25, "sweeper": 0.75}
    points = np.zeros((len(levels), len(Level)))
    points[np.arange(len(levels)), [int(level) for level in levels]] = workers
    return EffectiveCoverage(
        terms=Terms(),
        total=total,
        towns=towns,
        groups=tuple(
            LevelRow(name, tuple(part * w for w in total.by_level)) for name, part in share.items()
        ),
        windows=(
            LevelRow("workday_noon", total.by_level),
            LevelRow("workday_night", (total.workers, 0.0, 0.0, 0.0, 0.0, 0.0)),
        ),
        level=np.array([[int(level)] for level in levels], dtype=np.uint8),
        point_hours=points,
        hours_per_week=1.0,
        measure="workers",
    )


def area_of(
    place: str, points: list[int], workers: float, mends: tuple[PricedMend, ...]
) -> GapArea:
    gap = Gap(
        points=np.array(points),
        lon=116.4,
        lat=39.7,
        workers=workers,
        by_cause=(workers - 20.0, 20.0, 0.0, 0.0),
        group="food_rider",
        window="workday_noon",
        heads=workers / 2,
    )
    return GapArea(
        gap, GapPlace(street=place, part="middle", venue="", town=TOWNS[1]), lambda: mends
    )


AREAS = (
    area_of(
        "兴华大街",
        [1, 3],
        430.0,
        (
            PricedMend(
                Mend("hours", 4, 120.0, ("workday_night",), ("food_rider",)),
                3000,
                cost_assumed=True,
            ),
            PricedMend(
                Mend("new", 7, 310.0, ("workday_noon",), ("food_rider",), made_sure=80.0),
                5700,
                cost_assumed=False,
            ),
        ),
    ),
    area_of("=1+1", [5], 60.0, ()),
)
QUESTIONS = (Question(2, ("hours", "services"), 640.0), Question(5, ("access",), 6.0))


def evaluation_of(inputs: Inputs, nominal: CoverageResult) -> EffectiveEvaluation:
    """Return the evaluation that the exports print, on what an evaluation is computed from."""
    found = replace(
        evaluate_effective(inputs, Parameters()),
        nominal=nominal,
        effective=effective_of(inputs.demand),
        counting=nominal.stations,
        questions=QUESTIONS,
    )
    return with_areas(found, AREAS)


def with_areas(found: EffectiveEvaluation, areas: tuple[GapArea, ...]) -> EffectiveEvaluation:
    """Return the same evaluation as if these gap areas, and their mends, had been found."""
    mends = tuple(item.mend for area in areas for item in area.mends)
    vars(found).update(gap_areas=areas, mends=mends)
    return found


def score_of(number: int, candidates: int) -> CandidateScore:
    rule = RULES[number % 5]
    evidence = Evidence(
        area_type=rule,
        measure="made_by_hand",
        value=1200.0 - number,
        unit=UNITS[number % 5],
        subject=SUBJECTS[number % 5],
        proxy=number % 7 == 0,
    )
    return CandidateScore(
        id=f"c{number}",
        area_types=(rule,),
        evidence=(evidence,),
        criteria={"made_by_hand": 0.5},
        points=round(90.0 - 1.5 * number, 1),
        rank=number + 1 if number < candidates else candidates,
        says=lambda lang: (
            f"临近{SUBJECTS[number % 5]}，{1200 - number} 人受益。"
            if lang == "zh"
            else f"Near {SUBJECTS[number % 5]}: {1200 - number} workers benefit."
        ),
    )


def plan_of(before: CoverageResult, selected: tuple[int, ...]) -> PlanResult:
    gains = [float(900 - 150 * order) for order in range(len(selected))]
    after_workers = before.workers_covered + sum(gains)
    open_towns = [row.name for row in before.towns if row.covered + 900 < row.workers]
    gained = dict(zip(open_towns, gains, strict=False))
    towns = tuple(
        replace(row, covered=row.covered + gained.get(row.name, 0.0)) for row in before.towns
    )
    after = replace(
        before,
        workers_covered=after_workers,
        worker_hours_covered=after_workers,
        towns=towns,
        stations=before.stations + len(selected),
    )
    return PlanResult(
        selected=tuple(
            SelectedSite(
                id=f"c{number}",
                order=order,
                workers_gained=gain,
                cost_yuan=5000 + 100 * number,
                cost_assumed=order == 2,
                reason_zh=f"新增覆盖 {gain:.0f} 人，规则为{SUBJECTS[number % 5]}。",
                reason_en=f"Adds {gain:.0f} workers.",
            )
            for order, (number, gain) in enumerate(zip(selected, gains, strict=True), 1)
        ),
        workers_total=before.workers_total,
        workers_covered_before=before.workers_covered,
        workers_covered_after=after_workers,
        bound_workers=after_workers + 123.4,
        status="within_gap",
        seconds=0.5,
        method="street",
        rules="daxing",
        rules_tolerance=0.05,
        parameters={"new": len(selected), "seed": 0, "rules_version": 1},
        after=after,
    )


@pytest.fixture
def district() -> Callable[..., Report]:
    """Return what makes a report; keywords replace the report's own fields."""

    def make(**changes: object) -> Report:
        demand = frame("demand", point_records(69))
        inputs = Inputs(
            demand=demand,
            stations=frame("stations", station_records(9)),
            candidates=frame("candidates", candidate_records(30)),
            enterprises=frame(
                "enterprises",
                [{"id": "e1", "name": "富思特", "lon": 116.4, "lat": 39.6, "workers": 1200}],
            ),
            sources=tuple(
                LayerSource(
                    layer=layer,
                    source=f"来源{layer}",
                    licence=f"LIC-{layer}",
                    date="2026-11-01",
                    sha256="ab" * 32,
                    synthetic=layer == "demand",
                )
                for layer in ("demand", "stations", "candidates")
            ),
        )
        before = coverage_of(demand, stations=9)
        report = make_report(
            inputs,
            Parameters(),
            evaluation_of(inputs, before),
            tuple(score_of(number, 30) for number in range(28)),
            plan_of(before, (0, 4, 25, 7, 2)),
            title="大兴区",
            made_on=date(2026, 11, 21),
            scenario_hash="f00d" * 16,
            highlight_ids=("c29",),
        )
        return replace(report, **changes)  # type: ignore[arg-type]

    return make
