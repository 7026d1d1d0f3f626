"""The app by day and by night: our own colours, and the choice that a browser keeps.

Streamlit draws its parts in one of two sets of colours (`theme.light`, `theme.dark` in
.streamlit/config.toml). Unless somebody chooses, the browser's own preference decides, and a change
of it is followed at once. A small script tells our style rules which set is on
(`<html data-ws-look>`): a rule reads `var(--ws-NAME)`, a drawing that is an element of the page,
too. Whatever is printed is of the day. No change of colours runs a page again.

What a person chose is kept by the browser, never by the register: under the name by which Streamlit
keeps it for each page's address, and in a cookie, so that the settings can say what holds.
"""

import json
from types import MappingProxyType
from typing import Final, Literal, get_args

import streamlit as st

from ui import keys

Choice = Literal["system", "day", "night"]
CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)

COOKIE: Final = "warm_station_look"
"""Name of the mark that a browser keeps of the choice; nothing of anybody is in it."""

DAY: Final = MappingProxyType(
    {
        "brand": "#0072b2",
        "banner": "#0072b212",
        "tour": "#e69f001a",
        "tour_line": "#e69f008c",
        "line": "#31333f26",
        "head": "#fafafa",
        "soft": "#5a5a62",
        "paper": "#ffffff",
        # Bars and drawings: Okabe-Ito's, told apart by every reader, and what is no class.
        "blue": "#0072b2",
        "orange": "#e69f00",
        "pink": "#cc79a7",
        "green": "#009e73",
        "grey": "#8a8a8a",
        "sum": "#b9cfdf",
        "gap": "#ffffff",
    }
)
NIGHT: Final = MappingProxyType(
    {
        "brand": "#56b4e9",
        "banner": "#56b4e91f",
        "tour": "#e69f0024",
        "tour_line": "#e69f0099",
        "line": "#e8eaed33",
        "head": "#1f252d",
        "soft": "#b4bbc4",
        "paper": "#12161c",
        "blue": "#3d9bdc",
        "orange": "#e69f00",
        "pink": "#dd94bb",
        "green": "#1fa883",
        "grey": "#8b939d",
        "sum": "#5d7285",
        "gap": "#12161c",
    }
)

PAGE_NIGHT: Final = MappingProxyType({"ground": "#12161c", "text": "#e8eaed"})
"""Ground and text of the app by night, as in .streamlit/config.toml."""

_MARK = """<script>
(() => {
  const root = document.documentElement, app = document.querySelector(".stApp");
  if (!app || window.warmStationLook) return; // once per browser page
  const mark = () => {
    root.dataset.wsLook = getComputedStyle(app).colorScheme === "dark" ? "night" : "day";
  };
  mark();
  window.warmStationLook = new MutationObserver(mark);
  window.warmStationLook.observe(app, { attributeFilter: ["class"] });
})();
</script>"""

# Streamlit reads its own mark when a page is loaded, one per address; so the page is loaded anew.
_KEEP = """<script>
(() => {
  const [cookie, choice, theirs, pages] = %s;
  const folder = location.pathname.replace(/[^/]*$/, "");
  const paths = [folder, folder.replace(/(.)\\/$/, "$1"), ...pages.map((page) => folder + page)];
  document.cookie = `${cookie}=${choice}; path=/; max-age=94608000; SameSite=Lax`;
  try {
    const said = JSON.stringify(theirs);
    paths.forEach((path) => localStorage.setItem(`stActiveTheme-${path}-v2`, said));
  } catch (refused) { return; } // a browser that keeps nothing keeps to its own preference
  location.reload();
})();
</script>"""
_THEIRS: Final = MappingProxyType({"system": "System", "day": "Light", "night": "Dark"})
"""What Streamlit calls the three."""


def var(name: str) -> str:
    """Return how a style rule, or a drawing that is an element of the page, names a colour.

    Raises
    ------
    KeyError
        There is no such colour.
    """
    _ = DAY[name], NIGHT[name]
    return f"var(--ws-{name.replace('_', '-')})"


def rules() -> str:
    """Return the style rules that give the names their colours; by night on screens only."""
    day, night = (
        "".join(f"--ws-{name.replace('_', '-')}:{colour};" for name, colour in colours.items())
        for colours in (DAY, NIGHT)
    )
    return f':root{{{day}}}@media screen{{:root[data-ws-look="night"]{{{night}}}}}'


def mark() -> None:
    """Let the browser tell the style rules which set of colours is on; call it once per run."""
    st.html(_MARK, unsafe_allow_javascript=True)


def chosen() -> Choice:
    """Return what this browser keeps of the choice; its own preference where it keeps nothing."""
    kept = st.context.cookies.get(COOKIE)
    return next((choice for choice in CHOICES if choice == kept), "system")


def keep(choice: Choice) -> None:
    """Let the browser keep the choice, and load the page anew in those colours."""
    pages = sorted(st.session_state.get(keys.PAGES, {}))
    told = json.dumps([COOKIE, choice, _THEIRS[choice], pages])
    st.html(_KEEP % told, unsafe_allow_javascript=True)
