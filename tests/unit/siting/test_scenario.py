from dataclasses import replace

from siting.model import Inputs, LayerSource, Parameters
from siting.scenario import Digests, frame_sha256, scenario_hash
from tests.unit.siting.tables import main_street_town, place, table


def inputs() -> Inputs:
    rows = [{"id": "a", **place(0, 0), "workers": 3}, {"id": "b", **place(9, 0), "workers": 4}]
    return Inputs(
        demand=table("demand", rows),
        stations=table("stations", [{"id": "s", **place(0, 0), "seats": None}]),
        streets=main_street_town(),
    )


def test_the_same_content_has_the_same_hash() -> None:
    columns = list(reversed(inputs().demand.columns))
    other = replace(
        inputs(),
        demand=inputs().demand[columns],
        sources=(LayerSource("demand", "somewhere"),),
    )
    assert scenario_hash(inputs(), Parameters()) == scenario_hash(other, Parameters())
    assert len(scenario_hash(inputs(), Parameters())) == 64


def test_whatever_decides_a_result_changes_the_hash() -> None:
    base = inputs()
    variants = [
        (base, Parameters(cutoff_m=500)),
        (base, Parameters(windows=("workday_noon",))),
        (replace(base, streets=None), Parameters()),
        (replace(base, demand=base.demand.iloc[::-1].reset_index(drop=True)), Parameters()),
        (replace(base, demand=base.demand.assign(workers=[3.0, 5.0])), Parameters()),
        (replace(base, demand=base.demand.assign(town=["", "x"])), Parameters()),
        (replace(base, stations=base.stations.assign(seats=0)), Parameters()),
        (replace(base, candidates=table("candidates", [{"id": "c", **place(1, 1)}])), Parameters()),
    ]
    hashes = {scenario_hash(*variant) for variant in variants}
    hashes.add(scenario_hash(base, Parameters()))
    hashes.add(scenario_hash(base, Parameters(), new=5))
    assert len(hashes) == len(variants) + 2


def test_a_column_without_any_value_says_nothing() -> None:
    base = inputs()
    bare = replace(base, stations=base.stations.drop(columns=["seats", "address", "consent"]))
    assert scenario_hash(bare, Parameters()) == scenario_hash(base, Parameters())
    said = replace(base, stations=base.stations.assign(address="兴丰大街1号"))
    assert scenario_hash(said, Parameters()) != scenario_hash(base, Parameters())


def test_yes_no_and_blank_are_three() -> None:
    base = inputs()
    rows = [{"id": "e", **place(1, 1), "path_on_way": way} for way in (True, False, None)]
    variants = (replace(base, enterprises=table("enterprises", [row])) for row in rows)
    assert len({scenario_hash(variant, Parameters()) for variant in variants}) == 3


def test_neighbouring_texts_do_not_run_together() -> None:
    base = inputs()
    one = replace(base, demand=base.demand.assign(town=["ab", "c"]))
    two = replace(base, demand=base.demand.assign(town=["a", "bc"]))
    assert scenario_hash(one, Parameters()) != scenario_hash(two, Parameters())


def test_a_table_is_hashed_once_while_it_lives() -> None:
    given, digests = inputs(), Digests()
    told = scenario_hash(given, Parameters(), digest=digests)
    assert told == scenario_hash(given, Parameters())
    assert digests(given.stations) is digests(given.stations)
    for number in range(20):  # a table may come to lie where another was
        other = table("stations", [{"id": f"s{number}", **place(0, 0)}])
        assert digests(other) == frame_sha256(other) != digests(given.stations)
