"""On a station's card: what must be asked of it, and which one change would serve more people."""

import streamlit as st

from siting.effective import EffectiveEvaluation
from siting.effective_lines import mend_text, sure_text
from ui.language import current, tell
from ui.safe import plain
from words import count, say

_MOST = 3


def draw_service(found: EffectiveEvaluation, station: str) -> None:
    """Draw the questions that hang on a station, and up to `_MOST` mends, the largest first."""
    if station not in found.station_ids:
        return
    site, lang = found.station_ids.index(station), current()
    for question in found.questions:
        if question.site == site:
            names = [say(f"effective.blank.{blank}", lang) for blank in question.blanks]
            blanks = say("effective.line.listed", lang).join(names)
            told = tell("point.blanks", blanks=blanks, workers=count(question.workers, lang))
            st.warning(plain(told), icon=":material/help:")
    mends = [item for item in found.mends if item.kind != "new" and item.site == site][:_MOST]
    if not mends:
        return
    lines = [
        plain(
            tell(
                "point.mend",
                what=mend_text(found, item, lang),
                workers=count(item.workers, lang),
            )
            + sure_text(item, lang)
        )
        for item in mends
    ]
    st.caption("  \n".join([plain(tell("point.mends")), *lines]))
