"""The first look around: six short cards at the top of the pages, one minute, never in the way.

The card is a part of the page and covers nothing. Who ends it is asked no more: this browser keeps
a mark of it (a cookie without a name in it), so that it counts for the person who sits there,
signed in or not. A button brings it back.
"""

from typing import Final

import streamlit as st

from ui import keys, pages
from ui.beginning.words import word

CARDS: Final = ("welcome", "map", "plan", "overview", "report", "own")
_PAGES: Final = {
    "map": "workbench",
    "plan": "workbench",
    "overview": "overview",
    "report": "reports",
    "own": "data",
}
"""On which page a card is shown; the first one is shown on any."""
COOKIE: Final = "warm_station_tour"
"""Name of the mark that a browser keeps of the cards, and what it says: nothing of anybody."""
SEEN: Final = "seen"
_ENDED: Final = -1
_REMEMBER: Final = (
    f"<script>document.cookie = '{COOKIE}={SEEN}; path=/; max-age=94608000; SameSite=Lax';</script>"
)


def draw_tour(page: str) -> None:
    """Draw the card that is due; the browser of who has ended the cards keeps that they were seen.

    Parameters
    ----------
    page
        Address of the page that is shown; "" is the first one.
    """
    at = _position()
    if at == _ENDED:
        _draw_mark()
        return
    card = CARDS[at]
    wanted = _PAGES.get(card)
    with st.container(key="tour", border=True, gap="small"):
        st.markdown(f":material/explore: **{word(f'tour.{card}.title')}**　{_counted(at)}")
        st.markdown(word(f"tour.{card}.text"))
        if wanted is not None and wanted != (page or "workbench"):
            st.caption(word("tour.elsewhere"))
        _draw_buttons(at)


def draw_help() -> None:
    """Draw the button that shows the cards again."""
    if _position() == _ENDED and st.button(
        word("tour.again"),
        key="tour_again",
        icon=":material/help:",
        type="tertiary",
        help=word("tour.again_help"),
    ):
        st.session_state[keys.TOUR] = 0
        st.rerun()


def _draw_buttons(at: int) -> None:
    last = at == len(CARDS) - 1
    with st.container(horizontal=True, gap="small"):
        if at and st.button(word("tour.back"), key="tour_back", type="tertiary"):
            _go_to(at - 1)
        onward = word("tour.end" if last else "tour.onward" if at else "tour.begin")
        if st.button(onward, key="tour_onward", type="primary"):
            _go_to(_ENDED if last else at + 1)
        if not last and st.button(word("tour.skip"), key="tour_skip", type="tertiary"):
            _go_to(_ENDED)


def _go_to(at: int) -> None:
    st.session_state[keys.TOUR] = at
    wanted = None if at == _ENDED else _PAGES.get(CARDS[at])
    if wanted is not None:
        pages.go(wanted)
    st.rerun()


def _position() -> int:
    """Return which card is due: the first in a browser that knows nothing of it."""
    if keys.TOUR not in st.session_state:
        seen = st.context.cookies.get(COOKIE) == SEEN
        st.session_state[keys.TOUR] = _ENDED if seen else 0
    at: int = st.session_state[keys.TOUR]
    return at


def _draw_mark() -> None:
    """Let the browser keep that the cards were seen, once in a session that ended them."""
    if st.context.cookies.get(COOKIE) != SEEN:
        st.html(_REMEMBER, unsafe_allow_javascript=True)


def _counted(at: int) -> str:
    return f":gray[{word('tour.counted', at=at + 1, cards=len(CARDS))}]"
