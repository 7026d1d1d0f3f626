"""Step 4 asks a service of maps for addresses: only where a key is set, and only when told to."""

import pytest
from streamlit.testing.v1 import AppTest

from geo.geocoding.services import SERVICES
from register import Register
from tests.geocoders import KEY, NOTHING, PLACE, SHANGHAI, Stub, amap, stub
from tests.unit.ui.conftest import walk
from ui import keys

__all__ = ["stub"]

TEXT = "企业名称,地址\n甲厂,兴丰大街二段1号\n乙厂,不存在路9号\n丙厂,外滩1号\n丁厂,兴丰大街二段1号\n"
AMAP = SERVICES["amap"]


def _draw() -> None:
    from ui.data import page as data_page  # noqa: PLC0415 -- the harness runs this as a script of its own

    data_page.draw()


def opened() -> AppTest:
    page = AppTest.from_function(_draw, default_timeout=60).run()
    page.selectbox(key=keys.TABLE).set_value("enterprises").run()
    page.file_uploader[0].upload("台账.csv", TEXT.encode(), "x/y").run()
    return walk(page)


def labels(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


@pytest.mark.usefixtures("empty_district")
def test_without_a_key_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in SERVICES.values():
        monkeypatch.delenv(service.variable, raising=False)
    assert "ask_addresses" not in labels(opened())


def test_what_is_found_counts_once_somebody_takes_it(
    empty_district: Register, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AMAP.variable, KEY)
    monkeypatch.setenv(AMAP.url_variable, f"{stub.url}/geo")
    stub.answers = [(200, amap(*PLACE)), (200, NOTHING["amap"]), (200, amap(*SHANGHAI))]
    page = opened()
    told = "\n".join(str(caption.value) for caption in page.caption).replace("\\", "")
    host = stub.url.removeprefix("http://")
    assert f"会把 4 行的地址（只有地址，没有名称、人名和电话）经互联网发给高德（{host}）" in told
    assert stub.asked == []
    page.button(key="ask_addresses").click().run()
    assert [asked["address"] for asked in stub.asked] == [
        "北京市大兴区兴丰大街二段1号",
        "北京市大兴区不存在路9号",
        "北京市大兴区外滩1号",
    ]
    assert KEY not in "".join(str(part.value) for part in (*page.markdown, *page.caption))
    assert page.button(key="confirm_import").disabled  # proposals only
    assert "ask_addresses" not in labels(page)
    assert {"take_address_2", "take_address_4", "take_address_5"} <= labels(page)
    page.button(key="take_addresses").click().run()  # Shanghai is proposed, and not among them
    assert page.button(key="confirm_import").label == "导入 2 条企业"
    page.button(key="confirm_import").click().run()
    stored = {record["name"]: record for record in empty_district.records("enterprises")}
    assert set(stored) == {"甲厂", "丁厂"}
    assert stored["甲厂"]["position_state"] == "address_door"
    found = [float(str(stored["甲厂"][axis])) for axis in ("lon", "lat")]
    assert found == pytest.approx(PLACE, abs=1e-6)
