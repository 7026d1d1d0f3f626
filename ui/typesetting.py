"""How words stand: beside buttons, on narrow screens, in English; no user text ever enters them."""

import streamlit as st

from ui.beginning.words import word
from ui.language import current

# Words in a row with buttons: their paragraph's own margin would lift them off the middle line.
_STYLE = """<style>
.stHorizontalBlock > .stElementContainer :is([data-testid="stMarkdownContainer"],
[data-testid="stCaptionContainer"]) > p:last-child { margin-bottom: 0; }
/* All that was chosen is seen at once, in as many lines as it takes. */
[data-testid="stMultiSelect"] div:has(> [data-testid="stMultiSelectTagsContainer"]) {
  max-height: none; height: auto; }
[data-testid="stMultiSelectTagsContainer"] { flex-wrap: wrap; overflow: visible; height: auto;
  max-height: none; }
@media (max-width: 640px) {
  /* Two arrows alone are no menu to who has never met them. */
  [data-testid="stExpandSidebarButton"] { width: auto; gap: .1rem; }
  [data-testid="stExpandSidebarButton"]::after { content: "%MENU%"; font-size: .9rem; }
  .st-key-language { right: .6rem; }
  [data-testid="stLogoLink"] { margin-right: -.5rem; }
  /* Columns that have become rows keep the distance of rows. */
  .stHorizontalBlock:has(> .stColumn) { row-gap: 1rem; }
  .st-key-standards_head > .stElementContainer { width: 100% !important; }
  /* Choices beside each other go on in the next line, not beyond the edge. */
  [data-testid="stButtonGroup"] > div { flex-wrap: wrap; overflow: visible; row-gap: .3rem; }
  .st-key-ledger_filters > .stElementContainer:has([data-testid="stTextInput"]),
  .st-key-ledger_filters > .stElementContainer:has([data-testid="stSelectbox"]),
  .st-key-ledger_filters :is([data-testid="stTextInput"], [data-testid="stSelectbox"]) {
    width: 100% !important; flex-basis: 100%; }
  .ws-swipe::before { content: "%SWIPE%"; font-size: .82rem; opacity: .7; }
}
@media (min-width: 641px) {
  .stElementContainer:has(> .stHtml > .ws-swipe) { display: none; }
}
</style>"""


# The first font of the page is one for Chinese: quotation marks, dots and dashes are as wide as
# characters. In English they come from a font for Latin letters, under the name of the first.
_LATIN = """<style>
@font-face { font-family: "Microsoft YaHei"; src: local("Segoe UI"), local("Helvetica Neue"),
  local("Arial"), local("Liberation Sans"), local("DejaVu Sans"), local("Noto Sans");
  unicode-range: U+00B7, U+2013-2014, U+2018-2019, U+201C-201D, U+2026; }
</style>"""
# Streamlit's page always says that it is English: readers aloud and fonts go by this.
_SPEAKS = "<script>document.documentElement.lang = '%s';</script>"
_TAGS = {"zh": "zh-CN", "en": "en"}
_MOST_COLUMNS = 3
"""So many columns of a table stand side by side on a phone."""
_SWIPE = '<p class="ws-swipe"></p>'


def draw_swipe(columns: int) -> None:
    """Say under a table of so many columns that it goes on to the right; on phones only."""
    if columns > _MOST_COLUMNS:
        st.html(_SWIPE)


def apply() -> None:
    """Put the rules on the page; call it once per run."""
    style = _STYLE
    for name in ("menu", "swipe"):
        style = style.replace(f"%{name.upper()}%", word(f"narrow.{name}"))
    lang = current()
    style = _SPEAKS % _TAGS[lang] + (style if lang == "zh" else _LATIN + style)
    st.html(style, unsafe_allow_javascript=True)
