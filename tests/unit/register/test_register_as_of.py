"""What the register said at a moment of the past, and which event a moment means."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.errors import InputError, PlannerError
from geo.tables import DTYPES, columns
from register import KINDS, Register
from register.engine import writing
from register.tables import EVENT
from siting.model import LayerSource
from tests.many import many

GRID = LayerSource("demand", "普查网格", "内部", "2026-06-30")
NOON = datetime(2025, 12, 31, 4, tzinfo=UTC)  # noon in the district


class Clock(datetime):
    """The time that the ledger is told."""

    told = NOON

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromisoformat(cls.told.astimezone(tz).isoformat())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return what sets the computer's clock."""
    monkeypatch.setattr("register.events.datetime", Clock)
    monkeypatch.setattr(Clock, "told", NOON)
    return lambda when: setattr(Clock, "told", when)


def made(folder: Path) -> Register:
    return Register.create(folder / "r.db", folder / "layers", name="大兴区", sort="real", who="甲")


def add(register: Register, seats: int = 1) -> str:
    given = {"lon": 116.3, "lat": 39.7, "seats": seats}
    return register.add("stations", given, who="甲").id


def demand(workers: float) -> pd.DataFrame:
    return pd.DataFrame({"id": ["x"], "lon": [116.38], "lat": [39.71], "workers": [workers]})


def test_a_day_ends_at_midnight_of_the_district(
    tmp_path: Path, clock: Callable[[datetime], None]
) -> None:
    with made(tmp_path) as register:
        clock(datetime(2025, 12, 31, 15, 59, 59, 999999, tzinfo=UTC))
        last = add(register)
        clock(datetime(2025, 12, 31, 16, tzinfo=UTC))  # 2026 has begun in Beijing
        add(register)
        assert [r.id for r in register.records("stations", as_of=date(2025, 12, 31))] == [last]
        assert len(register.records("stations", as_of=date(2026, 1, 1))) == 2
        assert register.event_at(date(2025, 12, 31)).record_id == last


def test_a_time_is_inclusive_and_in_the_district_when_it_names_no_zone(
    tmp_path: Path, clock: Callable[[datetime], None]
) -> None:
    with made(tmp_path) as register:
        when = NOON + timedelta(hours=1)
        clock(when)
        add(register)
        assert register.event_at(when).id == 2
        assert register.event_at(when - timedelta(microseconds=1)).id == 1
        assert register.event_at(datetime(2025, 12, 31, 13)).id == 2  # noqa: DTZ001 - the district's
        assert register.event_at(datetime(2025, 12, 31, 12, 59)).id == 1  # noqa: DTZ001


@pytest.mark.usefixtures("clock")
def test_moments_that_are_none(tmp_path: Path) -> None:
    with made(tmp_path) as register:
        with pytest.raises(InputError) as told:
            register.inputs(as_of=date(2025, 12, 30))
        assert told.value.code == "register_before_beginning"
        tomorrow = datetime.now(UTC).date() + timedelta(days=2)
        with pytest.raises(InputError) as told:
            register.records("stations", as_of=tomorrow)
        assert told.value.code == "register_not_yet"
        for event in (0, -1, 2):
            with pytest.raises(InputError) as told:
                register.records("stations", as_of=event)
            assert told.value.code == "register_no_event"


def test_a_clock_that_fell_back_to_1970_hides_and_shows_nothing(
    tmp_path: Path, clock: Callable[[datetime], None]
) -> None:
    with made(tmp_path) as register:
        for day in range(3):
            clock(NOON + timedelta(days=day))
            add(register)
        clock(datetime(1970, 1, 1, tzinfo=UTC))  # the battery was empty
        add(register)
        clock(NOON + timedelta(days=4))
        add(register)
        assert register.event_at(date(2025, 12, 31)).id == 2
        assert register.event_at(date(2026, 1, 2)).id == 5
        assert register.event_at(date(2026, 1, 4)).id == 6


def test_a_clock_that_ran_years_ahead_hides_nothing(
    tmp_path: Path, clock: Callable[[datetime], None]
) -> None:
    with made(tmp_path) as register:
        clock(datetime(2099, 1, 1, tzinfo=UTC))
        add(register)
        for day in range(1, 3):
            clock(NOON + timedelta(days=day))
            add(register)
        assert register.event_at(date(2026, 1, 1)).id == 3
        assert register.event_at(date(2026, 1, 2)).id == 4


def test_a_whole_import_by_a_wrong_clock_is_one_contradiction(
    tmp_path: Path, clock: Callable[[datetime], None], survey: LayerSource
) -> None:
    with made(tmp_path) as register:
        for day in (1, 2, 3):
            clock(NOON + timedelta(days=day))
            add(register)
        clock(NOON - timedelta(days=9000))
        many = pd.DataFrame({"id": list("abcdef"), "lon": [116.0] * 6, "lat": [39.0] * 6})
        register.put_records("stations", many, survey, who="甲")
        assert register.event_at(date(2025, 12, 31)).id == 1


