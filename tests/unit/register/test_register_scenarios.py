"""Scenarios in the register: kept by name, renamed, taken away, brought back."""

import pytest

from geo.errors import ConflictError, InputError
from register import Register
from register.scenarios import forget_scenario, keep_scenario, rename_scenario, scenarios_in
from siting.plans.variant import Opening, Variant

VARIANT = Variant((Opening("c1", (116.3, 39.7)),), closes=("s1",), plan=3)


def test_a_scenario_is_kept_with_what_it_rests_on(district: Register) -> None:
    before = district.revision()
    saved = keep_scenario(district, "  甲 案 ", VARIANT, fingerprint="ab", who="张三", note="试 ")
    assert (saved.name, saved.note, saved.saved_by) == ("甲 案", "试", "张三")
    assert (saved.baseline, saved.fingerprint, saved.variant) == (before, "ab", VARIANT)
    other = keep_scenario(district, "乙案", Variant(), fingerprint="", who="李四")
    assert [held.id for held in scenarios_in(district)] == [other.id, saved.id]


def test_names_are_one_each(district: Register) -> None:
    first = keep_scenario(district, "甲案", VARIANT, fingerprint="", who="张三")
    with pytest.raises(InputError, match="There already is"):
        keep_scenario(district, "甲案 ", VARIANT, fingerprint="", who="李四")
    with pytest.raises(InputError, match="give the scenario a name"):
        keep_scenario(district, "  ", VARIANT, fingerprint="", who="李四")
    second = keep_scenario(district, "乙案", VARIANT, fingerprint="", who="张三")
    with pytest.raises(InputError, match="There already is"):
        rename_scenario(district, second, "甲案", who="张三")
    assert rename_scenario(district, first, "甲案", who="张三", note="改").note == "改"


def test_two_planners_do_not_overwrite_each_other(district: Register) -> None:
    seen = keep_scenario(district, "甲案", VARIANT, fingerprint="", who="张三")
    rename_scenario(district, seen, "丙案", who="李四")
    with pytest.raises(ConflictError):
        rename_scenario(district, seen, "丁案", who="张三")
    with pytest.raises(ConflictError):
        forget_scenario(district, seen, who="张三")


def test_what_was_taken_away_comes_back(district: Register) -> None:
    saved = keep_scenario(district, "甲案", VARIANT, fingerprint="", who="张三")
    forget_scenario(district, saved, who="张三")
    assert scenarios_in(district) == ()
    district.undo(district.revision(), who="张三")
    assert [held.variant for held in scenarios_in(district)] == [VARIANT]


def test_what_a_later_version_wrote_is_listed(district: Register) -> None:
    district.add("scenarios", {"name": "远案", "modifications": '[{"tunnel": 1}]'}, who="张三")
    (held,) = scenarios_in(district)
    assert (held.name, held.variant, held.baseline) == ("远案", None, 0)
