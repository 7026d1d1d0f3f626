"""Blocks as a PDF: those of the Word file, set by Typst in fonts that we ship.

fonts     our Chinese fonts, and which characters somebody else's must lend
printer   blocks -> PDF/A (`print_pdf`), the first page or a drawing -> PNG (`print_first_page`,
          `plate_png`)
report.typ  the page: everything people wrote reaches it as data
"""

from reports.pdf.printer import plate_png, print_first_page, print_pdf

__all__ = ["plate_png", "print_first_page", "print_pdf"]
