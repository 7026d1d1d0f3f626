"""The worst gap areas with what would mend them, under the list of whom to ask first."""

import streamlit as st

from siting.coverage.levels import UNCOVERED
from siting.effective import EffectiveEvaluation
from siting.effective_lines import gap_line, mend_text, one_window, sure_text
from siting.gap_areas import GapArea, PricedMend
from ui import edits, keys
from ui.compute import Situation
from ui.exporting import draw_export
from ui.language import current, tell
from ui.safe import plain
from ui.workbench.gaps_export import gaps_exported
from ui.workbench.point_card import CARD
from ui.workbench.questions import draw_questions
from ui.workbench.waterfall import cause_bar
from words import count, say, yuan

MAP = "map"
"""Key of the container above the map."""

_FIRST = 8


def draw_areas(now: Situation) -> None:
    """Draw the ranked list of gap areas, the chosen one with causes and mends, then questions."""
    if not now.coverage.point_id:
        return
    found = now.effective
    draw_questions(now, _open_card)
    st.markdown(f"**{tell('areas.title', count=len(found.gap_areas))}**")
    if not found.gap_areas:
        st.caption(tell("areas.none"))
        return
    st.caption(tell("areas.help"))
    chosen = chosen_area(found)
    shown = len(found.gap_areas) if st.session_state.get(keys.MORE_AREAS) else _FIRST
    shown = max(shown, 0 if chosen is None else chosen + 1)
    with st.container(key="areas", gap="xxsmall"):
        for number, area in enumerate(found.gap_areas[:shown]):
            st.button(
                plain(gap_line(area, number + 1, current(), one_window=one_window(found))),
                key=f"area_{number}",
                type="secondary" if number == chosen else "tertiary",
                width="stretch",
                on_click=choose,
                args=(area_id(found, area),),
            )
            if number == chosen:
                _draw_area(found, area)
        if shown < len(found.gap_areas):
            st.button(
                tell("areas.more", count=len(found.gap_areas) - shown),
                key="more_areas",
                icon=":material/expand_more:",
                on_click=_show_more,
            )
    draw_export(gaps_exported(found), key="export_gap_areas", listed=True)


def chosen_area(found: EffectiveEvaluation) -> int | None:
    """Return which of the gap areas was chosen; None: none, or it is no longer one."""
    wanted = st.session_state.get(keys.AREA)
    if wanted is None:
        return None
    return next(
        (n for n, area in enumerate(found.gap_areas) if area_id(found, area) == wanted), None
    )


def area_id(found: EffectiveEvaluation, area: GapArea) -> str:
    """Return what names an area from one moment to the next: its centre's demand point."""
    return found.nominal.point_id[int(area.gap.points[0])]


def choose(centre: str) -> None:
    """Choose a gap area: the map flies there and shows its points; again: let it go."""
    if st.session_state.get(keys.AREA) == centre:
        del st.session_state[keys.AREA]
        return
    edits.close_card()
    st.session_state.pop(keys.FLY_TO, None)
    st.session_state[keys.AREA] = centre
    st.session_state[keys.FLY] = st.session_state.get(keys.FLY, 0) + 1
    _look_at(MAP)


def _fly_to(record_id: str, part: str) -> None:
    """Pick a point from the list: the map flies there, and the page shows the part asked for."""
    edits.fly_to(record_id)
    _look_at(part)


def _open_card(station: str) -> None:
    """Pick a station from the list of questions: its card opens and comes to the eye."""
    _fly_to(station, CARD)


def _look_at(part: str) -> None:
    st.session_state[keys.LOOK] = (part, f"look{st.session_state[keys.FLY]}")


def _show_more() -> None:
    st.session_state[keys.MORE_AREAS] = True


def _draw_area(found: EffectiveEvaluation, area: GapArea) -> None:
    lang = current()
    with st.container(border=True, gap="xsmall"):
        st.html(cause_bar(dict(zip(UNCOVERED, area.gap.by_cause, strict=True)), lang))
        if not area.mends:
            st.caption(tell("areas.no_mend"))
            return
        if area.without_mend:
            st.caption(say("effective.line.no_mend", lang).strip())
        for number, item in enumerate(area.mends):
            st.button(
                _mend(found, item),
                key=f"show_mend_{number}",
                icon=":material/my_location:",
                type="tertiary",
                width="stretch",
                on_click=_fly_to,
                args=(found.site_id(item.mend), MAP),
            )


def _mend(found: EffectiveEvaluation, item: PricedMend) -> str:
    """Say what to do in plain letters; whom it wins and what it costs in bold ones."""
    lang = current()
    won = tell(
        "areas.won_assumed" if item.cost_assumed else "areas.won",
        what=plain(mend_text(found, item.mend, lang)),
        workers=count(item.mend.workers, lang),
        cost=yuan(item.cost_yuan, lang),
    )
    return won + sure_text(item.mend, lang)
