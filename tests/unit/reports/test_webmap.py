import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from geo.reference import read_list
from geo.tables import empty_table
from reports.report import Report
from reports.webmap import (
    BaseLayer,
    Focus,
    Label,
    MapPoint,
    MapScene,
    Symbol,
    base_layer,
    live_map,
    scene_from,
    standalone_html,
)
from reports.webmap.content import content
from reports.webmap.delivery import publish
from reports.webmap.parts import FIXED, in_parts
from reports.webmap.payload import script_json
from reports.webmap.surfaces import Surface
from siting.model import Inputs
from siting.results import CandidateScore, CoverageResult
from tests.chromium import chromium
from words import LANGUAGES, Lang

HOSTILE = (
    '<img src=x onerror="window.pwned=1">',
    "</script><script>window.pwned=1</script>",
    "${window.pwned=1}",
    "`;window.pwned=1;`",
    "\\u003cimg src=x onerror=window.pwned=1\\u003e",
    "'\"; window.pwned=1; //",
    "first line\nwindow.pwned=1",
    "line\u2028window.pwned=1\u2029",
    "{{ 'window' }} {% raw %} alert(coords);",
    "<!--<script>window.pwned=1",
    "_feature_group_0 map_div",
    "]]>&lt;img&#32;src=x",
    "lone \ud800 surrogate",
    "兴丰街道 · 𠮷野家",
)
ALLOWED_ADDRESSES = re.compile(r"https?://(www\.w3\.org/|leafletjs\.com)")


@pytest.fixture
def base() -> BaseLayer:
    outline = {
        "type": "Polygon",
        "coordinates": [
            [[116.2, 39.5], [116.5, 39.5], [116.5, 39.8], [116.2, 39.8], [116.2, 39.5]]
        ],
    }
    labels = [
        Label(name, 116.22 + 0.02 * number, 39.6, "unit")
        for number, name in enumerate(HOSTILE[:12])
    ]
    return base_layer(None, outline, labels)


@pytest.fixture
def hostile(base: BaseLayer) -> MapScene:
    points = tuple(
        MapPoint(
            id=f"{number}{name}",
            name=name,
            lon=116.22 + 0.018 * number,
            lat=39.7,
            symbol="x",
            lines=(name,),
            detail=(name,),
        )
        for number, name in enumerate(HOSTILE[:12])
    )
    planned = tuple(replace(p, lat=39.75, symbol=None, order=n + 1) for n, p in enumerate(points))
    return MapScene(
        base=base,
        lang="zh",
        symbols=(Symbol("x", HOSTILE[0], "circle", "#009E73"),),
        stations=points,
        candidates=tuple(replace(p, lat=39.65, symbol=None, version=1) for p in points),
        plan=planned,
        badges=HOSTILE[:2],
        notes=HOSTILE[:3],
    )


# ------------------------------------------------------------------ JSON that nobody takes for code


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_whole_and_carries_no_code(text: str) -> None:
    written = script_json({"name": text, text: [text, 1, None]})
    assert json.loads(written) == {"name": text, text: [text, 1, None]}
    inside = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', written))
    assert not re.search(r"[<>&'`${}\[\]_\n\r\u2028\u2029\ud800-\udfff]", inside)


def test_numbers_that_json_has_not_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        script_json({"x": float("nan")})


# ------------------------------------------------------------------ the scene


def scores_of(report: Report) -> Callable[[str], CandidateScore | None]:
    return {score.id: score for score in report.scores}.get


@pytest.fixture
def scene(district: Callable[..., Report], base: BaseLayer) -> MapScene:
    report = district()
    return scene_from(base, report.inputs, report.coverage, scores_of(report), report.plan)


def test_the_scene_holds_every_station_candidate_and_planned_site(
    district: Callable[..., Report], scene: MapScene
) -> None:
    report = district()
    assert [p.id for p in scene.stations] == report.inputs.stations["id"].tolist()
    assert [p.id for p in scene.candidates] == report.inputs.candidates["id"].tolist()
    assert report.plan is not None
    assert [(p.id, p.order) for p in scene.plan] == [(s.id, s.order) for s in report.plan.selected]


