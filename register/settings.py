"""What a district has settled for itself: the standard in force and its like, one word each.

A setting is a layer of the kind `settings/NAME`: a file of one line, or one of its own. What held
before is kept, every change is an event, and undoing the event puts the earlier word back in force.
"""

from register.layers import SETTINGS, Layer
from register.reader import Reader
from register.register import Register
from siting.model import LayerSource

STANDARD = "standard"
"""The setting that names the standard in force."""

APPROVAL = "map_approval"
"""The setting that says by which number the district's maps were approved; "" for none."""


TEMPLATE = "report_template"
"""The setting that is a district's own template of report.docx; an empty file for ours."""


def settle(register: Register, name: str, value: str, *, who: str, why: str = "") -> Layer:
    """Put a setting in force; what is in force already is left alone.

    Parameters
    ----------
    register
        Where.
    name, value
        Which setting, and its word.
    who, why
        As in every change.

    Raises
    ------
    PlannerError
        The disk or the database refuses.
    """
    content = f"{value}\n".encode()
    return settle_file(register, name, content, suffix=".txt", who=who, why=why)


def settled(register: Reader, name: str) -> str | None:
    """Return the word of a setting; None: nobody has settled it.

    Raises
    ------
    PlannerError
        Its file is missing or damaged.
    """
    file = register.layer_file(SETTINGS + name)
    return None if file is None else file.read_text(encoding="utf-8").strip()


def settle_file(
    register: Register, name: str, content: bytes, *, suffix: str, who: str, why: str = ""
) -> Layer:
    """Put a setting in force that is a file of its own; otherwise as `settle`.

    Raises
    ------
    PlannerError
        The disk or the database refuses.
    """
    kind = SETTINGS + name
    source = LayerSource(kind, kind, synthetic=register.synthetic)
    return register.put_layer(kind, content, source, suffix=suffix, who=who, why=why)


def settled_file(register: Reader, name: str) -> bytes | None:
    """Return the file of a setting; None: nobody has settled it, or it was emptied.

    Raises
    ------
    PlannerError
        Its file is missing or damaged.
    """
    file = register.layer_file(SETTINGS + name)
    return None if file is None else file.read_bytes() or None
