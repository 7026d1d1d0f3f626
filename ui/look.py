"""The few style rules that Streamlit's theme has no setting for; no user text ever enters them."""

import streamlit as st

from ui import day_night, paper, typesetting
from ui.language import tell

# Drawn by ourselves: Streamlit fetches the icon of a tab from the internet when it is named.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<path d="M16 3 3 14h3v14h20V14h3z" fill="#0072B2"/>'
    '<path d="M16 24c-6-4-6-9-3-9 2 0 3 2 3 2s1-2 3-2c3 0 3 5-3 9z" fill="#fff"/></svg>'
)
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="32" '
    'viewBox="0 0 {width} 32">{icon}<text x="38" y="22" font-size="17" font-weight="600" '
    "font-family=\"'Microsoft YaHei','PingFang SC','Noto Sans CJK SC','Noto Sans SC',sans-serif\" "
    'fill="#0072B2">{title}</text></svg>'
)
_WIDE_PX, _NARROW_PX = 17, 9.4
_STYLE = """<style>
.stMainBlockContainer { padding: 3.9rem 1.4rem 1.2rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-language),
.stElementContainer:has(> .stHtml > script) { position: absolute; }
.st-key-language { position: fixed; top: .55rem; right: 1.1rem; width: auto; z-index: 999991; }
.st-key-headline [data-testid="stMetricValue"] { font-size: 2.5rem;
  line-height: 1.1; color: var(--ws-brand); }
.st-key-figures [data-testid="stMetricValue"],
[class*="st-key-figures_"] [data-testid="stMetricValue"],
.st-key-actions_figures [data-testid="stMetricValue"],
.st-key-plan_figures [data-testid="stMetricValue"] { font-size: 1.35rem; line-height: 1.3; }
.st-key-project { background: var(--ws-banner); border-radius: .5rem; padding: .35rem .8rem; }
.st-key-project p { margin-bottom: 0; }
.stHorizontalBlock > .stElementContainer [data-testid="stMarkdownContainer"],
.stHorizontalBlock > .stElementContainer [data-testid="stCaptionContainer"] {
  margin-bottom: 0 !important;
}
.stHorizontalBlock { row-gap: .3rem; }
iframe[title*="st_folium"] { height: clamp(22rem, calc(100dvh - 11.5rem), 60rem) !important; }
body:has(.st-key-gap_of) iframe[title*="st_folium"] {
  height: clamp(22rem, calc(100dvh - 14.5rem), 60rem) !important;
}
body:has(.st-key-standards_head) iframe[title*="st_folium"] {
  height: clamp(22rem, calc(100dvh - 19rem), 60rem) !important;
}
.st-key-in_force p, .st-key-standards_units p, [class*="st-key-source_"] p { margin-bottom: 0; }
[class*="st-key-source_"] { padding-bottom: .6rem; }
.st-key-areas button, .st-key-questions button,
.st-key-areas button > *, .st-key-questions button > * {
  justify-content: flex-start; text-align: left; }
.st-key-areas button, .st-key-questions button { min-height: 2rem; padding-block: .1rem; }
@media (min-width: 641px) {
  [data-testid="stColumn"]:has(iframe[title*="st_folium"]) {
    position: sticky; top: 4.3rem; align-self: flex-start; }
}
.st-key-map { scroll-margin-top: 4.2rem; }
.ws-fall { font-size: .86rem; }
.ws-fall > div { display: grid; grid-template-columns: 11.5rem 1fr 4.6rem 3.8rem; gap: .5rem;
  align-items: center; min-height: 1.5rem; }
.ws-fall em { position: relative; height: .8rem; }
.ws-fall em i { position: absolute; top: 0; bottom: 0; min-width: 1px; }
.ws-fall b, .ws-fall small { text-align: right; font-variant-numeric: tabular-nums; }
.ws-fall .ws-loss b { font-weight: 400; }
.ws-fall .ws-loss span { padding-left: .7rem; }
.ws-fall .ws-sum { font-weight: 600; }
.ws-causes > div { display: flex; height: .7rem; }
.ws-causes p { margin: .3rem 0 0; font-size: .84rem; }
.ws-causes span { display: inline-block; margin-right: .9rem; }
.ws-causes span i { display: inline-block; width: .7rem; height: .7rem; margin-right: .25rem; }
.ws-criteria { overflow-x: auto; border: 1px solid var(--ws-line); border-radius: .5rem; }
.ws-criteria table { border-collapse: collapse; width: 100%; min-width: 60rem; font-size: .86rem;
  margin: 0; }
.ws-criteria th, .ws-criteria td { padding: .38rem .6rem; text-align: left; vertical-align: top;
  border: 0; border-bottom: 1px solid var(--ws-line); }
.ws-criteria thead th { background: var(--ws-head); color: var(--ws-soft); font-weight: 400;
  white-space: nowrap; }
.ws-criteria tbody th { font-weight: 600; min-width: 6.5rem; }
.ws-criteria .ws-share, .ws-criteria .ws-unknown { text-align: right;
  font-variant-numeric: tabular-nums; }
.ws-criteria .ws-share, .ws-criteria .ws-direction, .ws-criteria .ws-source {
  white-space: nowrap; }
.ws-criteria td.ws-criterion { min-width: 8rem; }
.ws-criteria td.ws-measures { min-width: 14rem; }
.ws-criteria td.ws-sentence { min-width: 19rem; }
.ws-criteria tr:last-child td { border-bottom: 0; }
@media (min-width: 641px) {
  [data-testid="stColumn"]:has(.st-key-rules_outcome) {
    position: sticky; top: 4.3rem; align-self: flex-start; }
}
.st-key-tour { background: var(--ws-tour); border-color: var(--ws-tour-line); }
.st-key-report_preview img { background: #fff; border: 1px solid var(--ws-line);
  box-shadow: 0 1px 6px rgba(0, 0, 0, .12); }
@media (min-width: 641px) {
  [data-testid="stColumn"]:has(.st-key-report_preview) {
    position: sticky; top: 4.3rem; align-self: flex-start; }
}
.st-key-point_card { scroll-margin-top: 4.2rem; }
.st-key-point_card:not(:has(*)) { display: none; }
@media (max-width: 640px) {
  /* The figures first, then the map, then the rest: the two columns become one list. */
  .stHorizontalBlock:has(.st-key-headline_block) > .stColumn,
  .stHorizontalBlock:has(.st-key-headline_block) > .stColumn > .stVerticalBlock {
    display: contents; }
  .stHorizontalBlock:has(.st-key-headline_block) { flex-direction: column; flex-wrap: nowrap; }
  :has(> .st-key-headline_block) { order: -1; }
  .stMainBlockContainer { padding: 3.9rem .7rem 1rem; }
  iframe[title*="st_folium"],
  body:has(.st-key-gap_of) iframe[title*="st_folium"],
  body:has(.st-key-standards_head) iframe[title*="st_folium"] {
    height: clamp(18rem, 55dvh, 29rem) !important;
  }
  .st-key-headline [data-testid="stMetricValue"] { font-size: 2.1rem; }
  .ws-fall > div { grid-template-columns: 8.6rem 1fr 4rem 3.3rem; gap: .35rem; }
}
@media (max-width: 640px) {
  /* Where fingers hover nothing, it always shows, and lies over the line above the table. */
  [data-testid="stElementToolbar"] { display: none; }
}
@media screen {
  /* Streamlit writes white on its first colour, which by night is too light for that. */
  :root[data-ws-look="night"] :is([data-testid="stBaseButton-primary"],
    [data-testid="stBaseButton-primaryFormSubmit"]):not(:disabled) { color: #06131d; }
  :root[data-ws-look="night"] .stLogo { filter: brightness(1.55); }
  /* Drawings on white, as pictures, and what explains them: lightness turned over, hues kept. */
  :root[data-ws-look="night"] :is([data-testid="stImage"] img[src^="data:image/svg+xml"],
    .ws-turned) { filter: invert(1) hue-rotate(180deg) brightness(1.15);
    mix-blend-mode: lighten; }
}
</style>"""


_ROW_PX = 35
_MOST_ROWS = 11


def table_height(rows: int, *, most: int = _MOST_ROWS) -> int:
    """Return the height of a table in pixels: all rows up to `most`, then it scrolls."""
    return _ROW_PX * (min(rows, most) + 1) + 2


def apply() -> None:
    """Put the style rules and the product's name on the page; call it once per run."""
    st.html(f"<style>{day_night.rules()}</style>{_STYLE}")
    day_night.mark()
    paper.apply()
    typesetting.apply()
    st.logo(logo(tell("app.title")), size="large")


def logo(title: str) -> str:
    """Return the product's mark and name as a picture, drawn by ourselves."""
    width = 44 + sum(_WIDE_PX if ord(sign) > 0xFF else _NARROW_PX for sign in title)
    icon = ICON.removesuffix("</svg>").split(">", 1)[1]
    return _LOGO.format(width=round(width), icon=icon, title=title)
