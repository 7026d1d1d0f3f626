"""The report as a PDF: the blocks of the Word file, set by Typst in fonts that we ship.

fonts     our Chinese fonts, and which characters somebody else's must lend
printer   blocks -> PDF/A; `print_pdf`
report.typ  the page: everything people wrote reaches it as data
"""

from reports.document import document_blocks
from reports.pdf.printer import print_pdf
from reports.report import Report


def pdf_bytes(report: Report) -> bytes:
    """Return report.pdf; the same report has the same bytes, in our fonts."""
    return print_pdf(document_blocks(report), report)
