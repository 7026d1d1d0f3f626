"""Every page in both languages, driven as Streamlit's own test harness drives it."""

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from register import Home, Kind, Register
from tests.unit.ui.conftest import SOURCE, WHO, demand, stations
from ui import keys
from ui.edits import Tap

App = Callable[..., AppTest]
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])


def text_of(page: AppTest) -> str:
    parts = [*page.markdown, *page.caption, *page.info, *page.success, *page.warning, *page.error]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def turn_to(page: AppTest, tab: str) -> AppTest:
    page.session_state[keys.TAB] = tab
    return page.run()


def tables_of(page: AppTest) -> list[list[tuple[object, ...]]]:
    return [list(frame.value.itertuples(index=False, name=None)) for frame in page.dataframe]


@LANGS
@pytest.mark.usefixtures("district")
def test_workbench_of_a_district(app: App, lang: str) -> None:
    page = app(lang).run()
    assert not page.exception
    assert not page.error
    assert "测试区" in text_of(page)
    # 540 of 6,370: s1 reaches d00, d01, d10, d02, d11; whom it lets in nobody has written down.
    assert [part.value for part in page.metric[:3]] == ["0.0%", "8.5%", "8.5%"]
    (units,) = tables_of(page)  # only the open tab is sent
    # The larger gap first: effective, nominal, unverified, uncovered, verified, all.
    assert units == [
        ("乙街道", 0.0, 0.0, 0, 4060, 0, 4060),
        ("甲镇", 0.0, pytest.approx(100 * 540 / 2310), 540, 1770, 0, 2310),
    ]
    (ranked,) = tables_of(turn_to(page, "candidates"))
    assert len(ranked) == 6
    assert {"zh": "1 座驿站：1 座计入。", "en": "1 stations: 1 counted."}[lang] in text_of(page)


@LANGS
def test_units_stand_beside_straight_lines(app: App, district: Register, lang: str) -> None:
    """By straight line d20, 860 m off along one street, is not reached: 420 of 6,370."""
    few, many = {
        "zh": (
            "沿街 8.5%，直线 × 1.35 为 6.6%。",
            "沿街 10.2%，直线 × 1.35 为 8.2%；100.0% 的职工处在街道数据稀疏处。",
        ),
        "en": (
            "Along streets: 8.5%; straight line × 1.35: 6.6%.",
            "Along streets: 10.2%; straight line × 1.35: 8.2%; street data is thin for 100.0% of",
        ),
    }[lang]
    page = app(lang).run()
    assert few in text_of(page)
    assert few not in text_of(turn_to(page, "candidates"))
    # 4 km of street per km2 all over; now 1,200 workers or more within 500 m of every point.
    district.put_demand(demand().assign(workers=1200), SOURCE, who=WHO)
    assert many in text_of(app(lang).run())


@LANGS
@pytest.mark.usefixtures("home")
def test_first_screen_is_the_labelled_sample(app: App, lang: str) -> None:
    page = app(lang).run()
    assert not page.exception
    assert not page.error
    assert {"zh": "合成示例数据", "en": "Synthetic sample data"}[lang] in text_of(page)
    assert (
        page.button(key="start_district").label
        == {
            "zh": "开始建立本区数据",
            "en": "Start our own district",
        }[lang]
    )
    assert 0 < float(page.metric[0].value.rstrip("%")) < 100
    (units,) = tables_of(page)
    assert len(units) > 20
    (ranked,) = tables_of(turn_to(page, "candidates"))
    assert len(ranked) >= 300
    told = {
        "zh": "109 座驿站：107 座计入，2 座未开放",
        "en": "109 stations: 107 counted, 2 not open",
    }
    assert told[lang] in text_of(page)
    headings = [metric.label for metric in page.metric]
    assert {
        "zh": ["有效覆盖率", "名义覆盖率", "待核实"],
        "en": ["Effective coverage", "Nominal coverage", "Unverified"],
    }[lang] == headings[:3]


