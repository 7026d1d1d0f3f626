"""Ctrl-C while a plan is looked for."""

import os
import signal
import time
from pathlib import Path

import pytest

from commands.stopping import Stoppable
from siting.allocation import contained
from siting.plans.under_way import SoFar
from tests.unit.commands.terminal import answer, run


def hang(*_: object) -> None:
    time.sleep(60)


def so_far(seconds: float) -> SoFar:
    return SoFar(workers_covered=50, bound_workers=60, workers_total=100, seconds=seconds)


def test_the_first_ctrl_c_stops_the_search_and_the_second_the_command() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Stoppable("zh") as search:
        assert search.goes_on(so_far(0.1))
        signal.raise_signal(signal.SIGINT)
        assert search.stopped
        assert not search.goes_on(so_far(0.2))
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_long_search_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Stoppable("zh") as search:
        for seconds in (0.1, 3.1, 3.3, 13.2):
            assert search.goes_on(so_far(seconds))
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "50.0%" in said[0]
    assert "10.0%" in said[0]


def test_the_plan_command_answers_with_the_best_plan_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"demand": tmp_path / "d.csv", "stations": tmp_path / "s.csv"}
    lons = [116.30 + 0.004 * place for place in range(6)]
    rows = [
        f"{n},{lon},39.7,{w}"
        for n, (lon, w) in enumerate(zip(lons, [3, 2, 2, 2, 2, 3], strict=True))
    ]
    files["demand"].write_text("id,lon,lat,workers\n" + "\n".join(rows))
    files["stations"].write_text("id,name,lon,lat\n")
    candidates = tmp_path / "c.csv"
    places = "".join(f"c{n},甲{n},{lon},39.7,2000\n" for n, lon in enumerate(lons))
    candidates.write_text("id,name,lon,lat,cost_yuan\n" + places, encoding="utf-8")
    monkeypatch.setattr(contained, "_search", hang)
    looked = Stoppable.goes_on

    def interrupted(self: Stoppable, found: SoFar) -> bool:
        os.kill(os.getpid(), signal.SIGINT)
        return looked(self, found)

    monkeypatch.setattr(Stoppable, "goes_on", interrupted)
    found = answer(
        run(
            *("plan", "--json", "--demand", files["demand"], "--stations", files["stations"]),
            *("--candidates", candidates, "--cutoff-m", 600, "--new", 1, "--curve"),
        )
    )
    assert (found["status"], found["stopped"]) == ("time_limit", "cancelled")
    assert found["selected"]
    assert found["workers_covered_after"] < found["bound_workers"]
    assert "提前停止" in found["remark"]
    assert "curve" not in found
