"""One place only once: against every pair by hand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import LocalFrame, geodesic_m
from geo.tables import empty_table
from siting.candidates import read_settings
from siting.candidates.drafts import Collector, Drafts
from siting.candidates.nearness import pairs_within
from siting.candidates.same import distinct, plain_name

SETTINGS = read_settings()
FRAME = LocalFrame(116.33, 39.73)
NOTHING = (empty_table("stations"), empty_table("candidates"))


def drafts(*rows: dict[str, Any]) -> Drafts:
    found = Collector("host")
    for number, row in enumerate(rows):
        x, y = row.pop("at")
        lon, lat = (float(part) for part in FRAME.to_degrees(x, y))
        found.add({"id": f"c{number}", "host_type": "bank", **row, "lon": lon, "lat": lat})
    return found.drafts()


def test_two_within_thirty_metres_are_one_and_the_more_reliable_stays() -> None:
    given_ = drafts(
        {"at": (0, 0), "name": "甲餐馆", "host_type": "restaurant"},
        {"at": (29, 0), "name": "乙银行"},
        {"at": (60, 0), "name": "丙超市", "host_type": "supermarket"},
    )
    kept, dropped = distinct(given_, NOTHING, SETTINGS)
    assert kept.frame["id"].tolist() == ["c1", "c2"]
    assert [(d.id, d.kept, d.reason, d.apart_m) for d in dropped] == [("c0", "c1", "near", 29.0)]


def test_a_row_of_shops_is_not_chained_into_one() -> None:
    row = drafts(*({"at": (25 * i, 0), "name": f"店{i}"} for i in range(9)))
    kept, dropped = distinct(row, NOTHING, SETTINGS)
    assert kept.frame["id"].tolist() == ["c0", "c2", "c4", "c6", "c8"]
    assert {d.kept for d in dropped} <= set(kept.frame["id"])


def test_one_name_and_kind_nearby_is_one_place_but_a_chain_is_not() -> None:
    kept, dropped = distinct(
        drafts(
            {"at": (0, 0), "name": "富强西里社区", "host_type": "community"},
            {"at": (140, 0), "name": "富强西里社区暖心驿站", "host_type": "community"},
            {"at": (70, 70), "name": "富强西里社区", "host_type": "school"},
            {"at": (400, 0), "name": "中国工商银行"},
            {"at": (600, 0), "name": "中国工商银行"},
        ),
        NOTHING,
        SETTINGS,
    )
    assert [(d.id, d.kept, d.reason) for d in dropped] == [("c1", "c0", "name")]
    assert len(kept.origins) == 4


def test_what_is_held_already_stays() -> None:
    stations = drafts({"at": (0, 0), "name": "老站", "id": "S1", "host": "H9"}).frame
    new = drafts({"at": (10, 0), "name": "新"}, {"at": (900, 0), "name": "同", "host": "H9"})
    kept, dropped = distinct(new, (stations, empty_table("candidates")), SETTINGS)
    assert kept.frame.empty
    assert [(d.kept, d.reason, d.apart_m) for d in dropped] == [
        ("S1", "near", 10.0),
        ("S1", "host", 900.0),
    ]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("富强西里 社区暖心驿站", "富强西里社区"),
        ("ＢＡＮＫ", "bank"),
        ("暖心驿站", "暖心驿站"),
        ("小吃（兴丰大街）", "小吃(兴丰大街)"),
    ],
)
def test_plain_names(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.floats(-120, 120),
            st.floats(-120, 120),
            st.sampled_from(["bank", "restaurant", ""]),
            st.sampled_from(["甲", "乙", ""]),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_every_pair_by_hand(rows: list[tuple[float, float, str, str]]) -> None:
    """No two that stay are one place; whoever goes is one place with one that stays."""
    made = drafts(*({"at": (x, y), "host_type": t, "name": n} for x, y, t, n in rows))
    kept, dropped = distinct(made, NOTHING, SETTINGS)
    every = made.frame.set_index("id", drop=False)
    stays = kept.frame["id"].tolist()
    assert sorted([*stays, *(item.id for item in dropped)]) == sorted(every.index)
    for number, one in enumerate(stays):
        assert not any(alike(every, one, other) for other in stays[number + 1 :])
    for item in dropped:
        assert item.kept in stays
        assert alike(every, item.id, item.kept)


def alike(every: pd.DataFrame, one: str, other: str) -> bool:
    a, b = every.loc[one], every.loc[other]
    apart = float(geodesic_m(a["lon"], a["lat"], b["lon"], b["lat"]))
    same = bool(a["name"]) and a["name"] == b["name"]
    kind = a["host_type"] == b["host_type"] or "" in (a["host_type"], b["host_type"])
    return apart <= SETTINGS.near_m or (same and kind and apart <= SETTINGS.name_m)


def test_pairs_are_those_of_every_distance() -> None:
    """From Daxing to Helsinki, beside the date line, at the pole."""
    rng = np.random.default_rng(5)
    lon = np.concatenate([116.3 + rng.normal(0, 0.01, 60), 24.9 + rng.normal(0, 0.01, 60)])
    lat = np.concatenate([39.7 + rng.normal(0, 0.01, 60), 60.2 + rng.normal(0, 0.01, 60)])
    lon = np.concatenate([lon, [179.9999, -179.9999, 10.0, 190.0 - 360.0]])
    lat = np.concatenate([lat, [0.0, 0.0, 89.9999, 89.9999]])
    size = len(lon)
    first, second = np.divmod(np.arange(size * size), size)
    metres = geodesic_m(lon[first], lat[first], lon[second], lat[second])
    for limit in (0.0, 30.0, 500.0):
        one, other, apart = pairs_within((lon, lat), (lon, lat), limit)
        wanted = metres <= limit
        assert one.tolist() == first[wanted].tolist()
        assert other.tolist() == second[wanted].tolist()
        assert apart.tolist() == metres[wanted].tolist()
