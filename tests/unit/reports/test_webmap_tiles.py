"""Tiles under the live map: asked for only when they are settled, and in nothing that is kept."""

import re
from pathlib import Path

import pytest

from reports.webmap import (
    Label,
    MapScene,
    TileDatum,
    Tiles,
    approved,
    base_layer,
    is_template,
    live_map,
    standalone_html,
    tile_at,
)
from words import LANGUAGES, Lang

KEY = "0123456789abcdef0123456789abcdef"


def scene(tiles: Tiles | None = None, lang: Lang = "zh") -> MapScene:
    base = base_layer(None, None, [Label("甲镇", 116.3, 39.7, "unit")], (116.2, 39.6, 116.4, 39.8))
    return MapScene(base=base, lang=lang, badges=("内部工作用图",), tiles=tiles)


def written(tiles: Tiles | None, folder: Path) -> str:
    """Return what the browser is handed of a live map."""
    shown = live_map(scene(tiles), static_folder=folder)
    for group in shown.groups:
        group.add_to(shown.base)
    page: str = shown.base.get_root().render()
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), page)


def test_without_tiles_no_host_is_named(tmp_path: Path) -> None:
    page = written(None, tmp_path)
    assert "L.CRS.EPSG3857" in page
    assert [host for host in ("tianditu", "autonavi", "https://") if host in page] == []


def test_tianditu_is_not_shifted_and_carries_its_key(tmp_path: Path) -> None:
    page = written(Tiles("tianditu", KEY), tmp_path)
    assert "L.CRS.EPSG3857" in page
    assert page.count(f"tk={KEY}") == 2
    assert "LAYER=vec&" in page
    assert "LAYER=cva&" in page


def test_amap_is_drawn_shifted_and_carries_no_key(tmp_path: Path) -> None:
    page = written(Tiles("amap", KEY), tmp_path)
    assert "L.CRS.Gcj02" in page
    assert "is.autonavi.com/appmaptile?" in page
    assert KEY not in page


HOUSE = "http://gis.bj:8080/tiles/{z}/{x}/{y}.png"


@pytest.mark.parametrize(("datum", "crs"), [("wgs84", "EPSG3857"), ("gcj02", "Gcj02")])
def test_the_tiles_of_the_house_are_drawn_where_they_are(
    tmp_path: Path, datum: TileDatum, crs: str
) -> None:
    tiles = Tiles("intranet", url=HOUSE, datum=datum, credit="底图：<b>某局</b>")
    page = written(tiles, tmp_path)
    assert f"L.CRS.{crs}" in page
    assert HOUSE in page
    assert (
        "底图：<b>某局</b>" in page
    )  # as data: `written` has undone what keeps it from being read
    assert HOUSE not in standalone_html(scene(tiles))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gis.bj/{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}{x}{y}",
        "ftp://gis.bj/{z}/{x}/{y}",
        "http:///{z}/{x}/{y}",
        "http://gis.bj/{z}/{x}.png",
        "http://gis.bj/{z}/{x}/{y}/{y}",
        "http://gis.bj/{z}/{x}/{y}/{s}",
        "http://{z}.bj/{x}/{y}",
        "http://u:p@gis.bj/{z}/{x}/{y}",
        'http://gis.bj/{z}/{x}/{y}"',
        "http://gis.bj/{z}/{x}/{y} ",
        "http://局.bj/{z}/{x}/{y}",
        "http://[gis/{z}/{x}/{y}",
    ],
)
def test_what_is_no_address_of_tiles(url: str) -> None:
    assert not is_template(url)
    with pytest.raises(ValueError, match="address of tiles"):
        Tiles("intranet", url=url).as_dict()


def test_the_tile_of_a_place() -> None:
    assert is_template("https://a.b/{z}/{x}/{-y}")
    # Published by mercantile: tile 10/486/332 begins at -9.140625, 53.33087298301705.
    assert tile_at("{z}/{x}/{y}", -9.1406, 53.3308, 10) == "10/486/332"
    assert tile_at("{z}/{x}/{y}", -9.1407, 53.3309, 10) == "10/485/331"
    assert tile_at("{z}/{x}/{-y}", 0.0, 0.0, 1) == "1/1/0"
    assert tile_at("{z}/{x}/{y}", 0.0, 0.0, 1) == "1/1/1"


@pytest.mark.parametrize("key", ["", "a b", "x&callback=1", '"', "键"])
def test_what_is_no_key_becomes_no_address(key: str) -> None:
    with pytest.raises(ValueError, match="letters and figures"):
        Tiles("tianditu", key).as_dict()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_map_that_stands_alone_holds_no_tiles_and_no_key(lang: Lang) -> None:
    page = standalone_html(scene(Tiles("tianditu", KEY), lang))
    assert KEY not in page
    assert "tianditu.gov" not in page
    assert page == standalone_html(scene(None, lang))


def test_an_approval_number_stands_where_the_map_was_internal() -> None:
    assert approved(scene(), "").badges == ("内部工作用图",)
    assert approved(scene(), "京S（2026）001号").badges == ("审图号：京S（2026）001号",)
