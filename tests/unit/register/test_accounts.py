"""Accounts: who comes in by which password, how often one may guess, who remains to keep them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from geo.errors import ConflictError, InputError
from register import access_log, passwords
from register.accounts import (
    FIRST_WAIT_S,
    FREE_FAILURES,
    LONGEST_WAIT_S,
    Account,
    Accounts,
    Given,
)
from tests.postgres import BOTH

ADMIN = Given("Zhang", "张三", "admin")
STAFF = Given("wang", "王五", "staff", "甲镇")
GOOD, OTHER = "春天的驿站真暖和呀哈", "correct horse battery"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=BOTH)
def accounts(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    on_server = request.param == "postgresql"
    database = request.getfixturevalue("team_database") if on_server else tmp_path / "accounts.db"
    opened = Accounts(database, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def admin(accounts: Accounts) -> Account:
    return accounts.add(ADMIN, GOOD, first=True)


def test_the_first_one_keeps_accounts_and_there_is_one_first(accounts: Accounts) -> None:
    assert not accounts.has_keeper()
    with pytest.raises(InputError):
        accounts.add(STAFF, GOOD, first=True)
    made = accounts.add(ADMIN, GOOD, first=True)
    assert (made.login, made.actor.role, made.must_change) == ("zhang", "admin", False)
    assert accounts.has_keeper()
    with pytest.raises(InputError, match="already"):
        accounts.add(Given("li", "李四", "admin"), GOOD, first=True)


def test_signing_in_takes_the_very_password(accounts: Accounts, admin: Account) -> None:
    assert accounts.sign_in(" ZHANG ", GOOD) == admin
    for login, password in (("zhang", OTHER), ("nobody", GOOD), ("zhang", ""), ("", "")):
        with pytest.raises(InputError) as refused:
            accounts.sign_in(login, password)
        assert refused.value.code == "account_wrong"


def test_no_password_is_kept_as_it_is(accounts: Accounts, admin: Account, tmp_path: Path) -> None:
    assert admin.active
    accounts.close()
    for file in tmp_path.iterdir():
        assert GOOD.encode() not in file.read_bytes()


def test_who_has_no_password_never_signs_in_by_one(accounts: Accounts) -> None:
    accounts.add(STAFF)
    for password in ("", " ", GOOD):
        with pytest.raises(InputError):
            accounts.sign_in("wang", password)


@pytest.mark.usefixtures("admin")
def test_guessing_is_slowed_down_and_the_right_one_waits_too(
    accounts: Accounts, clock: Clock
) -> None:
    for _ in range(FREE_FAILURES):
        with pytest.raises(InputError, match="wrong"):
            accounts.sign_in("zhang", OTHER)
    with pytest.raises(InputError) as refused:
        accounts.sign_in("zhang", GOOD)
    assert refused.value.code == "account_wait"
    assert 0 < float(str(refused.value.facts["seconds"])) <= FIRST_WAIT_S + 1
    clock.now += FIRST_WAIT_S
    assert accounts.sign_in("zhang", GOOD).login == "zhang"
    with pytest.raises(InputError, match="wrong"):  # and all failures are forgotten
        accounts.sign_in("zhang", OTHER)
    accounts.sign_in("zhang", GOOD)


def test_a_day_of_guessing_is_about_a_hundred_guesses(accounts: Accounts, clock: Clock) -> None:
    guesses, end = 0, clock.now + 86_400
    while clock.now < end:
        with pytest.raises(InputError) as refused:
            accounts.sign_in("zhang", OTHER)
        wait_s = refused.value.facts.get("seconds", 0)
        guesses += refused.value.code == "account_wrong"
        clock.now += float(str(wait_s))  # nobody waits longer than they must
    assert 86_400 / LONGEST_WAIT_S <= guesses <= 110


@pytest.mark.usefixtures("admin")
def test_guesses_that_come_at_once_are_counted_each(accounts: Accounts) -> None:
    codes: list[str] = []

    def guess() -> None:
        try:
            accounts.sign_in("zhang", OTHER)
        except InputError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=guess) for _ in range(2 * FREE_FAILURES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["account_wait"] * FREE_FAILURES + ["account_wrong"] * FREE_FAILURES


def test_a_new_password_ends_the_old_one_and_the_waiting(
    accounts: Accounts, admin: Account
) -> None:
    for _ in range(FREE_FAILURES):
        with pytest.raises(InputError):
            accounts.sign_in("zhang", OTHER)
    given = accounts.set_password("zhang", OTHER, by_admin=True)
    assert (given.must_change, given.stamp) == (True, admin.stamp + 1)
    with pytest.raises(InputError):
        accounts.sign_in("zhang", GOOD)
    own = accounts.set_password("zhang", GOOD, by_admin=False)
    assert not accounts.sign_in("zhang", GOOD).must_change
    assert own.stamp == given.stamp + 1


def test_what_an_administrator_gives_has_to_be_changed(accounts: Accounts) -> None:
    assert accounts.add(STAFF, GOOD).must_change


def test_who_is_shut_out_is_nobody(accounts: Accounts, admin: Account) -> None:
    staff = accounts.add(STAFF, GOOD)
    gone = accounts.change(staff, "staff", "甲镇", active=False)
    assert accounts.find("wang") is None
    with pytest.raises(InputError, match="wrong"):
        accounts.sign_in("wang", GOOD)
    back = accounts.change(gone, "manager", "", active=True)
    assert back.stamp > staff.stamp  # a page that stayed open does not come back
    assert [account.login for account in accounts.listed()] == ["wang", admin.login]


def test_somebody_always_keeps_accounts(accounts: Accounts, admin: Account) -> None:
    for role, active in (("planner", True), ("admin", False)):
        with pytest.raises(InputError, match="last administrator"):
            accounts.change(admin, role, "", active=active)
    second = accounts.add(Given("li", "李四", "admin"), GOOD)
    assert accounts.change(admin, "planner", "", active=True).role == "planner"
    with pytest.raises(InputError):
        accounts.change(second, "manager", "", active=True)


def test_two_who_change_one_account_are_told(accounts: Accounts, admin: Account) -> None:
    accounts.add(Given("li", "李四", "admin"))
    accounts.change(admin, "planner", "", active=True)
    with pytest.raises(ConflictError):
        accounts.change(admin, "manager", "", active=True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Given("", "李四", "planner"), "account_login"),
        (Given("a b", "李四", "planner"), "account_login"),
        (Given("a\nb", "李四", "planner"), "account_login"),
        (Given("li", " ", "planner"), "account_person"),
        (Given("li", "李四", "staff"), "account_unit"),
        (Given("li", "李四", "king"), "account_unit"),
        (Given("ZHANG", "李四", "planner"), "account_login_taken"),
        (Given("li", "张三", "planner"), "account_person_taken"),
        (Given("li", "张\u3000三", "planner"), ""),
    ],
)
@pytest.mark.usefixtures("admin")
def test_an_account_says_who(accounts: Accounts, given: Given, code: str) -> None:
    if not code:
        assert accounts.add(given).person == "张 三"
        return
    with pytest.raises(InputError) as refused:
        accounts.add(given, GOOD)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("短", "password_short"),
        ("12345678", "password_short"),
        ("x1y" * 60, "password_long"),
        ("Password123", "password_common"),
        ("ＱＷＥＲＴＹＵＩＯＰ", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("121212121212", "password_common"),
        ("bcdefghijklm", "password_common"),
        ("9876543210", "password_common"),
        ("zhang-is-my-name", "password_name"),
        ("我是张三丰的徒弟张三", "password_name"),
    ],
)
def test_weak_passwords_are_refused(password: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        passwords.refuse_weak(password, "zhang", "张三丰")
    assert refused.value.code == code


def test_length_counts_and_nothing_else() -> None:
    assert passwords.MIN_LENGTH == 10
    with pytest.raises(InputError):
        passwords.refuse_weak("kuhmilchx", "zhang")
    for good in ("kuhmilchxy", "今天 天气 很好 啊啊", "only small letters", "a" * 60 + "bcdx" * 17):
        passwords.refuse_weak(good, "zhang", "张三")


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    kept = passwords.hashed("Ａｂｃ１２３驿站暖心")
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "Abc123驿站暖心")
    assert not passwords.matches(kept, "abc123驿站暖心")
    assert not passwords.matches("", "")


def test_shipped_hashes_cost_what_rfc_9106_recommends() -> None:
    made = PasswordHasher()
    assert (made.memory_cost, made.time_cost, made.parallelism) == (65_536, 3, 4)


def test_the_access_log_takes_one_line_each_and_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access_log.note(tmp_path, "failed", login='x\n{"what": "signed_in"}' + "y" * 999)
    access_log.note(tmp_path, "refused", who="王某")
    newest, oldest = access_log.last(tmp_path, 5)
    assert (newest["what"], newest["who"], oldest["what"]) == ("refused", "王某", "failed")
    assert len(oldest["login"]) == 200
    monkeypatch.setattr(access_log, "MAX_BYTES", 10)
    access_log.note(tmp_path, "signed_in", login="a")
    assert [line["what"] for line in access_log.last(tmp_path, 5)] == ["signed_in"]
    assert len(list(tmp_path.iterdir())) == 2
    assert access_log.last(tmp_path / "nowhere", 5) == ()
