"""使用与七有: what is recorded is judged, what is not is asked for."""

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from register import Register
from tests.unit.ui.conftest import SOURCE, STEP, WEST, WHO, page_of, stations
from ui import keys
from ui.ledger import use as ledger_use

Page = Callable[..., AppTest]
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
ITEMS = ("place", "sign", "facilities", "publicity", "service", "rules", "results")


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.ledger import page as ledger  # noqa: PLC0415 -- the harness takes the body alone

    guarded(ledger.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw, **{keys.LEDGER_VIEW: "use"})


@pytest.fixture
def three(district: Register) -> Register:
    """Return a district with two stations side by side, and a hospital rack far from them."""
    one = stations().assign(hours="24/7", services="water;seat", access="public", seats=2)
    twin = one.assign(id="s2", name="二号驿站")
    rack = one.assign(id="s3", name="三号展架", kind="hospital_rack", lon=WEST + 6 * STEP)
    for frame in (one, twin, rack):
        district.put_records("stations", frame, SOURCE, who=WHO)
    return district


def text_of(page: AppTest) -> str:
    assert not page.exception
    assert [error.value for error in page.error] == []
    parts = [*page.markdown, *page.caption, *page.success, *page.warning, *page.info]
    return "\n".join(str(part.value) for part in parts)


@LANGS
@pytest.mark.usefixtures("three")
def test_without_records_it_says_what_to_bring_and_lists_duplicates(page: Page, lang: str) -> None:
    opened = page(lang)
    told = text_of(opened)
    assert {"zh": "还没有服务人次记录", "en": "No visits are recorded"}[lang] in told
    assert "import_visits" in {button.key for button in opened.button}
    (table,) = (shown.value for shown in opened.dataframe)
    assert sorted(table["name"]) == ["一号驿站", "二号驿站"]  # twins: each serves nobody alone
    assert "visits" not in table.columns


@LANGS
def test_visits_tell_idle_and_overloaded_from_the_median(
    three: Register, page: Page, lang: str
) -> None:
    days = range(1, 7)
    visits = [
        {"station": name, "date": f"2026-11-0{day}", "visits": number}
        for name, number in (("s1", 1), ("s2", 20), ("s3", 9))
        for day in days
    ]
    three.put_records("visits", pd.DataFrame(visits), SOURCE, who=WHO)
    opened = page(lang)
    text_of(opened)
    figures = {metric.label: metric.value for metric in opened.metric}
    assert figures[{"zh": "闲置", "en": "Idle"}[lang]] == "1"
    assert figures[{"zh": "过载", "en": "Overloaded"}[lang]] == "1"
    opened.segmented_control(key=keys.USE_SHOWN).set_value("idle").run()
    (table,) = (shown.value for shown in opened.dataframe)
    assert table["name"].to_list() == ["一号驿站"]
    assert table["to_median"].to_list() == pytest.approx([100 / 9])


@LANGS
def test_what_the_seven_haves_bind_is_a_setting(three: Register, page: Page, lang: str) -> None:
    checks = [
        {"station": name, "item": item, "date": "2026-11-01", "met": item != "rules"}
        for name in ("s1", "s3")
        for item in ITEMS
    ]
    three.put_records("haves", pd.DataFrame(checks), SOURCE, who=WHO)
    opened = page(lang, **{keys.USE_PART: "haves"})
    text_of(opened)
    (table,) = (shown.value for shown in opened.dataframe)
    assert table["name"].to_list() == ["一号驿站", "二号驿站"]  # fails; never checked; rack is free
    every, without_failing, without_doubtful = (
        float(metric.value.rstrip("%")) for metric in opened.metric
    )
    assert every == without_failing > without_doubtful  # the twin serves the same workers
    opened.checkbox(key="bind_hospital_rack").check()
    next(b for b in opened.button if "FormSubmitter:bound_kinds" in str(b.key)).click().run()
    assert "hospital_rack" in ledger_use.bound(three)
    (table,) = (shown.value for shown in opened.dataframe)
    assert "三号展架" in table["name"].to_list()
    assert float(opened.metric[1].value.rstrip("%")) < every
