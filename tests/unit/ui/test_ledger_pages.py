"""The page of the records in its states, as Streamlit's own harness drives it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from register import Kind, Register
from register.task_steps import Request, ask
from register.users import Actor
from siting import district_time
from tests.unit.ui.conftest import SOURCE, WHO, page_of, stations, table
from ui import keys
from ui.ledger.columns import BROWSED, LISTED, column_of
from words import LANGUAGES, Lang, has

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
UI = Path(__file__).resolve().parents[3] / "ui"
SPOKEN = re.compile(r'\b(?:word|done|warn)\(\s*"([a-z_.0-9]+)"')
MARKS = re.compile(r"(?<!\\)\]\(|:red(?<!\\)\[\*|(?<!\\)<img")  # that nobody has made harmless
Page = Callable[..., AppTest]


def draw() -> None:
    from ui.guard import guarded  # noqa: PLC0415 -- as above
    from ui.ledger import page as ledger  # noqa: PLC0415 -- the harness takes the body alone

    guarded(ledger.draw)


@pytest.fixture
def page() -> Page:
    return page_of(draw)


def text_of(page: AppTest) -> str:
    parts = [*page.markdown, *page.caption, *page.info, *page.success, *page.warning, *page.error]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def keys_of(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def sound(page: AppTest) -> AppTest:
    assert not page.exception
    assert [str(error.value) for error in page.error] == []
    return page


@pytest.fixture
def staffed(district: Register) -> Register:
    more = stations().assign(id="s2", name="二号驿站", town="乙街道", contact_phone="13801234567")
    district.put_records("stations", more, SOURCE, who=WHO)
    for unit in ("甲镇", "乙街道"):
        district.add("units", {"name": unit}, who=WHO)
    for person, role, unit in (
        ("规划员", "planner", ""),
        ("王某", "staff", "甲镇"),
        ("赵某", "staff", "乙街道"),
        ("钱主席", "manager", ""),
    ):
        user = {"login": person, "person": person, "role": role, "unit": unit, "active": True}
        district.add("users", user, who=WHO)
    return district


def as_(register: Register, person: str) -> dict[str, object]:
    return {keys.SIGNED: {str(register.folder): person}}


def test_every_sentence_that_the_page_asks_for_is_there() -> None:
    files = (UI / "ledger").glob("*.py")
    texts = [file.read_text(encoding="utf-8") for file in files]
    own = [text for text in texts if "from ui.ledger.words import" in text]
    asked = {key for text in own for key in SPOKEN.findall(text)}
    assert len(asked) > 100
    for lang in LANGUAGES:
        assert [key for key in sorted(asked) if not has(f"ledger.{key}", lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_made_of_codes_are_there(lang: Lang) -> None:
    made = [f"kind.{kind}" for kind in BROWSED]
    made += [f"history.{o}" for o in ("added", "changed", "removed", "brought_back")]
    made += [f"view.{v}" for v in ("records", "tasks", "targets")]
    made += [f"group.{g}" for g in ("basic", "money", "sign", "host", "way")]
    made += [f"filter.by_{s}" for s in ("created", "changed", "name", "unit")]
    made += [f"tasks.{s}{c}" for s in ("send_back", "withdraw") for c in ("", "_confirm")]
    assert [key for key in made if not has(f"ledger.{key}", lang)] == []


def test_no_table_lists_personal_data() -> None:
    listed = [column_of(kind, name) for kind in BROWSED for name in LISTED[kind]]
    assert [column.name for column in listed if column.personal] == []


@LANGS
@pytest.mark.parametrize("view", ["records", "tasks", "targets"])
@pytest.mark.usefixtures("empty_district")
def test_an_empty_district_says_what_to_do_next(page: Page, lang: str, view: str) -> None:
    opened = sound(page(lang, **{keys.LEDGER_VIEW: view}))
    assert len(opened.info) >= 1
    assert not opened.dataframe


@LANGS
@pytest.mark.parametrize(("view", "key"), [("targets", ""), ("tasks", "_for_tasks")])
def test_one_click_takes_the_shipped_units_in(
    empty_district: Register, page: Page, lang: str, view: str, key: str
) -> None:
    opened = sound(page(lang, **{keys.LEDGER_VIEW: view}))
    sound(opened.button(key=f"take_units{key}").click().run())
    assert len(empty_district.records("units")) == 23
    assert f"take_units{key}" not in keys_of(opened)
    assert "23" in text_of(opened)


def test_targets_of_units_that_no_list_names_offer_the_shipped_list(
    district: Register, page: Page
) -> None:
    district.add("stations", {"name": "新站", "town": "甲镇", "lon": 116.33, "lat": 39.73}, who=WHO)
    opened = sound(page(**{keys.LEDGER_VIEW: "targets"}))
    assert len(opened.info) == 1
    sound(opened.button(key="take_units").click().run())
    assert len(district.records("units")) == 23


def test_the_unit_of_a_task_follows_the_record_that_it_is_about(
    district: Register, page: Page
) -> None:
    for unit in ("乙街道", "甲镇"):
        district.add("units", {"name": unit}, who=WHO)
    place = {"lon": 116.33, "lat": 39.73, "state": "open"}
    second = district.add("stations", {"name": "二号驿站", "town": "乙街道", **place}, who=WHO)
    opened = sound(page(**{keys.LEDGER_VIEW: "tasks", keys.TASK_KIND: "confirm_hours"}))
    about = next(box for box in opened.selectbox if str(box.key).endswith("_stations"))
    for record, unit in (("s1", "甲镇"), (second.id, "乙街道")):
        about.set_value(record)
        sound(opened.run())
        assert opened.selectbox(key=keys.TASK_UNIT).value == unit
        about = next(box for box in opened.selectbox if str(box.key).endswith("_stations"))
        assert about.value == record


def test_the_unit_of_a_task_is_right_after_another_view_forgot_the_choice(
    district: Register, page: Page
) -> None:
    for unit in ("一镇", "甲镇"):  # the first unit has no station
        district.add("units", {"name": unit}, who=WHO)
    state = {keys.LEDGER_VIEW: "tasks", keys.TASK_KIND: "confirm_hours"}
    opened = sound(page(**state, **{keys.TASK_ABOUT: ("stations", "s1")}))
    assert opened.selectbox(key=keys.TASK_UNIT).value == "甲镇"


def test_every_kind_of_an_empty_district_can_be_begun(empty_district: Register, page: Page) -> None:
    empty_district.add("units", {"name": "甲镇"}, who=WHO)
    opened = page()
    for kind in BROWSED:
        opened.session_state[keys.LEDGER_KIND] = kind
        opened.run()
        sound(opened.button(key="ledger_new").click().run())
        assert any(str(button.label) == "保存" for button in opened.button)
        opened.session_state[keys.LEDGER_DRAFT] = None


@LANGS
@pytest.mark.usefixtures("home")
def test_the_sample_fills_the_page(page: Page, lang: str) -> None:
    opened = sound(page(lang))
    (rows,) = opened.dataframe
    assert len(rows.value) == 25
    assert {"zh": "共 109 条", "en": "109 records"}[lang] in text_of(opened)
    opened.button(key="ledger_later").click().run()
    sound(opened)
    assert {"zh": "第 26–50 条", "en": "26–50 of 109"}[lang] in text_of(opened)
    opened.text_input(key=keys.LEDGER_TEXT).set_value("no such place").run()
    assert len(opened.info) == 1


@pytest.mark.usefixtures("home")
def test_what_is_missing_is_found(page: Page, empty_district: Register) -> None:
    empty_district.put_records("stations", stations(), SOURCE, who=WHO)
    place = {"lon": 116.31, "lat": 39.7}
    given = {"name": "有时间", "hours": "24/7", **place}
    empty_district.add("stations", given, who=WHO)
    opened = page()
    opened.multiselect(key=keys.LEDGER_LACKS).set_value(["hours"]).run()
    (rows,) = opened.dataframe
    assert list(rows.value["名称"]) == ["一号驿站"]


def test_a_unit_sees_its_own_records_first(staffed: Register, page: Page) -> None:
    for person, first in (("王某", "一号驿站"), ("赵某", "二号驿站")):
        opened = sound(page(**as_(staffed, person)))
        assert opened.dataframe[0].value["名称"].iloc[0] == first


@LANGS
@pytest.mark.usefixtures("staffed")
def test_who_has_not_said_who_they_are_only_looks(page: Page, lang: str) -> None:
    opened = sound(page(lang))
    assert {"zh": "只是署名，不是登录", "en": "a signature, not a sign-in"}[lang] in text_of(opened)
    assert "ledger_new" not in keys_of(opened)
    opened.session_state[keys.LEDGER_OPEN] = ("stations", "s2")
    opened.run()
    assert not keys_of(opened) & {"ledger_edit", "ledger_bring_back"}
    opened.selectbox(key="sign_who").set_value("赵某").run()
    opened.button(key="sign_confirm").click().run()
    assert "ledger_edit" in keys_of(sound(opened))


@pytest.mark.parametrize(
    ("person", "phone", "edits"),
    [
        ("规划员", "13801234567", True),
        ("赵某", "13801234567", True),
        ("王某", "138****4567", False),
        ("钱主席", "138****4567", False),
    ],
)
def test_phones_and_buttons_by_role(
    staffed: Register, page: Page, person: str, phone: str, *, edits: bool
) -> None:
    opened = sound(page(**as_(staffed, person), **{keys.LEDGER_OPEN: ("stations", "s2")}))
    assert phone in text_of(opened)
    assert ("13801234567" in text_of(opened)) == (phone == "13801234567")
    assert ("ledger_edit" in keys_of(opened)) == edits
    assert ("已遮盖" in text_of(opened)) != (phone == "13801234567")


def test_history_says_what_was_changed_and_offers_the_way_back(
    staffed: Register, page: Page
) -> None:
    staffed.update("stations", "s1", {"seats": 5}, version=1, who="王某", why="现场核实")
    opened = sound(page(**as_(staffed, "王某"), **{keys.LEDGER_OPEN: ("stations", "s1")}))
    event = staffed.revision()
    assert "现场核实" in text_of(opened)
    opened.button(key=f"undo_{event}").click().run()
    sound(opened)
    assert staffed.get("stations", "s1")["seats"] is None
    assert any("不能撤销" in str(caption.value) for caption in opened.caption)


@LANGS
def test_tasks_of_a_unit(staffed: Register, page: Page, lang: str) -> None:
    planner = Actor("规划员", "planner")
    for unit, text in (("乙街道", "别家的"), ("甲镇", "我家的")):
        ask(staffed, Request("other", unit, text, due=date(2026, 1, 2)), actor=planner)
    state = {**as_(staffed, "王某"), keys.LEDGER_VIEW: "tasks"}
    opened = sound(page(lang, **state))
    told = text_of(opened)
    assert told.index("我家的") < told.index("别家的")
    claims = [key for key in keys_of(opened) if key.startswith("claim_")]
    assert len(claims) == 1
    opened.button(key=claims[0]).click().run()
    sound(opened)
    assert any(area.label for area in opened.text_area)  # the answer's form is open


@pytest.mark.usefixtures("staffed")
def test_the_coverage_of_a_day_is_shown_beside_today_s(page: Page) -> None:
    today = district_time.today()
    opened = sound(page(**{keys.LEDGER_DAY: today}))
    shares = [metric.value for metric in opened.metric]
    assert shares[0] == shares[2] == "8.5%"  # as on the planning page
    assert "只读" in text_of(opened)
    assert "ledger_new" not in keys_of(opened)
    assert len(opened.dataframe) == 2
    opened.button(key="past_leave").click().run()
    assert "只读" not in text_of(sound(opened))


@pytest.mark.usefixtures("staffed")
def test_a_day_before_the_register_is_told(page: Page) -> None:
    opened = page(**{keys.LEDGER_DAY: date(2001, 1, 1)})
    assert not opened.exception
    assert len(opened.error) == 1
    opened.button(key="past_leave").click().run()
    sound(opened)


def test_hostile_text_stays_text(empty_district: Register, page: Page) -> None:
    bad = "![x](http://evil.example/a.png) :red[**b**] <img src=x>"
    place = {"name": bad, "lon": 116.3, "lat": 39.7, "town": bad, "address": bad}
    rows: dict[Kind, dict[str, object]] = {
        "units": {"name": bad},
        "stations": {"id": bad, **place},
        "candidates": {"id": "c", **place},
        "hosts": {"id": "h", **place},
        "enterprises": {"id": "e", **place},
        "needs": {"id": "n", "lon": 116.3, "lat": 39.7, "town": bad, "said": bad},
        "visits": {"station": bad, "date": "2026-11-20", "visits": 3},
        "inspections": {"id": "i", "station": bad, "date": "2026-11-20", "hazard": bad},
        "haves": {"station": bad, "item": "place", "date": "2026-11-20", "met": True, "note": bad},
        "targets": {"unit": bad, "year": 2026, "target": 3},
    }
    ids = {kind: empty_district.add(kind, row, who=bad, why=bad).id for kind, row in rows.items()}
    planner = Actor(bad, "planner")
    ask(empty_district, Request("confirm_hours", bad, bad, about=bad), actor=planner)
    opened = page()
    states: list[dict[str, object]] = [{keys.LEDGER_OPEN: held} for held in ids.items()]
    states += [{keys.LEDGER_OPEN: None, keys.LEDGER_KIND: kind} for kind in BROWSED]
    states += [{keys.LEDGER_VIEW: view} for view in ("tasks", "targets")]
    seen = 0
    for state in states:
        for name, value in state.items():
            opened.session_state[name] = value
        sound(opened.run())
        drawn = [*opened.markdown, *opened.caption, *opened.warning, *opened.success]
        raw = [str(part.value) for part in drawn] + [str(button.label) for button in opened.button]
        seen += sum("evil" in text for text in raw)
        assert [text for text in raw if MARKS.search(text)] == [], state
    assert seen > 20


def test_tables_are_those_of_the_schema() -> None:
    assert set(LISTED) == set(BROWSED)
    for kind in BROWSED:
        assert table(kind, [{}]).columns.size >= len(LISTED[kind])


@pytest.mark.usefixtures("home")
def test_the_sample_and_the_district_know_their_own_people(staffed: Register, page: Page) -> None:
    opened = page(**as_(staffed, "王某"))
    assert "本机用户" not in text_of(sound(opened))
    opened.session_state[keys.PROJECT] = "sample"
    opened.run()
    assert "本机用户" in text_of(sound(opened))
