"""规则与标准: the standard in force is stored; tables, disagreements and main streets are told."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from register import Home, Register
from register.settings import STANDARD, settle, settled
from register.users import Actor
from siting.coverage.levels import Terms
from siting.effective import evaluate_effective
from siting.judging import judge
from siting.model import Parameters
from siting.standards import standard, standard_names
from tests.unit.ui.conftest import SOURCE, WHO, page_of, stations
from ui import identity, keys
from ui.standards import setting as standard_setting
from ui.standards import side as standards_side
from ui.standards.apart import limits_words
from ui.workbench import questions as questions_panel
from words import LANGUAGES, Lang, has

Page = Callable[..., AppTest]
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
UI = Path(__file__).resolve().parents[3] / "ui"
SPOKEN = re.compile(r'\bword\(\s*"([a-z_.0-9]+)"')


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.standards import page as standards  # noqa: PLC0415 -- the harness takes the body alone

    guarded(standards.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw)


@pytest.fixture
def served(district: Register) -> Register:
    told = stations().assign(hours="24/7", services="water;seat", access="public")
    district.put_records("stations", told, SOURCE, who=WHO)
    return district


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {keys.LANGUAGE: "zh", keys.PROJECT: "district"}
    monkeypatch.setattr(streamlit, "session_state", held)


def text_of(page: AppTest) -> str:
    assert not page.exception
    assert [error.value for error in page.error] == []
    parts = [*page.markdown, *page.caption, *page.info, *page.success, *page.warning]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_page_is_there(lang: Lang) -> None:
    own = [
        *(UI / "standards").glob("*.py"),
        UI / "workbench" / "open_share.py",
        UI / "workbench" / "what_if.py",
    ]
    asked = {key for file in own for key in SPOKEN.findall(file.read_text(encoding="utf-8"))}
    assert len(asked) > 50
    assert [key for key in sorted(asked) if not has(f"standards.{key}", lang)] == []
    for norm in map(standard, standard_names()):
        assert [key for key in norm.assumed if not has(f"standards.assumed.{key}", lang)] == []


def test_the_district_settles_on_a_standard_and_takes_it_back(served: Register, page: Page) -> None:
    opened = page()
    assert "服务半径 1 公里" in text_of(opened)
    opened.button(key="settle_walk_15min").click().run()
    assert settled(served, STANDARD) == "walk_15min"
    assert standard_setting.in_force(served).name == "walk_15min"
    assert "步行 15 分钟" in text_of(opened)
    # Planning begins where the standard is; a setting is nobody's data and no source to credit.
    assert opened.session_state[keys.CUTOFF_M] == 1080
    assert not [s for s in served.inputs().sources if s.layer.startswith("settings/")]
    opened.button(key="undo_change").click().run()
    assert standard_setting.in_force(served).name == "radius_1km"
    assert page().session_state[keys.CUTOFF_M] == 1000


def test_only_who_speaks_for_the_district_settles(
    served: Register, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "actor", lambda _: Actor("王某", "staff", "甲镇"))
    opened = page()
    assert not [b for b in opened.button if str(b.key).startswith("settle_")]
    assert settled(served, STANDARD) is None


def test_a_standard_that_is_no_more_is_not_in_force(served: Register) -> None:
    for name in ("nonsense", "cross_1km"):
        settle(served, STANDARD, name, who=WHO)
        assert standard_setting.in_force(served).name == "radius_1km"


@LANGS
def test_standards_stand_side_by_side(served: Register, page: Page, lang: str) -> None:
    opened = page(lang)
    told = text_of(opened)
    overview, units = (table.value for table in opened.dataframe)
    assert len(overview) == len(standard_names())
    found = judge(served.inputs(), Parameters(), ("radius_1km",)).judged[0]
    assert overview["effective"][0] == pytest.approx(found.coverage.total.coverage * 100)
    # Where all fail, the page still says how near each is.
    short = 100 * found.standard.pass_share - overview["effective"][0]
    assert overview["missing"][0] == pytest.approx(short)
    assert f"{overview['missing'].min():.1f}" in told
    assert f"{overview['missing'].max():.1f}" in told
    assert list(units.columns) == list("ABCDEFGHIJ")
    assert units["A"].to_list() == pytest.approx([r.coverage * 100 for r in found.coverage.towns])


@pytest.mark.usefixtures("spoken")
def test_cells_carry_a_mark_and_sort_as_figures(served: Register) -> None:
    found = judge(served.inputs(), Parameters(), ("radius_1km", "ebike_5min"))
    shares, verdicts = standards_side.unit_table(found, "nominal")
    drawn = standards_side.styled(shares, verdicts).to_html()
    assert set(verdicts["A"]) == {"fail"}
    assert drawn.count("× ") == (verdicts.to_numpy() == "fail").sum()
    assert all(str(kind) == "float64" for kind in shares.dtypes)
    depths = {float(found) for found in re.findall(r"rgba\(213,94,0,([0-9.]+)\)", drawn)}
    assert len(depths) > 1  # the farther from everybody, the darker


@LANGS
@pytest.mark.usefixtures("served")
def test_whom_only_one_standard_counts_is_told_with_the_reason(page: Page, lang: str) -> None:
    opened = page(lang, **{keys.STANDARDS_VIEW: "apart"})
    told = text_of(opened)
    assert {"zh": "附近有驿站，但不到 2 座", "en": "fewer than 2"}[lang] in told
    opened.button(key="apart_0").click().run()
    assert opened.session_state[keys.STANDARDS_FLY] == 1
    opened.selectbox(key=keys.APART_SECOND).set_value("radius_1km").run()
    assert {"zh": "同一项标准", "en": "the same standard"}[lang] in text_of(opened)


@pytest.mark.usefixtures("spoken")
def test_limits_are_said_from_the_shortest_to_the_longest() -> None:
    assert limits_words(standard("density_bands")) == "沿街 1,000–1,700 米、直线 800–1,500 米"
    assert limits_words(standard("per_group")) == "沿街 1,000 米、骑行 5 分钟"


@LANGS
def test_main_streets_are_listed_the_least_served_first(
    served: Register, page: Page, lang: str
) -> None:
    opened = page(lang, **{keys.STANDARDS_VIEW: "streets", keys.MAIN_STREET: "6街"})
    text_of(opened)
    streets = opened.dataframe[1].value
    assert streets["share"].is_monotonic_increasing
    assert (streets["left"] + streets["served"]).round(1).tolist() == streets["length"].tolist()
    assert float(opened.metric[0].value.rstrip("%")) > 0
    assert len(streets) == 7
    assert served.inputs().streets is not None


@pytest.mark.usefixtures("empty_district")
def test_a_district_without_workers_says_what_to_bring(page: Page) -> None:
    assert "导入职工分布" in text_of(page())


def test_without_streets_the_view_says_so(district: Register, page: Page) -> None:
    district.take_out("streets", who=WHO)
    assert "还没有街道数据" in text_of(page(**{keys.STANDARDS_VIEW: "streets"}))


def test_the_list_of_questions_is_handed_out_whole(home: Home) -> None:
    with home.open_sample() as register:
        found = evaluate_effective(register.inputs(), Parameters(), Terms())
    book = pd.read_excel(
        BytesIO(questions_panel.questions_file(found, "zh")()), header=None, engine="calamine"
    )
    text = book.astype(str).to_numpy()
    assert all((text == found.station_ids[item.site]).any() for item in found.questions)
    assert len(found.questions) > questions_panel._FIRST
