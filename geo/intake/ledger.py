"""The findings of one table while it is checked, and the rows that they reject."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding, Severity
from geo.intake.limits import MAX_FINDINGS

Facts = Callable[[int], Mapping[str, object]]
Repair = Callable[[int], Mapping[str, str]]
"""Index of a row -> schema column -> the text that would mend it; empty where nobody knows."""
Mask = NDArray[np.bool_]
DOUBLES: Final = frozenset({"intake_duplicate_id", "intake_duplicate_name"})
"""Codes of rows that are sound in themselves, and were left out for an earlier one."""


class Ledger:
    """Collects findings by row; keeps at most `MAX_FINDINGS` and counts the others.

    Parameters
    ----------
    numbers
        Number of each row in the original file.
    heading
        Schema column -> heading in the file.
    file, sheet
        Where the rows are.
    """

    def __init__(
        self,
        numbers: NDArray[np.int64],
        heading: Callable[[str], str],
        file: str | None,
        sheet: str | None,
    ) -> None:
        self._numbers = numbers
        self._heading = heading
        self._file = file
        self._sheet = sheet
        self._findings: list[Finding] = []
        self._untold = 0
        self._counts: Counter[str] = Counter()
        self.rejected: Mask = np.zeros(len(numbers), dtype=np.bool_)
        self.doubled: Mask = np.zeros(len(numbers), dtype=np.bool_)
        self.waiting: Mask = np.zeros(len(numbers), dtype=np.bool_)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the rows in the original file."""
        return self._numbers

    def heading(self, column: str) -> str:
        """Return the heading in the file that stands for a schema column."""
        return self._heading(column)

    def number(self, index: int) -> int:
        """Return the number in the original file of the row at `index`."""
        return int(self._numbers[index])

    def reject(
        self,
        code: str,
        at: Mask,
        column: str | None,
        facts: Facts | None = None,
        repair: Repair | None = None,
    ) -> None:
        """Tell of the rows where `at` and that nothing rejected yet, and reject them."""
        fresh = at & ~self.rejected
        self._counts[code] += int(np.count_nonzero(fresh))
        self._tell(code, "error", fresh, column, facts, repair)
        self.rejected |= fresh
        if code in DOUBLES:
            self.doubled |= fresh

    def count(self, code: str) -> int:
        """Return how many rows were rejected for `code`."""
        return self._counts[code]

    def warn(
        self,
        code: str,
        at: Mask,
        column: str | None,
        facts: Facts | None = None,
        repair: Repair | None = None,
    ) -> None:
        """Tell of the rows where `at` and that nothing rejected, or that only wait for a place."""
        self._tell(code, "warning", at & (~self.rejected | self.waiting), column, facts, repair)

    def inform(self, code: str, at: Mask, facts: Facts | None = None) -> None:
        """Tell of the rows where `at`: how they were understood."""
        self._tell(code, "info", at, None, facts)

    def note(self, code: str, severity: Severity = "info", /, **facts: object) -> None:
        """Tell something of the whole file."""
        self._findings.append(
            Finding(code, severity, facts=facts, file=self._file, sheet=self._sheet)
        )

    def note_of_column(
        self, code: str, severity: Severity, column: str, /, **facts: object
    ) -> None:
        """Tell something of a whole column of the schema."""
        heading = self._heading(column)
        self._findings.append(
            Finding(code, severity, column=heading, facts=facts, file=self._file, sheet=self._sheet)
        )

    def findings(self) -> tuple[Finding, ...]:
        """Return all findings: of the whole file first, then by row."""
        if self._untold:
            self.note("intake_more_findings", "warning", count=self._untold)
            self._untold = 0
        return tuple(sorted(self._findings, key=lambda finding: finding.row or 0))

    def _tell(
        self,
        code: str,
        severity: Severity,
        at: Mask,
        column: str | None,
        facts: Facts | None,
        repair: Repair | None = None,
    ) -> None:
        places = np.flatnonzero(at)
        room = max(0, MAX_FINDINGS - len(self._findings))
        self._untold += max(0, len(places) - room)
        heading = self._heading(column) if column is not None else None
        for index in places[:room].tolist():
            self._findings.append(
                Finding(
                    code,
                    severity,
                    row=self.number(index),
                    column=heading,
                    facts=facts(index) if facts is not None else {},
                    file=self._file,
                    sheet=self._sheet,
                    repair=repair(index) if repair is not None else {},
                )
            )
