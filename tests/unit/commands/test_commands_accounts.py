"""The way back in for an administrator who is locked out."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from geo.errors import InputError
from register import access_log, passwords
from register.accounts import FILE, FREE_FAILURES, Accounts, Given
from tests.unit.commands.terminal import answer, run

GOOD = "春天的驿站真暖和呀哈"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


def test_a_locked_out_administrator_comes_in_once_and_sets_a_password(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / FILE)
    before = accounts.add(Given("Zhang", "张三", "admin"), GOOD, first=True)
    accounts.add(Given("wang", "王五", "planner"), GOOD)
    for _ in range(FREE_FAILURES):
        with pytest.raises(InputError):
            accounts.sign_in("zhang", "不是这一个密码吧")
    with pytest.raises(InputError, match=r"\d"):
        accounts.sign_in("zhang", GOOD)
    told = answer(run("register", "reset-admin", "--home", tmp_path, "--json"))
    assert (told["login"], told["person"]) == ("zhang", "张三")
    with pytest.raises(InputError):
        accounts.sign_in("zhang", GOOD)
    now = accounts.sign_in("zhang", told["password"])
    assert now.must_change
    assert now.stamp > before.stamp
    assert not accounts.sign_in("wang", GOOD).stamp > 1
    (line,) = access_log.last(tmp_path, 9)
    assert (line["what"], line["login"], line["by"]) == ("password_reset", "zhang", "console")
    assert told["password"] not in (tmp_path / access_log.NAME).read_text(encoding="utf-8")
    accounts.close()


def test_which_administrator_is_asked_and_nobody_else_is_taken(tmp_path: Path) -> None:
    none = run("register", "reset-admin", "--home", tmp_path)
    assert none.exit_code == 1
    assert "还没有管理员账号" in none.output
    accounts = Accounts(tmp_path / FILE)
    accounts.add(Given("zhang", "张三", "admin"), GOOD, first=True)
    accounts.add(Given("li", "李四", "admin"), GOOD)
    accounts.add(Given("wang", "王五", "planner"), GOOD)
    several = run("register", "reset-admin", "--home", tmp_path)
    assert several.exit_code == 1
    assert "li, zhang" in several.output
    other = run("register", "reset-admin", "wang", "--home", tmp_path)
    assert other.exit_code == 1
    assert accounts.sign_in("wang", GOOD).must_change
    named = run("register", "reset-admin", " LI ", "--home", tmp_path)
    assert named.exit_code == 0
    assert "李四（账号 li）的一次性密码：" in named.output
    assert accounts.sign_in("zhang", GOOD).login == "zhang"
    accounts.close()
