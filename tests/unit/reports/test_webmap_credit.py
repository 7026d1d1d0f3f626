"""Credits are short and in one language; names, hours and the gap of the map are told in words."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.tables import empty_table
from reports.webmap import GapOf, base_layer, candidate_names, scene_from
from reports.webmap.content import content
from reports.webmap.credit import credits_of
from siting.model import Inputs, LayerSource, Parameters
from siting.planning import coverage
from siting.plans.proposing import propose
from words import Lang

OUTLINE = LayerSource(
    "outline",
    "© OpenStreetMap contributors, ODbL 1.0 (https://opendatacommons.org/licenses/odbl/1-0/)",
    "ODbL 1.0",
)
LABELS = LayerSource(
    "labels",
    "合成示例数据，由 scripts/make_sample 生成 / synthetic sample, made by scripts/make_sample；"
    "镇政府驻地 / town seats © GeoNames",
    "MIT; town seats CC BY 4.0",
    synthetic=True,
)


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    kinds = empty_table(name).dtypes
    blank = {column: "" if str(kind) == "str" else None for column, kind in kinds.items()}
    frame = pd.DataFrame([{**blank, **row} for row in rows])
    return frame[list(kinds.index)].astype(dict(kinds))


def inputs(*sources: LayerSource) -> Inputs:
    place: dict[str, object] = {"lon": 116.3, "lat": 39.7, "town": "甲镇"}
    away: dict[str, object] = {"lon": 116.31, "lat": 39.7}
    return Inputs(
        table("demand", [{"id": "d1", **place, "workers": 90.0}]),
        empty_table("stations"),
        table(
            "candidates",
            [{"id": "c1", **place}, {"id": "c2", "name": "乙", **away}, {"id": "c3", **away}],
        ),
        sources=sources,
    )


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "zh",
            (
                "合成示例数据",
                "© OpenStreetMap contributors (ODbL)",
                "镇政府驻地 © GeoNames (CC BY 4.0)",
            ),
        ),
        (
            "en",
            (
                "Synthetic sample data",
                "© OpenStreetMap contributors (ODbL)",
                "town seats © GeoNames (CC BY 4.0)",
            ),
        ),
    ],
)
def test_credits_of_the_sample(lang: Lang, told: tuple[str, ...]) -> None:
    assert credits_of(inputs(OUTLINE, LABELS), lang) == told


def test_credits_of_ones_own_data_are_kept() -> None:
    own = LayerSource("demand", "各镇街工会报送 https://example.invalid/x", "内部资料")
    assert credits_of(inputs(own), "zh") == ("各镇街工会报送 (内部资料)",)


def test_a_candidate_without_a_name_is_called_by_unit_and_row() -> None:
    names = candidate_names(inputs().candidates, "zh")
    assert names == {
        "c1": "未命名候选点（甲镇，第 1 行）",
        "c2": "乙",
        "c3": "未命名候选点（第 3 行）",
    }


@pytest.mark.parametrize(
    ("gap_of", "says"),
    [(None, "方案后"), ("after", "方案后"), ("nominal", "名义盲区"), ("effective", "有效覆盖盲区")],
)
def test_the_legend_says_whose_gap_it_is(gap_of: GapOf | None, says: str) -> None:
    given = inputs()
    now = coverage(given, Parameters())
    plan = propose(given, Parameters(), new=1, rules=None)
    short = replace(plan, after=now)  # something stays uncovered
    base = base_layer(None, None, (), (116.2, 39.6, 116.4, 39.8))
    shown = content(scene_from(base, given, now, plan=short, gap_of=gap_of), details=False)
    gap = next(surface for surface in shown["surfaces"] if surface["layer"] == "gap")
    assert gap["title"].startswith(says)
