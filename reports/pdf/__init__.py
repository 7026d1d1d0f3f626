"""Blocks as a PDF: those of the Word file, set by Typst in fonts that we ship.

fonts     our Chinese fonts, and which characters somebody else's must lend
printer   blocks -> PDF/A (`print_pdf`), a drawing -> PNG (`plate_png`)
report.typ  the page: everything people wrote reaches it as data
"""

from reports.pdf.printer import plate_png, print_pdf

__all__ = ["plate_png", "print_pdf"]
