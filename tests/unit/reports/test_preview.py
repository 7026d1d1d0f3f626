"""The picture of the first page: a page of A4, the one that the PDF begins with."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from reports.document import document_blocks, first_blocks
from reports.preview import first_page_png
from reports.report import Report


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_a_page_with_something_on_it(district: Callable[..., Report], lang: str) -> None:
    report = district(lang=lang)
    made = first_page_png(report, ppi=40)
    with Image.open(BytesIO(made)) as page:
        assert page.format == "PNG"
        assert page.width / page.height == pytest.approx(210 / 297, abs=0.01)
        dark = sum(page.convert("L").histogram()[:128]) / (page.width * page.height)
    assert 0.002 < dark < 0.3
    assert first_page_png(report, ppi=40) == made


def test_it_is_made_of_the_blocks_that_the_document_begins_with(
    district: Callable[..., Report],
) -> None:
    report = district()
    begun = first_blocks(report)
    assert begun == document_blocks(report)[: len(begun)]
