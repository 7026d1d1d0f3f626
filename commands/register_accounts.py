"""The way back in for an administrator who is locked out: by whoever has the server itself."""

from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, print_answer
from commands.options import speaking
from commands.register_place import Place, placed
from words import Lang, say

if TYPE_CHECKING:  # databases take their time
    from register.accounts import Account, Accounts


@click.command("reset-admin")
@click.argument("login", required=False)
@placed
@speaking
def reset_admin(
    login: str | None,
    lang: Lang,
    *,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Give an administrator a password for one sign-in / 管理员进不来时，发一个一次性密码."""
    from register import access_log, passwords  # noqa: PLC0415 -- start-up
    from register.accounts import Accounts  # noqa: PLC0415 -- start-up

    home = Place.taken_from(options).at_home()
    accounts = Accounts(home.accounts_at)
    try:
        keeper = _keeper(accounts, login)
        password = passwords.temporary()
        made = accounts.set_password(keeper.login, password, by_admin=True)
    finally:
        accounts.close()
    access_log.note(home.folder, "password_reset", login=made.login, by="console")
    content = {"login": made.login, "person": made.person, "password": password}
    print_answer(content, lambda: [say("cli.admin_reset", lang, **content)], as_json=as_json)
    return DONE


def _keeper(accounts: "Accounts", login: str | None) -> "Account":
    """Return the administrator who is meant; the only one, where nobody is named.

    Raises
    ------
    InputError
        There is none, nobody is called so, or there are several to choose from.
    """
    from geo.errors import InputError  # noqa: PLC0415 -- start-up
    from register.accounts import normal_login  # noqa: PLC0415 -- start-up

    keepers = accounts.keepers()
    names = ", ".join(keeper.login for keeper in keepers)
    if not keepers:
        raise InputError("account_no_keeper")
    if login is None and len(keepers) > 1:
        raise InputError("account_which_keeper", logins=names)
    for keeper in keepers:
        if login is None or keeper.login == normal_login(login):
            return keeper
    raise InputError("account_not_keeper", login=login, logins=names)
