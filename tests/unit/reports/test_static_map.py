"""The map on paper: every point where it lies, nothing of another host, names as data."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import docx
import pytest
from PIL import Image
from pypdf import PdfReader

from reports.blocks import TEXT_WIDTH_MM
from reports.document import document_bytes, pdf_bytes
from reports.drawn import scene_of, unit_labels
from reports.pdf import plate_png
from reports.report import Report
from reports.static_map import map_plate
from reports.static_map.placing import Placer
from reports.static_map.sheet import sheet_of
from reports.typography import PLATE_SHARE
from reports.webmap import Label, MapPoint, MapScene, base_layer

SVG = "{http://www.w3.org/2000/svg}"
OUTLINE = {
    "type": "Polygon",
    "coordinates": [[[116.2, 39.4], [116.7, 39.4], [116.7, 39.8], [116.2, 39.8], [116.2, 39.4]]],
}


@pytest.fixture
def scene(district: Callable[..., Report]) -> MapScene:
    found = scene_of(district())
    assert found is not None
    return found


def drawn(scene: MapScene) -> ET.Element:
    return ET.fromstring(map_plate(scene).svg)  # noqa: S314 -- our own drawing


def said(root: ET.Element) -> list[str]:
    return ["".join(found.itertext()) for found in root.iter(f"{SVG}text")]


def test_every_planned_site_is_where_it_lies(scene: MapScene) -> None:
    sheet, root = sheet_of(scene), drawn(scene)
    discs = {
        (float(disc.get("cx", "")), float(disc.get("cy", "")))
        for disc in root.iter(f"{SVG}circle")
        if disc.get("r") == "2.1"
    }
    places = {tuple(round(v, 2) for v in sheet.place(p.lon, p.lat)) for p in scene.plan}
    assert len(places) == 5
    assert places <= discs


def test_the_sheet_is_mercator_and_holds_everything(scene: MapScene) -> None:
    sheet = sheet_of(scene)
    west, south, east, north = scene.base.bounds
    middle = sheet.place((west + east) / 2, (south + north) / 2)
    assert middle[0] == pytest.approx(TEXT_WIDTH_MM / 2, abs=3)
    for point in (*scene.stations, *scene.candidates, *scene.plan):
        assert sheet.holds(*sheet.place(point.lon, point.lat))
    # A kilometre to the east in the middle is as long as the bar of lengths says.
    km = 1 / (111.32 * 0.7733)  # cos(39.35 degrees)
    at = replace(sheet, latitude=39.35)
    one = at.place(116.4 + km, 39.35)[0] - at.place(116.4, 39.35)[0]
    assert one == pytest.approx(at.mm_per_km, rel=1e-3)


def test_it_fetches_nothing(scene: MapScene) -> None:
    svg = map_plate(scene).svg
    assert set(re.findall(r'href="([^:]+:)', svg)) <= {"data:"}
    assert set(re.findall(r"https?://[^\"]+", svg)) == {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_legend_tells_what_is_drawn(district: Callable[..., Report], lang: str) -> None:
    report = district(lang=lang)
    found = scene_of(report)
    assert found is not None
    texts = said(drawn(found))
    assert " · ".join(found.badges) in texts
    for symbol in found.symbols:
        assert symbol.name in texts
    # No street and no outline were given: the legend does not promise any.
    assert report.say("map.outline") not in texts
    assert report.say("map.main_road") not in texts
    bounded = replace(found, base=base_layer(None, OUTLINE))
    assert report.say("map.outline") in said(drawn(bounded))


def test_hostile_names_are_text(scene: MapScene) -> None:
    hostile = '</text><image href="http://x/"/>&amp;\x01'
    base = base_layer(None, OUTLINE, (Label(hostile, 116.45, 39.6, "unit"),))
    root = drawn(replace(scene, base=base, stations=(), candidates=(), plan=(), tags=()))
    assert hostile.replace("\x01", "") in said(root)
    assert not [image for image in root.iter(f"{SVG}image") if image.get("href", "")[:5] != "data:"]


def test_far_points_widen_the_sheet(scene: MapScene) -> None:
    far = MapPoint("far", "far", 117.9, 39.6)
    sheet = sheet_of(replace(scene, candidates=(far,)))
    assert sheet.holds(*sheet.place(far.lon, far.lat))
    assert sheet.height_mm >= 80


def test_one_place_alone_is_a_map() -> None:
    point = MapPoint("one", "one", 116.4, 39.7)
    base = base_layer(None, bounds=(116.4, 39.7, 116.4, 39.7))
    alone = MapScene(base=base, lang="zh", candidates=(point,))
    assert sheet_of(alone).place(116.4, 39.7)[0] == pytest.approx(TEXT_WIDTH_MM / 2)
    assert map_plate(alone).svg


def test_units_are_named_in_the_middle_of_their_points(district: Callable[..., Report]) -> None:
    demand = district().inputs.demand
    labels = {label.name: label for label in unit_labels(demand)}
    assert set(labels) == set(demand["town"]) - {""}
    own = demand[demand["town"] == "旧宫镇"]
    assert labels["旧宫镇"].lon == pytest.approx(own["lon"].median())


def test_what_is_placed_first_keeps_its_place() -> None:
    placer = Placer()
    assert placer.first_free([(0, 0)], 2, 1) == (0, 0)
    assert placer.first_free([(1, 0.5), (2, 0)], 2, 1) == (2, 0)
    assert placer.first_free([(0, 0)], 2, 1) is None


def test_the_same_scene_is_the_same_drawing(district: Callable[..., Report]) -> None:
    first, second = (scene_of(district()) for _ in range(2))
    assert first is not None
    assert second is not None
    assert map_plate(first) == map_plate(second)


def test_word_and_pdf_hold_the_map(district: Callable[..., Report], scene: MapScene) -> None:
    report, plate = district(), map_plate(scene)
    document: Any = docx.Document(BytesIO(document_bytes(report)))
    shapes = document.inline_shapes
    wide = [shape for shape in shapes if abs(shape.width.mm - TEXT_WIDTH_MM * PLATE_SHARE) < 0.1]
    assert len(wide) == 1
    assert wide[0]._inline.docPr.get("descr") == plate.alt
    caption = report.say("figure", number=1, text=report.say("titles.map_planned"))
    assert caption in [paragraph.text for paragraph in document.paragraphs]
    with Image.open(BytesIO(plate_png(plate))) as picture:
        assert picture.width == pytest.approx(TEXT_WIDTH_MM / 25.4 * 220, abs=2)
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf_bytes(report))).pages]
    on = [text for text in pages if report.say("map.tag")[:4] in text]
    assert len(on) == 1
    # Heading, map, caption and notes are one page.
    for text in (report.say("parts.map"), report.say("titles.map_planned"), scene.notes[0][:6]):
        assert "".join(text.split()) in "".join(on[0].split())
