"""Single stations that come, move, go and change, against computing everything again."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.coverage.levels import Terms
from siting.live import LiveService
from siting.model import Inputs, Parameters
from siting.service import service_of
from siting.weather import Weather
from tests.properties.effective_worlds import (
    ACCESS,
    GROUPS,
    HOURS,
    SERVICES,
    TERMS,
    WINDOWS,
)
from tests.unit.siting.tables import main_street_town, place, table

PARAMETERS = Parameters(cutoff_m=500)
STREETS = main_street_town()
METRES = st.integers(0, 20).map(lambda step: step * 50.0)
SPOTS = st.tuples(METRES, st.sampled_from([0.0, 5.0, 300.0])).map(lambda at: place(*at))
RECORDS = st.fixed_dictionaries(
    {
        "hours": st.sampled_from(HOURS),
        "access": st.sampled_from(ACCESS),
        "services": st.sampled_from(SERVICES),
        "kind": st.sampled_from(["", "street_front", "enterprise"]),
    }
)


@st.composite
def districts(draw: st.DrawFn) -> Inputs:
    spots = draw(st.lists(SPOTS, min_size=1, max_size=4))
    demand = [
        {"id": f"p{n}", **spot, "group": group, "window": when, "workers": 10 + n}
        for n, spot in enumerate(spots)
        for group in draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True))
        for when in draw(st.lists(st.sampled_from(WINDOWS), min_size=1, max_size=2, unique=True))
    ]
    states = st.sampled_from(["open", "", "suspended"])
    stations = [
        {"id": f"s{n}", **draw(SPOTS), **draw(RECORDS), "state": draw(states)}
        for n in range(draw(st.integers(0, 3)))
    ]
    streets = STREETS if draw(st.booleans()) else None
    return Inputs(table("demand", demand), table("stations", stations), streets=streets)


def anew(inputs: Inputs, rows: list[dict[str, object]], terms: Terms) -> tuple[float, ...]:
    stations = table("stations", [{"id": f"n{i}", **row} for i, row in enumerate(rows)])
    return service_of(
        replace(inputs, stations=stations), PARAMETERS, terms
    ).effective.total.by_level


@given(
    data=st.data(),
    inputs=districts(),
    kind_defaults=st.booleans(),
    share=st.sampled_from([1.0, 0.7]),
)
@settings(max_examples=10, deadline=None)
def test_single_changes_give_what_computing_again_gives(
    data: st.DataObject, inputs: Inputs, *, kind_defaults: bool, share: float
) -> None:
    terms = replace(TERMS, kind_defaults=kind_defaults, weather=Weather(reach_share=share))
    live = LiveService(service_of(inputs, PARAMETERS, terms))
    columns = ["lon", "lat", "hours", "access", "services", "kind", "state"]
    held = {
        number: {str(k): v for k, v in row.items()}
        for number, row in enumerate(inputs.stations[columns].to_dict("records"))
        if row["state"] != "suspended"
    }
    for _ in range(data.draw(st.integers(1, 3))):
        record, at = data.draw(RECORDS), data.draw(SPOTS)
        spot = (at["lon"], at["lat"])
        others = list(held.values())
        assert live.tried(record, place=spot).by_level == pytest.approx(
            anew(inputs, [*others, {**record, **at}], terms), abs=1e-9
        )
        what = data.draw(st.sampled_from(["add", "move", "change", "remove"]))
        if what == "add" or not held:
            held[live.add(spot, record)] = {**record, **at}
        else:
            number = data.draw(st.sampled_from(sorted(held)))
            rest = [row for n, row in held.items() if n != number]
            tried = live.tried(record, place=spot, instead_of=number)
            expected = anew(inputs, [*rest, {**held[number], **record, **at}], terms)
            assert tried.by_level == pytest.approx(expected, abs=1e-9)
            if what == "remove":
                live.remove(number)
                del held[number]
            elif what == "change":
                live.change(number, record)
                held[number] = {**held[number], **record}
            else:
                row = {**held.pop(number), **at}
                held[live.move(number, spot)] = row
        assert live.total.by_level == pytest.approx(
            anew(inputs, list(held.values()), terms), abs=1e-9
        )


def test_a_station_that_comes_needs_a_place() -> None:
    demand = table("demand", [{"id": "p", **place(0, 0), "workers": 1}])
    live = LiveService(service_of(Inputs(demand, table("stations", [])), PARAMETERS))
    with pytest.raises(ValueError, match="place"):
        live.tried({"hours": "24/7"})
