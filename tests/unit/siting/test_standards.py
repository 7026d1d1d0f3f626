import pytest

from geo.errors import InputError
from siting.standards import standard, standard_names


def test_every_standard_has_a_radius_and_a_source() -> None:
    assert {"radius_1km", "walk_15min", "dense_500m"} <= set(standard_names())
    for name in standard_names():
        found = standard(name)
        assert found.cutoff_m > 0
        assert found.zh
        assert found.en
        assert found.source
        assert found.sentence


def test_a_walking_time_becomes_metres_at_its_pace() -> None:
    assert standard("walk_15min").cutoff_m == pytest.approx(15 * 60 * 1.2)
    assert standard("radius_1km").cutoff_m == 1000


def test_an_unknown_standard_is_named() -> None:
    with pytest.raises(InputError, match="radius_1km") as error:
        standard("../rules/daxing")
    assert "daxing" in error.value.message("zh")
