"""What a page looks like on paper: of the day, headed, without buttons, with whole tables.

Streamlit draws tables as pictures, as wide as they are on the screen. Just before a page is printed
a small script makes them, and the map, smaller until the paper holds them. A table of words that
could not be read then is set as a real one, from what Streamlit keeps in the picture for screen
readers: as wide as the paper, over as many pages as it takes. Rows and columns that one would have
to scroll to are in neither; the paper says how many there are. Names stay `textContent`.
"""

import json
from html import escape

import streamlit as st

from register import Register
from ui.language import tell

_STYLE = """<style>
.ws-paper, .ws-paper-head { display: none; }
.stElementContainer:has(> .stHtml > .ws-paper-head) { position: absolute; }
@page { margin: 12mm; }
@media print {
  .st-key-language, .st-key-tour, [data-testid="stHeader"], [data-testid="stElementToolbar"],
  .st-key-project, [data-testid="stDialog"], [data-testid="stToast"],
  [data-testid="stTooltipIcon"]:not(:has([data-testid^="stBaseButton"])),
  .stButton, .stFormSubmitButton, .stDownloadButton, .stPopover, [data-testid="stFileUploader"],
  [data-testid="stSpinner"], [data-testid="stStatusWidget"], .st-key-open_door,
  [data-testid="stButtonGroup"] button:not([data-selected="true"]),
  [role="tab"]:not([aria-selected="true"]),
  [data-baseweb="tab-highlight"], [data-baseweb="tab-border"] { display: none !important; }
  /* Lists whose lines are buttons: their words are what the page tells. */
  :is(.st-key-areas, .st-key-questions, .st-key-ledger_cards, .st-key-ledger_plans) .stButton {
    display: block !important; }
  :is(.st-key-areas, .st-key-questions, .st-key-ledger_cards, .st-key-ledger_plans) button {
    border: 0; padding: 0; }
  .stMainBlockContainer { padding: 0 !important; zoom: .75; }
  .stElementContainer:has(> .stHtml > .ws-paper-head) { position: static; }
  .ws-paper-head { display: flex; justify-content: space-between; gap: 1rem; font-size: 1rem;
    border-bottom: 2px solid #333; padding-bottom: .3rem; }
  .ws-paper-head b { font-size: 1.15rem; }
  .ws-paper { display: block; }
  .ws-paper table { width: 100%; border-collapse: collapse; font-size: .84rem; }
  .ws-paper th, .ws-paper td { border: 1px solid #b5b5bb; padding: .22rem .4rem; text-align: left;
    overflow-wrap: anywhere; vertical-align: top; min-width: 4.6em; }
  .ws-paper th { background: #f2f2f4 !important; font-weight: 600; }
  .ws-paper td.ws-figure { text-align: right; font-variant-numeric: tabular-nums;
    white-space: nowrap; }
  .ws-paper tr { break-inside: avoid; }
  .ws-paper thead { display: table-header-group; }
  .ws-paper p { margin: .3rem 0 0; font-size: .8rem; }
  .ws-papered > :not(.ws-paper) { display: none !important; }
  .stElementContainer:has(.ws-papered), .stElementContainer:has(.ws-papered) > *, .ws-papered {
    display: block !important; width: 100% !important; height: auto !important;
    max-height: none !important; overflow: visible !important; }
  .stDataFrame:not(.ws-papered) > :not(.ws-paper) { zoom: var(--ws-paper-zoom, 1); }
  .stElementContainer:has(.stDataFrame), .stElementContainer:has(.stDataFrame) > *, .stDataFrame {
    break-inside: avoid; height: auto !important; max-height: none !important; }
  .stElementContainer:has(.ws-papered), .stElementContainer:has(.ws-papered) > *, .ws-papered {
    break-inside: auto; }
  /* What is in a frame keeps its size, whatever zoom is around it. */
  iframe[title*="st_folium"] { break-inside: avoid; width: var(--ws-paper-width, 100%) !important;
    height: var(--ws-paper-height, 60rem) !important; zoom: calc(1 / .75);
    transform: scale(var(--ws-paper-zoom, 1)); transform-origin: 0 0;
    margin-bottom: calc((var(--ws-paper-zoom, 1) - 1) * var(--ws-paper-height, 60rem)); }
  div:has(> iframe[title*="st_folium"]) { overflow: hidden; width: 100%; }
  /* A phone shows cards and no table, paper is never as narrow: it prints what the phone shows. */
  :root[data-ws-narrow] .st-key-ledger_rows { display: none !important; }
  :root[data-ws-narrow] .st-key-ledger_cards { display: block !important; }
  .stMarkdown, .stImage, .ws-fall > div, [data-testid="stMetric"], [data-testid="stAlert"] {
    break-inside: avoid; }
  h1, h2, h3, h4 { break-after: avoid; }
  [data-testid="stButtonGroup"] button { flex: none !important; max-width: none !important; }
  [data-testid="stButtonGroup"] button * { overflow: visible !important; }
  [data-testid="stColumn"] { position: static !important; }
  /* By night: dark on white, whatever Streamlit drew. Our own colours are of the day already. */
  :root[data-ws-look="night"] :is(body, #root, .stApp, .stMain) { background: #fff !important; }
  :root[data-ws-look="night"] .stApp { color-scheme: light !important; }
  :root[data-ws-look="night"] .stApp :not([class^="ws-"], [class^="ws-"] *, svg *, iframe) {
    color: #2b2b2b !important; background-color: transparent !important;
    border-color: #b5b5bb !important; box-shadow: none !important; }
  :root[data-ws-look="night"] .stDataFrame canvas {
    filter: invert(1) hue-rotate(180deg) brightness(1.12); }
  :root[data-ws-look="night"] .stApp input { -webkit-text-fill-color: #2b2b2b !important; }
  :root[data-ws-look="night"] .stApp [role="slider"] { background-color: #0072b2 !important; }
}
</style>"""

