"""Stored plans: listed and opened again with the rules they rest on; altered ones are found."""

from pathlib import Path

import pytest

from geo.errors import InputError, PlannerError
from geo.reference import DATA_FOLDER
from register import Register, finding
from register.editions import Edition, edition, editions, editions_of
from register.engine import open_engine, reading, writing
from register.schema import bring_up_to_date
from siting.model import Parameters
from siting.planning import BUILT_IN_RULES
from siting.scenario import scenario_hash

FIRST = Edition("rules", "daxing", b"a = 1\n")
SECOND = Edition("rules", "daxing", b"a = 2\n")


def edit(register: Register, statement: str) -> None:
    with writing(register._engine) as connection:
        connection.exec_driver_sql(statement)


def test_a_plan_names_the_very_rules_it_rests_on(district: Register) -> None:
    old = district.save_plan("a", {}, {}, who="张三", editions=[FIRST])
    new = district.save_plan("b", {}, {}, who="李四", editions=[SECOND])
    again = district.save_plan("c", {}, {}, who="李四", editions=[FIRST])
    assert edition(district, old.editions["rules/daxing"]) == FIRST.content
    assert edition(district, new.editions["rules/daxing"]) == SECOND.content
    assert again.editions == old.editions
    kept = editions(district, "rules", "daxing")
    assert [layer.sha256 for layer in kept] == [FIRST.sha256, SECOND.sha256]
    assert district.verify().whole
    with pytest.raises(InputError, match="no rules or standard"):
        edition(district, "f" * 64)


def test_what_parameters_name_is_read_from_the_product(tmp_path: Path) -> None:
    rules, standard = editions_of({"rules": BUILT_IN_RULES, "standard": "walk_15min"})
    assert (rules.kind, standard.kind) == ("rules/daxing", "standards/walk_15min")
    assert rules.content == (DATA_FOLDER / "rules" / "daxing.toml").read_bytes()
    own = tmp_path / "own.toml"
    own.write_bytes(b"x = 1\n")
    assert editions_of({"rules": "own.toml"}, own) == (Edition("rules", "own.toml", b"x = 1\n"),)
    assert editions_of({"rules": None, "standard": None}) == ()


def test_kept_rules_are_no_source_and_change_no_scenario(district: Register) -> None:
    district.add_candidate(116.3, 39.7, who="张三")
    before = district.inputs()
    district.save_plan("a", {}, {}, who="张三", editions=[FIRST])
    after = district.inputs()
    assert after.sources == before.sources == ()
    assert scenario_hash(after, Parameters()) == scenario_hash(before, Parameters())
    assert district.tables()["layers"].empty
    # The change that a person takes back next is the candidate: a plan brought nothing of its own.
    assert district.revision() == 3


def test_plans_are_listed_and_opened_by_number(district: Register) -> None:
    for number in range(5):
        district.save_plan(f"s{number}", {"new": number}, {}, who="张三", name=f"方案{number}")
    newest = district.plans(limit=2)
    assert [plan.id for plan in newest] == [5, 4]
    assert [plan.id for plan in district.plans(limit=9, before=4)] == [3, 2, 1]
    assert district.plan(5) == newest[0]
    with pytest.raises(InputError, match="no plan number 6"):
        district.plan(6)


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE plan SET parameters = '{"new":9}'""",
        "UPDATE plan SET created_by = '别人'",
        "UPDATE plan SET created_at = '2020-01-01T00:00:00.000000Z'",
        "UPDATE plan SET name = '另一个'",
        "UPDATE plan SET revision = 1",
        "UPDATE plan SET editions = '{}'",
        "UPDATE plan SET hash = ''",
    ],
)
def test_everything_that_a_plan_says_is_verified(district: Register, statement: str) -> None:
    district.add_candidate(116.3, 39.7, who="张三")
    made = district.save_plan("abc", {"new": 5}, {"n": 1}, who="张三", editions=[FIRST])
    assert made.created_by == "张三"
    edit(district, statement)
    assert district.verify().records == (("plans", "1"),)
    for read in (district.last_plan, lambda: district.plan(1), district.plans):
        with pytest.raises(PlannerError) as refused:
            read()
        assert refused.value.code == "register_plan_damaged"


def test_a_plan_whose_rules_are_gone_is_found(district: Register) -> None:
    district.save_plan("abc", {}, {}, who="张三", editions=[FIRST])
    edit(district, "UPDATE layer SET kind = 'rules/other'")
    assert district.verify().records == (("plans", "1"),)


def test_plans_from_before_there_were_hashes_stay_readable(
    district: Register, stored: Path | str
) -> None:
    made = district.save_plan("abc", {"new": 5}, {"n": 1}, who="张三")
    before = """UPDATE event SET after = '{"name":"","result_sha256":"%s","scenario":"abc"}'"""
    with reading(district._engine) as connection:
        (said,) = connection.exec_driver_sql("SELECT after FROM event WHERE id = 2").one()
    result = said.split('"result_sha256":"')[1][:64]
    edit(district, f"{before % result} WHERE id = 2")
    edit(district, "ALTER TABLE plan DROP COLUMN hash")
    edit(district, "ALTER TABLE plan DROP COLUMN editions")
    with writing(district._engine) as connection:
        finding.remove(connection)
    edit(district, "ALTER TABLE hosts DROP COLUMN area_m2")
    edit(district, "UPDATE alembic_version SET version_num = '0006'")
    engine = open_engine(stored)
    bring_up_to_date(engine)
    engine.dispose()
    assert district.plan(1) == made
    assert district.verify().records == ()  # the chain tells that this test altered an event
    edit(district, "UPDATE plan SET created_by = '别人'")
    assert district.verify().records == (("plans", "1"),)
