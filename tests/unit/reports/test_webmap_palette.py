"""The map's colours by day and by night: to be read, and to be told apart by every reader.

Contrast is WCAG 2.2's (4.5:1 for text, 3:1 for symbols and what is meant to be found). Readers who
tell few colours apart see as Machado, Oliveira and Fernandes reckon it (2009, severity 1).
"""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.webmap.area_classes import AREA_COLOURS
from reports.webmap.main_streets import CHOSEN_COLOUR, NOT_SERVED_COLOUR, SERVED_COLOUR
from reports.webmap.palette import DAY, NIGHT, STREET_RANKS, TWINS, looks
from reports.webmap.points import KIND_LOOKS, OTHER_LOOK
from reports.webmap.surfaces import (
    DENSITY_COLOURS,
    FIRST_COLOURS,
    GAP_COLOURS,
    UNVERIFIED_COLOURS,
)

ASSETS = Path(__file__).resolve().parents[3] / "reports" / "webmap" / "assets"
BOTH = pytest.mark.parametrize("paints", [DAY, NIGHT], ids=["day", "night"])
TEXT, SYMBOL = 4.5, 3.0
TEXTS = (
    ("unit", "land"),
    ("venue", "land"),
    ("village", "land"),
    ("street_name", "land"),
    ("text", "card"),
    ("text_soft", "card"),
    ("text", "card_hover"),
    ("plan", "card"),
    ("area", "card"),
    ("on_plan", "plan"),
    ("on_area", "area"),
    ("on_sample", "sample"),
)
FOUND = (
    ("ink", "land"),
    ("candidate", "land"),
    ("candidate_small", "land"),
    ("off_ink", "off"),
    ("plan", "land"),
    ("area", "land"),
    ("reach", "land"),
    ("edge", "land"),
    ("mark", "card"),
    ("line", "card"),
    ("casing_0", "land"),
    ("text_off", "card"),
)
KINDS = sorted({colour for _, colour in KIND_LOOKS.values()})
DATA = (
    *KINDS,
    OTHER_LOOK[1],
    *AREA_COLOURS.values(),
    *GAP_COLOURS,
    *DENSITY_COLOURS,
    *UNVERIFIED_COLOURS,
    *FIRST_COLOURS,
    NOT_SERVED_COLOUR,
    SERVED_COLOUR,
    CHOSEN_COLOUR,
)
DEFICIENCIES = {
    "none": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
APART = {"day": 16.0, "night": 20.0}
"""CIE76 distances; 2.3 is just noticeable. By day Okabe-Ito's four as they published them."""

Triple = NDArray[np.float64]


def linear(colour: str) -> Triple:
    """Return the parts of `#rrggbb` in linear light, 0 to 1."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: Triple) -> float:
    return float(colour @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(linear(one)), luminance(linear(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(colour: str, alpha: float, ground: str) -> str:
    """Return what a colour that lets some of the ground through looks like."""
    parts = (
        round(alpha * int(colour[at : at + 2], 16) + (1 - alpha) * int(ground[at : at + 2], 16))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def lab(light: Triple) -> Triple:
    xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    ) @ np.clip(light, 0, 1)
    scaled = xyz / (0.95047, 1.0, 1.08883)
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def drawn(colour: str, *, night: bool) -> str:
    return TWINS[colour.lower()] if night else colour


def test_contrast_is_reckoned_as_published() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WebAIM's example


def test_both_sets_have_the_same_names_and_nothing_but_colours() -> None:
    assert set(DAY) == set(NIGHT)
    for paint in [*DAY.values(), *NIGHT.values(), *TWINS, *TWINS.values()]:
        assert re.fullmatch(r"#[0-9a-f]{6}([0-9a-f]{2})?", paint)
    assert looks() == {"day": dict(DAY), "night": dict(NIGHT), "twins": dict(TWINS)}
    assert {f"street_{rank}" for rank in range(STREET_RANKS)} < set(DAY)


def test_whatever_data_carry_has_a_twin_for_the_night() -> None:
    assert {colour.lower() for colour in DATA} <= set(TWINS)


@BOTH
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_is_to_be_read(paints: dict[str, str], text: str, ground: str) -> None:
    assert contrast(paints[text], paints[ground]) >= TEXT


@BOTH
@pytest.mark.parametrize(("symbol", "ground"), FOUND)
def test_symbols_are_to_be_found(paints: dict[str, str], symbol: str, ground: str) -> None:
    assert contrast(paints[symbol], paints[ground]) >= SYMBOL


@pytest.mark.parametrize("look", ["day", "night"])
@pytest.mark.parametrize("colour", [*KINDS, OTHER_LOOK[1], NOT_SERVED_COLOUR, CHOSEN_COLOUR])
def test_stations_and_streets_stand_out(colour: str, look: str) -> None:
    """By day a light fill stands out by its dark rim."""
    if look == "night":
        assert contrast(drawn(colour, night=True), NIGHT["land"]) >= SYMBOL
    else:
        assert max(contrast(colour, DAY["land"]), contrast(DAY["rim"], DAY["land"])) >= SYMBOL


@pytest.mark.parametrize("look", ["day", "night"])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_kinds_of_stations_are_told_apart_by_every_reader(deficiency: str, look: str) -> None:
    seen = np.array(DEFICIENCIES[deficiency])
    spots = {c: lab(seen @ linear(drawn(c, night=look == "night"))) for c in KINDS}
    for one, other in combinations(KINDS, 2):
        assert float(np.linalg.norm(spots[one] - spots[other])) >= APART[look], (one, other)


@pytest.mark.parametrize("ramp", [GAP_COLOURS, DENSITY_COLOURS], ids=["gap", "density"])
def test_more_is_farther_from_the_ground_by_night_too(ramp: tuple[str, ...]) -> None:
    opacity = np.array([115, 145, 170, 190, 205]) / 255
    for paints, night in ((DAY, False), (NIGHT, True)):
        shades = [
            over(drawn(colour, night=night), alpha, paints["land"])
            for colour, alpha in zip(ramp, opacity, strict=True)
        ]
        told = [contrast(shade, paints["land"]) for shade in shades]
        assert told == sorted(told)
        assert told[0] >= 1.1
        assert told[-1] >= SYMBOL


def test_the_style_sheet_and_the_script_take_every_colour_from_here() -> None:
    style = (ASSETS / "station_map.css").read_text(encoding="utf-8")
    named = {name.replace("-", "_") for name in re.findall(r"var\(--ws-([a-z0-9-]+)\)", style)}
    assert named <= set(DAY)
    # What is left: masks, of which only the opacity counts, and shadows.
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", style)) <= {"#000"}
    for path in ASSETS.glob("*.js"):
        script = path.read_text(encoding="utf-8")
        assert set(re.findall(r"(?:PAINTS|paints)\.([a-z_0-9]+)", script)) <= set(DAY)
        assert not re.findall(r"""["']#[0-9a-fA-F]{3,8}["']|rgba?\(""", script), path.name
