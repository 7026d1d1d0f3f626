"""Every command that attaches points lets them use more streets than the nearest."""

from pathlib import Path

import docx
import pyogrio
import pytest

from tests.unit.commands.terminal import answer, run

# Two streets of 2.2 km from one corner, north and east; 0.0001 degrees are 8.57 m and 11.1 m.
STREETS = """<osm version="0.6">
<node id="1" lat="39.70" lon="116.30"/><node id="2" lat="39.72" lon="116.30"/>
<node id="3" lat="39.70" lon="116.326"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="2"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/></way></osm>"""
# The station is 10.3 m from the street north, 11.1 m from the street east.
STATIONS = "id,name,lon,lat\ns1,路口,116.30012,39.7001\n"
CANDIDATES = "id,name,lon,lat,cost_yuan\nc1,甲,116.30012,39.7001,4000\n"
DEMAND = "id,lon,lat,town,workers\nnorth,116.30,39.7045,甲镇,10\neast,116.30583,39.70,甲镇,20\n"
LEGS = "--alternatives-m"


@pytest.fixture
def corner(tmp_path: Path) -> Path:
    names = {"s.osm": STREETS, "t.csv": STATIONS, "c.csv": CANDIDATES, "d.csv": DEMAND}
    for name, text in names.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def words(folder: Path, command: str, *more: object) -> list[object]:
    sites = ["--stations", folder / "t.csv", "--candidates", folder / "c.csv"]
    demand = [] if command == "service-area" else ["--demand", folder / "d.csv"]
    given = [command, "--streets", folder / "s.osm", *sites, *demand, "--cutoff-m", 515]
    return [*given, *more]


def test_coverage_score_and_plan(corner: Path) -> None:
    """East lies 510.9 m along its street from the corner: out of reach round it, not directly."""
    covered = {}
    for more in ((), (LEGS, 15)):
        found = answer(run(*words(corner, "coverage", *more, "--json")))
        covered[found["alternatives_m"]] = found["workers_covered"]
        assert found["attach_cap_m"] == 200
    assert covered == {0: 10, 15: 30}
    spoken = run(*words(corner, "coverage", LEGS, 15)).stdout
    assert "不超过最近街道加 15 米" in spoken
    assert "最近街道加" not in run(*words(corner, "coverage")).stdout
    english = run(*words(corner, "plan", "--new", 1, LEGS, 15, "--lang", "en")).stdout
    assert "at most that of its nearest plus 15 m" in english
    plan = answer(run(*words(corner, "plan", "--new", 1, LEGS, 15, "--json")))
    assert plan["parameters"]["alternatives_m"] == 15
    assert plan["workers_covered_before"] == 30
    score = answer(run(*words(corner, "score", LEGS, 15, "--json")))
    assert score["alternatives_m"] == 15


def test_report_names_it(corner: Path, tmp_path: Path) -> None:
    made = answer(run(*words(corner, "report", LEGS, 15, "--out", tmp_path / "r", "--json")))
    assert made["alternatives_m"] == 15
    assert made["coverage"]["workers_covered"] == 30
    tables = docx.Document(str(tmp_path / "r" / "report.docx")).tables
    rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert ["可用街道（接入距离比最近者多）", "15 米"] in rows


def test_catchments_and_service_areas(corner: Path, tmp_path: Path) -> None:
    table, areas = tmp_path / "m.csv", tmp_path / "a.gpkg"
    entries, km = [], []
    for more in ((), (LEGS, 15)):
        found = answer(run(*words(corner, "catchments", *more, "--out", table, "--json")))
        entries.append(found["entries"])
        drawn = answer(run(*words(corner, "service-area", *more, "--out", areas, "--json")))
        km.append(drawn["street_km"])
        assert drawn["layers"]["sites"] == 2
        assert drawn["alternatives_m"] == found["alternatives_m"]
    assert entries == [2, 4]
    # From the corner building, 515 m less a leg either way, in place of going round the corner.
    assert km[1] - km[0] == pytest.approx(2 * 0.0195, abs=0.003)
    sites = pyogrio.read_dataframe(areas, layer="sites")  # noqa: TID251
    assert list(sites["status"]) == ["ok", "ok"]
    assert sites["leg_m"].tolist() == pytest.approx([10.3, 10.3], abs=0.1)


def test_less_than_none_is_refused(corner: Path) -> None:
    refused = run(*words(corner, "coverage", LEGS, -1, "--json"))
    assert answer(refused, 2)["error"]["code"]
