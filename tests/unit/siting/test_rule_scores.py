"""Scores in small worlds where every figure can be worked out by hand."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from siting.model import Inputs, Parameters
from siting.planning import evaluate, score
from siting.results import CandidateScore
from siting.rules import read_rules
from siting.rules.sentences import value_text
from tests.unit.siting.tables import main_street_town, place, table
from words import Lang, count, distance, say

HERE = place(500, 10)


def world(*, streets: bool = True, **layers: Sequence[Mapping[str, object]]) -> Inputs:
    """Return inputs with 4,000 workers around the middle of the main street unless told others."""
    crowd = [{"id": "crowd", **place(480, 0), "workers": 4000}]
    return Inputs(
        demand=table("demand", layers.get("demand", crowd)),
        stations=table("stations", layers.get("stations", [])),
        candidates=table("candidates", layers.get("candidates", [{"id": "c", **HERE}])),
        enterprises=table("enterprises", layers.get("enterprises", [])),
        hosts=table("hosts", layers.get("hosts", [])),
        needs=table("needs", layers.get("needs", [])),
        streets=main_street_town() if streets else None,
    )


def only(inputs: Inputs) -> CandidateScore:
    (found,) = score(inputs, Parameters())
    return found


def test_a_main_street_front_serves_its_street() -> None:
    found = only(world())
    assert found.area_types == ("central_urban",)
    evidence = found.evidence[0]
    assert (evidence.measure, evidence.subject, evidence.unit) == (
        "main_street_length", "兴丰大街", "m",
    )  # fmt: skip
    # Within 500 m on foot to either side, 10 m of it to reach the street.
    assert evidence.value == pytest.approx(980, abs=25)
    assert "兴丰大街" in found.sentence_zh
    assert "临街主干道" in found.sentence_zh


def test_the_back_lane_is_no_main_street() -> None:
    inputs = world(candidates=[{"id": "c", **place(505, 200)}])
    found = only(inputs)
    # In the central urban area all the same: but its street is not served from here.
    assert found.criteria["street_served"] == 0
    assert "main_street_length" not in {item.measure for item in found.evidence}


def test_a_main_street_in_the_fields_is_not_central() -> None:
    inputs = world(demand=[{"id": "few", **place(480, 0), "workers": 20}])
    found = only(inputs)
    assert found.area_types == ("sparse",)
    assert found.evidence[0].measure == "uncovered_workers"
    assert found.evidence[0].proxy
    assert "代用指标" in found.sentence_zh
    assert "proxy" in found.sentence_en


def test_enterprises_in_reach_are_summed_and_the_largest_is_named() -> None:
    firms = [
        {"id": "1", "name": "小厂", **place(450, 0), "workers": 80},
        {"id": "2", "name": "大厂", **place(600, 0), "workers": 920},
        {"id": "3", "name": "远厂", **place(950, 0), "workers": 9000},
        {"id": "4", "name": "未报人数", **place(510, 0)},
    ]
    found = only(world(enterprises=firms))
    assert "enterprise_cluster" in found.area_types
    evidence = next(item for item in found.evidence if item.area_type == "enterprise_cluster")
    assert (evidence.measure, evidence.value, evidence.subject) == (
        "enterprise_workers", 1000, "大厂",
    )  # fmt: skip


def test_inside_a_firm_its_own_head_count_speaks() -> None:
    firms = [
        {"id": "1", "name": "富思特", **place(500, 0), "workers": 800},
        {"id": "2", "name": "大厂", **place(600, 0), "workers": 2000},
    ]
    candidates = [{"id": "c", "name": "富思特 职工之家", **HERE}]
    found = only(world(enterprises=firms, candidates=candidates))
    evidence = next(item for item in found.evidence if item.area_type == "enterprise_cluster")
    assert (evidence.measure, evidence.value, evidence.subject) == ("host_workers", 800, "富思特")


def test_the_busiest_venue_in_reach_speaks() -> None:
    hosts = [
        {"id": "1", "name": "商场", "host_type": "mall", **place(510, 0), "visits_per_day": 20000},
        {
            "id": "2",
            "name": "医院",
            "host_type": "hospital",
            **place(500, 0),
            "visits_per_day": 900,
        },
        {"id": "3", "name": "餐馆", "host_type": "restaurant", **HERE, "visits_per_day": 90000},
        {"id": "4", "name": "无数", "host_type": "mall", **HERE},
    ]
    found = only(world(hosts=hosts))
    evidence = next(item for item in found.evidence if item.area_type == "function_zone")
    assert (evidence.value, evidence.subject, evidence.proxy) == (20000, "商场", False)


def test_a_venue_without_counts_says_that_its_figure_is_a_proxy() -> None:
    found = only(world(candidates=[{"id": "c", **HERE, "host_type": "mall"}]))
    evidence = next(item for item in found.evidence if item.area_type == "function_zone")
    assert (evidence.measure, evidence.proxy, evidence.value) == ("venue_workers", True, 4000)


def test_stated_needs_speak_in_sparse_places_only_on_siting_topics() -> None:
    needs = [
        {"id": "1", **place(400, 0), "topic": "water", "records": 6},
        {"id": "2", **place(400, 0), "topic": "rest"},
        {"id": "3", **place(400, 0), "topic": "wages", "records": 50},
    ]
    few = [{"id": "few", **place(480, 0), "workers": 20}]
    found = only(world(demand=few, needs=needs))
    assert (found.evidence[0].measure, found.evidence[0].value) == ("need_records", 7)
    (area,) = found.areas
    assert (area.facts[0].figure, area.facts[0].radius_m) == ("workers_per_km2", 1000)
    assert area.facts[0].value == pytest.approx(20 / math.pi)
    assert "sparse" not in only(world(needs=needs)).area_types


def test_outdoor_work_is_counted_in_hours_where_windows_are_known() -> None:
    rows = [
        {"id": "p", **place(480, 0), "workers": 800, "group": group, "window": "workday_noon"}
        for group in ("courier", "enterprise")
    ]
    found = only(world(demand=rows))
    evidence = next(item for item in found.evidence if item.area_type == "special")
    assert evidence.value == 800 * 15
    hours = next(item for item in found.evidence if item.measure == "outdoor_hours_per_head")
    assert hours.value == 15
    heads = [{**row, "window": ""} for row in rows]
    assert "special" not in only(world(demand=heads)).area_types


def test_demand_and_stations_alone_are_enough() -> None:
    found = only(world(streets=False))
    assert (found.area_types, found.evidence) == ((), ())
    # The common criteria alone: 6 x 40 + 12 x 30 + 5 x 80 + 6 x 40 + 8 x 100 + 3 x 40 of 100.
    assert found.points == 21.6
    assert found.workers_gained == 4000
    assert "4,000" in found.sentence_zh


def test_a_station_nearby_leaves_nothing_to_gain() -> None:
    inputs = world(stations=[{"id": "s", **place(400, 0)}])
    assert only(inputs).workers_gained == 0


def test_ranks_follow_points_then_the_table() -> None:
    candidates = [
        {"id": "lane", **place(505, 200)},
        {"id": "front", **HERE},
        {"id": "lane2", **place(505, 200)},
    ]
    found = score(world(candidates=candidates), Parameters())
    assert [(item.id, item.rank) for item in found] == [("lane", 2), ("front", 1), ("lane2", 3)]


def full_world() -> Inputs:
    rows = [
        {"id": str(i), **place(60 * i, 30), "workers": 37 * i + 1, "group": group, "window": when}
        for i in range(16)
        for group in ("courier", "enterprise")
        for when in ("workday_noon", "workday_evening")
    ]
    return world(
        demand=[*rows, {**rows[0], "id": "far", **place(500, 2300)}],
        candidates=[
            {"id": "a", "name": "富思特", **place(480, 5)},
            {"id": "b", **place(505, 200)},
            {"id": "d", **place(500, 2390)},
            {"id": "e", **place(0, 9000)},
        ],
        enterprises=[{"id": "1", "name": "富思特", **place(500, 0), "workers": 1234}],
        hosts=[
            {"id": "1", "name": "M", "host_type": "mall", **place(520, 180), "visits_per_day": 5432}
        ],
        needs=[{"id": "1", **place(500, 2390), "topic": "rest", "records": 3}],
    )


def figures_of(item: CandidateScore, parameters: Parameters, lang: Lang) -> set[str]:
    """Return every figure that a sentence may say, as it is written."""
    known = {f"{item.points:g}", str(item.rank), count(item.workers_gained, lang), "2"}
    for fact in item.evidence:
        known |= {value_text(fact.value, fact.unit, lang), count(fact.tag or 0, lang)}
        known.add(distance(fact.reach_m or 0, lang).split()[0])
    for area in item.areas[:1]:
        for own in area.facts:
            known |= {count(own.value, lang), distance(own.radius_m, lang).split()[0]}
    for one in item.breakdown:
        known.add(f"{one.contribution:.1f}")
        known.add(f"{one.weight * (100 - one.points):.1f}")
        if one.value is not None:
            known |= set(NUMBER.findall(value_text(one.value, one.unit, lang)))
    for change in item.what_if:
        known |= {str(change.rank), *NUMBER.findall(change.detail)}
    ruled = [one for one in item.breakdown if one.area_type is not None]
    share = sum(one.weight for one in ruled)
    if share:
        known.add(f"{round(sum(one.contribution for one in ruled) / share, 1):g}")
    known |= {distance(metres, lang).split()[0] for metres in (parameters.cutoff_m, 1500)}
    return {figure.rstrip("%") for figure in known}


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def uncounted(inputs: Inputs) -> Inputs:
    """Return a world whose mall nobody counts, with a bus stop at its door."""
    rows = [
        {"id": "1", "name": "M", "host_type": "mall", **place(505, 0), "area_m2": 8765},
        {"id": "2", "name": "K", "host_type": "bus_stop", **place(470, 0)},
        {"id": "3", "host_type": "canteen", **place(400, 0)},
    ]
    candidates = inputs.candidates.assign(host_type=["mall", "", "", ""])
    return replace(inputs, hosts=table("hosts", rows), candidates=candidates)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_proxy_in_a_sentence_is_a_figure_of_the_data_and_says_what_it_is(lang: Lang) -> None:
    parameters, book = Parameters(), read_rules("daxing")
    venues = replace(book, rules=tuple(r for r in book.rules if r.area_type == "function_zone"))
    result = evaluate(uncounted(full_world()), parameters, rules=venues)
    (item,) = [item for item in result.scores if item.area_types]
    proxies = [fact for fact in item.evidence if fact.proxy]
    assert {fact.measure for fact in proxies} == {
        "venue_size", "stop_density", "street_betweenness",
    }  # fmt: skip
    text = item.sentence_zh if lang == "zh" else item.sentence_en
    said = set(NUMBER.findall(text))
    assert said <= figures_of(item, parameters, lang), text
    assert {NUMBER.findall(value_text(f.value, f.unit, lang))[0] for f in proxies} <= said
    assert text.count(say("siting.score.proxy", lang)) == len(proxies)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_figure_of_a_sentence_is_a_figure_of_the_data(lang: Lang) -> None:
    parameters = Parameters()
    result = evaluate(full_world(), parameters)
    assert {area for item in result.scores for area in item.area_types} == {
        "enterprise_cluster", "central_urban", "function_zone", "sparse", "special",
    }  # fmt: skip
    for item in result.scores:
        text = item.sentence_zh if lang == "zh" else item.sentence_en
        said = set(NUMBER.findall(text.replace("km²", "km")))
        assert said <= figures_of(item, parameters, lang), text
        if item.unattached is None:
            assert {count(item.workers_gained, lang), str(item.rank)} <= said


def test_contributions_sum_to_the_points() -> None:
    for item in evaluate(full_world(), Parameters()).scores:
        if item.unattached is None:
            assert sum(one.weight for one in item.breakdown) == pytest.approx(1)
            contributed = sum(one.contribution for one in item.breakdown)
            assert item.points == pytest.approx(contributed, abs=0.05)
        assert 0 <= item.points <= 100
        if item.evidence:
            assert item.evidence[0].area_type == item.area_types[0]


def test_the_json_of_a_score_has_the_keys_of_the_contract() -> None:
    keys = set(only(world()).as_dict())
    assert keys >= {
        "id", "area_types", "criteria", "points", "rank", "sentence_zh", "sentence_en", "evidence",
    }  # fmt: skip


def test_a_look_at_demand_does_not_go_beyond_the_cut_off() -> None:
    few = [{"id": "few", **place(480, 0), "workers": 20}]
    (found,) = score(world(demand=few), Parameters(cutoff_m=250))
    assert (found.evidence[0].measure, found.evidence[0].reach_m) == ("uncovered_workers", 250)
    assert "250 米" in found.sentence_zh


def test_without_streets_nobody_is_said_to_walk() -> None:
    firms = [{"id": "1", "name": "大厂", **place(510, 0), "workers": 920}]
    found = only(world(streets=False, enterprises=firms))
    assert "按直线估算 300 米内有大厂" in found.sentence_zh
    assert "步行" not in found.sentence_zh
    assert "on foot" not in found.sentence_en
    assert "步行" in only(world(enterprises=firms)).sentence_zh


def test_a_score_names_its_rule_file() -> None:
    found = only(world())
    assert (found.rules, found.rules_version) == ("daxing", 4)
    assert found.as_dict()["rules"] == "daxing"


def test_a_cut_off_is_signed_for_exactly() -> None:
    (found,) = score(world(), Parameters(cutoff_m=1080))
    assert "1,080 米内" in found.sentence_zh
    assert "within 1,080 m" in found.sentence_en
