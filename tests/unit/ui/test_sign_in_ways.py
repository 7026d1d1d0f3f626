"""The three ways in: what is configured, whom a header is believed from, who an OpenID token is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace

import pytest
import streamlit
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from geo.errors import InputError
from register import Home, Register, access_log, passwords
from register.accounts import Accounts, Given
from register.users import Actor
from ui import identity, keys
from ui.sign_in import page as sign_in
from ui.sign_in import people as sign_in_people
from ui.sign_in import ways as sign_in_ways
from ui.sign_in.settings import VARIABLE, Settings, read_settings

SECRET = "a-secret-of-the-proxy"  # noqa: S105 -- of this test
PASSWORD = "春天的驿站真暖和呀哈"  # noqa: S105 -- of this test
PROXY = {"WARM_STATION_SIGN_IN": "header", "WARM_STATION_SIGN_IN_PROXIES": "10.0.0.5, 10.1.0.0/24"}
BY_SECRET = {"WARM_STATION_SIGN_IN": "header", "WARM_STATION_SIGN_IN_SECRET": SECRET}
USER = ("X-Forwarded-User", "wang")
SHOWN = ("X-Sign-In-Secret", SECRET)


class Headers(dict[str, str]):
    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs

    def get_all(self, name: str) -> list[str]:
        return [value for known, value in self.pairs if known.lower() == name.lower()]


Visit = Callable[..., None]


@pytest.fixture
def accounts(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    assert home.folder.exists()
    opened = sign_in_ways.accounts()
    opened.add(Given("wang", "王某", "staff", "甲镇"))
    yield opened
    opened.close()


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    monkeypatch.setattr(streamlit, "session_state", {})

    def come(
        configured: Mapping[str, str],
        *headers: tuple[str, str],
        peer: str | None = "10.9.9.9",
        token: Mapping[str, object] | None = None,
    ) -> None:
        for name, value in configured.items():
            monkeypatch.setenv(name, value)
        context = SimpleNamespace(headers=Headers(headers), ip_address=peer)
        monkeypatch.setattr(streamlit, "context", context)
        monkeypatch.setattr(streamlit, "user", dict(token or {}))

    return come


def test_without_a_word_nobody_signs_in() -> None:
    assert read_settings({}, {}) == Settings()
    assert read_settings({VARIABLE: ""}, {}).way == "none"


def test_the_environment_wins_over_the_file() -> None:
    file = {"way": "header", "proxies": ["10.0.0.1", "::1"], "admins": ["Zhang@x.cn"]}
    found = read_settings({}, file)
    assert (found.way, len(found.proxies), *found.admins) == ("header", 2, "zhang@x.cn")
    assert read_settings({VARIABLE: "local"}, file).way == "local"
    assert read_settings({f"{VARIABLE}_HEADER": "X-User"}, file).header == "X-User"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"way": "headers"}, "sign_in_way"),
        ({"way": "header"}, "sign_in_no_proxy"),
        ({"way": "header", "proxies": "proxy.local"}, "sign_in_address"),
        ({"way": "header", "secret": "short"}, "sign_in_short_secret"),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_what_cannot_work_lets_nobody_in(wrong: dict[str, str], code: str, visit: Visit) -> None:
    with pytest.raises(InputError) as refused:
        read_settings({}, wrong)
    assert refused.value.code == code
    names = {"way": VARIABLE} | {
        name: f"{VARIABLE}_{name.upper()}" for name in wrong if name != "way"
    }
    visit({names[name]: value for name, value in wrong.items()})
    assert not sign_in.admitted()


@pytest.mark.parametrize(
    ("configured", "headers", "peer"),
    [
        (PROXY, [USER], "10.0.0.5"),
        (PROXY, [USER], "10.1.0.77"),
        (PROXY, [USER, ("X-Forwarded-For", "192.168.3.4")], "10.0.0.5"),
        (PROXY | {"WARM_STATION_SIGN_IN_PROXIES": "127.0.0.1"}, [USER], None),
        (BY_SECRET, [USER, SHOWN], "10.9.9.9"),
        (PROXY | BY_SECRET, [USER, SHOWN], "10.9.9.9"),
        (PROXY, [("x-forwarded-user", " WANG ")], "10.0.0.5"),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_a_proxy_is_believed(
    visit: Visit, configured: dict[str, str], headers: list[tuple[str, str]], peer: str | None
) -> None:
    visit(configured, *headers, peer=peer)
    assert sign_in.admitted()
    assert identity.current_user() == Actor("王某", "staff", "甲镇")


@pytest.mark.parametrize(
    ("configured", "headers", "peer"),
    [
        (PROXY, [USER], "10.0.0.6"),
        (PROXY, [USER], "10.2.0.1"),
        (PROXY, [USER], None),
        (PROXY, [USER], "unknown"),
        # A server that believes this header reports its address as the peer.
        (PROXY, [USER, ("X-Forwarded-For", "10.0.0.5")], "10.0.0.5"),
        (PROXY, [USER, ("X-Forwarded-For", "1.1.1.1, 10.0.0.5")], "10.0.0.5"),
        (BY_SECRET, [USER], "10.0.0.5"),
        (BY_SECRET, [USER], None),
        (BY_SECRET, [USER, ("X-Sign-In-Secret", "")], "10.0.0.5"),
        (BY_SECRET, [USER, ("X-Sign-In-Secret", SECRET[:-1])], "10.0.0.5"),
        (BY_SECRET, [USER, SHOWN, SHOWN], "10.0.0.5"),
        (PROXY, [USER, SHOWN], "10.9.9.9"),  # no secret is configured
        (PROXY, [("X-Forwarded-User", "zhang"), USER], "10.0.0.5"),  # the proxy adds its own
        (PROXY, [("X-Forwarded-User", "")], "10.0.0.5"),
        (PROXY, [], "10.0.0.5"),
        (BY_SECRET, [SHOWN], "10.9.9.9"),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_a_spoofed_header_is_refused(
    visit: Visit, configured: dict[str, str], headers: list[tuple[str, str]], peer: str | None
) -> None:
    visit(configured, *headers, peer=peer)
    assert not sign_in.admitted()
    assert identity.current_user() is None


@pytest.mark.usefixtures("accounts")
def test_a_header_is_nothing_where_another_way_is_configured(visit: Visit) -> None:
    visit({VARIABLE: "local"}, USER, SHOWN, peer=None)
    assert identity.current_user() is None


def test_who_is_known_but_not_let_in_is_told_so(accounts: Accounts, visit: Visit) -> None:
    visit(PROXY, ("X-Forwarded-User", "li@x.cn"), peer="10.0.0.5")
    found = sign_in_ways.arrival()
    assert (found.account, found.login, found.refused) == (None, "li@x.cn", None)
    assert accounts.find("li@x.cn") is None


def test_who_is_named_administrator_comes_in_and_may_be_shut_out(
    accounts: Accounts, visit: Visit
) -> None:
    visit(
        PROXY | {f"{VARIABLE}_ADMINS": "Li@x.cn"}, ("X-Forwarded-User", "li@x.cn"), peer="10.0.0.5"
    )
    assert identity.current_user() == Actor("li@x.cn", "admin")
    accounts.add(Given("zhao", "赵某", "admin"))
    made = accounts.find("li@x.cn")
    assert made is not None
    accounts.change(made, "admin", "", active=False)
    assert identity.current_user() is None


def test_a_temporary_password_keeps_nobody_out_who_needs_none(
    accounts: Accounts, visit: Visit
) -> None:
    accounts.set_password("wang", PASSWORD, by_admin=True)
    visit(PROXY, USER, peer="10.0.0.5")
    assert sign_in.admitted()


@pytest.mark.parametrize(
    ("token", "inside"),
    [
        ({}, False),
        ({"is_logged_in": False, "email": "wang"}, False),
        ({"is_logged_in": True, "email": "Wang"}, True),
        ({"is_logged_in": True, "email": "wang", "email_verified": True}, True),
        ({"is_logged_in": True, "email": "wang", "email_verified": False}, False),
        ({"is_logged_in": True, "email": "wang", "email_verified": "false"}, False),
        ({"is_logged_in": True, "sub": "wang"}, False),
        ({"is_logged_in": True, "email": "li"}, False),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_an_openid_token_says_who(visit: Visit, token: dict[str, object], *, inside: bool) -> None:
    visit({VARIABLE: "oidc"}, token=token)
    assert sign_in.admitted() == inside


@pytest.mark.usefixtures("accounts")
def test_another_claim_may_be_the_login(visit: Visit) -> None:
    token = {"is_logged_in": True, "sub": "wang", "email": "x", "email_verified": False}
    visit({VARIABLE: "oidc", f"{VARIABLE}_CLAIM": "sub"}, token=token)
    assert sign_in.admitted()


def test_a_session_ends_with_its_account(accounts: Accounts, visit: Visit) -> None:
    visit({VARIABLE: "local"})
    accounts.add(Given("zhang", "张三", "admin"), PASSWORD, first=True)
    sign_in_ways.come_in(sign_in.sign_in("zhang", PASSWORD))
    assert sign_in.admitted()
    other = accounts.set_password("zhang", PASSWORD[::-1], by_admin=True)
    assert not sign_in.admitted()
    sign_in_ways.come_in(other)
    assert not sign_in.admitted()  # the temporary password has to be changed first
    own = sign_in.set_own_password(other, PASSWORD[::-1], PASSWORD, PASSWORD)
    sign_in_ways.come_in(own)
    assert sign_in.admitted()
    sign_in_ways.go_out()
    assert not sign_in.admitted()


def test_an_administrator_gives_others_a_password_and_themselves_none(
    accounts: Accounts, visit: Visit, empty_district: Register
) -> None:
    visit({VARIABLE: "local"})
    own = accounts.add(Given("zhang", "张三", "admin"), PASSWORD, first=True)
    sign_in_ways.come_in(own)
    sign_in_people.reset_password(empty_district, own)
    assert streamlit.session_state[keys.NOTICE].kind == "error"
    sign_in_people.add_account(empty_district, Given("li", "李四", "planner"))
    person, given = streamlit.session_state[keys.GIVEN]
    assert person == "李四"
    assert accounts.sign_in("li", given).must_change
    (li,) = [account for account in accounts.listed() if account.login == "li"]
    sign_in_people.reset_password(empty_district, li)
    assert accounts.sign_in("li", streamlit.session_state[keys.GIVEN][1]).stamp == li.stamp + 1
    with pytest.raises(InputError, match="wrong"):
        accounts.sign_in("li", given)
    assert sign_in.admitted()


@pytest.mark.usefixtures("accounts")
def test_the_first_administrator_has_read_the_console(
    visit: Visit, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    visit({VARIABLE: "local"})
    given = Given("zhang", "张三", "admin")
    for code in ("", "0" * 20, "你好"):
        with pytest.raises(InputError, match="one-time code"):
            sign_in.found_administrator(code, given, PASSWORD, PASSWORD)
    code = sign_in_ways.first_code()
    assert code in caplog.text
    with pytest.raises(InputError, match="differ"):
        sign_in.found_administrator(code, given, PASSWORD, PASSWORD[1:])
    made = sign_in.found_administrator(f" {code} ", given, PASSWORD, PASSWORD)
    assert made.actor == Actor("张三", "admin")
    with pytest.raises(InputError, match="already"):
        sign_in.found_administrator(code, Given("li", "李四", "admin"), PASSWORD, PASSWORD)
    told = [line["what"] for line in access_log.last(home.folder, 9)]
    assert told == ["account_added", "failed", "failed", "failed"]
    for line in (home.folder / access_log.NAME).read_text(encoding="utf-8").splitlines():
        assert code not in line
        assert PASSWORD not in line


@pytest.mark.parametrize(
    ("address", "host", "warns"),
    [
        ("127.0.0.1", "127.0.0.1:8501", False),
        ("localhost", "localhost:8501", False),
        ("::1", "[::1]:8501", False),
        ("0.0.0.0", "localhost", True),  # noqa: S104 -- what is warned of
        (None, "localhost", True),
        ("192.168.1.9", "localhost", True),
        ("127.0.0.1", "planner.union.cn", True),
        ("127.0.0.1", "192.168.1.9:80", True),
    ],
)
@pytest.mark.usefixtures("home")
def test_an_open_door_is_told(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, address: str | None, host: str, *, warns: bool
) -> None:
    visit({}, ("Host", host))
    monkeypatch.setattr(streamlit, "get_option", lambda _: address)
    assert bool(sign_in._reached_by()) == warns


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_door_of_a_new_server(
    home: Home, monkeypatch: pytest.MonkeyPatch, app: Callable[..., AppTest], lang: str
) -> None:
    monkeypatch.setenv(VARIABLE, "local")
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    opened = app(lang).run()
    assert not opened.exception
    values = ["0" * 20, "张三", "zhang", PASSWORD, PASSWORD]
    for box, value in zip(opened.text_input, values, strict=True):
        box.set_value(value)
    opened.button[-1].click().run()
    assert len(opened.error) == 1
    opened.text_input[0].set_value(sign_in_ways.first_code())
    opened.button[-1].click().run()
    assert not opened.exception
    assert not opened.error
    assert opened.button(key="sign_out").label in {"退出登录", "Sign out"}
    assert (home.folder / "accounts.db").exists()
    sign_in_ways.accounts().close()
