"""The district's own siting rules and zones: signed, numbered, undoable."""

import numpy as np
import pytest
import shapely

from geo.errors import ConflictError, InputError
from register import Register
from register.editions import editions_of
from register.settings_rules import back_to_shipped, rules_in_force, settle_rules
from register.settings_zones import change_zones, put_zones, take_out_zones, zones_in_use
from siting.areas.drawing import with_zone
from siting.areas.zones import NO_ZONES, AreaZones
from siting.model import LayerSource
from siting.planning import rules_mark
from siting.rules import read_rules

SHIPPED = read_rules("daxing")
EDITED = SHIPPED.text.replace("weight = 85", "weight = 50")
WHO = "张三"


def test_own_rules_are_numbered_and_named_with_their_day(district: Register) -> None:
    assert rules_in_force(district).sha256 == SHIPPED.sha256
    first = settle_rules(district, EDITED, seen=SHIPPED.sha256, who=WHO)
    assert (first.name, first.version, len(first.dated)) == ("district", 1, len("2026-11-22"))
    assert rules_in_force(district) == first
    assert rules_mark(first) != rules_mark(SHIPPED)
    # The same again, whatever version it states, is no change.
    before = district.revision()
    assert settle_rules(district, EDITED, seen=first.sha256, who=WHO) == first
    assert district.revision() == before
    again = settle_rules(district, SHIPPED.text, seen=first.sha256, who=WHO)
    assert again.version == 2


def test_back_to_the_shipped_rules_is_one_step_and_can_be_undone(district: Register) -> None:
    own = settle_rules(district, EDITED, seen=SHIPPED.sha256, who=WHO)
    settled = district.revision()
    event = back_to_shipped(district, who=WHO)
    assert event is not None
    assert event.who == WHO
    assert not rules_in_force(district).is_own
    assert rules_in_force(district, as_of=settled) == own
    district.undo(event.id, who=WHO)
    assert rules_in_force(district) == own
    district.undo(settled, who=WHO)
    assert not rules_in_force(district).is_own
    assert back_to_shipped(district, who=WHO) is None


def test_nobody_overwrites_rules_that_they_have_not_seen(district: Register) -> None:
    settle_rules(district, EDITED, seen=SHIPPED.sha256, who=WHO)
    other = SHIPPED.text.replace("weight = 85", "weight = 40")
    with pytest.raises(ConflictError) as error:
        settle_rules(district, other, seen=SHIPPED.sha256, who="李四")
    assert error.value.code == "rules_changed"
    assert rules_in_force(district).version == 1


def test_what_is_no_rule_file_is_refused_with_its_line(district: Register) -> None:
    wrong = EDITED.replace("reach_m = 300.0", 'reach_m = "near"')
    with pytest.raises(InputError) as error:
        settle_rules(district, wrong, seen=SHIPPED.sha256, who=WHO)
    line = wrong.splitlines().index('reach_m = "near"') + 1
    assert (error.value.facts["line"], error.value.facts["key"]) == (
        line,
        "enterprise_cluster.reach_m",
    )
    assert not rules_in_force(district).is_own


def test_a_plan_keeps_the_districts_own_rules(district: Register) -> None:
    own = settle_rules(district, EDITED, seen=SHIPPED.sha256, who=WHO)
    (edition,) = editions_of({"rules": own.name}, own)
    assert (edition.kind, edition.content.decode()) == ("rules/district", own.text)


def test_zones_are_a_layer_that_can_be_undone(district: Register) -> None:
    square = np.array([shapely.box(116.3, 39.7, 116.31, 39.71)], dtype=object)
    zones = AreaZones(("园区",), (("enterprise_cluster", "sparse"),), square)
    source = LayerSource("area_zones", "园区.geojson", synthetic=district.synthetic)
    put_zones(district, zones, source, who=WHO)
    held = district.inputs().area_zones
    assert (held.names, held.areas) == (zones.names, zones.areas)
    assert held.polygons[0].equals(square[0])
    layer = zones_in_use(district)
    assert layer is not None
    assert layer.source == "园区.geojson"
    event = take_out_zones(district, who=WHO)
    assert event is not None
    assert len(district.inputs().area_zones) == 0
    district.undo(event.id, who=WHO)
    assert district.inputs().area_zones.names == ("园区",)


def test_nobody_overwrites_zones_that_they_have_not_seen(district: Register) -> None:
    one, other = (shapely.box(at, 39.7, at + 0.01, 39.71) for at in (116.3, 116.4))
    source = LayerSource("area_zones", "在地图上划定", synthetic=district.synthetic)
    first = with_zone(NO_ZONES, None, "甲", ["sparse"], one)
    change_zones(district, first, source, seen="", who=WHO)
    layer = zones_in_use(district)
    assert layer is not None
    # Somebody who began when there was no zone: what stands there stays.
    with pytest.raises(ConflictError) as error:
        change_zones(
            district,
            with_zone(NO_ZONES, None, "乙", ["sparse"], other),
            source,
            seen="",
            who="李四",
        )
    assert error.value.code == "zones_changed"
    assert district.inputs().area_zones.names == ("甲",)
    both = with_zone(first, None, "乙", ["central_urban"], other)
    change_zones(district, both, source, seen=layer.sha256, who="李四")
    last = zones_in_use(district)
    assert last is not None
    assert [event.who for event in district.events(limit=2)] == ["李四", WHO]
    # The last one taken away: none are in use, and undoing brings it back.
    change_zones(district, NO_ZONES, source, seen=last.sha256, who=WHO)
    assert zones_in_use(district) is None
    district.undo(district.events(limit=1)[0].id, who=WHO)
    assert district.inputs().area_zones.names == ("甲", "乙")
