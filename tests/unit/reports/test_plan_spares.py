"""Spare hosts in the document and the annex."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import openpyxl

from reports.plan_spares import PRINTED, spare_cells, spare_lines
from reports.report import Report
from reports.workbook import workbook_bytes
from siting.candidates import Spare


def spare(number: int, share: float | None) -> Spare:
    return Spare(f"h{number}", f"备选{number}", "bank", 100.4 + number, 5.0, share, 0.7, "asked")


def test_every_site_has_its_spares_or_is_said_to_have_none(
    district: Callable[..., Report],
) -> None:
    bare = district()
    assert bare.plan is not None
    assert spare_lines(bare) == []
    first, *others = [site.id for site in bare.plan.selected]
    many = tuple(spare(number, 0.63) for number in range(PRINTED + 2))
    report = replace(bare, spares={first: many})
    lines = spare_lines(report)
    assert len(lines) == len(many) + len(others)
    assert [line.number for line in lines if line.order == 1] == [1, 2, 3, 4, 5]
    assert sum(line.order == 1 for line in spare_lines(report, PRINTED)) == PRINTED
    assert spare_cells(report, lines[0]) == (
        *("备选0", "银行网点", "100 米", "63%"),
        "依托单位已征询、未答复",
    )
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(report)))
    told = {cell for row in book["选址方案-备选单位"].values for cell in row}
    assert {each.name for each in many} <= told
