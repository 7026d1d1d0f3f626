"""Who works with a register, and on which side: the district asks, the units answer.

data/reference/roles.toml says what a role may do. How somebody signs in is not kept here.
"""

from dataclasses import dataclass

from geo.errors import InputError
from geo.reference import read_list
from register.reader import Reader


@dataclass(frozen=True)
class Actor:
    """Somebody who does something.

    Attributes
    ----------
    who
        As the ledger is to name them.
    role
        A code of data/reference/roles.toml.
    unit
        The unit that they work for; "" for the district.
    """

    who: str
    role: str
    unit: str = ""

    @property
    def asks(self) -> bool:
        """Whether they may speak for the district: ask units, accept or return answers."""
        return bool(read_list("reference/roles")[self.role]["asks"])

    def answers_for(self, unit: str) -> bool:
        """Tell whether they may answer for a unit: its own staff, or who may for every unit."""
        role = read_list("reference/roles")[self.role]
        return bool(role["answers"] == "any" or (role["answers"] == "own" and self.unit == unit))

    def writes_for(self, unit: str) -> bool:
        """Tell whether they may change records of a unit; "" for what belongs to none."""
        writes = read_list("reference/roles")[self.role]["writes"]
        return bool(writes == "any" or (writes == "own" and unit and self.unit == unit))

    @property
    def keeps_users(self) -> bool:
        """Whether they may say who works with the register."""
        return bool(read_list("reference/roles")[self.role]["keeps_users"])


def actor_of(register: Reader, login: str) -> Actor:
    """Return who signs in by this name.

    Raises
    ------
    InputError
        The register knows nobody of that name, or they are not active any more.
    """
    found = next((user for user in register.records("users") if user.id == login), None)
    if found is None or not found["active"]:
        raise InputError("register_no_user", login=login)
    who = str(found["person"]) or login
    return Actor(who, str(found["role"]), str(found["unit"]))
