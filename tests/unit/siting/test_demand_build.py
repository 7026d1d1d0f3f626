"""Demand of several sources: nobody twice, totals exact, presence from a table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from siting.demand.build import (
    NEED_REACH_M,
    HeadSource,
    Made,
    Official,
    build,
    made_of,
    once_each,
    worker_hours,
)
from siting.demand.overlaps import only_new
from siting.demand.presence import profile_table, read_profile, shipped_profile
from siting.demand.sources import NEED_PREFIX, enterprise_heads, need_heads, street_heads
from siting.windows import windows
from tests.many import many
from tests.unit.siting.tables import main_street_town, place, table


def heads(*rows: tuple[str, float, float, float], group: str = "enterprise") -> pd.DataFrame:
    """Return rows of (id, metres east, metres north, workers)."""
    listed = [
        {"id": name, **place(x, y), "town": "甲", "workers": n, "group": group}
        for name, x, y, n in rows
    ]
    return table("demand", listed)


def firms(*rows: tuple[str, float, float, float], shift: str = "") -> pd.DataFrame:
    listed = [
        {"id": name, **place(x, y), "town": "甲", "workers": n, "shift": shift}
        for name, x, y, n in rows
    ]
    return enterprise_heads(table("enterprises", listed))


CELLS = (("c1", 0.0, 0.0, 100.0), ("c2", 200.0, 0.0, 40.0), ("c3", 400.0, 0.0, 10.0))


def test_a_cell_has_only_those_whom_no_enterprise_counts() -> None:
    # Worked by hand: 30 of the 100 are the firm's, the 40 are all of the larger firm, 10 stay.
    counted = firms(("E1", 20, 10, 30), ("E2", 190, -30, 70))
    left = only_new(heads(*CELLS), counted)
    assert left.tolist() == [70, 0, 10]
    # Out of reach (cells 200 m apart stand for 143 m), and another group: nothing is taken off.
    assert only_new(heads(*CELLS), firms(("E1", 0, 150, 30))).tolist() == [100, 40, 10]
    assert only_new(heads(*CELLS), heads(("r", 0, 0, 30), group="courier")).tolist() == [
        100,
        40,
        10,
    ]


def test_sources_that_combine_are_told_one_by_one() -> None:
    sources = [
        HeadSource("企业台账", "enterprises", firms(("E1", 20, 10, 30)), "2026-11-01"),
        HeadSource("就业网格", "heads", heads(*CELLS)),
        HeadSource("骑手热点", "heads", heads(("r", 0, 0, 50), group="food_rider")),
    ]
    built = build(sources)
    told = [(s.given, s.twice, s.heads) for s in built.made.sources]
    assert told == [(30, 0, 30), (150, 30, 120), (50, 0, 50)]
    assert [s.shift_assumed for s in built.made.sources] == [1, 1, 0]
    assert [s.presence_assumed for s in built.made.sources] == [1, 1, 1]
    assert sum(s.worker_hours for s in built.made.sources) == pytest.approx(
        worker_hours(built.demand)
    )
    noon = built.demand[built.demand["window"] == "workday_noon"]
    at_noon = list(windows()).index("workday_noon")
    day, rider = (
        share.shares[at_noon]
        for share in (shipped_profile().shift["day"], shipped_profile().of("food_rider"))
    )
    assert noon["workers"].sum() == pytest.approx(150 * day + 50 * rider)
    apart = build([sources[0], replace(sources[1], apart=True)])
    assert apart.made.sources[1].twice == 0
    assert made_of(built.made.as_json()) == built.made
    assert made_of("{}") is made_of("no") is None


def test_stated_shifts_are_no_assumption_and_need_no_profile() -> None:
    stated = firms(("E1", 0, 0, 60), shift="周一至周五 8:00-20:00/20:00-8:00")
    built = build([HeadSource("企业", "enterprises", stated)])
    (source,) = built.made.sources
    assert (source.shift_assumed, source.presence_assumed) == (0, 0)
    by_window = built.demand.set_index("window")["workers"]
    # Two shifts of 30, one of them there at any hour of a working day.
    assert by_window["workday_noon"] == by_window["workday_night"] == pytest.approx(30)
    # Friday's night shift goes home on Saturday at eight; nobody else comes at weekends.
    weekend = by_window[by_window.index.str.startswith("weekend")]
    assert weekend.to_dict() == {"weekend_dawn": pytest.approx(15)}


def test_stated_need_counts_only_where_nobody_is_counted() -> None:
    rows: list[dict[str, object]] = [
        {"id": "N1", **place(0, 0), "topic": "water", "group": "courier", "records": 4},
        {"id": "N2", **place(3000, 0), "topic": "rest", "group": "courier", "records": None},
        {"id": "N3", **place(3000, 0), "topic": "wages", "group": "courier", "records": 7},
        {"id": "N4", **place(3000, 0), "topic": "heat", "records": 2},
    ]
    stated, left_out = need_heads(table("needs", rows), 5.0)
    assert left_out == {"topic": 7, "group": 2}
    assert stated["workers"].tolist() == [20, 5]
    near = heads(("p", NEED_REACH_M - 1, 0, 12), group="courier")
    sources = [HeadSource("快递", "heads", near), HeadSource("诉求", "needs", stated)]
    built = build(sources, Official({"甲": 24.0}))
    need = built.made.sources[1]
    assert (need.given, need.twice, need.heads, need.heads_assumed) == (25, 12, 13, True)
    # Official totals count people, not calls: need is not scaled with them.
    assert built.made.sources[0].heads == 24
    marked = built.demand[built.demand["id"].str.startswith(NEED_PREFIX)]
    assert set(marked["id"]) == {"need-N1", "need-N2"}
    with pytest.raises(InputError, match="-1"):
        need_heads(table("needs", rows), -1.0)


def test_sweepers_are_a_total_from_which_those_counted_are_taken() -> None:
    spread = street_heads(main_street_town(), 90.0, ("primary",))
    counted = heads(("depot", 0, 0, 30), group="sweeper")
    parts = once_each(
        [HeadSource("环卫所", "heads", counted), HeadSource("街道", "streets", spread)]
    )
    assert [part["workers"].sum() for part in parts] == [30, pytest.approx(60)]
    more = heads(("depot", 0, 0, 100), group="sweeper")
    assert once_each([HeadSource("a", "heads", more), HeadSource("b", "streets", spread)])[1].empty


def test_totals_may_count_one_group_only() -> None:
    sources = [
        HeadSource("企业", "enterprises", firms(("E1", 0, 0, 100))),
        HeadSource("骑手", "heads", heads(("r", 0, 0, 50), group="food_rider")),
    ]
    built = build(sources, Official({"甲": 300.0}, ("enterprise",)))
    assert [s.heads for s in built.made.sources] == [300, 50]
    (factor,) = built.made.factors
    assert (factor.before, factor.factor, factor.far) == (100, 3, True)


COUNTS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 400)), min_size=1, max_size=8
)


@given(COUNTS, COUNTS, st.integers(1, 3000))
@settings(max_examples=many(15), deadline=None)
def test_nobody_is_lost_or_counted_twice(
    first: list[tuple[int, int, int]], second: list[tuple[int, int, int]], total: int
) -> None:
    one, two = (
        heads(*[(f"{name}{i}", 200.0 * x, 200.0 * y, float(n)) for i, (x, y, n) in enumerate(rows)])
        for name, rows in (("a", first), ("b", second))
    )
    sources = [HeadSource("甲源", "heads", one), HeadSource("乙源", "heads", two)]
    parts = once_each(sources)
    counted = [float(part["workers"].sum()) for part in parts]
    a, b = (float(part["workers"].sum()) for part in (one, two))
    assert counted[0] == a
    # Between the larger of the two counts and both together: never less, never more.
    assert max(a, b) - 1e-6 <= sum(counted) <= a + b + 1e-6
    built = build(sources, Official({"甲": float(total)}))
    if sum(counted):
        assert built.heads["workers"].sum() == pytest.approx(total, rel=1e-12)
        assert sum(s.heads for s in built.made.sources) == pytest.approx(total, rel=1e-12)
    # Presence is a share: in no window are more at work than there are.
    by_window = built.demand.groupby("window")["workers"].sum()
    assert (by_window <= built.heads["workers"].sum() + 1e-6).all()


def test_nobody_of_the_shipped_profile_works_more_than_seventy_hours_a_week() -> None:
    hours = np.array([window.hours_per_week for window in windows().values()])
    shipped = shipped_profile()
    for share in (*shipped.group.values(), *shipped.shift.values()):
        assert 40 <= np.array(share.shares) @ hours <= 70


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_profile_goes_out_and_comes_back(lang: str) -> None:
    shown = profile_table(shipped_profile(), "zh" if lang == "zh" else "en")
    assert read_profile(shown) == shipped_profile()
    courier = shown["code"] == "courier"
    shown.loc[courier, "workday_noon"], shown.loc[courier, "source"] = 0.25, "实地计数"
    own = read_profile(shown)
    noon = list(windows()).index("workday_noon")
    assert own.of("courier").shares[noon] == 0.25
    assert (own.of("courier").assumed, own.of("guard").assumed) == (False, True)
    built = build([HeadSource("快递", "heads", heads(("p", 0, 0, 8), group="courier"))], None, own)
    assert built.made.sources[0].presence_assumed == 0
    assert built.made.own_profile


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"workday_noon": "1.2"}, ("row 3", "1.2")),
        ({"weekend_night": ""}, ("row 3",)),
        ({"weekend_night": "nan"}, ("row 3", "nan")),
        ({"code": "courrier"}, ("Row 3", "courrier")),
        ({"code": "truck_driver"}, ("Row 3", "truck_driver")),
    ],
)
def test_a_profile_that_cannot_be_read_names_row_and_column(
    change: dict[str, str], told: tuple[str, ...]
) -> None:
    shown = profile_table(shipped_profile(), "zh").astype(object)
    for column, value in change.items():
        shown.loc[1, column] = value
    with pytest.raises(InputError) as caught:
        read_profile(shown)
    assert all(part.lower() in caught.value.message("en").lower() for part in told)
    with pytest.raises(InputError, match="column"):
        read_profile(shown.drop(columns="workday_noon"))


def test_what_is_made_of_nothing_is_empty() -> None:
    built = build([])
    assert (len(built.demand), built.made) == (0, Made(()))
    nobody = build([HeadSource("企业", "enterprises", firms())])
    assert nobody.made.sources[0].heads == 0
    assert np.isfinite(nobody.made.sources[0].presence_assumed)
