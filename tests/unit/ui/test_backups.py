"""备份与恢复: a backup by button, the way back, and what is told when something is wrong."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from register import Home, Register
from tests.unit.ui.conftest import WHO
from ui import keys
from ui.data import backups

Page = Callable[..., AppTest]


def _draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415
    from ui.settings import page as settings  # noqa: PLC0415 -- the harness runs this as a script of its own

    guarded(settings.draw)


@pytest.fixture
def page() -> Page:
    def start(lang: str = "zh") -> AppTest:
        driven = AppTest.from_function(_draw, default_timeout=60)
        driven.query_params["lang"] = lang
        driven.session_state[keys.SETTINGS_PART] = "backup"
        return driven.run()

    return start


@pytest.fixture
def backed_up_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make backups in the test's own process; test_register_checking.py makes them in others."""

    def here(function: Callable[..., object], *args: object, watch: object) -> object:
        del watch
        return function(*args)

    monkeypatch.setattr("register.checking._aside", here)
    monkeypatch.setattr("register.checking._step_back", lambda: None)


def said(page: AppTest) -> str:
    assert not page.exception
    boxes = (*page.markdown, *page.caption, *page.success, *page.warning, *page.error, *page.info)
    return "\n".join(str(box.value) for box in boxes).replace("\\", "")


def type_and_restore(page: AppTest, name: str) -> AppTest:
    next(
        box for box in page.text_input if "来确认" in box.label and box.form_id == "restore"
    ).input(name)
    return next(b for b in page.button if b.label == "恢复这份备份").click().run()


@pytest.mark.usefixtures("backed_up_here")
def test_a_backup_by_button_says_where_it_is(
    empty_district: Register, home: Home, page: Page
) -> None:
    opened = page()
    assert "还没有备份" in said(opened)
    opened.button(key="back_up").click().run()
    (made,) = home.backups()
    assert not made.daily
    assert f"已备份并核对无误：{made.path.name}" in said(opened)
    assert "此后没有改动" in said(opened)
    assert str(home.backups_folder) in said(opened)
    empty_district.add_candidate(116.3, 39.7, who=WHO)
    assert "此后又有 1 项操作" in said(page())


def test_restoring_asks_for_the_name_and_sets_aside(
    empty_district: Register, home: Home, page: Page
) -> None:
    empty_district.add_candidate(116.3, 39.7, name="备份前", who=WHO)
    home.back_up(empty_district)
    empty_district.add_candidate(116.3, 39.7, name="备份后", who=WHO)
    opened = page()
    assert "输入的名称不一致" in said(type_and_restore(opened, "别的区"))
    assert len(empty_district.records("candidates")) == 2
    restored = said(type_and_restore(opened, "测试区"))
    assert "原来的数据收在文件夹 district-" in restored
    assert [r["name"] for r in empty_district.records("candidates")] == ["备份前"]
    (aside,) = home.folder.glob("district-*")
    with Register(aside / "register.db", aside / "layers") as kept:
        assert [r["name"] for r in kept.records("candidates")] == ["备份前", "备份后"]


def test_a_file_that_is_no_backup_is_refused(
    empty_district: Register, home: Home, page: Page
) -> None:
    opened = page()
    uploader = next(u for u in opened.file_uploader if "优盘" in u.label)
    uploader.upload("../../x y.zip", b"PK\x03\x04 nonsense", "application/zip")
    told = said(type_and_restore(opened, "测试区"))
    assert "备份文件“x_y.zip”已损坏或不完整，没有恢复" in told
    assert empty_district.revision() == 1
    assert not list(home.folder.glob("district-*"))


@pytest.mark.usefixtures("backed_up_here")
def test_a_failed_backup_is_told_on_the_screen(
    empty_district: Register, home: Home, page: Page
) -> None:
    home.backups_folder.write_text("in the way")
    empty_district.add_candidate(116.3, 39.7, who=WHO)
    opened = page()
    opened.button(key="back_up").click().run()
    assert "没有做成备份：文件夹" in said(opened)
    backups.kept(str(home.folder)).look(datetime.now(UTC))
    assert "的自动备份没有做成" in said(page())
    home.backups_folder.unlink()
    backups.kept(str(home.folder)).look(datetime.now(UTC))
    assert "没有做成" not in said(page())
    assert home.backups()[0].daily


def test_a_damaged_register_can_be_read_and_restored(
    empty_district: Register, home: Home, page: Page
) -> None:
    for number in range(60):
        empty_district.add_candidate(116.3, 39.7, name=f"候选{number}", who=WHO)
    home.back_up(empty_district)
    empty_district.close()
    database = home.folder / "district" / "register.db"
    database.write_bytes(database.read_bytes()[:-4096])
    opened = page()
    assert "台账文件已损坏：能读的照常显示" in said(opened)
    restored = said(type_and_restore(opened, "恢复"))
    assert "台账文件已损坏" not in restored
    assert "原来的数据收在文件夹 district-" in restored


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_register_that_cannot_be_opened_offers_its_backups(
    empty_district: Register, home: Home, page: Page, lang: str
) -> None:
    empty_district.add_candidate(116.3, 39.7, name="甲", who=WHO)
    home.back_up(empty_district)
    empty_district.close()
    database = home.folder / "district" / "register.db"
    database.write_bytes(b"no database" * 1000)
    opened = page(lang)
    word = "恢复" if lang == "zh" else "restore"
    opened.text_input[0].input(word)
    opened.button[0].click().run()
    assert not opened.exception
    found = home.open_district()
    assert found is not None
    with found:
        assert [r["name"] for r in found.records("candidates")] == ["甲"]


def test_the_folder_of_backups_is_named_by_the_environment(
    empty_district: Register, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARM_STATION_BACKUPS", str(tmp_path / "usb"))
    made = home.back_up(empty_district)
    assert made.path.parent == tmp_path / "usb"
