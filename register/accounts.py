"""Accounts: who may come in, as what, and by which password.

They belong to the installation and are no records: no export, history or backup of a register holds
a password, an older backup brings back nobody's rights, and who keeps accounts still comes in when
a register is damaged. A team's accounts are in the team's database: every computer knows the same
people.
"""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from geo.errors import ConflictError, InputError
from geo.reference import read_list
from register import passwords
from register.engine import open_engine, reading, writing
from register.users import Actor

FILE = "accounts.db"
"""Where the accounts of an installation without a team are, in its folder."""

FREE_FAILURES = 5
"""Wrong passwords in a row before somebody has to wait (inclusive)."""

FIRST_WAIT_S = 30.0
"""How long one waits after that, seconds; each further failure doubles it."""

LONGEST_WAIT_S = 900.0
"""The longest wait, seconds: some 100 guesses a day at one account."""

FORGOTTEN_S = 86_400.0
"""After how long without an attempt failures are forgotten, seconds."""

LONGEST_NAME = 64
"""Longest login and longest name, signs (inclusive)."""

_META = sa.MetaData()
_ACCOUNT = sa.Table(
    "account",
    _META,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False, unique=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("stamp", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
_ATTEMPT = sa.Table(
    "account_attempt",
    _META,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_s", sa.Double, nullable=False),
    sa.Column("until_s", sa.Double, nullable=False),
)


@dataclass(frozen=True)
class Account:
    """Somebody who may come in.

    Attributes
    ----------
    login
        What they type, or what the single sign-on calls them; in normal form.
    person
        As the ledger names them; no two accounts have the same.
    role, unit
        As of `Actor`.
    active
        Whether they may still come in.
    must_change
        Whether the password is one that an administrator gave: another one has to be set first.
    stamp
        Grows with every new password and when they are shut out: who came in under another stamp
        comes in anew.
    version
        What a change wants back.
    """

    login: str
    person: str
    role: str
    unit: str
    active: bool
    must_change: bool
    stamp: int
    version: int

    @property
    def actor(self) -> Actor:
        """Who they are to the register."""
        return Actor(self.person, self.role, self.unit)


@dataclass(frozen=True)
class Given:
    """What an account says of somebody: see `Account`."""

    login: str
    person: str
    role: str
    unit: str = ""


class Accounts:
    """The accounts of one installation.

    Parameters
    ----------
    database
        A file, made when it is missing, or the URL of a team's database.
    clock
        Seconds since 1970, for waits.

    Raises
    ------
    PlannerError
        The database cannot be opened.
    """

    def __init__(self, database: Path | str, *, clock: Callable[[], float] = time.time) -> None:
        if isinstance(database, Path):
            database.parent.mkdir(parents=True, exist_ok=True)
        self._engine = open_engine(database)
        self._clock = clock
        with writing(self._engine) as connection:
            _META.create_all(connection)
        if isinstance(database, Path):
            database.chmod(0o600)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def listed(self) -> tuple[Account, ...]:
        """Return every account, by login."""
        with reading(self._engine) as connection:
            rows = connection.execute(sa.select(_ACCOUNT).order_by(_ACCOUNT.c.login)).mappings()
            return tuple(_account(row) for row in rows)

    def find(self, login: str) -> Account | None:
        """Return an active account; None: there is none."""
        with reading(self._engine) as connection:
            row = _row(connection, normal_login(login))
        return _account(row) if row is not None and row["active"] else None

    def has_keeper(self) -> bool:
        """Tell whether anybody may keep accounts; as long as nobody does, the first is made."""
        with reading(self._engine) as connection:
            return bool(_keepers(connection))

    def keepers(self) -> tuple[Account, ...]:
        """Return the active accounts that may keep accounts, by login."""
        roles = _keeping_roles()
        return tuple(held for held in self.listed() if held.active and held.role in roles)

    def add(self, given: Given, password: str = "", *, first: bool = False) -> Account:
        """Add somebody.

        Parameters
        ----------
        given
            Who, and as what.
        password
            One that an administrator gave, to be changed at once, or, of the first, their own;
            empty: they come in by single sign-on only.
        first
            Whether this is the first keeper of accounts, who adds themselves.

        Raises
        ------
        InputError
            A name is missing, too long or taken, a staff member has no unit, the password is weak,
            or `first` is not the first any more.
        """
        given = _checked(given)
        kept = _kept(password, given) if password else ""
        with writing(self._engine) as connection:
            if first and (_keepers(connection) or given.role not in _keeping_roles()):
                raise InputError("account_not_first")
            if _row(connection, given.login) is not None:
                raise InputError("account_login_taken", login=given.login)
            same = _ACCOUNT.c.person == given.person
            if connection.execute(sa.select(_ACCOUNT.c.login).where(same)).first():
                raise InputError("account_person_taken", person=given.person)
            connection.execute(
                sa.insert(_ACCOUNT).values(
                    login=given.login,
                    person=given.person,
                    role=given.role,
                    unit=given.unit,
                    active=True,
                    password=kept,
                    must_change=bool(kept) and not first,
                    stamp=1,
                    version=1,
                )
            )
            return _account(_there(connection, given.login))

    def change(self, seen: Account, role: str, unit: str, *, active: bool) -> Account:
        """Give somebody another role or unit, or shut them out; one who keeps accounts remains.

        Raises
        ------
        InputError
            Nobody would keep accounts any more, or a staff member has no unit.
        ConflictError
            Somebody else changed the account first.
        """
        _check_place(role, unit)
        with writing(self._engine) as connection:
            now = _account(_there(connection, seen.login))
            if now.version != seen.version:
                raise ConflictError("account_changed", login=seen.login)
            keeps = active and role in _keeping_roles()
            if not keeps and _keepers(connection) == {seen.login}:
                raise InputError("identity_last_keeper")
            stamp = now.stamp + (now.active and not active)
            new = {"role": role, "unit": unit, "active": active, "stamp": stamp}
            return _update(connection, now, new)

    def set_password(self, login: str, password: str, *, by_admin: bool) -> Account:
        """Give somebody another password; whoever came in by the old one comes in anew.

        Raises
        ------
        InputError
            It is weak, or there is no such account.
        """
        with reading(self._engine) as connection:
            found = _account(_there(connection, normal_login(login)))
        kept = _kept(password, found)
        with writing(self._engine) as connection:
            now = _account(_there(connection, found.login))
            _forget(connection, now.login)
            new = {"password": kept, "must_change": by_admin, "stamp": now.stamp + 1}
            return _update(connection, now, new)

    def sign_in(self, login: str, password: str) -> Account:
        """Return whose login and password these are.

        The attempt is counted before the password is looked at: two that come at once are two.

        Raises
        ------
        InputError
            There is no such account with that password; which of the two is wrong is not told.
            Or there were too many wrong ones: `account_wait` says for how long.
        """
        name = normal_login(login)[:LONGEST_NAME]
        with writing(self._engine) as connection:
            self._count(connection, name)
            row = _row(connection, name)
        kept = str(row["password"]) if row is not None and row["active"] else ""
        if not passwords.matches(kept, password):
            raise InputError("account_wrong")
        with writing(self._engine) as connection:
            _forget(connection, name)
            return _account(_there(connection, name))

    def _count(self, connection: Connection, login: str) -> None:
        """Note an attempt, or refuse it as long as there is to wait."""
        now = self._clock()
        old = _ATTEMPT.c.last_s < now - FORGOTTEN_S
        connection.execute(sa.delete(_ATTEMPT).where(old))
        query = sa.select(_ATTEMPT).where(_ATTEMPT.c.login == login)
        row = connection.execute(query).mappings().first()
        if row is not None and now < row["until_s"]:
            raise InputError("account_wait", seconds=int(row["until_s"] - now) + 1)
        failures = 1 if row is None else row["failures"] + 1
        over = failures - FREE_FAILURES
        wait_s = min(FIRST_WAIT_S * 2 ** min(over, 10), LONGEST_WAIT_S) if over >= 0 else 0.0
        _forget(connection, login)
        told = {"login": login, "failures": failures, "last_s": now, "until_s": now + wait_s}
        connection.execute(sa.insert(_ATTEMPT).values(told))


def normal_login(login: str) -> str:
    """Return a login as it is kept: without regard to case, width and blanks around it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _checked(given: Given) -> Given:
    login, person = normal_login(given.login), " ".join(given.person.split())
    if not login or len(login) > LONGEST_NAME or not login.isprintable() or " " in login:
        raise InputError("account_login", most=LONGEST_NAME)
    if not person or len(person) > LONGEST_NAME or not person.isprintable():
        raise InputError("account_person", most=LONGEST_NAME)
    _check_place(given.role, given.unit)
    return Given(login, person, given.role, given.unit)


def _check_place(role: str, unit: str) -> None:
    known = read_list("reference/roles").get(role)
    if known is None or (known["writes"] == "own" and not unit):
        raise InputError("account_unit")


def _kept(password: str, of: Given | Account) -> str:
    passwords.refuse_weak(password, of.login, of.person)
    return passwords.hashed(password)


def _keeping_roles() -> list[str]:
    return [code for code, role in read_list("reference/roles").items() if role["keeps_users"]]


def _keepers(connection: Connection) -> set[str]:
    keeps = _ACCOUNT.c.active & _ACCOUNT.c.role.in_(_keeping_roles())
    return set(connection.execute(sa.select(_ACCOUNT.c.login).where(keeps)).scalars())


def _row(connection: Connection, login: str) -> RowMapping | None:
    query = sa.select(_ACCOUNT).where(_ACCOUNT.c.login == login)
    return connection.execute(query).mappings().first()


def _there(connection: Connection, login: str) -> RowMapping:
    row = _row(connection, login)
    if row is None:
        raise InputError("register_no_user", login=login)
    return row


def _update(connection: Connection, now: Account, new: dict[str, object]) -> Account:
    changed = {**new, "version": now.version + 1}
    mine = _ACCOUNT.c.login == now.login
    connection.execute(sa.update(_ACCOUNT).where(mine).values(changed))
    return _account(_there(connection, now.login))


def _forget(connection: Connection, login: str) -> None:
    connection.execute(sa.delete(_ATTEMPT).where(_ATTEMPT.c.login == login))


def _account(row: RowMapping) -> Account:
    return Account(
        str(row["login"]),
        str(row["person"]),
        str(row["role"]),
        str(row["unit"]),
        bool(row["active"]),
        bool(row["must_change"]),
        int(row["stamp"]),
        int(row["version"]),
    )
