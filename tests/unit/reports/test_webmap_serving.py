from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from reports.report import Report
from reports.webmap import (
    base_layer,
    effective_surfaces,
    scene_from,
    serving_of,
    standing,
    surfaces_of,
)
from reports.webmap.content import content
from reports.webmap.serving import MOST_AREAS, Standing
from siting.coverage.levels import Terms
from siting.effective import EffectiveEvaluation, evaluate_effective

NOON, NIGHT = "workday_noon", "workday_night"
TERMS = Terms()


@pytest.mark.parametrize(
    ("hours", "windows", "stands"),
    [
        ("24/7", (NOON, NIGHT), "open"),
        ("Mo-Fr 09:00-18:00", (NOON,), "open"),
        ("Mo-Fr 09:00-18:00", (NIGHT,), "shut"),
        ("Mo-Fr 09:00-18:00", (NOON, NIGHT), "part"),
        ("Mo-Fr 12:30-18:00", (NOON,), "open"),  # half of 11 to 14, inclusive
        ("Mo-Fr 12:31-18:00", (NOON,), "shut"),
        ("", (NOON,), "unverified"),
        ("看情况", (NIGHT,), "unverified"),
        ("", (), "open"),  # demand without windows: nobody asks when
    ],
)
def test_how_a_station_stands_in_the_chosen_windows(
    hours: str, windows: tuple[str, ...], stands: Standing
) -> None:
    assert standing(hours, windows, TERMS) == stands


def test_a_lower_share_opens_a_station() -> None:
    assert standing("Mo-Fr 13:00-18:00", (NOON,), TERMS) == "shut"
    assert standing("Mo-Fr 13:00-18:00", (NOON,), replace(TERMS, open_share=0.25)) == "open"


@pytest.fixture
def found(district: Callable[..., Report]) -> tuple[Report, EffectiveEvaluation]:
    report = district()
    return report, evaluate_effective(report.inputs, report.parameters)


def test_surfaces_of_effective_coverage_hold_more_gap_than_nominal_ones(
    found: tuple[Report, EffectiveEvaluation],
) -> None:
    _, effective = found
    nominal = {surface.layer: surface for surface in surfaces_of(effective.nominal)}
    real = {surface.layer: surface for surface in effective_surfaces(effective)}
    assert real["gap"].breaks == nominal["gap"].breaks  # classes of all workers: comparable
    assert real["density"].png == nominal["density"].png
    unverified = effective.effective.total.unverified
    assert ("unverified" in real) == (unverified > 0)
    assert all(surface.hatched == (layer == "unverified") for layer, surface in real.items())


def test_the_scene_names_shut_stations_numbers_gaps_and_marks_the_chosen_one(
    found: tuple[Report, EffectiveEvaluation],
) -> None:
    report, effective = found
    serving = serving_of(effective, (), 0)
    shut: tuple[Standing, ...] = ("shut", "unverified")
    standings = tuple(shut[n % 2] for n in range(len(report.inputs.stations)))
    base = base_layer(None, None, (), (116.2, 39.6, 116.4, 39.8))
    scene = scene_from(
        base,
        report.inputs,
        report.coverage,
        ready_surfaces=effective_surfaces(effective),
        gap_of="effective",
        serving=replace(serving, standings=standings),
    )
    shown = content(scene, details=False)
    numbers = np.arange(len(standings))
    assert shown["stations"]["shut"] == numbers[::2].tolist()
    assert shown["stations"]["unverified"] == numbers[1::2].tolist()
    assert [tag[2] for tag in shown["tags"]] == list(range(1, len(shown["tags"]) + 1))
    assert len(shown["tags"]) == min(MOST_AREAS, len(effective.gap_areas))
    assert shown["tags"]
    assert len(shown["area"]["x"]) == len(effective.gap_areas[0].gap.points)
    assert any("待核实" in note for note in shown["notes"])


def test_a_map_without_effective_coverage_draws_every_station_as_it_was(
    found: tuple[Report, EffectiveEvaluation],
) -> None:
    report, _ = found
    base = base_layer(None, None, (), (116.2, 39.6, 116.4, 39.8))
    shown = content(scene_from(base, report.inputs, report.coverage), details=False)
    assert (shown["stations"]["shut"], shown["stations"]["unverified"]) == ([], [])
    assert (shown["tags"], shown["area"]) == ([], None)
