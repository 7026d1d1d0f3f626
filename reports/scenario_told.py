"""Which kept scenario a report is about: its name and what it changes, printed and replayed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from siting.plans.variant import Variant, read, written
from words import Lang, say


@dataclass(frozen=True)
class ScenarioTold:
    """A kept scenario as a report tells it.

    Attributes
    ----------
    name, note
        As it was kept.
    saved
        Who kept it and when, as people write that.
    changes, settings
        Plain JSON (`siting.plans.variant.written`): a replay reads them again.
    """

    name: str
    note: str
    saved: str
    changes: str
    settings: str

    @property
    def variant(self) -> Variant:
        """What it changes, and its terms.

        Raises
        ------
        InputError
            It is of a later version of the product.
        """
        return read(self.changes, self.settings)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, held: Mapping[str, Any] | None) -> Self | None:
        """Return what `as_dict` wrote; None: there was no scenario, as in every file of before.

        Raises
        ------
        TypeError
            It is not what `as_dict` wrote.
        """
        return None if held is None else cls(**held)

    def sentence(self, lang: Lang) -> str:
        """Say on the first page which scenario this is, and what it changes."""
        what = change_words(self.variant, lang)
        return say("reports.scenario.told", lang, name=self.name, saved=self.saved, what=what)


def told(name: str, note: str, saved: str, variant: Variant) -> ScenarioTold:
    """Return a scenario as a report tells it; see `ScenarioTold`."""
    return ScenarioTold(name, note, saved, *written(variant))


def change_words(variant: Variant, lang: Lang) -> str:
    """Say what a scenario changes."""
    parts = {
        "opens": len(variant.opens),
        "closes": len(variant.closes),
        "rejects": len(variant.rejects),
        "streets": len(variant.streets),
    }
    told = [
        say(f"scenarios.change.{name}", lang, count=number)
        for name, number in parts.items()
        if number
    ]
    if variant.plan is not None:
        told.append(say("scenarios.change.plan", lang, number=variant.plan))
    joined = say("scenarios.change.joint", lang).join(told)
    return joined or say("scenarios.change.none", lang)
