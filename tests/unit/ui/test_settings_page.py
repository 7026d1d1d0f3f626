"""设置: base map, approval number, limits, the district itself; who may, and what is told."""

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from register import Home, Register, access_log
from register.settings import APPROVAL, settled
from register.settings_installation import FILE, Installation, installation, settle_installation
from tests.unit.ui.conftest import WHO, page_of
from ui import keys
from ui.settings import installed
from ui.settings.limits import fixed

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
PARTS = ("basemap", "people", "backup", "limits", "district")
KEY = "0123456789abcdef0123456789abcdef"
Page = Callable[..., AppTest]


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.settings import page as settings  # noqa: PLC0415 -- the harness takes the body alone

    guarded(settings.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw)


def text_of(page: AppTest) -> str:
    assert not page.exception
    parts = [*page.markdown, *page.caption, *page.info, *page.success, *page.warning, *page.error]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def told(page: AppTest) -> list[str]:
    assert not page.exception
    return [str(box.value).replace("\\", "") for box in page.success]


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


@LANGS
@pytest.mark.parametrize("project", ["sample", "district"])
@pytest.mark.usefixtures("empty_district")
def test_every_part_is_drawn(page: Page, lang: str, project: str) -> None:
    opened = page(lang, **{keys.PROJECT: project})
    for part in PARTS:
        opened.session_state[keys.SETTINGS_PART] = part
        opened.run()
        assert [str(error.value) for error in opened.error] == [], part
        assert text_of(opened)


def test_the_base_map_is_off_until_an_administrator_chooses_one(
    empty_district: Register, home: Home, page: Page
) -> None:
    opened = page()
    assert installed.tiles() is None
    assert not opened.warning
    opened.radio[0].set_value("tianditu").run()
    assert "会联网" in opened.warning[0].value
    press(opened, "保存底图设置")
    assert "须先填密钥" in text_of(opened)
    opened.radio[0].set_value("tianditu").run()
    opened.text_input[0].set_value("javascript:alert(1)//")
    press(opened, "保存底图设置")
    assert "16 到 64 个英文字母和数字" in text_of(opened)
    assert installation(home.folder) == Installation()
    opened.radio[0].set_value("tianditu").run()
    opened.text_input[0].set_value(KEY)
    press(opened, "保存底图设置")
    assert told(opened) == ["已保存：天地图（要密钥）。地图下次打开时换上。"]
    assert "末四位 cdef" in opened.text_input[0].placeholder
    assert opened.text_input[0].value == ""
    press(opened, "保存底图设置")  # a blank box keeps the key
    opened.radio[0].set_value("amap").run()
    press(opened, "保存底图设置")
    held = installation(home.folder)
    assert (held.basemap, held.tianditu_key, held.version) == ("amap", KEY, 3)
    assert installed.tiles() is not None
    assert stat.S_IMODE((home.folder / FILE).stat().st_mode) & 0o077 == 0
    assert empty_district.revision() == 1


def test_the_key_is_in_no_log_and_no_backup(
    empty_district: Register, home: Home, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    opened = page()
    opened.radio[0].set_value("tianditu").run()
    opened.text_input[0].set_value(KEY)
    press(opened, "保存底图设置")
    assert access_log.last(home.folder, 9)[0]["what"] == "settings_changed"
    assert KEY not in caplog.text + repr(installation(home.folder))
    made = empty_district.back_up(home.folder / "backups", daily=False)
    written = [file for file in home.folder.rglob("*") if file.is_file() and file.name != FILE]
    assert made.path in written
    assert [file.name for file in written if KEY.encode() in file.read_bytes()] == []


@pytest.mark.parametrize("role", ["planner", "staff", "manager"])
def test_others_read_what_holds(empty_district: Register, page: Page, role: str) -> None:
    empty_district.add("units", {"name": "甲镇"}, who=WHO)
    user = {"login": "u", "person": "李四", "role": role, "unit": "甲镇", "active": True}
    empty_district.add("users", {**user, "login": "a", "role": "admin", "person": "管"}, who=WHO)
    empty_district.add("users", user, who=WHO)
    opened = page(**{keys.SIGNED: {str(empty_district.folder): "u"}})
    assert "现在用：**自绘底图" in text_of(opened)
    assert "只有管理员可以改" in text_of(opened)
    assert not opened.radio
    for part in ("backup", "district"):
        opened.session_state[keys.SETTINGS_PART] = part
        opened.run()
        assert "只有管理员可以做" in text_of(opened)
        assert not opened.get("file_uploader")
    assert ("由区里定" in text_of(opened)) == (role != "planner")
    opened.session_state[keys.SETTINGS_PART] = "limits"
    opened.run()
    assert all(box.disabled for box in opened.number_input)
    nobody = page()
    assert not nobody.radio
    nobody.selectbox(key="sign_who").set_value("a").run()
    nobody.button(key="sign_confirm").click().run()
    assert nobody.radio


def test_a_change_that_began_with_older_settings_is_refused(
    empty_district: Register, home: Home, page: Page
) -> None:
    del empty_district
    opened = page(**{keys.SETTINGS_PART: "limits"})
    settle_installation(home.folder, Installation(searches=3), seen=0)
    opened.number_input[0].set_value(60)
    press(opened, "保存限额")
    assert "设置刚被别人改过" in text_of(opened)
    opened.number_input[0].set_value(60)
    press(opened, "保存限额")
    held = installation(home.folder)
    assert (held.plan_seconds, held.searches) == (60, 3)


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"basemap": "x"}', '{"searches": 99}', '{"later": 1}']
)
def test_damaged_settings_are_told_and_switch_nothing_on(
    empty_district: Register, home: Home, page: Page, content: str
) -> None:
    del empty_district
    (home.folder / FILE).write_text(content)
    assert installed.in_force() == Installation()
    opened = page()
    assert "设置文件 settings.json 已损坏" in text_of(opened)


