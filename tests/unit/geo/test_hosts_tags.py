"""Which OSM tags mean which kind of host."""

from copy import deepcopy
from typing import Any

import pytest

from geo.errors import InputError
from geo.hosts import host_rules, parse_host_rules
from geo.reference import read_list

RULES = host_rules()


@pytest.mark.parametrize(
    ("tags", "host_type"),
    [
        ({"amenity": "bank"}, "bank"),
        ({"shop": "convenience"}, "supermarket"),
        ({"shop": "bakery;supermarket"}, "supermarket"),
        ({"office": "estate_agent"}, "estate_agency"),
        ({"amenity": "fuel"}, "fuel"),
        ({"amenity": "fast_food", "name": "好粥道"}, "restaurant"),
        ({"amenity": "cafe"}, None),
        ({"amenity": "school"}, "school"),
        ({"amenity": "kindergarten"}, None),
        ({"office": "government", "name": "高米店工会服务站"}, "union_service"),
        ({"amenity": "community_centre", "name": "天宫院党群服务中心"}, "party_centre"),
        ({"amenity": "townhall", "name": "海子角社区居委会"}, "community"),
        ({"amenity": "library", "name": "更读书社职工书屋"}, "library"),
        ({"amenity": "hospital"}, "hospital"),
        ({"amenity": "clinic"}, None),
        ({"shop": "mall"}, "mall"),
        ({"building": "office"}, "office_building"),
        ({"building": "office", "amenity": "bank"}, "bank"),
        ({"landuse": "industrial", "name": "京南物流园区"}, "logistics_park"),
        ({"landuse": "industrial", "name": "大兴工业开发区"}, "industrial_park"),
        ({"landuse": "industrial", "name": "某厂"}, None),
        ({"building": "warehouse"}, None),
        ({"office": "courier"}, "sorting_centre"),
        ({"amenity": "parcel_locker", "name": "快递柜"}, None),
        ({"amenity": "parking", "name": "大货车停车场"}, "truck_yard"),
        ({"highway": "primary", "hgv": "designated"}, None),
        ({"railway": "station", "name": "黄村火车站"}, "hub"),
        ({"amenity": "bank", "disused": "yes"}, None),
        ({"disused:amenity": "bank"}, None),
    ],
)
def test_what_a_place_is(tags: dict[str, str], host_type: str | None) -> None:
    assert RULES.host_type(tags) == host_type


def test_every_rule_gives_its_reason_and_every_kind_of_place_has_a_rule() -> None:
    assert all("[" in rule.reason for rule in RULES.rules)
    mapped = {rule.host_type for rule in RULES.rules}
    # Firms come from the ledger of enterprises, open ground from nobody's map.
    assert set(read_list("reference/host_types")) - mapped == {"enterprise", "public_land"}


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("rule", 0, "host_type"), "kiosk", r"rule\[1\]\.host_type"),
        (("rule", 1, "tags"), {"amenity": "bank"}, r"rule\[2\]\.tags"),
        (("rule", 2, "reason"), " ", r"rule\[3\]\.reason"),
        (("rule", 0, "colour"), "red", r"rule\[1\]\.colour"),
        (("rule",), [], "rule"),
        (("placing", "street_m"), -1.0, "placing.street_m"),
        (("refused",), None, "refused"),
    ],
)
def test_wrong_rules_are_named_by_their_key(path: tuple[Any, ...], value: object, key: str) -> None:
    content: Any = deepcopy(read_list("reference/host_tags"))
    part = content
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(InputError, match=key):
        parse_host_rules(content, "mine.toml")
