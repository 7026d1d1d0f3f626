"""Addresses asked of a server here that answers as Tianditu and Amap do, well and badly."""

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.datum import to_wgs84
from geo.errors import InputError
from geo.findings import Finding
from geo.geocoding import GeocodeServer, Located, geocode_server, locate
from geo.geocoding.asking import MAX_ANSWER_BYTES, ask, full_address
from geo.geocoding.locating import MOST_FAILURES, STATES, require_addresses
from geo.geocoding.services import SERVICES, Answer, Place, Trouble, level_of
from geo.intake import read_table
from geo.intake.unplaced import TO_VERIFY, Unplaced
from geo.intake.wishes import Wishes
from geo.reference import read_list
from tests.geocoders import (
    KEY,
    NOTHING,
    PLACE,
    SHANGHAI,
    Stub,
    amap,
    amap_refuses,
    stub,
    tianditu,
)
from words import LANGUAGES

__all__ = ["stub"]

TABLE = """名称,地址,经度,纬度
甲厂,兴丰大街二段1号,,
乙厂,清源路2号,116.345,39.731
丙厂,兴丰大街二段1号,,
丁厂,,,
戊厂,不存在路9号,,
"""


def waiting(*addresses: str) -> Unplaced:
    rows = np.arange(len(addresses), dtype=np.int64) + 2
    return Unplaced(pd.DataFrame({"address": list(addresses)}), rows)


def told(findings: tuple[Finding, ...]) -> list[tuple[int | None, str]]:
    """Return row and code of findings, each of which can be said without the key."""
    for finding in findings:
        for lang in LANGUAGES:
            assert KEY not in finding.message(lang)
            assert finding.message(lang)
    return [(finding.row, finding.code) for finding in findings]


@pytest.mark.parametrize(
    ("name", "answer", "datum", "said"),
    [("tianditu", tianditu(*PLACE), "cgcs2000", "门址"), ("amap", amap(*PLACE), "gcj02", "门牌号")],
)
def test_an_address_becomes_a_place_with_the_datum_of_the_service(
    stub: Stub, name: str, answer: bytes, datum: str, said: str
) -> None:
    stub.answers = [(200, answer)]
    found = ask(stub.server(name), "兴丰大街二段1号")
    assert isinstance(found, Place)
    assert (found.datum, found.said, found.level) == (datum, said, "door")
    assert "兴丰大街二段1号" in found.matched
    lon, lat = to_wgs84(found.lon, found.lat, found.datum)
    assert (float(lon), float(lat)) == pytest.approx(PLACE, abs=1e-6)
    (question,) = stub.asked
    assert KEY in question.values()
    sent = question.get("address") or json.loads(question["ds"])["keyWord"]
    assert sent == "北京市大兴区兴丰大街二段1号"


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("兴丰大街1号", "北京市大兴区兴丰大街1号"),
        ("大兴区兴丰大街1号", "北京市大兴区兴丰大街1号"),
        ("北京市朝阳区阜通东大街6号", "北京市朝阳区阜通东大街6号"),
        ("北京大兴兴丰大街1号", "北京大兴兴丰大街1号"),
    ],
)
def test_city_and_district_are_named_where_the_address_does_not(address: str, whole: str) -> None:
    server = GeocodeServer("amap", KEY)
    assert full_address(address, server) == whole
    assert full_address(address, replace(server, region="")) == address


@pytest.mark.parametrize("name", ["tianditu", "amap"])
def test_rows_are_placed_to_be_verified_and_every_one_is_told(stub: Stub, name: str) -> None:
    good = tianditu(*PLACE) if name == "tianditu" else amap(*PLACE)
    stub.answers = [(200, good), (200, NOTHING[name])]
    text = TABLE.encode()
    before = read_table(text, "enterprises", datum="bd09")
    assert before.unplaced.rows.tolist() == [2, 4, 5, 6]
    found = locate(before.unplaced, stub.server(name), heading="地址", file="企业.csv")
    assert told(found.findings) == [
        (2, f"geocode_found_{name}"),
        (4, f"geocode_found_{name}"),
        (6, "geocode_nothing"),
    ]
    assert {(f.column, f.file, f.severity) for f in found.findings} == {
        ("地址", "企业.csv", "warning")
    }
    # One address is asked once, and a row without an address never.
    assert (found.asked, found.placed, len(stub.asked)) == (2, 2, 2)
    wishes = Wishes(corrections=found.corrections)
    after = read_table(text, "enterprises", datum="bd09", wishes=wishes)
    assert after.rows.tolist() == [2, 3, 4]
    assert after.frame["position_state"].tolist() == ["address_door", "", "address_door"]
    service = SERVICES[name].datum
    assert after.row_datums.tolist() == [service, "bd09", service]
    placed = after.frame.loc[[0, 2], ["lon", "lat"]].to_numpy()
    assert placed == pytest.approx(np.array([PLACE, PLACE]), abs=1e-6)
    # The row that has a position of its own is as it was.
    assert after.frame["lon"].iloc[1] == before.frame["lon"].iloc[0]
    assert after.unplaced.rows.tolist() == [5, 6]


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("门牌号", "door"),
        ("兴趣点", "door"),
        ("道路", "road"),
        ("道路交叉路口", "road"),
        ("村庄", "area"),
        ("乡镇", "area"),
        ("未知", "area"),
        ("", "area"),
        ("区县", "district"),
        ("市", "district"),
    ],
)
def test_the_services_word_for_how_well_it_knew_is_kept(said: str, level: str) -> None:
    assert level_of(said) == level
    answer = Place(*PLACE, "cgcs2000", level_of(said), said, "兴丰大街")
    found = locate(waiting("兴丰大街"), GeocodeServer("tianditu", KEY), asking=lambda *_: answer)
    (finding,) = found.findings
    assert finding.facts["level"] == (said or "—")
    if level == "district":
        assert told(found.findings) == [(2, "geocode_coarse")]
        assert found.corrections == {}
    else:
        state = found.corrections[2, "position_state"]
        assert state == f"address_{level}"
        assert "待核实" in read_list("reference/position_states")[state]["zh"]


