"""The rows that were left out, as they stand in the file, with the reasons beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.findings import Finding
from geo.intake.ledger import Mask
from words import Lang, say


@dataclass(frozen=True, eq=False)
class Rejects:
    """Rows to be mended and brought again.

    Attributes
    ----------
    rows
        Number of each row in the original file, 1-based.
    cells
        Their cells as text, one column per heading.
    headings
        Of the cells; several may be alike, or blank.
    reasons
        Of each row, the findings that rejected it; () where the list of findings was full.
    """

    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    headings: tuple[str, ...] = ()
    reasons: tuple[tuple[Finding, ...], ...] = ()

    @classmethod
    def of(
        cls,
        body: pd.DataFrame,
        numbers: NDArray[np.int64],
        gone: Mask,
        headings: Sequence[str],
        findings: Sequence[Finding],
    ) -> "Rejects":
        """Take the rows where `gone` out of all rows, with what was found of them."""
        rows = numbers[gone]
        found: dict[int, list[Finding]] = {row: [] for row in rows.tolist()}
        for finding in findings:
            if finding.severity == "error" and finding.row in found:
                found[finding.row].append(finding)
        cells = body[gone].reset_index(drop=True)
        reasons = tuple(tuple(found[row]) for row in rows.tolist())
        return cls(rows, cells, tuple(headings), reasons)

    def frame(self, lang: Lang) -> pd.DataFrame:
        """Return one row per rejected row: its number, the reason, its cells as they were.

        The first two columns are called `row` and `reason`; the others bear the file's headings.
        """
        joint = say("intake.reason_joint", lang)
        unlisted = say("intake.reason_unlisted", lang)
        reasons = [
            joint.join(_reason(finding, lang) for finding in found) or unlisted
            for found in self.reasons
        ]
        told = pd.DataFrame({"row": self.rows, "reason": pd.Series(reasons, dtype="str")})
        cells = self.cells.iloc[:, : len(self.headings)]
        cells.columns = pd.Index([*self.headings[: cells.shape[1]]])
        return pd.concat([told, cells], axis=1)


def _reason(finding: Finding, lang: Lang) -> str:
    # A row without a position lacks a column that the file need not have: there is none to name.
    if finding.column is None or finding.code == "intake_unplaced":
        return finding.message(lang)
    return say("intake.reason", lang, column=finding.column, message=finding.message(lang))