def test_synthetic_data_and_method_are_said(
    district: Callable[..., Report], base: BaseLayer, scene: MapScene
) -> None:
    report = district()
    synthetic = report.inputs.synthetic
    assert scene.badges == (("合成示例数据", "内部工作用图") if synthetic else ("内部工作用图",))
    straight = replace(report.coverage, method="straight_line")
    assert "直线距离 × 1.35" in scene_from(base, report.inputs, straight).notes[0]
    real = replace(
        report.inputs, sources=tuple(replace(s, synthetic=False) for s in report.inputs.sources)
    )
    assert scene_from(base, real, report.coverage).badges == ("内部工作用图",)


def test_a_closed_station_is_drawn_as_closed(
    district: Callable[..., Report], base: BaseLayer
) -> None:
    report = district()
    stations = report.inputs.stations.copy()
    stations["state"] = ["suspended"] + ["open"] * (len(stations) - 1)
    inputs = replace(report.inputs, stations=stations)
    shown = scene_from(base, inputs, report.coverage).stations
    assert [p.active for p in shown] == [False] + [True] * (len(stations) - 1)
    assert "暂停" in shown[0].lines


def test_an_unknown_kind_has_a_look_of_its_own(
    district: Callable[..., Report], base: BaseLayer
) -> None:
    report = district()
    stations = report.inputs.stations.copy()
    stations["kind"] = ["teahouse", *stations["kind"].tolist()[1:]]
    shown = scene_from(base, replace(report.inputs, stations=stations), report.coverage)
    drawn = content(shown, details=False)
    assert drawn["symbols"][drawn["stations"]["symbol"][0]][0] == "其他驿站"
    assert len(drawn["stations"]["symbol"]) == len(stations)


def test_a_plan_of_other_candidates_is_an_error(
    district: Callable[..., Report], base: BaseLayer
) -> None:
    report = district()
    none = replace(report.inputs, candidates=report.inputs.candidates.iloc[:0])
    with pytest.raises(KeyError):
        scene_from(base, none, report.coverage, plan=report.plan)


def test_live_details_travel_for_the_picked_point_only(scene: MapScene) -> None:
    chosen = next(p for p in scene.candidates if scene.score_of(p.id) is not None)
    told = {p.id: score.says("zh") for p in scene.candidates if (score := scene.score_of(p.id))}
    picked = replace(scene, picked=chosen.id)

    def said(drawn: dict[str, Any]) -> dict[str, list[str]]:
        ids, rows = drawn["candidates"]["id"], drawn["candidates"]["lines"]
        return {ids[place]: [drawn["strings"][number] for number in line] for place, line in rows}

    quiet, loud = said(content(scene, details=False)), said(content(picked, details=False))
    whole = said(content(scene, details=True))
    assert told[chosen.id] not in quiet[chosen.id]
    assert told[chosen.id] in loud[chosen.id]
    assert [key for key in quiet if quiet[key] != loud[key]] == [chosen.id]
    assert all(sentence in whole[name] for name, sentence in told.items())
    answering = replace(picked, tells_picked=True)
    assert list(said(content(answering, details=False))) == [chosen.id]
    assert said(content(answering, details=True)) == whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_languages_can_be_drawn(scene: MapScene, lang: Lang) -> None:
    drawn = content(replace(scene, lang=lang), details=True)
    assert drawn["lang"] == lang
    assert all(drawn["texts"].values())


def test_kinds_differ_in_shape_not_in_colour_alone(base: BaseLayer) -> None:
    kinds = list(read_list("reference/kinds"))
    rows = [{"id": k, "name": k, "lon": 116.3, "lat": 39.7, "kind": k} for k in kinds]
    frame = pd.DataFrame(rows).reindex(columns=empty_table("stations").columns, fill_value="")
    inputs = Inputs(demand=empty_table("demand"), stations=frame)
    shown = scene_from(base, inputs, coverage_of_nobody())
    assert len({symbol.shape for symbol in shown.symbols}) == len(kinds)
    assert shown.surfaces == ()


def coverage_of_nobody() -> CoverageResult:
    none = np.zeros(0)
    return CoverageResult(
        workers_total=0.0,
        workers_covered=0.0,
        worker_hours_total=0.0,
        worker_hours_covered=0.0,
        hours_per_week=1.0,
        measure="workers",
        cutoff_m=1000.0,
        method="street",
        stations=0,
        unreachable_stations=(),
        unsnapped_demand=(),
        unsnapped_workers=0.0,
        towns=(),
        groups=(),
        windows=(),
        row_covered=np.zeros(0, dtype=bool),
        point_id=(),
        point_lon=none,
        point_lat=none,
        point_workers=none,
        point_covered=none,
        nearest_m=none,
    )


# ------------------------------------------------------------------ the live map