def test_the_approval_number_is_the_districts_and_can_be_taken_back(
    empty_district: Register, page: Page
) -> None:
    opened = page()
    next(b for b in opened.text_input if b.label == "审图号").set_value(" 京S（2026）001号 ")
    press(opened, "保存审图号")
    assert told(opened) == ["地图上以后写：审图号：京S（2026）001号"]
    assert settled(empty_district, APPROVAL) == "京S（2026）001号"
    next(b for b in opened.text_input if b.label == "审图号").set_value("")
    press(opened, "保存审图号")
    assert told(opened) == ["地图上以后写：内部工作用图"]
    assert settled(empty_district, APPROVAL) == ""


def test_fixed_limits_are_those_that_act() -> None:
    found = dict(zip(fixed()["限制什么"], fixed()["最多"], strict=True))
    assert found["一张照片"] == "20 MB"
    assert found["读一个文件的时间"] == "90 秒"
    assert found["推算一个方案的内存"] == "4 GB"


@pytest.fixture
def care(page: Page) -> Page:
    def start() -> AppTest:
        return page(**{keys.SETTINGS_PART: "district"})

    return start


@pytest.mark.parametrize("layer", ["streets", "demand", "stations", "candidates"])
def test_a_layer_is_cleared_and_brought_back(district: Register, care: Page, layer: str) -> None:
    def size() -> int:
        held = getattr(district.inputs(), layer)
        return 0 if held is None else held.edges if layer == "streets" else len(held)

    before = size()
    opened = care()
    box = next(b for b in opened.selectbox if b.label == "清空哪一类数据")
    box.set_value(layer).run()
    opened.button(key="clear_layer").click().run()
    assert any("已清空" in text for text in told(opened))
    assert size() == 0
    assert district.verify().whole
    press(opened, "撤销")
    assert size() == before


def test_the_district_gets_another_name(empty_district: Register, care: Page) -> None:
    opened = care()
    box = next(b for b in opened.text_input if b.label == "本区名称")
    box.set_value("大兴区")
    next(b for b in opened.button if b.label == "改名").click().run()
    assert "已改名：大兴区" in told(opened)
    assert any("大兴区" in str(part.value) for part in opened.markdown)
    with Register(empty_district.folder.parent / "register.db", empty_district.folder) as again:
        assert again.name == "大兴区"
        assert again.verify().whole


def test_starting_again_keeps_the_former_data_aside(
    district: Register, home: Home, care: Page, tmp_path: Path
) -> None:
    workers = district.inputs().demand["workers"].sum()
    opened = care()

    def confirm(typed: str) -> None:
        next(b for b in opened.text_input if "请输入本区名称" in b.label).set_value(typed)
        next(b for b in opened.button if "重新开始" in b.label).click().run()

    confirm("别的区")
    assert len(opened.warning) == 1
    still = home.open_district()
    assert still is not None
    still.close()
    confirm("测试区")
    assert not opened.exception
    assert home.open_district() is None
    (aside,) = tmp_path.glob("district-*")
    assert any(aside.name in text for text in told(opened))
    with Register(aside / "register.db", aside / "layers") as kept:
        assert kept.inputs().demand["workers"].sum() == workers
    with home.create_district("新区", who=WHO) as new:
        assert new.inputs().demand.empty


def test_who_may_not_change_is_told_where_to_say_who_they_are(
    empty_district: Register, page: Page
) -> None:
    for name, role in (("管理员甲", "admin"), ("王某", "manager")):
        given = {"login": name, "person": name, "role": role, "active": True}
        empty_district.add("users", given, who=WHO)
    shown = page(project="sample")
    assert "您是其中哪一位" in text_of(shown)
    shown.selectbox(key="sign_who").set_value("王某").run()
    shown.button(key="sign_confirm").click().run()
    assert "现在署名的是：王某" in text_of(shown)
    shown.button(key="other_person_settings").click().run()
    shown.selectbox(key="sign_who").set_value("管理员甲").run()
    shown.button(key="sign_confirm").click().run()
    assert "现在署名的是" not in text_of(shown)
    assert any(radio.key and radio.key.startswith("basemap") for radio in shown.radio)
    assert "请先在本页最上面选" in text_of(page(project="district"))


def test_the_tiles_of_the_house_are_tried_and_then_used(
    empty_district: Register, home: Home, page: Page
) -> None:
    shown = page(project="district")
    shown.radio(key="basemap_0").set_value("intranet").run()
    shown.text_input(key="tiles_url_0").set_value("gis.bj/{z}/{x}/{y}")
    press(shown, "试一下能不能取到")
    assert "{z}、{x}、{y}（或 {-y}）各写一次" in text_of(shown)
    shown.text_input(key="tiles_url_0").set_value("http://gis.bj/{z}/{x}/{y}.png")
    shown.radio(key="tiles_datum_0").set_value("gcj02")
    shown.text_input(key="tiles_credit_0").set_value("底图：某局")
    press(shown, "试一下能不能取到")
    assert not shown.error
    assert installation(home.folder) == Installation()  # nothing is stored by trying
    press(shown, "保存底图设置")
    assert any("单位内网的瓦片服务" in line for line in told(shown))
    found = installation(home.folder)
    assert (found.basemap, found.tiles_datum) == ("intranet", "gcj02")
    tiles = installed.tiles()
    assert tiles is not None
    assert (tiles.crs, tiles.credit, tiles.key) == ("Gcj02", "底图：某局", "")
    damaged = replace(found, tiles_url="nonsense", version=found.version)
    settle_installation(home.folder, damaged, seen=found.version)
    assert installed.tiles() is None
    del empty_district
