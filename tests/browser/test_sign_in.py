"""Signing in as people do: the first administrator, a member of staff, another town's record."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from register import Home, Register, access_log
from register.accounts import FILE, Accounts
from tests.browser.harness import IDLE, Server, choose_option

pytestmark = pytest.mark.browser

OWN, OTHER = "兴丰街道", "黄村镇"
ADMIN = "大兴的一把好钥匙们呀"
STAFF = "春天的驿站真暖和呀哈"
CODE = re.compile(r"一次性代码: (\w+)")
LOOKS = 8


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("WARM_STATION_SIGN_IN", "local")
    running = Server(home=tmp_path / "home", log=tmp_path / "server.log")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def district(server: Server) -> Register:
    opened = Home(server.home).create_district("测试区", who="建")
    for number, unit in enumerate((OWN, OTHER)):
        opened.add("units", {"name": unit}, who="建")
        place = {"lon": 116.34, "lat": 39.73, "town": unit, "state": "open"}
        opened.add("stations", {"id": f"S{number}", "name": f"{unit}驿站", **place}, who="建")
    return opened


def key(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-{name}")


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        box = key(page, name).locator("input")
        expect(box).to_be_editable()
        box.fill(value)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def found_admin(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/records")
    expect(key(page, "first_code")).to_be_visible()
    told = CODE.search(server.log.read_text(encoding="utf-8"))
    assert told is not None
    fields = {"first_person": "管理员", "first_login": "guanli"}
    fill(page, first_code="0000", **fields, first_password=ADMIN, first_repeat=ADMIN)
    press(page, "建立并登录")
    expect(page.get_by_text("一次性代码不对")).to_be_visible()
    fill(page, first_code=told.group(1))
    press(page, "建立并登录")
    expect(key(page, "sign_in_who")).to_contain_text("管理员")


def given_account(page: Page) -> str:
    """Add the member of staff, and return the password that is shown once."""
    page.get_by_role("link", name="设置").first.click()
    page.get_by_text("人员", exact=True).first.click()
    page.get_by_text("开通账号", exact=True).click()
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="开通"))
    form.get_by_label("姓名", exact=True).fill("王某")
    form.get_by_label("账号", exact=True).fill("Wang")
    unit = form.locator('[class*="_unit"]').first.get_attribute("class")
    assert unit is not None
    box = next(name for name in unit.split() if name.startswith("st-key-"))
    choose_option(page, box.removeprefix("st-key-"), OWN, exact=True)
    form.get_by_role("button", name="开通", exact=True).click()
    given = key(page, "given_password")
    expect(given).to_be_visible()
    password = given.locator("code").inner_text().strip()
    press(page, "已告诉本人，收起")
    expect(given).to_be_hidden()
    page.get_by_role("link", name="台账").first.click()
    expect(key(page, "ledger_rows")).to_be_visible()
    return password


def open_row(page: Page, row: int, name: str) -> None:
    """Open a record by tapping its row, wherever the table is by now."""
    rows = key(page, "ledger_rows").get_by_test_id("stDataFrame")
    title = page.get_by_role("heading", name=name)
    for _ in range(LOOKS):
        page.locator(IDLE).wait_for()
        expect(rows.locator("canvas").first.or_(title)).to_be_visible()
        if not title.is_visible():
            rows.click(position={"x": 120, "y": 52 + 35 * row})
        try:
            expect(title).to_be_visible(timeout=4000)
        except AssertionError:
            continue
        return
    expect(title).to_be_visible()


def move_to(server: Server, unit: str) -> None:
    """Give the member of staff another unit, as an administrator at another computer does."""
    accounts = Accounts(server.home / FILE)
    (staff,) = [account for account in accounts.listed() if account.login == "wang"]
    accounts.change(staff, "staff", unit, active=True)
    accounts.close()


def sign_out(page: Page) -> None:
    key(page, "sign_in_who").get_by_role("button").first.click()
    press(page, "退出登录")
    expect(key(page, "sign_in_login")).to_be_visible()


def test_in_refused_and_out(server: Server, district: Register, page: Page) -> None:
    found_admin(page, server)
    password = given_account(page)
    sign_out(page)

    fill(page, sign_in_login="wang", sign_in_password="不是这一个密码吧")  # noqa: S106 -- a wrong one
    press(page, "登录")
    expect(page.get_by_text("账号或密码不对")).to_be_visible()
    fill(page, sign_in_login="wang", sign_in_password=password)
    press(page, "登录")
    fill(page, own_old=password, own_new=STAFF, own_repeat=STAFF)
    press(page, "设好并继续")
    expect(key(page, "sign_in_who")).to_contain_text("王某")
    page.locator(IDLE).wait_for()

    # The other unit's record is shown, and nothing of it is offered for a change.
    open_row(page, 1, f"{OTHER}驿站")
    expect(page.get_by_role("button", name="修改", exact=True)).to_be_hidden()
    press(page, "返回列表")

    # Whoever has a form open when they are moved to another unit is refused by the server.
    open_row(page, 0, f"{OWN}驿站")
    press(page, "修改")
    seats = page.get_by_label("座位数", exact=True)
    expect(seats).to_be_editable()
    move_to(server, OTHER)
    seats.fill("7")
    press(page, "保存")
    expect(page.get_by_text("您只能改动本单位").first).to_be_visible()
    assert district.get("stations", "S0").version == 1

    sign_out(page)
    assert district.verify().whole
    told = [line["what"] for line in access_log.last(server.home, 20)]
    assert told[::-1] == [
        "failed",
        "account_added",
        "signed_in",
        "account_added",
        "signed_out",
        "failed",
        "signed_in",
        "password_changed",
        "signed_in",
        "refused",
        "signed_out",
    ]