def test_the_base_map_stays_the_same_whatever_the_scene_shows(
    scene: MapScene, tmp_path: Path
) -> None:
    other = replace(scene, lang="en", plan=(), picked="x", focus=Focus(116.3, 39.7, 14, 1))

    def script(shown: MapScene) -> str:
        made = live_map(shown, static_folder=tmp_path).base
        made._id = "fixed"
        made.get_root().render()
        return str(made._template.module.script(made, {}))

    assert script(scene) == script(other)


def test_another_base_layer_is_another_script(scene: MapScene, tmp_path: Path) -> None:
    moved = replace(scene, base=base_layer(None, bounds=(1.0, 2.0, 3.0, 4.0)))
    mounts = [
        str(
            vars(next(iter(live_map(shown, static_folder=tmp_path).base._children.values())))[
                "config"
            ]
        )
        for shown in (scene, moved)
    ]
    assert mounts[0] != mounts[1]
    # streamlit-folium tells maps apart after taking every _[a-z0-9]+ away.
    assert re.sub(r"(_[a-z0-9]+)", "", mounts[0]) != re.sub(r"(_[a-z0-9]+)", "", mounts[1])


def test_the_live_map_asks_our_own_server_only(scene: MapScene, tmp_path: Path) -> None:
    shown = live_map(scene, static_folder=tmp_path)
    links = [link for _, link in (*shown.base.default_js, *shown.base.default_css)]
    assert all(link.startswith("../../app/static/") for link in links)
    served = {link.rsplit("/", 1)[-1] for link in links if "/base/" in link}
    assert served == {path.name for path in (tmp_path / "base").iterdir()}
    assert f"{scene.base.sha256}.js" in served
    assert all("http" not in link for link in links)
    assert folium.Map.default_js  # folium's own class is left as it was
    assert any("http" in link for _, link in folium.Map.default_js)


def test_publishing_twice_writes_once(tmp_path: Path) -> None:
    name = publish("let a = 1;", "js", tmp_path)
    written = (tmp_path / "base" / name).stat().st_mtime_ns
    assert publish("let a = 1;", "js", tmp_path) == name
    assert (tmp_path / "base" / name).stat().st_mtime_ns == written
    assert [path.name for path in (tmp_path / "base").iterdir()] == [name]


# ------------------------------------------------------------------ the map in one file


def test_one_file_names_no_other_host(scene: MapScene) -> None:
    html = standalone_html(scene)
    carried = re.findall(
        r"data:text/(?:javascript|css);charset=utf-8;base64,([A-Za-z0-9+/=]+)", html
    )
    assert len(carried) == 7
    opened = [html, *(base64.b64decode(part).decode() for part in carried)]
    code = [re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL) for text in opened]
    addresses = re.findall(r"https?://[^\s\"'<>)]*", "\n".join(code))
    assert [address for address in addresses if not ALLOWED_ADDRESSES.match(address)] == []
    assert not re.search(r"url\((?!['\"]?(data:|#))", "\n".join(opened))


def test_equal_scenes_give_equal_files(district: Callable[..., Report], base: BaseLayer) -> None:
    report = district()
    files = {
        standalone_html(scene_from(base, report.inputs, report.coverage, scores_of(report)))
        for _ in range(2)
    }
    assert len(files) == 1


def test_hostile_names_do_not_end_the_script(hostile: MapScene) -> None:
    html = standalone_html(hostile)
    assert html.count("</script>") == len(re.findall(r"<script\b", html))
    assert "window.pwned" not in re.sub(r'"(?:[^"\\]|\\.)*"', '""', html)


# ------------------------------------------------------------------ in Chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


class Opened:
    def __init__(self, browser: Browser, html: str, folder: Path) -> None:
        file = folder / "map.html"
        file.write_text(html, encoding="utf-8")
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 800})
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector(".ws-legend-body")

    def outside(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]

    def click_at(self, lon: float, lat: float) -> None:
        spot = self.page.evaluate(
            "([lat, lon]) => { const p = map_whole.latLngToContainerPoint([lat, lon]);"
            " return [p.x, p.y]; }",
            [lat, lon],
        )
        self.page.mouse.click(spot[0], spot[1])


