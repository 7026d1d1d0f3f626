"""The first page of a report as a picture: for a screen, before anything is taken away."""

from typing import Final

from reports.document import first_blocks
from reports.report import Report

PPI: Final = 110.0
"""Pixels per inch: 909 x 1,286 for a page of A4."""


def first_page_png(report: Report, *, ppi: float = PPI) -> bytes:
    """Return the first page of report.pdf as a PNG; the same report has the same bytes.

    Neither the map nor anything of a later page is made for it.
    """
    # Late: the app must not load the typesetter when it starts.
    from reports.pdf import print_first_page  # noqa: PLC0415

    return print_first_page(
        first_blocks(report), report.heading, lang=report.lang, made_on=report.made_on, ppi=ppi
    )