def test_what_lies_outside_the_district_is_proposed_and_not_taken(stub: Stub) -> None:
    stub.answers = [(200, amap(*SHANGHAI))]
    found = locate(waiting("兴丰大街1号"), stub.server("amap"))
    assert told(found.findings) == [(2, "geocode_outside")]
    assert found.corrections == {}
    (finding,) = found.findings
    assert finding.repair["datum"] == "gcj02"
    assert float(finding.repair["lon"]) == pytest.approx(SHANGHAI[0], abs=0.02)
    there = shapely.box(121.0, 31.0, 122.0, 32.0)
    assert locate(waiting("兴丰大街1号"), stub.server("amap"), outline=there).placed == 1


@pytest.mark.parametrize(
    ("name", "status", "body", "code"),
    [
        ("tianditu", 403, '{"msg": "非法Key", "code": "301"}'.encode(), "geocode_key"),
        ("tianditu", 418, b"", "geocode_key"),
        ("amap", 200, amap_refuses("10001", "INVALID_USER_KEY"), "geocode_key"),
        ("amap", 200, amap_refuses("10003", "DAILY_QUERY_OVER_LIMIT"), "geocode_quota"),
        ("amap", 200, amap_refuses("10044", "USER_DAILY_QUERY_OVER_LIMIT"), "geocode_quota"),
        ("tianditu", 429, b"", "geocode_quota"),
    ],
)
def test_a_wrong_key_or_no_quota_ends_the_questions_and_keeps_what_was_found(
    stub: Stub, name: str, status: int, body: bytes, code: str
) -> None:
    good = tianditu(*PLACE) if name == "tianditu" else amap(*PLACE)
    stub.answers = [(200, good), (status, body)]
    found = locate(waiting("一号", "二号", "三号", "四号"), stub.server(name))
    assert told(found.findings) == [
        (2, f"geocode_found_{name}"),
        (3, code),
        (4, "geocode_not_asked"),
        (5, "geocode_not_asked"),
    ]
    assert (found.placed, found.asked) == (1, 2)


@pytest.mark.parametrize(
    ("name", "status", "body", "code"),
    [
        ("amap", 200, b"<html>garbage</html>", "geocode_broken"),
        ("amap", 200, b"[]", "geocode_broken"),
        ("amap", 200, b'{"status": "1", "geocodes": [{"location": []}]}', "geocode_broken"),
        ("amap", 200, b'{"status": "1", "geocodes": [{"location": "nan,1"}]}', "geocode_broken"),
        ("amap", 200, b'{"status": "1"}', "geocode_broken"),
        ("tianditu", 200, b"", "geocode_broken"),
        ("tianditu", 200, tianditu(39.727, 116.338), "geocode_broken"),
        ("tianditu", 200, tianditu(*PLACE)[:-9], "geocode_broken"),
        ("tianditu", 200, b"[" * 100_000, "geocode_broken"),
        ("tianditu", 200, b" " * (MAX_ANSWER_BYTES + 1), "geocode_broken"),
        ("tianditu", 200, tianditu(0, 0), "geocode_nothing"),
        ("tianditu", 200, b'{"status": "0", "msg": "ok"}', "geocode_nothing"),
        ("tianditu", 200, NOTHING["tianditu"], "geocode_nothing"),
        ("tianditu", 200, b'{"status": "404", "msg": "error"}', "geocode_refused"),
        ("amap", 200, NOTHING["amap"], "geocode_nothing"),
        ("amap", 200, amap_refuses("30001", "ENGINE_RESPONSE_DATA_ERROR"), "geocode_nothing"),
        ("amap", 200, amap_refuses("10021", "CUQPS_HAS_EXCEEDED"), "geocode_refused"),
        ("amap", 500, b"oops", "geocode_refused"),
    ],
)
def test_one_bad_answer_is_told_with_its_row_and_the_next_address_is_asked(
    stub: Stub, name: str, status: int, body: bytes, code: str
) -> None:
    good = tianditu(*PLACE) if name == "tianditu" else amap(*PLACE)
    stub.answers = [(status, body), (200, good)]
    found = locate(waiting("一号", "二号"), stub.server(name))
    assert told(found.findings) == [(2, code), (3, f"geocode_found_{name}")]
    assert found.placed == 1


