"""Three people's ways through the app that no other test goes to their end.

The planner's plan is driven in `test_main_job.py` (look, add, plan, take away) and
`test_workbench.py` (an area, undo, a scenario); a task from the district to a phone in
`test_ledger.py`. Here: a clerk in the street with a phone, two clerks at one station in two
browsers, and the manager who only reads and takes a report home.
"""

import io
import re

import docx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Geolocation, Page, expect

from register import Home, Register
from tests.browser.harness import IDLE, Server, Witness, choose_option
from tests.browser.test_ledger import key
from tests.browser.test_main_job import downloaded
from tests.chromium import WAIT_MS
from ui.beginning.tour import COOKIE, SEEN

pytestmark = pytest.mark.browser

UNIT = "兴丰街道"
PEOPLE = (
    ("规划员", "planner", ""),
    ("张三", "staff", UNIT),
    ("李四", "staff", UNIT),
    ("王主席", "manager", ""),
)
HERE: Geolocation = {"longitude": 116.3412, "latitude": 39.7288, "accuracy": 9.0}
OPEN_MS = 60_000


def people_in(register: Register) -> Register:
    for person, role, unit in PEOPLE:
        user = {"login": person, "person": person, "role": role, "unit": unit, "active": True}
        register.add("users", user, who="建")
    return register


@pytest.fixture
def district(server: Server) -> Register:
    opened = Home(server.home).create_district("测试区", who="建")
    opened.add("units", {"name": UNIT}, who="建")
    place = {"lon": 116.34, "lat": 39.73, "town": UNIT, "state": "open", "seats": 4}
    opened.add("stations", {"id": "S1", "name": "便利店驿站", **place}, who="建")
    return people_in(opened)


def arrive(page: Page, server: Server, person: str) -> None:
    page.goto(server.url)  # under a page's own address Streamlit first asks for files in vain
    expect(key(page, "project")).to_be_visible(timeout=OPEN_MS)
    page.goto(f"{server.url}/records")
    expect(key(page, "sign")).to_be_visible()
    choose_option(page, "sign_who", person)
    page.get_by_role("button", name="就是我").click()
    expect(key(page, "signed")).to_be_visible()
    expect(key(page, "sign")).to_be_hidden()
    page.locator(IDLE).wait_for()


def phone_of(browser: Browser, witness: Witness) -> BrowserContext:
    opened = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        geolocation=HERE,
        permissions=["geolocation"],
    )
    opened.set_default_timeout(WAIT_MS)
    opened.add_cookies([{"name": COOKIE, "value": SEEN, "domain": "127.0.0.1", "path": "/"}])
    witness.watch(opened)
    return opened


def test_a_clerk_adds_a_candidate_where_the_phone_is(
    server: Server, browser: Browser, district: Register, witness: Witness
) -> None:
    with phone_of(browser, witness) as phone:
        page = phone.new_page()
        arrive(page, server, "张三")
        choose_option(page, "ledger_kind", "候选点")
        page.get_by_role("button", name="新增候选点").click()
        page.get_by_role("button", name="用手机定位").click()
        expect(page.get_by_text("手机定位，误差约 9 米")).to_be_visible()
        page.get_by_label("名称", exact=True).fill("营业厅门口")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("heading", name="营业厅门口")).to_be_visible()

        picture = io.BytesIO()
        Image.new("RGB", (60, 40), (0, 114, 178)).save(picture, "JPEG")
        photo = FilePayload(name="IMG.jpg", mimeType="image/jpeg", buffer=picture.getvalue())
        key(page, "ledger_photo_add").locator("summary").click()
        key(page, "ledger_photos").locator("input[type=file]").set_input_files([photo])
        page.get_by_role("button", name="保存照片").click()
        expect(key(page, "ledger_photos").locator("img").first).to_be_visible()

        # Whoever surveyed tells it; approving is the district's and not offered here.
        page.get_by_role("button", name="踏勘完成").click()
        page.get_by_label("踏勘情况（可不填）").fill("门口有遮雨棚")
        page.get_by_role("button", name="确认已踏勘").click()
        expect(key(page, "ledger_steps")).to_contain_text("原因：门口有遮雨棚")
        expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    (stored,) = district.records("candidates")
    assert (stored["lon"], stored["lat"]) == (HERE["longitude"], HERE["latitude"])
    told = (stored["town"], stored["state"], stored["position_state"], stored.updated_by)
    assert told == (UNIT, "surveyed", "verified", "张三")
    (kept,) = district.records("photos")
    assert (kept["about_kind"], kept["about"]) == ("candidates", stored.id)
    assert witness.outside == []


def open_form(page: Page, server: Server, person: str) -> None:
    arrive(page, server, person)
    key(page, "ledger_cards").get_by_role("button", name=re.compile("便利店驿站")).click()
    page.get_by_role("button", name="修改", exact=True).click()
    expect(page.get_by_label("名称", exact=True)).to_be_editable()


def test_two_clerks_at_one_station_in_two_browsers(
    server: Server, browser: Browser, district: Register, witness: Witness
) -> None:
    with phone_of(browser, witness) as one, phone_of(browser, witness) as other:
        zhang, li = one.new_page(), other.new_page()
        open_form(zhang, server, "张三")
        open_form(li, server, "李四")
        zhang.get_by_label("座位数", exact=True).fill("9")
        zhang.get_by_role("button", name="保存", exact=True).click()
        expect(zhang.get_by_text("已保存：便利店驿站")).to_be_visible()

        li.get_by_label("名称", exact=True).fill("李四起的名字")
        li.get_by_label("座位数", exact=True).fill("6")
        li.get_by_role("button", name="保存", exact=True).click()
        conflict = key(li, "ledger_conflict")
        expect(conflict.get_by_text("张三 刚刚")).to_be_visible()
        for way in ("用我的", "用他的", "查看并合并"):
            expect(li.get_by_role("button", name=way)).to_be_visible()
        assert (district.get("stations", "S1")["seats"]) == 9
        li.get_by_role("button", name="查看并合并").click()
        expect(li.get_by_label("名称", exact=True)).to_have_value("李四起的名字")
        li.get_by_label("座位数", exact=True).fill("9")
        li.get_by_role("button", name="保存", exact=True).click()
        expect(li.get_by_text("已保存：李四起的名字")).to_be_visible()
    stored = district.get("stations", "S1")
    assert (stored["name"], stored["seats"]) == ("李四起的名字", 9)
    assert [step.event.who for step in district.steps("stations", "S1")] == ["建", "张三", "李四"]
    assert witness.outside == []


def test_the_manager_reads_and_takes_a_report_home(
    server: Server, page: Page, witness: Witness
) -> None:
    with Home(server.home).open_sample() as sample:
        user = {"login": "王主席", "person": "王主席", "role": "manager", "active": True}
        sample.add("users", user, who="建")
        arrive(page, server, "王主席")
        expect(page.get_by_role("button", name="新增驿站")).to_have_count(0)
        page.get_by_role("link", name="总览").click()
        figure = key(page, "headline").get_by_test_id("stMetricValue")
        expect(figure).to_have_text(re.compile(r"^\d+\.\d%$"), timeout=OPEN_MS)
        page.locator(IDLE).wait_for()
        said = figure.inner_text().strip()
        report = docx.Document(io.BytesIO(downloaded(page, "Word")))
        assert any(said in paragraph.text for paragraph in report.paragraphs)
        assert all(event.who != "王主席" for event in sample.events() if event.kind == "stations")
    assert witness.outside == []
