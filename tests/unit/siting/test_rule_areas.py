"""In which area a place lies: by figures at their thresholds, and by zones that override them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.errors import FileRefusedError
from siting.areas.zone_files import read_area_zones
from siting.areas.zones import NO_ZONES, AreaZones
from siting.coverage import read_demand
from siting.model import Inputs, Parameters
from siting.planning import demand_by_area, score
from siting.rules import read_rules
from siting.rules.areas import AreaMap, classify
from siting.rules.book import Test
from siting.rules.places import FIGURES_OF_PLACES, Ground, Places
from siting.scenario import scenario_hash
from tests.unit.siting.tables import main_street_town, place, table

Rows = Sequence[Mapping[str, object]]
CROWD: Rows = [{"id": "crowd", **place(480, 0), "workers": 4000}]
FEW: Rows = [{"id": "few", **place(480, 0), "workers": 20}]
HERE = place(500, 10)


def world(
    demand: Rows = FEW, *, candidates: Rows = (), enterprises: Rows = (), hosts: Rows = ()
) -> Inputs:
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", []),
        candidates=table("candidates", candidates),
        enterprises=table("enterprises", enterprises),
        hosts=table("hosts", hosts),
        streets=main_street_town(),
    )


def areas_at(inputs: Inputs, x: float, y: float, host_type: str = "") -> AreaMap:
    spot = place(x, y)
    places = Places(np.array([spot["lon"]]), np.array([spot["lat"]]), (host_type,))
    demand = read_demand(inputs.demand, Parameters())
    ground = Ground(inputs, demand, read_rules("daxing"))
    return classify(ground, places, inputs.area_zones)


def types(found: AreaMap) -> set[str]:
    return {item.area_type for item in found.found(0)}


def figure(inputs: Inputs, name: str, radius_m: float, *, x: float = 500, y: float = 10) -> float:
    spot = place(x, y)
    places = Places(np.array([spot["lon"]]), np.array([spot["lat"]]), ("",))
    ground = Ground(inputs, read_demand(inputs.demand, Parameters()), read_rules("daxing"))
    test = Test(name, 0, None, radius_m, ("community", "mall"))
    return float(FIGURES_OF_PLACES[name](ground, places, test)[0][0])


def test_two_firms_together_are_a_cluster_and_one_small_firm_is_none() -> None:
    firms = [{"id": str(i), **place(500 + 200 * i, 0), "workers": 150} for i in range(2)]
    assert "enterprise_cluster" in types(areas_at(world(enterprises=firms), 500, 0))
    small = [{**firm, "workers": 99} for firm in firms]
    assert "enterprise_cluster" not in types(areas_at(world(enterprises=small), 500, 0))
    found = areas_at(world(enterprises=firms), 500, 0).found(0)[0]
    # Both ways hold: 300 in two firms within 300 m, and 150 in one within 150 m.
    assert [(fact.figure, fact.radius_m, fact.value) for fact in found.facts] == [
        ("enterprise_workers", 300, 300), ("enterprises", 300, 2), ("enterprise_workers", 150, 150),
    ]  # fmt: skip


def test_sparse_is_below_its_threshold_and_a_park_is_not_sparse() -> None:
    just = [{"id": "p", **place(500, 0), "workers": 200 * np.pi}]
    assert "sparse" not in types(areas_at(world(just), 500, 0))
    assert "sparse" in types(areas_at(world([{**just[0], "workers": 628}]), 500, 0))
    park = [{"id": "h", **place(700, 0), "host_type": "industrial_park"}]
    assert "sparse" not in types(areas_at(world(hosts=park), 500, 0))


def test_a_venue_makes_a_function_zone_within_tens_of_metres() -> None:
    mall = [{"id": "h", "name": "商场", **place(500, 0), "host_type": "mall"}]
    inputs = world(CROWD, hosts=mall)
    assert "function_zone" in types(areas_at(inputs, 500, 140))
    assert "function_zone" not in types(areas_at(inputs, 500, 160))
    assert "function_zone" in types(areas_at(world(CROWD), 500, 160, host_type="mall"))


def test_a_hospital_is_special_for_its_patients() -> None:
    assert "special" in types(areas_at(world(CROWD), 500, 0, host_type="hospital"))
    assert "special" not in types(areas_at(world(CROWD), 500, 0, host_type="mall"))


def test_figures_by_hand() -> None:
    shops = [
        {"id": str(i), **place(500 + 50 * i, 15 * i), "host_type": "community"} for i in range(4)
    ]
    inputs = world(CROWD, hosts=shops)
    # A kilometre of main street; 200 m to either side, less the 10 m aside.
    assert figure(inputs, "main_street_m", 200) == pytest.approx(400, abs=10)
    assert figure(inputs, "main_street_distance_m", 500) == pytest.approx(10, abs=5)
    assert figure(inputs, "hosts", 120) == 3
    # 0, 15 and 30 m from the street are fronts, 45 m are not.
    assert figure(inputs, "front_hosts", 500) == 3
    assert figure(inputs, "workers_per_km2", 1000) == pytest.approx(4000 / np.pi)
    assert figure(inputs, "enterprises", 500) == 0
    crowd = Test("remoteness_m", 0, None, 500, crowd_per_km2=1000)
    spot = place(500, 3000)
    places = Places(np.array([spot["lon"]]), np.array([spot["lat"]]), ("",))
    ground = Ground(inputs, read_demand(inputs.demand, Parameters()), read_rules("daxing"))
    away, _ = FIGURES_OF_PLACES["remoteness_m"](ground, places, crowd)
    assert away[0] == pytest.approx(np.hypot(20, 3000), rel=2e-3)


def zone(areas: tuple[str, ...], *, name: str = "新区", x: float = 500) -> AreaZones:
    low, high = place(x - 100, -100), place(x + 100, 100)
    box = shapely.box(low["lon"], low["lat"], high["lon"], high["lat"])
    return AreaZones((name,), (areas,), np.array([box], dtype=object))


def test_a_zone_overrides_figures_but_not_a_named_group() -> None:
    inputs = replace(world(), area_zones=zone(("function_zone", "enterprise_cluster")))
    found = areas_at(inputs, 500, 0, host_type="hospital")
    assert types(found) == {"function_zone", "enterprise_cluster", "special"}
    by = {item.area_type: (item.by, item.zone) for item in found.found(0)}
    assert by["function_zone"] == ("zone", "新区")
    assert by["special"][0] == "data"
    assert types(areas_at(inputs, 900, 0)) == {"sparse"}


def test_a_zone_says_so_in_the_sentence_and_in_the_hash() -> None:
    plain = world(candidates=[{"id": "c", **HERE}])
    zoned = replace(plain, area_zones=zone(("central_urban",)))
    (found,) = score(zoned, Parameters())
    assert found.area_types == ("central_urban",)
    assert "由片区“新区”划定为中心城区" in found.sentence_zh
    assert "by the zone “新区”" in found.sentence_en
    hashes = {scenario_hash(inputs, Parameters()) for inputs in (plain, zoned)}
    assert len(hashes) == 2
    assert scenario_hash(replace(plain, area_zones=NO_ZONES), Parameters()) in hashes


def test_demand_points_are_classified_too() -> None:
    rows = demand_by_area(world(), Parameters())
    told = {row.area_type: (row.points, row.workers) for row in rows}
    assert (told["sparse"], told[""]) == ((1, 20), (0, 0))


def feature(properties: Mapping[str, object]) -> dict[str, object]:
    box = shapely.box(116.3, 39.7, 116.4, 39.8)
    return {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": json.loads(shapely.to_geojson(box)),
    }


def written(folder: Path, *features: dict[str, object]) -> Path:
    path = folder / "zones.geojson"
    content = {"type": "FeatureCollection", "features": list(features)}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_zones_are_read_by_code_and_by_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        feature({"name": "甲", "区域类型": "企业聚集区、sparse"}),
        feature({"name": "乙", "区域类型": "中心城区"}),
    )
    zones = read_area_zones(path)
    assert zones.names == ("甲", "乙")
    assert zones.areas == (("enterprise_cluster", "sparse"), ("central_urban",))
    assert zones.holding(np.array([116.35, 116.5]), np.array([39.75, 39.75])) == ((0, 1), ())


@pytest.mark.parametrize(
    ("properties", "code"),
    [({"name": "甲"}, "area_zones_format"), ({"area": "闹市"}, "area_zones_unknown")],
)
def test_zones_that_say_nothing_are_refused(
    tmp_path: Path, properties: Mapping[str, object], code: str
) -> None:
    with pytest.raises(FileRefusedError) as error:
        read_area_zones(written(tmp_path, feature(properties)))
    assert error.value.code == code
    assert "zones.geojson" in error.value.message("zh")
