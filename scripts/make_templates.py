"""Recreate data/templates: the Word templates of the report, after GB/T 9704-2012.

Run by hand: `python -m scripts.make_templates`. A test compares what it makes with what is shipped.
"""

from datetime import UTC, datetime
from io import BytesIO

from docx import Document

from reports.template import SHIPPED
from reports.typography import with_fixed_dates
from reports.word_styles import lay_out, word_looks
from words import LANGUAGES, Lang

MADE = datetime(2026, 11, 1, tzinfo=UTC)
SAMPLE: dict[Lang, str] = {
    "zh": "样式“{name}”：改这个样式，报告里同类的文字都跟着变。页眉、页脚、页边距也可以改。",
    "en": "Style “{name}”: change it, and all text of its kind changes. Header, footer and margins"
    " may be changed, too.",
}


def template(lang: Lang) -> bytes:
    """Return the template of a language: every style with a line that says what it is."""
    document = Document()
    properties = document.core_properties
    properties.title = properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = MADE
    lay_out(document, lang)
    for name in word_looks(lang):
        document.add_paragraph(SAMPLE[lang].format(name=name), style=name)
    buffer = BytesIO()
    document.save(buffer)
    return with_fixed_dates(buffer)


def main() -> None:
    """Write both templates."""
    for lang in LANGUAGES:
        SHIPPED[lang].parent.mkdir(exist_ok=True)
        SHIPPED[lang].write_bytes(template(lang))
        print(f"{SHIPPED[lang].name}: {SHIPPED[lang].stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