@pytest.mark.browser
def test_the_file_opens_zooms_and_answers_clicks(
    browser: Browser, scene: MapScene, tmp_path: Path
) -> None:
    opened = Opened(browser, standalone_html(scene), tmp_path)
    before = opened.page.evaluate("map_whole.getZoom()")
    opened.page.get_by_title("放大").click()
    opened.page.wait_for_timeout(600)
    assert opened.page.evaluate("map_whole.getZoom()") == before + 1
    target = scene.plan[0]
    opened.page.evaluate(
        "([lat, lon]) => map_whole.setView([lat, lon], 15, {animate: false})",
        [target.lat, target.lon],
    )
    opened.click_at(target.lon, target.lat)
    expect(opened.page.locator(".ws-card")).to_contain_text(target.name)
    assert opened.page.locator(".ws-add").is_hidden()
    assert opened.outside() == []
    assert opened.complaints == []
    opened.page.close()


@pytest.mark.browser
def test_hostile_names_are_shown_and_never_run(
    browser: Browser, hostile: MapScene, tmp_path: Path
) -> None:
    opened = Opened(browser, standalone_html(hostile), tmp_path)
    for lat, points in (
        (39.7, hostile.stations),
        (39.65, hostile.candidates),
        (39.75, hostile.plan),
    ):
        for point in points:
            opened.click_at(point.lon, lat)
            shown = opened.page.locator(".ws-card b").evaluate("node => node.textContent")
            assert shown == point.name
    opened.page.wait_for_timeout(300)
    assert opened.page.evaluate("window.pwned") is None
    assert opened.page.locator("img[src=x]").count() == 0
    assert opened.outside() == []
    assert opened.complaints == []
    opened.page.close()


@pytest.mark.browser
def test_layers_switch_and_two_surfaces_never_lie_over_each_other(
    browser: Browser, scene: MapScene, tmp_path: Path
) -> None:
    opened = Opened(browser, standalone_html(scene), tmp_path)
    gap, density = (opened.page.locator(f"input[data-layer={name}]") for name in ("gap", "density"))
    pictures = opened.page.locator("img.leaflet-image-layer")
    assert (gap.is_checked(), density.is_checked(), pictures.count()) == (True, False, 1)
    density.check()
    assert (gap.is_checked(), density.is_checked(), pictures.count()) == (False, True, 1)
    density.uncheck()
    assert pictures.count() == 0
    opened.page.close()


def test_what_stays_travels_once(scene: MapScene) -> None:
    drawn = content(scene, details=False)
    light, marks = in_parts(drawn, ())
    assert set(light["parts"]) == set(marks)
    whole = dict(light["parts"])
    again, same = in_parts(content(replace(scene, answered=7), details=False), marks)
    assert (again["parts"], same) == ({}, marks)
    for layer in ("stations", "candidates"):
        held = again[layer]
        pieces = [whole[mark] for mark in held["parts"]]
        put = {**held, **{name: [x for piece in pieces for x in piece[name]] for name in FIXED}}
        assert {name: put[name] for name in drawn[layer]} == drawn[layer]
    urls = [whole[surface["parts"][0]]["url"] for surface in again["surfaces"]]
    assert urls == [surface["url"] for surface in drawn["surfaces"]]
    assert "x" in drawn["stations"]


def test_a_surface_that_nobody_sees_is_not_drawn_until_the_page_wants_it(
    scene: MapScene, tmp_path: Path
) -> None:
    drawn: list[str] = []

    def watched(surface: Surface) -> Surface:
        def draw() -> NDArray[np.uint8]:
            drawn.append(surface.layer)
            return surface.draw()

        return replace(surface, draw=draw)

    shown = replace(scene, surfaces=tuple(map(watched, scene.surfaces)))
    hidden = {surface.layer for surface in scene.surfaces} - set(scene.visible)
    assert hidden == {"density"}
    quiet = live_map(shown, static_folder=tmp_path)
    assert drawn
    assert "density" not in drawn
    asked = live_map(shown, known=quiet.marks, wanted={"density"}, static_folder=tmp_path)
    assert "density" in drawn
    assert set(quiet.marks) < set(asked.marks)


def test_a_point_that_is_moved_costs_its_slice(scene: MapScene) -> None:
    one = scene.candidates[0]
    many = tuple(replace(one, id=f"c{n}", name=f"第{n}个") for n in range(900))
    _, marks = in_parts(content(replace(scene, candidates=many), details=False), ())
    moved = (*many[:-1], replace(many[-1], lon=one.lon + 0.01))
    light, _ = in_parts(content(replace(scene, candidates=moved), details=False), marks)
    (piece,) = light["parts"].values()
    assert piece["id"][-1] == "c899"
    assert len(piece["id"]) < 60
