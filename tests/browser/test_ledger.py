"""The records' page as clerks use it: two at one record, a task, a phone, a past day."""

import io

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from register import Home, Register
from siting import district_time
from tests.browser.harness import Server, Witness, choose_option

pytestmark = pytest.mark.browser

UNIT, WHO = "兴丰街道", "管理员"


@pytest.fixture
def district(server: Server) -> Register:
    opened = Home(server.home).create_district("测试区", who=WHO)
    opened.add("units", {"name": UNIT}, who=WHO)
    place = {"lon": 116.34, "lat": 39.73, "town": UNIT, "state": "open"}
    opened.add("stations", {"id": "S1", "name": "便利店驿站", **place}, who=WHO)
    for person, role, unit in ((WHO, "admin", ""), ("王某", "staff", UNIT)):
        user = {"login": person, "person": person, "role": role, "unit": unit, "active": True}
        opened.add("users", user, who=WHO)
    return opened


def key(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-{name}")


def arrive(page: Page, server: Server, person: str) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="加候选点").or_(key(page, "project")).first.wait_for()
    page.goto(f"{server.url}/records")
    choose_option(page, "sign_who", person)
    page.get_by_role("button", name="就是我").click()
    key(page, "signed").wait_for()
    key(page, "sign").wait_for(state="hidden")


def open_station(page: Page) -> None:
    rows = key(page, "ledger_rows").get_by_test_id("stDataFrame")
    rows.locator("canvas").first.wait_for()
    for _ in range(6):
        # The table goes up when the question above it has gone: click where it is now.
        page.wait_for_timeout(2000)
        if key(page, "ledger_edit").count():
            return
        box = rows.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 120, box["y"] + 52)
        page.wait_for_timeout(2000)
    key(page, "ledger_edit").wait_for()


def view(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(
        page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True)
    ).first.click()


def test_two_at_one_record_see_both_versions(
    server: Server, page: Page, district: Register, witness: Witness
) -> None:
    arrive(page, server, "王某")
    open_station(page)
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_label("名称", exact=True).fill("王某起的名字")
    district.update("stations", "S1", {"name": "别人起的", "seats": 9}, version=1, who="李某")
    page.get_by_role("button", name="保存", exact=True).click()
    conflict = key(page, "ledger_conflict")
    conflict.get_by_text("李某 刚刚").wait_for()
    conflict.get_by_text("王某起的名字").wait_for()
    assert district.get("stations", "S1")["name"] == "别人起的"
    page.get_by_role("button", name="用我的").click()
    page.get_by_text("已保存：王某起的名字").wait_for()
    stored = district.get("stations", "S1")
    assert (stored["name"], stored["seats"], stored.updated_by) == ("王某起的名字", 9, "王某")
    key(page, "ledger_history").locator("summary").click()
    key(page, f"undo_{district.revision()}").get_by_role("button").click()
    page.get_by_text("已撤销").first.wait_for()
    assert district.get("stations", "S1")["name"] == "别人起的"
    assert witness.outside == []


def test_a_task_from_the_district_to_a_phone_and_back(
    server: Server, page: Page, context: BrowserContext, district: Register
) -> None:
    arrive(page, server, WHO)
    view(page, "任务")
    key(page, "task_ask").locator("summary").click()
    choose_option(page, "task_kind", "核实开放情况")
    page.get_by_label("任务内容").fill("请问清周末开不开")
    page.get_by_role("button", name="布置", exact=True).click()
    page.get_by_text(f"已布置给{UNIT}").first.wait_for()

    phone = context.new_page()
    phone.set_viewport_size({"width": 390, "height": 844})
    arrive(phone, server, "王某")
    phone.get_by_text("待我办 1").wait_for()
    view(phone, "任务")
    phone.get_by_role("button", name="认领", exact=True).click()
    phone.get_by_label("开放时间").fill("每天 8:30-17:30")
    phone.get_by_label("答复（文字）").fill("周末也开")
    phone.get_by_role("button", name="提交答复").click()
    phone.get_by_text("等待区里验收").first.wait_for()
    assert district.get("stations", "S1")["hours"] == ""
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.reload()
    arrive(page, server, WHO)
    page.get_by_text("待我办 1").wait_for()
    view(page, "任务")
    page.get_by_text("周末也开").wait_for()
    page.get_by_role("button", name="验收", exact=True).click()
    page.get_by_text("答复内容已写入记录").first.wait_for()
    stored = district.get("stations", "S1")
    assert (stored["hours"], stored.updated_by) == ("08:30-17:30", WHO)


def test_a_phone_shows_cards_and_takes_a_photo(
    server: Server, page: Page, district: Register, witness: Witness
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    arrive(page, server, "王某")
    expect(key(page, "ledger_rows")).to_be_hidden()
    key(page, "ledger_cards").get_by_role("button").first.click()
    key(page, "ledger_photo_add").locator("summary").click()
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), (0, 114, 178)).save(picture, "JPEG")
    photo = FilePayload(name="IMG.jpg", mimeType="image/jpeg", buffer=picture.getvalue())
    key(page, "ledger_photos").locator("input[type=file]").set_input_files([photo])
    page.get_by_role("button", name="保存照片").click()
    page.get_by_text("照片已保存").first.wait_for()
    key(page, "ledger_photos").locator("img").first.wait_for()
    (stored,) = district.records("photos")
    assert (stored["about"], stored.updated_by) == ("S1", "王某")
    assert witness.outside == []


def test_a_past_day_is_looked_at_and_left(server: Server, page: Page, district: Register) -> None:
    arrive(page, server, WHO)
    page.get_by_role("button", name="看某一天").click()
    when = district_time.local(district.records("stations")[0].updated_at)
    page.get_by_label("看哪一天结束时的台账").fill(f"{when:%Y年%m月%d日}")
    page.get_by_role("button", name="看这一天").click()
    page.get_by_text("只读：").wait_for()
    page.get_by_text("共 1 条").wait_for()
    expect(page.get_by_role("button", name="新增驿站")).to_have_count(0)
    page.get_by_role("button", name="回到现在").click()
    page.get_by_role("button", name="新增驿站").wait_for()
