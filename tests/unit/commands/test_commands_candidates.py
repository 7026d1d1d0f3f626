"""From an OSM file to candidates that other commands read, on the command line."""

from pathlib import Path

from tests.unit.commands.terminal import STREETS, answer, base, run

HOSTS = STREETS.replace(
    "</osm>",
    '<node id="90" lat="39.7003" lon="116.3301"><tag k="amenity" v="bank"/>'
    '<tag k="name" v="甲银行"/></node><node id="91" lat="39.7003" lon="116.3302">'
    '<tag k="amenity" v="restaurant"/><tag k="name" v="乙饭馆"/></node></osm>',
)


def test_hosts_become_candidates_that_score_and_plan_read(
    files: dict[str, Path], tmp_path: Path
) -> None:
    osm, hosts, out = (tmp_path / name for name in ("h.osm", "hosts.csv", "new.csv"))
    # OSM files list nodes before ways.
    start, ways = HOSTS.split("<way", 1)
    way, nodes = ways.split("</way>", 1)
    osm.write_text(f"{start}{nodes.removesuffix('</osm>')}<way{way}</way></osm>", "utf-8")
    found = answer(run("hosts", osm, "--out", hosts, "--json"))
    assert (found["hosts"], found["by_type"]) == (2, {"bank": 1, "restaurant": 1})
    words = [*base(files), "--streets", files["streets"], "--cutoff-m", 1000]
    made = answer(run("candidates", *words, "--hosts", hosts, "--spares", "--out", out, "--json"))
    (row,) = made["candidates"]
    assert (row["id"], row["kind"], row["origin"]) == ("host-osm-n90", "street_front", "host")
    assert made["dropped"][0] | {"apart_m": 0} == {
        "id": "host-osm-n91",
        "name": "乙饭馆",
        "kept": "host-osm-n90",
        "kept_name": "甲银行",
        "reason": "near",
        "apart_m": 0,
    }
    assert [spare["name"] for spare in row["spares"]] == ["乙饭馆"]
    assert made["lacking"] == {"gate": "enterprises", "hard": "windows"}
    scored = answer(run("score", *words, "--candidates", out, "--json"))
    assert [item["id"] for item in scored["candidates"]] == ["host-osm-n90"]
    more = [*words, "--candidates", out, "--hosts", hosts, "--new", 1, "--json"]
    (chosen,) = answer(run("plan", *more))["selected"]
    assert (chosen["id"], chosen["workers_gained"]) == ("host-osm-n90", 40)
    assert chosen["cost_assumed"]
    (spare,) = chosen["spares"]
    assert (spare["name"], spare["kept_share"], spare["workers_kept"]) == ("乙饭馆", 1.0, 40)
    spoken = run("candidates", *words, "--hosts", hosts, "--out", out).stdout
    assert "依托单位：找到 2 处，去重后 1 处" in spoken
    assert "大企业门口：没有企业记录，没有生成" in spoken


def test_what_cannot_be_done_is_said(files: dict[str, Path], tmp_path: Path) -> None:
    words = [*base(files), "--out", tmp_path / "new.csv"]
    wrong = run("candidates", *words, "--from", "host,ufo")
    assert wrong.exit_code == 2
    assert "host,ufo" in wrong.stderr
    assert run("candidates", *base(files), "--out", files["demand"]).exit_code == 2
    table = run("hosts", files["demand"], "--out", tmp_path / "h.csv")
    assert table.exit_code == 1
    assert "不是 OSM 文件" in table.stderr
    rules = tmp_path / "mine.toml"
    rules.write_text("version = ", encoding="utf-8")
    bad = run("hosts", files["streets"], "--rules", rules, "--out", tmp_path / "h.csv")
    assert (bad.exit_code, "mine.toml" in bad.stderr) == (1, True)
