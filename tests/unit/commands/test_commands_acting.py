"""Plans of effective coverage on the command line."""

from pathlib import Path

import pytest

from commands import acting
from siting.actions.bundles import ACTIONS
from tests.unit.commands.terminal import answer, run

STATIONS = (
    "id,name,lon,lat,hours,access,services\n"
    "s1,兴丰驿站,116.30,39.7,Mo-Su 06:00-22:00,employees,water\n"
)
CANDIDATES = (
    "id,name,lon,lat,hours,access,services,kind\nc1,甲,116.33,39.7,24/7,public,water,street_front\n"
    "c9,远,116.33,39.75,24/7,public,water,street_front\n"
)


@pytest.fixture
def words(files: dict[str, Path], tmp_path: Path) -> list[object]:
    """Return the options that name a district with a station behind a door."""
    stations, candidates = tmp_path / "doors.csv", tmp_path / "places.csv"
    stations.write_text(STATIONS, encoding="utf-8")
    candidates.write_text(CANDIDATES, encoding="utf-8")
    known = ["--demand", files["demand"], "--stations", stations, "--streets", files["streets"]]
    more = ["--candidates", candidates, "--cutoff-m", 1000, "--objective", "effective"]
    return ["plan", *known, *more]


def test_the_names_are_those_of_the_plans() -> None:
    assert acting.ACTIONS == ACTIONS


def test_a_plan_says_what_to_do_where_with_its_proof(words: list[object]) -> None:
    found = answer(run(*words, "--new", 2, "--json"))
    assert [(item["id"], item["action"]) for item in found["selected"]] == [
        ("c1", "open"),
        ("s1", "access"),
    ]
    assert (found["objective"], found["status"], found["proved_optimal"]) == (
        "effective",
        "optimal",
        True,
    )
    assert found["workers_covered_before"] == 0
    assert found["workers_covered_after"] == found["bound_workers"] == 70
    assert found["effective"]["verified_after"] == 70
    assert found["nominal"]["workers_covered_before"] == 30
    assert found["unattached_candidates"] == [{"id": "c9", "why": "too_far"}]
    door = found["selected"][1]
    assert door["changes"] == {"access": {"from": "employees", "to": "employees;public"}}
    assert (door["cost_yuan"], door["cost_assumed"], door["workers_gained"]) == (500, True, 30)
    told = run(*words, "--new", 2).stdout
    assert "“兴丰驿站”对外开放：多服务职工 30 人" in told
    assert "已证明没有更好的方案" in told
    assert "“甲”: open a new street-front station" in run(*words, "--new", 2, "--lang", "en").stdout


def test_actions_and_prices_are_the_planners(words: list[object], tmp_path: Path) -> None:
    found = answer(run(*words, "--new", 2, "--actions", "access", "--json"))
    assert [item["action"] for item in found["selected"]] == ["access"]
    prices = tmp_path / "prices.toml"
    prices.write_text("[street_front]\ncost_yuan = 100\n[access]\ncost_yuan = 9000\n", "utf-8")
    found = answer(run(*words, "--budget-yuan", 500, "--kinds", prices, "--json"))
    (item,) = found["selected"]
    assert (item["id"], item["cost_yuan"], item["cost_assumed"]) == ("c1", 100, False)
    # Prices of kinds hold for plans by distance, too.
    plain = [word for word in words if word not in {"--objective", "effective"}]
    found = answer(run(*plain, "--budget-yuan", 500, "--kinds", prices, "--json"))
    assert found["selected"][0]["cost_yuan"] == 100


def test_without_candidates_stations_are_bettered(words: list[object]) -> None:
    place = words.index("--candidates")
    bare = [*words[:place], *words[place + 2 :]]
    found = answer(run(*bare, "--new", 1, "--json"))
    assert [item["action"] for item in found["selected"]] == ["access"]


def test_sizes_and_years_of_measures(words: list[object]) -> None:
    found = answer(run(*words, "--new", 2, "--curve", "--years", 2, "--json"))
    points = found["curve"]["points"]
    assert [(point["new"], point["figure"]) for point in points] == [(0, 0), (1, 40), (2, 70)]
    assert all(point["status"] == "optimal" for point in points)
    rows = [(row["sites"], row["figure"], row["regret"]) for row in found["years"]]
    assert rows == [(["c1"], 40, 0), (["s1"], 70, 0)]
    told = run(*words, "--new", 2, "--curve", "--years", 2).stdout
    for said in ("做 2 处", "第 2 年：s1；年末有效覆盖 70 人，同样座数不能更好"):
        assert said in told


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        (["--new", 1, "--actions", "open，fly"], 2, "“fly”不是可做的事"),
        (["--new", 1, "--actions", ","], 2, "不是可做的事"),
        (["--new", 1, "--why"], 2, "--why"),
        (["--new", 1, "--swaps"], 2, "--swaps"),
        (["--new", 1, "--target", 0.5], 2, "--target"),
        ([], 2, "--new"),
        (["--budget-yuan", 1], 1, "最便宜的一件事要 500 元"),
        (["--new", 1, "--kinds", "/nowhere.toml"], 1, "nowhere.toml"),
    ],
)
def test_what_cannot_be_is_said(
    words: list[object], asked: list[object], code: int, told: str
) -> None:
    result = run(*words, *asked)
    assert result.exit_code == code
    assert told in result.output


def test_actions_belong_to_this_objective(words: list[object]) -> None:
    plain = [word for word in words if word not in {"--objective", "effective"}]
    result = run(*plain, "--new", 1, "--actions", "open")
    assert result.exit_code == 2
    assert "--actions" in result.output
