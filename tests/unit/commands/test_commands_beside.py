"""What `coverage` tells beside coverage: standards, main streets, weather, use, seven haves."""

from pathlib import Path
from typing import Any

import pytest

from siting.standards import standard_names
from tests.unit.commands.terminal import STREETS, all_files, answer, base, run

STATIONS = (
    "id,name,lon,lat,kind,hours,access,services,seats\n"
    "s1,兴丰驿站,116.30,39.7,street_front,24/7,public,water;seat,2\n"
    "s2,清源驿站,116.3101,39.7,street_front,24/7,public,water,10\n"
)


@pytest.fixture
def town(files: dict[str, Path]) -> list[object]:
    """Return the words for two stations on a main street: 10 workers at 429 m, 20 at 857 m."""
    files["stations"].write_text(STATIONS, encoding="utf-8")
    files["streets"].write_text(STREETS.replace("residential", "primary"), encoding="utf-8")
    return ["coverage", *all_files(files)]


def test_every_standard_beside_the_others_by_unit(town: list[object]) -> None:
    result = answer(run(*town, "--standards", "all", "--json"))
    found = {item["name"]: item for item in result["standards"]}
    assert tuple(found) == standard_names()
    # The plain keys stay what they are: the cut-off, whatever the standards say.
    assert (result["cutoff_m"], result["workers_covered"]) == (1000, 30)
    row = {item["town"]: item for item in found["cross_1km"]["towns"]}["兴丰街道"]
    assert row == {
        "town": "兴丰街道",
        "workers": 10,
        "nominal_coverage": 1,
        "coverage": 1,
        "unverified": 0,
        "nominal_verdict": "pass",
        "verdict": "pass",
    }
    assert found["cross_1km"]["least_stations"] == 2
    assert found["dense_500m"]["verdict"] == "fail"
    assert found["ebike_5min"]["rides"] == "estimated"
    assert "pass_share" in found["radius_1km"]["assumed"]
    pairs = len(found) * (len(found) - 1) // 2
    assert len(result["disagreements"]) == pairs


def test_standards_in_words_and_by_name(town: list[object]) -> None:
    spoken = run(*town, "--standards", "dense_500m, walk_15min").stdout
    assert "A. 密集区服务半径 500 米" in spoken
    assert "B. 步行 15 分钟" in spoken
    assert "只按" not in spoken  # two stations: both reach the same thirty
    english = run(*town, "--standards", "per_group", "--lang", "en").stdout
    assert "rides are estimated" in english
    assert answer(run(*town, "--standards", "x", "--json"), 1)["error"]["code"] == (
        "siting_unknown_standard"
    )


def test_rides_along_streets_for_e_bikes(town: list[object], files: dict[str, Path]) -> None:
    words = [*town, "--standards", "ebike_5min", "--ride-streets", files["streets"], "--json"]
    (found,) = answer(run(*words))["standards"]
    # 1,250 m at 15 km/h: as far as the estimate on this street.
    assert (found["rides"], found["nominal_coverage"]) == ("network", pytest.approx(30 / 75))


def test_what_is_more_than_a_cut_off_does_not_set_it(town: list[object]) -> None:
    words = [word for word in town if word not in ("--cutoff-m", 1000)]
    error = answer(run(*words, "--standard", "cross_1km", "--json"), 1)["error"]
    assert error["code"] == "siting_standard_not_a_cutoff"


def test_main_streets_by_name_and_class(town: list[object]) -> None:
    result = answer(run(*town, "--by", "street", "--json"))
    streets = result["main_streets"]
    assert streets["street_front_stations"] == 2
    (row,) = streets["streets"]
    assert row["street"] == "兴华大街"
    assert row["length_m"] == pytest.approx(8570, rel=5e-3)
    assert row["served_m"] == pytest.approx(866 + 1000, rel=5e-3)
    assert [item["road_class"] for item in streets["road_classes"]] == ["primary"]
    assert "兴华大街" in run(*town, "--by", "street").stdout


def test_main_streets_need_streets(files: dict[str, Path]) -> None:
    error = answer(run("coverage", *base(files), "--by", "street", "--json"), 2)["error"]
    assert "--streets" in error["message"]


def test_weather_comes_with_the_season_and_is_visible(town: list[object]) -> None:
    plain = answer(run(*town, "--season", "summer", "--no-weather", "--json"))["effective"]
    assert plain["weather"] == {"reach_share": 1, "hours": []}
    hot = answer(run(*town, "--season", "summer", "--json"))
    assert hot["effective"]["weather"] == {
        "reach_share": 0.8,
        "hours": [{"start": "11:00", "end": "16:00", "weight": 2}],
    }
    assert hot["workers_covered"] == 30
    assert "11:00–16:00 的人时按 2 倍计" in run(*town, "--season", "summer").stdout


def test_the_open_share_is_always_told(town: list[object]) -> None:
    shares = [item["open_share"] for item in answer(run(*town, "--json"))["sensitivity"]]
    assert shares == [0.25, 0.5, 0.75, 1]


def written(path: Path, head: str, rows: list[str]) -> Path:
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return path


def test_visits_tell_how_stations_are_used(town: list[object], tmp_path: Path) -> None:
    days = range(1, 8)
    rows = [f"s1,2026-11-0{day},20" for day in days] + [f"s2,2026-11-0{day},1" for day in days]
    visits = written(tmp_path / "visits.csv", "station,date,visits", [*rows, "s9,2026-11-01,3"])
    result: dict[str, Any] = answer(run(*town, "--visits", visits, "--json"))["utilisation"]
    assert (result["median_visits_per_day"], result["stations_recorded"]) == (10.5, 2)
    assert (result["idle"], result["overloaded"]) == (["s2"], ["s1"])
    assert result["duplicate"] == ["s1", "s2"]
    assert result["unknown_stations"] == ["s9"]
    assert "过载" in run(*town, "--visits", visits).stdout


def test_haves_tell_what_the_failing_ones_cover(town: list[object], tmp_path: Path) -> None:
    items = ("place", "sign", "facilities", "publicity", "service", "rules", "results")
    rows = [f"s1,{item},2026-11-01,有" for item in items]
    rows += [f"s2,{item},2026-11-01,{'无' if item == 'sign' else '有'}" for item in items]
    haves = written(tmp_path / "haves.csv", "station,item,date,met", rows)
    result = answer(run(*town, "--haves", haves, "--json"))["haves"]
    assert result["stations"] == {"free": 0, "passes": 1, "fails": 1, "unverified": 0}
    assert result["failing"] == [{"id": "s2", "missing": ["sign"]}]
    assert result["all"]["verified"] == 30
    assert result["without_failing"]["verified"] == 30
    assert "s2：缺有标识" in run(*town, "--haves", haves).stdout


def test_a_bad_row_of_a_further_file_is_told_and_the_exit_code_is_1(
    town: list[object], tmp_path: Path
) -> None:
    visits = written(tmp_path / "visits.csv", "station,date,visits", ["s1,2026-11-01,many"])
    result = answer(run(*town, "--visits", visits, "--json"), 1)
    assert [item["file"] for item in result["findings"]] == ["visits.csv"]