@LANGS
@pytest.mark.usefixtures("empty_district")
def test_an_empty_district_says_what_to_do_next(app: App, lang: str) -> None:
    page = app(lang).run()
    assert not page.exception
    assert not page.error
    assert page.metric[0].value == "—"
    assert {"zh": "这里还没有任何数据", "en": "Nothing here yet"}[lang] in text_of(page)
    page = page.button(key="go_import").click().run()
    assert not page.exception
    assert not page.error
    assert {"zh": "下一步：导入职工分布", "en": "Next: import where workers are"}[lang] in text_of(
        page
    )


@LANGS
def test_without_streets_the_screen_says_straight_line(
    empty_district: Register, app: App, lang: str
) -> None:
    fill_without_streets(empty_district)
    page = app(lang).run()
    assert not page.exception
    said = text_of(page)
    assert {"zh": "直线距离 × 1.35", "en": "straight line × 1.35"}[lang] in said.lower()


def fill_without_streets(register: Register) -> None:
    register.put_demand(demand(), SOURCE, who=WHO)
    register.put_records("stations", stations(), SOURCE, who=WHO)


@pytest.mark.usefixtures("district")
def test_the_switch_changes_language_address_and_nothing_else(app: App) -> None:
    page = app("zh").run()
    page.slider(key=keys.CUTOFF_M).set_value(1500).run()
    covered = page.metric[0].value
    page.button(key="switch_language").click().run()
    assert page.query_params["lang"] == "en"
    assert page.button(key="switch_language").label == "中文"
    assert page.slider(key=keys.CUTOFF_M).value == 1500
    assert page.metric[0].value == covered


@pytest.mark.usefixtures("district")
def test_an_unknown_language_is_chinese(app: App) -> None:
    assert app("xx").run().button(key="switch_language").label == "English"


@pytest.mark.usefixtures("district")
def test_a_larger_radius_covers_more(app: App) -> None:
    page = app().run()
    before = float(page.metric[1].value.rstrip("%"))
    page.slider(key=keys.CUTOFF_M).set_value(2000).run()
    assert float(page.metric[1].value.rstrip("%")) > before


def test_a_tapped_candidate_is_stored_scored_and_can_be_undone(
    district: Register, app: App
) -> None:
    page = app().run()
    page.session_state[keys.TAPPED] = Tap(116.3201, 39.7201, "k1")
    page.run()
    page.text_input(key="new_k1_name").set_value("![](http://evil.example/x.png)")
    save = next(button for button in page.button if button.label == "保存候选点")
    save.click().run()
    assert not page.exception
    (stored,) = [r for r in district.records("candidates") if r.layer_id is None]
    assert stored["name"] == "![](http://evil.example/x.png)"
    assert (stored["lon"], stored["lat"], stored["town"]) == (116.3201, 39.7201, "乙街道")
    assert not [part for part in page.markdown if part.value.startswith("![")]
    *_, ranked = tables_of(turn_to(page, "candidates"))  # after the parts of its score
    assert stored["name"] in {row[1] for row in ranked}
    page.button(key="undo_change").click().run()
    assert district.get("candidates", stored.id).deleted
    assert not page.exception


def test_a_plan_is_stored_and_found_again(district: Register, app: App) -> None:
    page = turn_to(app().run(), "plan")
    page.number_input(key=keys.PLAN_NEW).set_value(2).run()
    ask = next(button for button in page.button if button.label == "推荐新增 2 座")
    ask.click().run()
    assert not page.exception
    assert not page.error
    assert district.last_plan() is not None
    shown = [part.value for part in page.metric]
    assert page.metric[1].label == "名义覆盖率"  # a plan's figures are nominal
    assert page.metric[1].delta.startswith("方案后 ")
    again = turn_to(app().run(), "plan")
    assert [part.value for part in again.metric] == shown
    assert "8.5% →" in shown[3]
    (units,) = tables_of(turn_to(again, "coverage"))
    assert [len(row) for row in units] == [8, 8]  # with a column of nominal coverage after the plan
    assert sum(float(str(row[3])) > float(str(row[2])) for row in units) >= 1


