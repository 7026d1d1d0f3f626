"""Backup by button, taken away, and the way back: as a clerk does it."""

from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

from register import Home
from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser


def test_a_clerk_backs_up_takes_the_file_away_and_restores(
    server: Server, page: Page, witness: Witness
) -> None:
    home = Home(server.home)
    with home.create_district("测试区", who="张三") as register:
        register.add_candidate(116.34, 39.73, name="备份前", who="张三")
        page.goto(f"{server.url}/settings")
        page.get_by_text("备份", exact=True).first.click()
        page.get_by_role("button", name="立即备份").click()
        page.get_by_text("已备份并核对无误").first.wait_for()
        with page.expect_download() as taken:
            page.get_by_role("button", name="下载最近的备份").click()
        assert taken.value.suggested_filename == home.backups()[0].path.name
        with ZipFile(taken.value.path()) as packed:
            assert {"register.db", "backup.json"} <= set(packed.namelist())
        register.add_candidate(116.34, 39.73, name="备份后", who="张三")
        page.get_by_label("请输入“测试区”来确认").fill("测试区")
        page.get_by_role("button", name="恢复这份备份").click()
        page.get_by_text("原来的数据收在文件夹").first.wait_for()
        # Who has it open elsewhere sees the restored one, too.
        assert [record["name"] for record in register.records("candidates")] == ["备份前"]
    assert witness.outside == []
