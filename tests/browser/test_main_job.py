"""The planner's whole way on the sample: look, add by tap, restart, plan, take away, in English."""

import io
import zipfile

import pytest
from playwright.sync_api import FrameLocator, Page

from tests.browser.harness import Server, Witness

pytestmark = pytest.mark.browser

NAME = "兴丰大街测试候选点 ![](http://evil.example/x.png)"
PLAN_MS = 90_000


def map_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title*='st_folium']")


def open_app(page: Page, server: Server, path: str = "/") -> FrameLocator:
    page.goto(server.url + path)
    frame = map_of(page)
    frame.locator(".leaflet-container canvas").first.wait_for()
    return frame


def add_by_tap(page: Page, frame: FrameLocator, name: str) -> None:
    frame.get_by_role("button", name="加候选点").click()
    frame.locator(".leaflet-container").click(position={"x": 300, "y": 430})
    page.get_by_label("名称", exact=True).fill(name)
    page.get_by_role("button", name="保存候选点").click()
    page.get_by_text("已保存").wait_for()


def downloaded(page: Page, button: str) -> bytes:
    with page.expect_download(timeout=PLAN_MS) as waiting:
        page.get_by_role("button", name=button).click()
    return waiting.value.path().read_bytes()


def words_in(office_file: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(office_file)) as parts:
        return "".join(
            parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml")
        )


def test_the_main_job(server: Server, page: Page, witness: Witness) -> None:
    frame = open_app(page, server)
    page.get_by_text("合成示例数据").filter(visible=True).first.wait_for()
    page.get_by_role("button", name="开始建立本区数据").wait_for()

    add_by_tap(page, frame, NAME)
    page.get_by_text(NAME[:9]).first.wait_for()

    page.goto("about:blank")  # a page that is open complains of a server that is away
    server.restart()
    frame = open_app(page, server)
    marker = frame.locator(f"[aria-label^='{NAME[:9]}']")
    marker.wait_for(state="attached")
    marker.click(force=True)
    page.get_by_text("自己添加的").wait_for()

    page.get_by_role("tab", name="新增驿站").click()
    page.get_by_role("button", name="推荐新增 5 座").click()
    page.get_by_text("距理论最优").or_(page.get_by_text("已证明最优")).first.wait_for(
        timeout=PLAN_MS
    )
    frame.get_by_text("规划新建（5）").wait_for()

    page.get_by_role("tab", name="报告下载").click()
    for button in ("Word", "Excel"):
        assert NAME[:9] in words_in(downloaded(page, button)), button

    page.get_by_role("button", name="English").click()
    page.get_by_role("tab", name="New stations").wait_for()
    frame.get_by_text("(5)").wait_for()

    assert witness.requests > 20
    assert witness.outside == []
    assert witness.complaints == []


def test_a_district_of_ones_own_on_a_phone(server: Server, page: Page, witness: Witness) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_app(page, server)
    page.get_by_role("button", name="开始建立本区数据").click()
    page.get_by_label("本区名称").fill("测试区")
    page.get_by_role("button", name="建立", exact=True).click()
    page.get_by_text("导入职工分布").first.wait_for()
    upload = page.locator(".st-key-import").get_by_test_id("stFileUploader")
    upload.get_by_text("选择文件").first.wait_for()
    upload.get_by_text("每个文件不超过 50MB").wait_for()
    page.get_by_role("button", name="English").click()
    upload.get_by_text("Upload", exact=True).first.wait_for()
    upload.get_by_text("50MB per file").wait_for()
    page.get_by_role("button", name="中文").click()
    upload.get_by_text("选择文件").first.wait_for()
    table = "名称,经度,纬度,镇街,人数\n甲,116.33,39.73,黄村镇,300\n乙,116.34,99,黄村镇,200\n"
    upload.locator("input[type=file]").set_input_files(
        {"name": "../../evil.csv", "mimeType": "text/csv", "buffer": table.encode("gb18030")}
    )
    onward = page.locator(".st-key-onward button:enabled")
    for _ in range(2):  # file, columns
        onward.click()
        page.wait_for_timeout(1500)
    page.locator('.st-key-import [data-testid="stRadio"] label').nth(1).click()  # its datum
    onward.click()
    page.get_by_role("button", name="导入 1 条").click()
    page.get_by_text("已导入职工分布").first.wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert witness.outside == []
    assert witness.complaints == []
