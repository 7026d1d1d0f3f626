"""Effective coverage on the planner's page, driven as Streamlit's own test harness drives it."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from register import Home, Register
from register.users import Actor
from siting.coverage.levels import Terms
from siting.effective import EffectiveEvaluation, evaluate_effective
from siting.model import Parameters
from tests.unit.ui.conftest import SOURCE, WHO, demand, stations
from ui import identity, keys

App = Callable[..., AppTest]
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
NIGHT = "workday_night"


def share(page: AppTest, place: int = 0) -> float:
    return float(page.metric[place].value.rstrip("%"))


def table_of(page: AppTest) -> list[list[object]]:
    (found,) = page.dataframe
    return [list(row) for row in found.value.itertuples(index=False, name=None)]


def waterfall(page: AppTest) -> list[int]:
    (fall,) = re.findall(
        r'<div class="ws-fall".*', "\n".join(str(getattr(p, "value", "")) for p in page.get("html"))
    )
    return [
        int(n.replace("−", "-").replace(",", "")) for n in re.findall(r"<b [^>]*>(.*?)</b>", fall)
    ]


def turn_to(page: AppTest, tab: str) -> AppTest:
    page.session_state[keys.TAB] = tab
    return page.run()


@pytest.fixture
def sample(home: Home) -> EffectiveEvaluation:
    with home.open_sample() as register:
        return evaluate_effective(register.inputs(), Parameters(), Terms())


@LANGS
def test_the_headline_is_effective_and_the_bars_lead_to_it(
    sample: EffectiveEvaluation, app: App, lang: str
) -> None:
    page = app(lang).run()
    assert not page.exception
    assert not page.error
    total = sample.effective.total
    assert [share(page, place) for place in range(3)] == pytest.approx(
        [
            100 * total.coverage,
            100 * total.nominal_coverage,
            100 * total.unverified / total.workers,
        ],
        abs=0.051,
    )
    everybody, out, nominal, *between, verified = waterfall(page)
    assert everybody == round(total.workers)
    assert everybody + out == nominal
    assert nominal + sum(between) == verified == round(total.verified)


@pytest.mark.usefixtures("home")
def test_units_and_groups_sum_to_the_district_and_windows_do_not(
    sample: EffectiveEvaluation, app: App
) -> None:
    page = app().run()
    total = sample.effective.total
    for by in ("town", "group"):
        rows = table_of(page.segmented_control(key=keys.BY).set_value(by).run())
        unverified, uncovered, verified, workers = (
            sum(int(str(row[place])) for row in rows) for place in (3, 4, 5, 6)
        )
        assert workers == round(total.workers) == unverified + uncovered + verified
        assert verified == round(total.verified)
        assert all(row[3] + row[4] + row[5] == row[6] for row in rows)  # type: ignore[operator]
    rows = table_of(page.segmented_control(key=keys.BY).set_value("window").run())
    assert len(rows) == 12
    assert sum(int(str(row[6])) for row in rows) > round(total.workers)
    assert any("不能相加" in part.value for part in page.caption)


@pytest.mark.usefixtures("home")
def test_night_closes_stations_and_the_slider_and_the_filter_are_one_choice(app: App) -> None:
    page = app().run()
    week = share(page)
    page.select_slider(key="when_zh").set_value(NIGHT).run()
    assert page.session_state[keys.WINDOWS] == [NIGHT]
    night = share(page)
    assert night < week / 2
    page.button(key="switch_language").click().run()  # the choice survives the language
    assert page.select_slider(key="when_en").value == NIGHT
    assert share(page) == night
    page.multiselect(key="windows_en").set_value([NIGHT, "weekend_night"]).run()
    assert page.select_slider(key="when_en").value == "*"
    page.button(key="clear_filters").click().run()
    assert page.select_slider(key="when_en").value == ""
    assert share(page) == week


@pytest.mark.usefixtures("home")
def test_terms_change_the_figures_and_are_said(app: App) -> None:
    page = app().run()
    before, nominal = share(page), share(page, 1)
    page.segmented_control(key=keys.OPEN_SHARE).set_value(1.0).run()
    assert share(page) < before
    page.segmented_control(key=keys.OPEN_SHARE).set_value(0.5).run()
    page.segmented_control(key=keys.SEASON).set_value("summer").run()
    assert not page.exception
    assert share(page) < before  # a shorter way in the heat
    assert share(page, 1) == nominal  # nominal coverage asks for distance only
    assert any("80%" in part.value and "假定" in part.value for part in page.caption)


def test_kind_defaults_turn_unverified_into_covered_and_are_marked(
    district: Register, app: App
) -> None:
    district.put_records(
        "stations", stations().assign(hours="24/7", services="water"), SOURCE, who=WHO
    )
    page = app().run()
    assert (share(page), share(page, 2)) == (0.0, 8.5)
    page.toggle(key=keys.KIND_DEFAULTS).set_value(True).run()
    assert (share(page), share(page, 2)) == (8.5, 0.0)
    assert any("按类型默认" in part.value for part in page.caption)


@LANGS
def test_a_gap_is_listed_opened_flown_to_and_closed(
    sample: EffectiveEvaluation, app: App, lang: str
) -> None:
    page = turn_to(app(lang).run(), "areas")
    worst = sample.gap_areas[0]
    label = page.button(key="area_0").label.replace("\\", "")
    assert worst.place.said("zh" if lang == "zh" else "en") in label
    page.button(key="area_0").click().run()
    assert not page.exception
    assert page.session_state[keys.FLY] == 1
    assert page.session_state[keys.AREA] == sample.nominal.point_id[int(worst.gap.points[0])]
    mends = [b.label for b in page.button if (b.key or "").startswith("show_mend_")]
    assert len(mends) == len(worst.mends)
    assert sum(item.cost_assumed for item in worst.mends) == sum(
        {"zh": "（假定）", "en": "(assumed)"}[lang] in mend for mend in mends
    )
    page.button(key="show_mend_0").click().run()
    assert page.session_state[keys.PICKED] == sample.site_id(worst.mends[0].mend)
    assert page.session_state[keys.FLY] == 2
    page.button(key="area_0").click().run()
    assert keys.AREA not in page.session_state
    page.button(key="more_areas").click().run()
    assert sum((b.key or "").startswith("area_") for b in page.button) == len(sample.gap_areas)


def test_a_question_opens_the_card_of_its_station(sample: EffectiveEvaluation, app: App) -> None:
    page = turn_to(app().run(), "areas")
    first = sample.questions[0]
    page.button(key=f"ask_{first.site}").click().run()
    assert not page.exception
    assert page.session_state[keys.PICKED] == sample.station_ids[first.site]
    assert any("问清为好" in part.value for part in page.warning)
    assert page.button(key="correct").label == "修改"


@LANGS
@pytest.mark.usefixtures("district")
def test_without_a_gap_or_a_question_the_list_says_so(
    district: Register, app: App, lang: str
) -> None:
    district.put_demand(demand().assign(workers=0), SOURCE, who=WHO)
    page = turn_to(app(lang).run(), "areas")
    assert not page.exception
    assert not page.error
    said = [part.value for part in page.caption]
    assert any({"zh": "没有未覆盖人数达到", "en": "No gap area has"}[lang] in text for text in said)
    turn_to(page, "coverage")
    assert not page.exception
    assert waterfall(page) == [0] * 8


@pytest.mark.usefixtures("empty_district")
def test_an_empty_district_has_no_list(app: App) -> None:
    page = turn_to(app().run(), "areas")
    assert not page.exception
    assert not page.error
    assert not [b for b in page.button if (b.key or "").startswith("area_")]


@pytest.mark.usefixtures("district")
def test_a_new_plan_turns_the_map_to_its_nominal_gap(app: App) -> None:
    page = turn_to(app().run(), "plan")
    assert any("名义覆盖" in part.value for part in page.caption)
    assert page.segmented_control(key=keys.GAP_OF).value == "effective"
    page.number_input(key=keys.PLAN_NEW).set_value(2).run()
    next(b for b in page.button if b.label == "推荐新增 2 座").click().run()
    assert page.segmented_control(key=keys.GAP_OF).value == "after"
    again = app().run()  # a plan found again is old news
    assert again.segmented_control(key=keys.GAP_OF).value == "effective"


@pytest.mark.usefixtures("district")
def test_who_may_not_store_a_plan_is_not_offered_one(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "actor", lambda _: Actor("钱主席", "manager"))
    page = turn_to(app().run(), "plan")
    assert not page.exception
    assert not [b for b in page.button if b.label.startswith("推荐新增")]
    assert any("由区里的规划人员推荐" in part.value for part in page.info)
