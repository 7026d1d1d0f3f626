"""Plans by distance, second stations and seats: what they refuse, and the models written out."""

from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest
from scipy import sparse

from geo.errors import InputError
from siting.allocation.backup import BackupProblem, backup_rows, solve_backup
from siting.allocation.capacity import CapacityProblem, seating_of, solve_capacity
from siting.allocation.counted.milp import build_rows
from siting.allocation.gradual import Band, GradualProblem, solve_gradual
from siting.allocation.milp import build
from siting.allocation.problem import Floor, Quota
from siting.allocation.reduce import reduce_problem
from siting.allocation.seats.milp import build_seats
from siting.plans.goals.gradual import read_bands, within
from tests.unit.siting.plans import problem

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
BANDS = (Band(300, 1.0), Band(500, 0.6), Band(1000, 0.3))
# Three candidates on a line of four points; an existing station 400 from the first point.
LINE = problem([[0, 1], [1, 2, 3], [2, 3]], [10, 20, 30, 40], covered=[0], new=1)
WAYS = np.array([300, 301, 700, 500, 1000, 200, 501], dtype=np.int32)
GRADUAL = GradualProblem(LINE, WAYS, np.array([400, -1, -1, -1], dtype=np.int32), BANDS)
BACKUP = BackupProblem(LINE, np.zeros(4, dtype=bool), 0.3)
CAPACITY = CapacityProblem(
    base=LINE,
    heads=np.array([[10, 1], [20, 0], [30, 3], [40, 4]]),
    hours=np.array([3.0, 1.0]),
    station_reach=sparse.csr_array(np.array([[True, False, False, False]])),
    station_seats=np.array([[8, 8]]),
    seats=np.array([[15, 15], [50, 50], [60, 0]]),
)


def test_everybody_takes_the_best_band_with_its_end() -> None:
    found = solve_gradual(GRADUAL)
    # 301 is beyond 300, 501 beyond 500, 1,000 still within the last: 10 x 0.6 now; the second
    # candidate 20 x 0.3 + 30 x 0.6 + 40 x 0.3, the third 30 + 40 x 0.3.
    assert (found.before, found.chosen) == (6.0, (2,))
    assert found.after == pytest.approx(6 + 30 + 12)
    assert (found.status, found.bound) == ("optimal", found.after)
    assert found.by_band_after == (30.0, 10.0, 40.0, 20.0)


def test_a_floor_is_one_of_the_last_band() -> None:
    floors = (Floor("east", np.array([False, True, False, False]), 1.0),)
    asked = replace(GRADUAL, base=replace(LINE, floors=floors))
    assert solve_gradual(asked).chosen == (1,)


def test_the_second_station_counts_less_than_the_first() -> None:
    asked = replace(BACKUP, base=replace(LINE, covered=np.array([False, True, True, True])))
    # Once: the first point is new to the first candidate. Twice: the second one wins more people.
    assert solve_backup(replace(asked, share=0.0)).chosen == (0,)
    found = solve_backup(replace(asked, share=0.5))
    assert (found.chosen, found.once, found.twice) == ((1,), (90.0, 90.0), (0.0, 90.0))
    assert (found.before, found.after, found.status) == (45.0, 90.0, "optimal")


# Allagash (MIT), tests/integration/test_models.py: service areas 1-3 are of the first layer.
ALLAGASH = problem([[0, 1, 2], [2], [2, 3], [0], [3, 4]], [100, 200, 300, 400, 500], new=3)
EVERYBODY = (Floor("all", np.ones(5, dtype=bool), 1.0),)


@pytest.mark.parametrize(
    ("new", "layers", "twice"),
    [(2, False, 0.0), (4, True, 800.0), (3, False, 700.0)],
)
def test_published_backup_covering(new: int, layers: bool, twice: float) -> None:  # noqa: FBT001 -- a case
    quotas = (Quota("one", (0, 1, 2), most=2), Quota("two", (3, 4), most=2)) if layers else ()
    base = replace(ALLAGASH, new=new, quotas=quotas, floors=EVERYBODY)
    found = solve_backup(BackupProblem(base, np.zeros(5, dtype=bool), 0.5))
    assert (found.once[1], found.twice[1], found.status) == (1500.0, twice, "optimal")
    if new == 3:
        assert sorted(found.chosen) == [0, 2, 4]


def test_seats_count_and_not_those_in_reach() -> None:
    # The third reaches 70 and seats 60, by day only; the second reaches 90 and seats 50.
    found = solve_capacity(CAPACITY)
    assert (found.before, found.after) == (3 * 8 + 1, 3 * 68 + 1)
    assert (found.chosen, found.status) == ((2,), "optimal")
    more = solve_capacity(replace(CAPACITY, seats=np.array([[15, 15], [50, 50], [49, 0]])))
    assert (more.chosen, more.standing.sum(axis=0).tolist()) == ((1,), [42, 0])


@pytest.mark.parametrize(
    "bands",
    [
        (Band(500, 0.5), Band(500, 0.4)),
        (Band(300, 0.5), Band(500, 0.5)),
        (Band(300, 1.1),),
        (Band(300, 0.0),),
        (Band(-1, 1.0),),
    ],
)
def test_bands_that_do_not_decay_are_refused(bands: tuple[Band, ...]) -> None:
    with pytest.raises(InputError) as error:
        replace(GRADUAL, bands=bands)
    assert error.value.code == "siting_bands_order"


@pytest.mark.parametrize("share", [0.51, -0.1, float("nan")])
def test_a_second_station_may_not_count_more_than_the_first(share: float) -> None:
    with pytest.raises(InputError, match=r"0\.5"):
        replace(BACKUP, share=share)


def test_units_that_cannot_be_counted_are_refused() -> None:
    with pytest.raises(InputError) as error:
        replace(CAPACITY, seats=-CAPACITY.seats)
    assert error.value.code == "siting_capacity_units"
    with pytest.raises(InputError) as error:
        replace(CAPACITY, heads=CAPACITY.heads * 10**9)
    assert error.value.code == "siting_capacity_units"


def test_bands_end_at_the_cut_off() -> None:
    bands = read_bands()
    assert [band.most for band in bands] == [300_000, 500_000, 1_000_000]
    assert within(bands, 1000.0) == within(bands, 5000.0) == bands
    assert within(bands, 500.0) == bands[:2]
    assert within(bands, 800.0) == (*bands[:2], Band(800_000, 0.3))
    assert within(bands, 100.0) == (Band(100_000, 1.0),)


@pytest.mark.parametrize(
    "text",
    ["bands = 3", "bands = [3]", "[[bands]]\nwithin_m = 300", "[[bands]]\nwithin_m = inf\nworth=1"],
)
def test_files_of_bands_that_cannot_be_read(text: str, tmp_path: Path) -> None:
    file = tmp_path / "bands.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_bands(file)
    assert error.value.code == "siting_bands_unread"
    file.write_text('zh = "空"', encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_bands(file)
    assert error.value.code == "siting_bands_none"


@pytest.mark.parametrize("goal", ["gradual", "backup", "capacity"])
def test_the_model_is_the_one_written_out(goal: str, tmp_path: Path) -> None:
    models = {
        "gradual": lambda: build(reduce_problem(GRADUAL.stacked())),
        "backup": lambda: build_rows(*backup_rows(BACKUP)),
        "capacity": lambda: build_seats(*seating_of(CAPACITY)),
    }
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(models[goal]())
    written = tmp_path / "model.lp"
    solver.writeModel(str(written))
    golden = (GOLDEN / f"{goal}.lp").read_text(encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden
