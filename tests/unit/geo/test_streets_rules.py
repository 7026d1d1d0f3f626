"""Which ways are walkable."""

import pytest

from geo.streets.rules import walk_rules


@pytest.mark.parametrize(
    "tags",
    [
        "highway=residential",
        "highway=residential oneway=yes",
        "highway=trunk",
        "highway=steps",
        "highway=cycleway",
        "highway=service service=parking_aisle",
        "highway=service access=private foot=yes",
        "highway=trunk motorroad=yes foot=designated",
        "highway=service access=destination",
        "highway=track access=agricultural",
        "highway=busway foot=yes",
        "highway=primary sidewalk=separate",
        "highway=pedestrian area=no",
    ],
)
def test_walkable(tags: str) -> None:
    assert walk_rules().walkable(_tags(tags))


@pytest.mark.parametrize(
    "tags",
    [
        "name=nothing",
        "highway=motorway",
        "highway=motorway_link foot=yes",
        "highway=residential foot=no",
        "highway=residential foot=no access=yes",
        "highway=primary foot=use_sidepath",
        "highway=trunk motorroad=yes",
        "highway=service access=private",
        "highway=service access=no",
        "highway=service service=private",
        "highway=pedestrian area=yes",
        "highway=pedestrian area=yes foot=yes",
        "highway=busway",
        "highway=construction",
        "highway=proposed",
        "highway=abandoned",
        "highway=platform",
        "highway=whatever",
    ],
)
def test_closed(tags: str) -> None:
    assert not walk_rules().walkable(_tags(tags))


def _tags(text: str) -> dict[str, str]:
    return dict(item.split("=") for item in text.split())
