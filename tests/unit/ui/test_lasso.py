"""An area drawn on the planner's map: what the page says of it, and the file."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from register import Register
from tests.unit.ui.conftest import SOUTH, STEP, WEST, page_of
from ui import edits, keys
from ui.live_map import MapEvent
from ui.workbench import lasso
from ui.workbench import page as workbench

Page = Callable[..., AppTest]
BOW = ((0, 0), (2, 2), (2, 0), (0, 2))


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.workbench import page as workbench  # noqa: PLC0415 -- the harness takes the body alone

    guarded(workbench.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw, project="district")


def box(west: float, south: float, east: float, north: float) -> lasso.Lasso:
    """Return a rectangle in steps of the grid of the small district."""
    x, y = (WEST + west * STEP, WEST + east * STEP), (SOUTH + south * STEP, SOUTH + north * STEP)
    return lasso.Lasso(((x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])), 1)


def said(page: AppTest) -> str:
    return " ".join(text.value for text in [*page.markdown, *page.warning, *page.caption])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_area_is_counted(district: Register, page: Page, lang: str) -> None:
    before = district.revision()
    found = page(lang, **{keys.LASSO: box(-0.5, -0.5, 1.5, 1.5)})
    assert not found.exception
    # Four points of 100 and 110 workers each, two of them in every column.
    assert "420" in {metric.value for metric in found.metric}
    assert "一号驿站" in said(found)
    assert district.revision() == before
    found.button(key="lasso_clear").click().run()
    assert not found.exception
    assert keys.LASSO not in found.session_state
    assert "420" not in {metric.value for metric in found.metric}


def test_a_border_that_crosses_itself_is_told(district: Register, page: Page) -> None:
    corners = tuple(
        (WEST + x * STEP, SOUTH + y * STEP) for x, y in ((0, 0), (2, 2), (2, 0), (0, 2))
    )
    found = page(**{keys.LASSO: lasso.Lasso(corners, 1)})
    assert not found.exception
    assert "相交" in said(found)
    del district


def test_the_worst_point_flies_there(district: Register, page: Page) -> None:
    found = page(**{keys.LASSO: box(-1, -1, 7, 7)})
    found.button(key="lasso_worst_0").click().run()
    assert not found.exception
    lon, lat = found.session_state[keys.FLY_TO]
    assert (lon, lat) in {(WEST + x * STEP, SOUTH + y * STEP) for x in range(7) for y in range(7)}
    assert found.session_state[keys.FLY] == 1
    del district


def test_corners_that_are_moved_are_the_same_area(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: dict[str, Any] = {keys.LANGUAGE: "zh"}
    monkeypatch.setattr(streamlit, "session_state", session)
    first = ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0))
    workbench._apply(district, MapEvent("zone", 5, corners=first))
    workbench._apply(district, MapEvent("zone", 9, corners=first[::-1]))
    assert lasso.held() == lasso.Lasso(first[::-1], 5)
    assert session[keys.ANSWERED] == 9
    edits.fly_to("c1")
    assert keys.FLY_TO not in session


def test_the_file_tells_what_the_page_tells(
    district: Register, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []

    def keep(*_: object, data: Callable[[], bytes], **__: object) -> None:
        made.append(data())

    monkeypatch.setattr(streamlit, "download_button", keep)
    assert not page(**{keys.LASSO: box(-0.5, -0.5, 1.5, 1.5)}).exception
    book = openpyxl.load_workbook(BytesIO(made[0]))
    assert book.sheetnames == ["圈选范围统计", "圈内驿站", "圈内候选点"]
    first, second = (
        [str(cell.value) for row in book[name].iter_rows() for cell in row if cell.value]
        for name in book.sheetnames[:2]
    )
    assert any("平均在岗 420 人" in text or "420 人" in text for text in first)
    assert "一号驿站" in second
    del district