_SCRIPT = """<script>
(() => {
  const state = window.warmStationPaper ??= {};
  state.told = %s;
  if (state.ready) return; // once per browser page
  state.ready = true;
  const PAPER_PX = 930; // of the page's own pixels, at three quarters of their size
  const NARROW_PX = 640; // as in the style rules
  const SMALLEST = 0.7; // a picture of words that is smaller than this cannot be read on paper
  const FIGURES = 0.35; // share of cells; a table of more keeps its picture, which has their signs
  const node = (tag, text) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const smaller = (part) => Math.min(1, PAPER_PX / part.offsetWidth);
  const room = (map) => { // pixels of the paper: maps beside each other share its width
    const row = map.closest(".stHorizontalBlock");
    const maps = row ? row.querySelectorAll('iframe[title*="st_folium"]').length : 1;
    return (PAPER_PX * 0.75 - 20 * (maps - 1)) / maps;
  };
  const FIGURE = /^[+\\-−]?[\\d.,\\s]+(%%|万|亿)?$|^[—–-]$/;
  const LONG = /^-?\\d+\\.\\d{3,}$/; // a figure as it was reckoned
  const ofWords = (grid) => {
    const cells = [...grid.querySelectorAll("td")].filter((cell) => cell.textContent.trim());
    const figures = cells.filter((cell) => FIGURE.test(cell.textContent.trim()));
    return figures.length < FIGURES * cells.length;
  };
  const count = (grid, name) => Number(grid.getAttribute(name)) || 0;
  const copied = (grid) => {
    const table = node("table"), head = node("thead"), body = node("tbody"), first = node("tr");
    const names = [...grid.querySelectorAll("th")].map((cell) => cell.textContent);
    first.append(...names.map((name) => node("th", name)));
    head.append(first);
    grid.querySelectorAll("tbody tr").forEach((row) => {
      const line = node("tr");
      row.querySelectorAll("td").forEach((cell) => {
        const said = cell.textContent.trim(), figure = FIGURE.test(said);
        const made = node("td", LONG.test(said) ? Number(said).toFixed(1) : said);
        if (figure) made.className = "ws-figure";
        line.append(made);
      });
      body.append(line);
    });
    table.append(head, body);
    return table;
  };
  const missing = (grid) => {
    const rows = count(grid, "aria-rowcount") - 1 - grid.querySelectorAll("tbody tr").length;
    const columns = count(grid, "aria-colcount") - grid.querySelectorAll("th").length;
    return [[rows, state.told.rows], [columns, state.told.columns]]
      .filter(([number]) => number > 0).map(([number, said]) => said.replace("{0}", number));
  };
  const before = () => {
    after();
    document.querySelectorAll(".ws-printed").forEach((place) => {
      const now = new Date(), two = (part) => String(part).padStart(2, "0");
      place.textContent = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    });
    document.documentElement.toggleAttribute("data-ws-narrow", window.innerWidth <= NARROW_PX);
    document.querySelectorAll(".stDataFrame").forEach((frame) => {
      const grid = frame.querySelector("canvas table");
      if (!frame.offsetWidth || !grid || !grid.querySelector("th")) return;
      const paper = node("div"), set = smaller(frame) < SMALLEST && ofWords(grid);
      paper.className = "ws-paper";
      paper.append(...(set ? [copied(grid)] : []), ...missing(grid).map((said) => node("p", said)));
      frame.append(paper);
      frame.classList.toggle("ws-papered", set);
      frame.style.setProperty("--ws-paper-zoom", smaller(frame));
    });
    document.querySelectorAll('iframe[title*="st_folium"]').forEach((map) => {
      const { offsetWidth: wide, offsetHeight: high } = map;
      map.style.setProperty("--ws-paper-width", `${wide}px`);
      map.style.setProperty("--ws-paper-height", `${high}px`);
      map.style.setProperty("--ws-paper-zoom", wide ? Math.min(1, room(map) / wide) : 1);
    });
  };
  const after = () => {
    document.querySelectorAll(".ws-paper").forEach((paper) => paper.remove());
    document.querySelectorAll(".ws-papered").forEach((set) => set.classList.remove("ws-papered"));
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
})();
</script>"""


def apply() -> None:
    """Put the rules and the script of the paper on the page; call it once per run."""
    st.html(_STYLE)
    told = {part: tell(f"paper.{part}", number="{0}") for part in ("rows", "columns")}
    st.html(_SCRIPT % json.dumps(told, ensure_ascii=False), unsafe_allow_javascript=True)


def draw_head(register: Register) -> None:
    """Draw the line that heads each page on paper: what, whose, of which day."""
    whose = tell("project.sample") if register.synthetic else register.name
    printed = tell("paper.printed", day="\0").replace("\0", '<span class="ws-printed"></span>')
    st.html(
        f'<div class="ws-paper-head"><b>{escape(tell("app.title"))}</b>'
        f"<span>{escape(whose)}</span><span>{printed}</span></div>"
    )