def test_several_failures_one_after_another_end_the_questions(stub: Stub) -> None:
    stub.answers = [(500, b""), (200, tianditu(*PLACE)), *[(500, b"")] * 5]
    found = locate(waiting(*(f"{i}号" for i in range(7))), stub.server())
    codes = [code for _, code in told(found.findings)]
    assert codes[:2] == ["geocode_refused", "geocode_found_tianditu"]
    assert codes[2:] == ["geocode_refused"] * MOST_FAILURES + ["geocode_not_asked"] * 2


def test_addresses_that_nobody_knows_are_no_failure(stub: Stub) -> None:
    stub.answers = [(200, NOTHING["tianditu"])]
    found = locate(waiting(*(f"{i}号" for i in range(5))), stub.server())
    assert found.asked == 5


def test_no_more_addresses_are_asked_than_one_import_may() -> None:
    server = replace(GeocodeServer("amap", KEY, per_second=1e6), most=2)
    answer = Place(*PLACE, "gcj02", "door", "门牌号", "")
    found = locate(waiting("一号", "二号", "三号"), server, asking=lambda *_: answer)
    assert [code for _, code in told(found.findings)][2] == "geocode_most"
    assert found.asked == 2


def test_questions_keep_their_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("geo.geocoding.locating.time.monotonic", lambda: now[0])
    monkeypatch.setattr("geo.geocoding.locating.time.sleep", sleep)
    server = GeocodeServer("amap", KEY, per_second=4)
    locate(waiting("一号", "二号", "三号"), server, asking=lambda *_: Trouble("geocode_nothing"))
    assert slept == [0.25, 0.25]


def silent(seconds: bytes) -> Callable[[socket.socket], None]:
    """Return a server that sends some bytes now and then, and never an end."""

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            try:
                while seconds:
                    connection.sendall(seconds)
                    threading.Event().wait(0.05)
                while connection.recv(65536):
                    pass
            except OSError:
                return

    return serve


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("drip", [b"", b" "])
def test_a_service_that_does_not_come_to_an_end_is_given_up(drip: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=silent(drip), args=(listener,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = GeocodeServer("amap", KEY, url, timeout_s=0.3)
        found = locate(waiting("一号"), server)
        assert told(found.findings) == [(2, "geocode_timeout")]
        thread.join(2)


@pytest.mark.usefixtures("stub")
def test_nobody_there_is_told_without_the_key() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    found = ask(GeocodeServer("amap", KEY, url, timeout_s=2), "一号")
    assert found == Trouble(
        "geocode_unreachable", {"reason": "ConnectionRefusedError"}, failed=True
    )


def test_a_redirection_is_not_followed(stub: Stub) -> None:
    stub.answers, stub.headers = [(302, b"")], {"Location": f"{stub.url}/elsewhere"}
    found = ask(stub.server(), "一号")
    assert isinstance(found, Trouble)
    assert found.code == "geocode_refused"
    assert len(stub.asked) == 1


def test_a_proxy_is_asked_in_place_of_the_service(stub: Stub) -> None:
    stub.answers = [(200, amap(*PLACE))]
    server = replace(stub.server("amap"), url="http://amap.invalid/geo", proxy=stub.url)
    assert isinstance(ask(server, "一号"), Place)


def test_a_service_that_says_the_key_back_is_not_quoted(stub: Stub) -> None:
    stub.answers = [(200, amap_refuses("10001", f"INVALID_USER_KEY {KEY}"))]
    assert told(locate(waiting("一号"), stub.server("amap")).findings) == [(2, "geocode_key")]
    stub.answers = [(200, tianditu(*PLACE, address=KEY))]
    told(locate(waiting("二号"), stub.server()).findings)


def test_the_key_comes_from_the_environment_and_is_shown_nowhere(stub: Stub) -> None:
    server = stub.server()
    assert server.key == KEY
    assert KEY not in repr(server)
    with pytest.raises(InputError) as caught:
        geocode_server("amap", environment={})
    assert caught.value.code == "geocode_no_key"
    for lang in LANGUAGES:
        assert "WARM_STATION_AMAP_KEY" in caught.value.message(lang)
    with pytest.raises(InputError) as caught:
        geocode_server("amap", url="file:///etc/passwd", environment={"WARM_STATION_AMAP_KEY": "k"})
    assert caught.value.code == "geocode_endpoint"


def test_only_tables_with_addresses_are_asked_for() -> None:
    for table in ("stations", "candidates", "hosts", "enterprises"):
        require_addresses(table)
    with pytest.raises(InputError) as caught:
        require_addresses("demand")
    assert caught.value.code == "geocode_no_addresses"
    nothing = locate(Unplaced(), GeocodeServer("amap", KEY), asking=_never)
    assert nothing.findings == Located().findings


def test_every_state_of_an_address_gives_way_to_a_true_position() -> None:
    assert set(STATES.values()) < TO_VERIFY
    assert set(read_list("reference/position_states")) >= TO_VERIFY


def _never(*_: object) -> Answer:
    raise AssertionError