@given(
    hours=st.lists(st.integers(-40, 40), min_size=1, max_size=9),
    asked=st.lists(st.integers(-45, 45), min_size=2, max_size=6),
)
@settings(max_examples=many(25))
def test_the_place_contradicts_the_fewest_clocks(
    tmp_path_factory: pytest.TempPathFactory, hours: list[int], asked: list[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("register.events.datetime", Clock)
        patch.setattr(Clock, "told", NOON)
        times = [0, *hours]
        with made(tmp_path_factory.mktemp("clock")) as register:
            for second, hour in enumerate(hours):  # no two transactions have one time
                Clock.told = NOON + timedelta(hours=hour, seconds=second)
                add(register)
            places = []
            for hour in sorted(asked):
                wanted = fewest(times, hour)
                places.append(wanted)
                when = NOON + timedelta(hours=hour, minutes=1)
                if wanted == 0:
                    with pytest.raises(InputError):
                        register.event_at(when)
                else:
                    assert register.event_at(when).id == wanted
            assert places == sorted(places)  # a later moment is never an earlier place


def fewest(times: Sequence[int], moment: int) -> int:
    """Try every place; each event here is a transaction of its own."""

    def contradicted(place: int) -> int:
        early = sum(time > moment for time in times[:place])
        return early + sum(time <= moment for time in times[place:])

    places = range(len(times) + 1)
    return max(p for p in places if contradicted(p) == min(map(contradicted, places)))


def test_undoing_does_not_change_what_was(district: Register, survey: LayerSource) -> None:
    first = add(district, seats=4)
    batch = district.put_records(
        "stations",
        pd.DataFrame({"id": [first, "A2"], "lon": [116.1] * 2, "lat": [39.1] * 2}),
        survey,
        who="乙",
    )
    assert batch.id is not None
    imported = district.revision()
    before = district.inputs()
    district.undo_batch(batch.id, who="乙")
    assert [r["seats"] for r in district.records("stations")] == [4]
    then = district.inputs(as_of=imported)
    assert_frame_equal(then.stations, before.stations)
    assert then.sources == before.sources
    assert district.inputs(as_of=2).stations["id"].tolist() == [first]
    gone = district.records("stations", deleted=True, as_of=district.revision())
    assert [(r.id, r.deleted, r.version) for r in gone] == [(first, False, 3), ("A2", True, 2)]


def test_layers_are_those_of_then(district: Register) -> None:
    district.put_demand(demand(30), GRID, who="甲")
    district.put_demand(demand(70), GRID, who="甲")
    taken = district.take_out("demand", who="甲")
    assert taken is not None
    district.undo(taken.id, who="甲")
    found = [district.inputs(as_of=event).demand["workers"].tolist() for event in range(1, 6)]
    assert found == [[], [30.0], [70.0], [], [70.0]]
    assert [len(district.inputs(as_of=event).sources) for event in range(1, 6)] == [0, 1, 1, 0, 1]


def test_rejected_candidates_of_then_are_left_out_then(district: Register) -> None:
    site = district.add_candidate(116.3, 39.7, who="甲")
    district.update("candidates", site.id, {"state": "rejected"}, version=1, who="甲")
    assert district.inputs().candidates.empty
    then = district.inputs(as_of=2).candidates
    assert then["id"].tolist() == [site.id]
    for column in columns("candidates"):
        assert str(then[column.name].dtype) == DTYPES[column.type]


def test_plans_of_then(district: Register) -> None:
    first = district.save_plan("aa", {}, {"n": 1}, who="甲")
    second = district.save_plan("aa", {}, {"n": 2}, who="甲")
    assert district.last_plan("aa") == second
    assert district.last_plan("aa", as_of=2) == first
    assert district.last_plan("aa", as_of=1) is None


def test_tables_hold_the_whole_register(district: Register, survey: LayerSource) -> None:
    district.add_candidate(116.3, 39.7, who="甲", state="rejected")
    frame = pd.DataFrame({"id": ["A1"], "lon": [116.1], "lat": [39.1]})
    district.put_records("stations", frame, survey, who="甲")
    tables = district.tables()
    assert list(tables) == [*KINDS, "layers"]
    assert tables["candidates"]["state"].tolist() == ["rejected"]
    assert tables["layers"]["source"].tolist() == [survey.source]
    assert len(district.tables(as_of=2)["stations"]) == 0
    assert len(district.tables(as_of=2)["layers"]) == 0


def test_a_falsified_event_is_not_believed(district: Register) -> None:
    add(district)
    add(district)
    with writing(district._engine) as connection:
        connection.execute(EVENT.update().where(EVENT.c.id == 2).values(who="他人"))
    with pytest.raises(PlannerError) as told:
        district.records("stations", as_of=3)
    assert told.value.code == "register_event_damaged"
    assert told.value.facts["event"] == 2