def test_who_plans_for_a_part_of_the_workers_is_told(district: Register, app: App) -> None:
    windows = [demand().assign(window=code) for code in ("workday_noon", "workday_night")]
    district.put_demand(pd.concat(windows, ignore_index=True), SOURCE, who=WHO)
    page = turn_to(app().run(), "plan")
    assert "挑选：别的" not in text_of(page)
    page.session_state[keys.WINDOWS] = ["workday_noon"]
    told = text_of(page.run())
    assert "只按工作日午间的在岗职工挑选" in told
    assert "只算工作日午间：6,370 人里" in told  # heads, no average


@pytest.mark.parametrize(
    ("by", "key", "asked"), [("new", keys.PLAN_NEW, 500), ("budget", keys.PLAN_BUDGET, 3)]
)
@pytest.mark.usefixtures("district")
def test_a_figure_out_of_range_is_told_in_words_and_not_replaced(
    app: App, by: str, key: str, asked: int
) -> None:
    page = turn_to(app().run(), "plan")
    page.segmented_control(key=keys.PLAN_BY).set_value(by).run()
    page.number_input(key=key).set_value(asked).run()
    assert [part.value for part in page.warning if "请填" in part.value]
    (ask,) = [button for button in page.button if button.label == "推荐新增驿站"]
    assert ask.disabled
    assert not page.exception


@pytest.mark.usefixtures("district")
def test_a_budget_too_small_is_told_in_words(app: App) -> None:
    page = turn_to(app().run(), "plan")
    page.segmented_control(key=keys.PLAN_BY).set_value("budget").run()
    page.number_input(key=keys.PLAN_BUDGET).set_value(1000).run()
    next(b for b in page.button if b.label.startswith("用 1,000 元")).click().run()
    assert not page.exception
    assert len(page.error) + len(page.warning) == 1
    assert any("新候选点" in part.value or "加候选点" in part.value for part in page.caption)


@LANGS
@pytest.mark.parametrize(("picked", "says"), [("s1", "一号驿站"), ("c4", "候选点4")])
@pytest.mark.usefixtures("district")
def test_what_is_picked_is_told(app: App, lang: str, picked: str, says: str) -> None:
    page = app(lang).run()
    page.session_state[keys.PICKED] = picked
    page.run()
    assert not page.exception
    assert not page.error
    assert says in text_of(page)
    page.button(key="close_card").click().run()
    assert says not in text_of(page)


def test_a_reset_brings_the_sample_back(home: Home, app: App) -> None:
    page = app().run()
    with home.open_sample() as sample:
        shipped = len(sample.records("candidates"))
        sample.add_candidate(116.4, 39.6, name="x", who="y")
        page.button(key="start_district").click().run()
        page.button(key="reset_sample").click().run()
        assert not page.exception
        assert not page.error
        assert len(sample.records("candidates")) == shipped


@LANGS
def test_the_sample_and_the_district_are_two(home: Home, app: App, lang: str) -> None:
    page = app(lang).run()
    page.button(key="start_district").click().run()
    page.text_input(key=keys.DISTRICT_NAME).set_value("甲区")
    next(b for b in page.button if b.label in {"建立", "Create"}).click().run()
    assert not page.exception
    assert not page.error
    opened = home.open_district()
    assert opened is not None
    with opened:
        assert opened.name == "甲区"
        assert not len(opened.inputs().demand)
    page.button(key="to_sample").click().run()
    assert {"zh": "合成示例数据", "en": "Synthetic sample data"}[lang] in text_of(page)
    page.button(key="to_district").click().run()
    assert "甲区" in text_of(page)


def save_of(page: AppTest) -> AppTest:
    return next(b for b in page.button if b.label in {"保存候选点", "保存修改"}).click().run()


def test_a_long_name_is_cut_with_a_note_and_no_name_is_numbered(
    district: Register, app: App
) -> None:
    page = app().run()
    for number, name in enumerate(["长" * 200, "", ""]):
        page.session_state[keys.TAPPED] = Tap(116.3201, 39.7201, f"k{number}")
        page.run()
        page.text_input(key=f"new_k{number}_name").set_value(name)
        save_of(page)
        assert ("只保留前 80 个字" in text_of(page)) == bool(name)
    stored = [r["name"] for r in district.records("candidates") if r.layer_id is None]
    assert stored == ["长" * 80, "自选候选点 1", "自选候选点 2"]


