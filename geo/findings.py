"""Findings: what is wrong with rows of a file. Bad data are values in a list, not exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from words import Lang, say

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One thing to tell about one place of one file.

    Attributes
    ----------
    code
        Key of the sentence under `findings.` in the catalogues.
    severity
        `error`: the row is left out; `warning`: kept, look at it; `info`: it was understood so.
    row
        1-based row in the original file (as a spreadsheet counts them); None: the whole file.
    column
        Heading in the original file; None: the whole row.
    facts
        What the sentence names.
    file, sheet
        Where, when several files or sheets were read together.
    repair
        Schema column -> the cell's text that would mend the row; empty: nobody knows what was
        meant. Never applied unasked: see `geo.intake.wishes.Wishes.corrections`.
    """

    code: str
    severity: Severity
    row: int | None = None
    column: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    file: str | None = None
    sheet: str | None = None
    repair: Mapping[str, str] = field(default_factory=dict)

    def message(self, lang: Lang) -> str:
        """Return the sentence in `lang`, without the place."""
        return say(f"findings.{self.code}", lang, **self.facts)

    def as_dict(self, lang: Lang) -> dict[str, object]:
        """Return the keys of the command line's JSON; `repair` only where there is one."""
        told: dict[str, object] = {
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message(lang),
        }
        return {**told, "repair": dict(self.repair)} if self.repair else told
