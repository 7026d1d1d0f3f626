"""Plans by distance, second stations and seats on the command line."""

from pathlib import Path

import pytest

from tests.unit.commands.terminal import all_files, answer, run


def test_a_plan_by_distance_names_its_figure_and_its_bands(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--new", 1, "--objective", "gradual"]
    plan = answer(run(*words, "--json"))
    # 10 workers 430 m away count 0.6, 20 at 860 m 0.3; the new station stands beside 40.
    assert plan["distance_weighted_workers_before"] == 12
    assert plan["distance_weighted_workers_after"] == 52
    assert plan["distance_weighted_workers_bound"] == 52
    assert (plan["workers_covered_before"], plan["workers_covered_after"]) == (30, 70)
    assert (plan["status"], plan["proved_optimal"], plan["objective"]) == (
        "optimal", True, "gradual",
    )  # fmt: skip
    (site,) = plan["selected"]
    assert (site["id"], site["distance_weighted_workers_gained"]) == ("c1", 40)
    assert [band["within_m"] for band in plan["bands"]] == [300, 500, 1000, None]
    assert sum(band["workers_after"] for band in plan["bands"]) == plan["workers_total"]
    assert not {"bound_workers", "gap_workers"} & set(plan)
    told = run(*words).stdout
    assert "按远近折算的职工由 12 人增至 52 人" in told
    assert "300 米内计 1，500 米内计 0.6，1,000 米内计 0.3" in told


def test_own_bands_end_at_the_cut_off(files: dict[str, Path], tmp_path: Path) -> None:
    bands = tmp_path / "bands.toml"
    bands.write_text("[[bands]]\nwithin_m = 5000\nworth = 0.5\n", encoding="utf-8")
    words = ["plan", *all_files(files), "--new", 1, "--objective", "gradual", "--bands", bands]
    plan = answer(run(*words, "--json"))
    assert plan["distance_weighted_workers_after"] == 35
    assert plan["parameters"]["bands"] == [[1000, 0.5]]
    bands.write_text("[[bands]]\nwithin_m = 5000\nworth = 2\n", encoding="utf-8")
    result = run(*words)
    assert result.exit_code == 1
    assert "第 1 个距离分档不对" in result.stderr


def test_a_second_station_counts_in_part(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--new", 1, "--objective", "backup", "--json"]
    plan = answer(run(*words))
    assert plan["second_share"] == 0.3
    assert plan["backup_weighted_workers_before"] == 21
    assert plan["backup_weighted_workers_after"] == 49
    assert (plan["workers_covered_twice_before"], plan["workers_covered_twice_after"]) == (0, 0)
    assert answer(run(*words, "--second-share", 0))["backup_weighted_workers_after"] == 70
    assert run(*words, "--second-share", 0.6).exit_code == 2
    effect = answer(run(*words, "--new", 0, "--close", "s1"))["effective"]
    levels = ("verified", "unverified")
    assert sum(effect[f"{level}_before"] for level in levels) > 0
    assert sum(effect[f"{level}_after"] for level in levels) == 0


def test_seats_are_told_by_station_and_window(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--new", 1, "--objective", "capacity", "--at-once", 0.2]
    plan = answer(run(*words, "--json"))
    # No seats on record: two each, as the fewest of a street-front station, for ten workers.
    assert (plan["workers_with_seat_before"], plan["workers_with_seat_after"]) == (10, 20)
    assert [(row["id"], row["new"], row["seats"], row["assumed"]) for row in plan["seats"]] == [
        ("s1", False, 2, True),
        ("c1", True, 2, True),
    ]
    assert plan["seats"][1]["used"] == {"all": 2}
    (row,) = plan["windows"]
    assert (row["workers"], row["seated"], row["standing"], row["out_of_reach"]) == (75, 20, 50, 5)
    assert sum(point["workers"] for point in plan["without_seat"]) == 55
    told = run(*words).stdout
    assert "轮得到座位的职工由 10 人增至 20 人" in told
    assert "2 个座位（估）" in told


def test_wishes_and_what_cannot_be_built(files: dict[str, Path]) -> None:
    words = ["plan", *all_files(files), "--json", "--objective"]
    (site,) = answer(run(*words, "backup", "--new", 1, "--require", "c2"))["selected"]
    assert (site["id"], site["workers_gained"]) == ("c2", 0)
    both = ["--new", 1, "--require", "c1", "--require", "c2"]
    impossible = answer(run(*words, "gradual", *both), 1)
    assert (impossible["status"], impossible["selected"]) == ("infeasible", [])
    assert impossible["distance_weighted_workers_after"] == 12
    poor = answer(run(*words, "capacity", "--budget-yuan", 1), 1)
    assert (poor["status"], poor["proved_optimal"]) == ("infeasible", False)
    assert "最便宜" in poor["remark"]
    none = answer(run(*words, "capacity", "--new", 0))
    assert (none["selected"], none["status"]) == ([], "optimal")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--objective", "gradual"], "--new"),
        (["--new", 1, "--bands", "x"], "--bands"),
        (["--objective", "capacity", "--new", 1, "--swaps"], "--swaps"),
    ],
)
def test_options_of_other_objectives(
    files: dict[str, Path], asked: list[object], told: str
) -> None:
    result = run("plan", *all_files(files), *asked)
    assert result.exit_code == 2
    assert told in result.stderr