@pytest.mark.usefixtures("district")
def test_a_place_far_from_streets_and_workers_is_told(app: App) -> None:
    page = app().run()
    page.session_state[keys.TAPPED] = Tap(116.5, 39.9, "k")
    page.run()
    assert "没有能走通的街道" in "".join(part.value for part in page.warning)
    assert page.selectbox(key="new_k_town").value == ""
    page.session_state[keys.TAPPED] = Tap(116.3201, 39.7201, "k2")
    page.run()
    assert not page.warning
    assert page.selectbox(key="new_k2_town").value == "乙街道"


@pytest.mark.parametrize(
    ("kind", "picked", "field", "value"),
    [("candidates", "c4", "hours", "Mo-Fr 09:00-18:00"), ("stations", "s1", "hours", "24/7")],
)
def test_any_record_can_be_corrected(
    district: Register, app: App, kind: Kind, picked: str, field: str, value: str
) -> None:
    page = app().run()
    page.session_state[keys.PICKED] = picked
    page.run().button(key="correct").click().run()
    page.text_input(key=f"edit_{picked}_1_name").set_value("改过的名")
    page.text_input(key=f"edit_{picked}_1_{field}").set_value(value)
    save_of(page)
    assert not page.exception
    stored = district.get(kind, picked)
    assert (stored["name"], stored[field], stored.version) == ("改过的名", value, 2)
    assert {"24/7": "全天开放", "Mo-Fr 09:00-18:00": "周一至周五 09:00–18:00"}[value] in text_of(
        page
    )


@pytest.mark.parametrize("deleted", [True, False])
def test_a_correction_that_comes_too_late_names_who_was_first(
    district: Register, app: App, *, deleted: bool
) -> None:
    page = app().run()
    page.session_state[keys.PICKED] = "c4"
    page.run().button(key="correct").click().run()
    page.text_input(key="edit_c4_1_name").set_value("迟到的名")
    if deleted:
        district.remove("candidates", "c4", version=1, who="李四")
    else:
        district.update("candidates", "c4", {"name": "先到的名"}, version=1, who="李四")
    save_of(page)
    (told,) = [part.value for part in page.error]
    assert "李四" in told
    assert ("删除" in told) == deleted
    assert district.get("candidates", "c4")["name"] != "迟到的名"


@LANGS
@pytest.mark.usefixtures("district")
def test_the_open_tab_stays_open_when_the_language_changes(app: App, lang: str) -> None:
    page = turn_to(app(lang).run(), "plan")
    page.button(key="switch_language").click().run()
    assert page.number_input(key=keys.PLAN_NEW).value == 5
    page.button(key="switch_language").click().run()
    assert page.number_input(key=keys.PLAN_NEW).value == 5


@pytest.mark.usefixtures("district")
def test_a_reload_keeps_the_project(app: App) -> None:
    page = app().run()
    assert page.query_params["project"] == "district"
    page.button(key="to_sample").click().run()
    assert page.query_params["project"] == "sample"
    again = app()
    again.query_params["project"] = "sample"
    assert "合成示例数据" in text_of(again.run())


@pytest.mark.usefixtures("district")
def test_what_was_told_goes_when_the_radius_changes(app: App) -> None:
    page = app().run()
    page.session_state[keys.TAPPED] = Tap(116.3201, 39.7201, "k")
    save_of(page.run())
    assert page.success
    page.button(key="switch_language").click().run()
    assert page.success[0].value.startswith("Saved")
    page.slider(key=keys.CUTOFF_M).set_value(1500).run()
    assert not page.success


@pytest.mark.usefixtures("home")
def test_the_filter_names_what_is_counted_and_one_click_clears_it(app: App) -> None:
    page = app().run()
    page.session_state[keys.GROUPS] = ["courier"]
    page.run()
    before = page.metric[0].value
    page.button(key="clear_filters").click().run()
    assert page.session_state[keys.GROUPS] == []
    assert page.metric[0].value != before
    assert not page.exception
