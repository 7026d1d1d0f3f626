"""The district's own siting rules: a rule file that is a setting of its register.

They are a layer of the kind `settings/rules`: signed, undoable, every edition kept under its
SHA-256. The register counts their versions; without such a layer the shipped rules are in force.
"""

from dataclasses import replace
from typing import Final

from geo.errors import ConflictError
from register import layers
from register.events import Event, Ledger
from register.layers import SETTINGS, Layer
from register.moments import AsOf
from register.reader import Reader
from register.register import Register
from siting import district_time
from siting.model import LayerSource
from siting.planning import BUILT_IN_RULES
from siting.rules import RuleBook, read_rules, read_rules_text
from siting.rules.book import OWN_RULES
from siting.rules.editing import with_version

RULES: Final = f"{SETTINGS}rules"
"""The kind of layer that holds them."""


def rules_in_force(register: Reader, *, as_of: AsOf | None = None) -> RuleBook:
    """Return the rules that a district decides by: its own, or the shipped ones.

    Parameters
    ----------
    as_of
        A moment of the past, as in `Reader.inputs`.

    Raises
    ------
    InputError
        As `Reader.event_at`; the stored file is not understood by this version of the product.
    PlannerError
        The file is missing or damaged.
    """
    layer = _in_force(register, as_of)
    return read_rules(BUILT_IN_RULES) if layer is None else _book(register, layer)


def settle_rules(register: Register, text: str, *, seen: str, who: str, why: str = "") -> RuleBook:
    """Put a rule file in force as the district's own; the version it states is set anew.

    A text that says what is in force already, but for its version, changes nothing.

    Parameters
    ----------
    seen
        `sha256` of the rules that the editor began with.
    who, why
        As in every change.

    Raises
    ------
    InputError
        The text is no rule file; file, line and key are told.
    ConflictError
        `rules_changed`: somebody else put other rules in force meanwhile.
    PlannerError
        The disk or the database refuses.
    """
    now = rules_in_force(register)
    book = read_rules_text(text, OWN_RULES)
    if with_version(text, now.version, OWN_RULES) == now.text:
        return now
    version = 1 + sum(layer.kind == RULES for layer in register.layers())
    numbered = with_version(text, version, OWN_RULES)
    stored = layers.store(register.folder, numbered.encode(), ".toml")
    day = district_time.today().isoformat()
    source = LayerSource(RULES, book.title_zh, date=day, synthetic=register.synthetic)

    def work(ledger: Ledger) -> Layer:
        done = ledger.done("activate", "layers")
        if done is not None and done.after is not None:
            return layers.get(ledger.connection, int(done.after["id"]))
        held = layers.active(ledger.connection, RULES)
        if seen != (read_rules(BUILT_IN_RULES).sha256 if held is None else held.sha256):
            raise ConflictError("rules_changed")
        return layers.use(ledger, kind=RULES, stored=stored, source=source)

    return _book(register, register.write(work, who=who, why=why))


def back_to_shipped(register: Register, *, who: str, why: str = "") -> Event | None:
    """Put the shipped rules in force again; None: they are."""
    return register.take_out(RULES, who=who, why=why)


def _in_force(register: Reader, as_of: AsOf | None) -> Layer | None:
    held = register.layers() if as_of is None else register.layers_at(as_of)
    # A layer of the past was in use then, whatever is in use now.
    return next((x for x in held if x.kind == RULES and (x.active or as_of is not None)), None)


def _book(register: Reader, layer: Layer) -> RuleBook:
    text = register.file_of(layer.id).read_text(encoding="utf-8")
    return replace(read_rules_text(text, OWN_RULES), dated=layer.date)
