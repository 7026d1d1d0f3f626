"""The table of criteria on the page of rules and standards."""

from siting.rules import read_rules
from ui.rules import criteria_table


def test_every_criterion_is_a_row_with_its_share_and_its_source() -> None:
    book = read_rules("daxing")
    table = criteria_table(book)
    assert len(table) == sum(len(rule.criteria) for rule in book.rules) + len(book.common.criteria)
    shares = table.groupby("area")["share"].agg(
        lambda cells: sum(float(cell.rstrip("%")) for cell in cells)
    )
    # Each area's rule decides 60 %, the common criteria the rest.
    assert sorted(round(share) for share in shares) == [40, 60, 60, 60, 60, 60]
    assert (table[["area", "criterion", "measures", "source", "sentence"]] != "").all().all()
    declined = table.loc[table["must"] != ""]
    assert len(declined) == 1
