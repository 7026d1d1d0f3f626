"""What a planner may set: the cut-off, whom to count when, on what terms a station is of use."""

import pandas as pd
import streamlit as st

from geo.reference import read_list
from siting.coverage.levels import DEFAULT_OPEN_SHARE, Terms, week_of
from siting.model import Parameters
from siting.plans.variant import Variant
from siting.standards import Standard
from siting.weather import Weather, weather_of
from siting.windows import windows
from ui import edits, keys
from ui.labels import label
from ui.language import current, tell
from ui.safe import plain
from words import Lang, percent, say

_NAMED = 3
_LEAST_M, _MOST_M, _STEP_M = 200, 3000, 10
_SHARES = (0.25, 0.5, 0.75, 1.0)
_WEEK, _SEVERAL = "", "*"


def draw_parameters(demand: pd.DataFrame, norm: Standard) -> Parameters:
    """Draw the cut-off and, where the demand tells them apart, time windows and worker groups.

    Parameters
    ----------
    demand
        The demand table.
    norm
        The standard in force: nothing but a walking distance, where the cut-off begins.
    """
    _begin_at(norm)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cutoff_m = st.slider(
            tell("filters.cutoff"),
            _LEAST_M,
            _MOST_M,
            step=_STEP_M,
            key=keys.CUTOFF_M,
            persist_state="session",
            help=tell("filters.cutoff_help"),
            on_change=edits.forget_notice,
        )
        present, groups = _codes(demand, "window"), _codes(demand, "group")
        chosen_windows: tuple[str, ...] | None = None
        chosen_groups: tuple[str, ...] | None = None
        if len(present) > 1 or len(groups) > 1:
            with st.popover(_filter_title(), icon=":material/filter_alt:"):
                chosen_groups = _choose("groups", groups, keys.GROUPS)
                chosen_windows = _choose("windows", present, keys.WINDOWS)
                st.caption(tell("filters.all_help"))
            if chosen_groups or len(chosen_windows or ()) > 1:
                st.button(
                    tell("filters.clear"),
                    key="clear_filters",
                    icon=":material/filter_alt_off:",
                    type="tertiary",
                    on_click=_clear,
                )
    if len(present) > 1:
        _draw_when(present)
    return Parameters(
        cutoff_m=float(cutoff_m),
        standard=_standard_of(float(cutoff_m), norm),
        windows=chosen_windows,
        groups=chosen_groups,
    )


def kept_parameters(demand: pd.DataFrame, norm: Standard) -> Parameters:
    """Return what the planner's page has set, for pages that do not ask again."""
    _begin_at(norm)
    cutoff_m = float(st.session_state[keys.CUTOFF_M])
    return Parameters(
        cutoff_m=cutoff_m,
        standard=_standard_of(cutoff_m, norm),
        windows=_kept(demand, "window", keys.WINDOWS),
        groups=_kept(demand, "group", keys.GROUPS),
    )


def take_up(variant: Variant, norm: Standard) -> None:
    """Set all that is set here as it was when a scenario was kept.

    Parameters
    ----------
    norm
        The standard in force.
    """
    _begin_at(norm)
    held = variant.parameters
    st.session_state[keys.CUTOFF_M] = min(max(round(held.cutoff_m), _LEAST_M), _MOST_M)
    st.session_state[keys.WINDOWS] = list(held.windows or ())
    st.session_state[keys.GROUPS] = list(held.groups or ())
    st.session_state[keys.SEASON] = variant.season
    st.session_state[keys.OPEN_SHARE] = variant.open_share
    st.session_state[keys.KIND_DEFAULTS] = variant.kind_defaults


def season() -> str:
    """Return the season that is looked at."""
    chosen: str = st.session_state.get(keys.SEASON) or next(iter(read_list("reference/weeks")))
    return chosen


def _begin_at(norm: Standard) -> None:
    """Let the cut-off be that of the standard in force, as soon as another one is."""
    mark = (norm.name, norm.cutoff_m)
    if st.session_state.get(keys.CUTOFF_OF) != mark or keys.CUTOFF_M not in st.session_state:
        st.session_state[keys.CUTOFF_OF] = mark
        st.session_state[keys.CUTOFF_M] = min(max(round(norm.cutoff_m), _LEAST_M), _MOST_M)


def _standard_of(cutoff_m: float, norm: Standard) -> str | None:
    return norm.name if cutoff_m == norm.cutoff_m else None


def _kept(demand: pd.DataFrame, column: str, key: str) -> tuple[str, ...] | None:
    present = _codes(demand, column)
    if len(present) < 2:
        return None
    chosen = st.session_state.get(key) or ()
    return tuple(code for code in present if code in chosen) or None


def draw_terms() -> Terms:
    """Draw the one line that says on what terms a station is of use; a click changes them."""
    seasons = tuple(read_list("reference/weeks"))
    # Set before they are drawn: a kept scenario may have set them, too.
    season = st.session_state.setdefault(keys.SEASON, seasons[0])
    share = st.session_state.setdefault(keys.OPEN_SHARE, DEFAULT_OPEN_SHARE)
    defaults = bool(st.session_state.get(keys.KIND_DEFAULTS, False))
    lang = current()
    title = tell(
        "terms.title_defaults" if defaults else "terms.title",
        season=label("weeks", season, lang),
        share=percent(share, digits=0),
    )
    with st.popover(title, icon=":material/tune:", key="terms", wrap=True):
        season = st.segmented_control(
            tell("terms.season"),
            seasons,
            required=True,
            key=keys.SEASON,
            persist_state="session",
            format_func=lambda code: label("weeks", code, lang),
            on_change=edits.forget_notice,
        )
        season = season or seasons[0]
        monday = week_of(season)
        weather = weather_of(season)
        st.caption(tell("terms.week", monday=monday.isoformat()) + weather_words(weather))
        share = st.segmented_control(
            tell("terms.open_share"),
            _SHARES,
            required=True,
            key=keys.OPEN_SHARE,
            persist_state="session",
            format_func=lambda part: percent(part, digits=0),
            help=tell("terms.open_share_help"),
            on_change=edits.forget_notice,
        )
        defaults = st.toggle(
            tell("terms.defaults"),
            key=keys.KIND_DEFAULTS,
            persist_state="session",
            help=tell("terms.defaults_help"),
            on_change=edits.forget_notice,
        )
    return Terms(monday, share or DEFAULT_OPEN_SHARE, defaults, weather)


def weather_words(weather: Weather) -> str:
    """Say what the weather of a season changes; "" where it changes nothing."""
    if weather.mild:
        return ""
    said = tell("terms.reach", share=percent(weather.reach_share, digits=0))
    for item in weather.hours:
        said += tell(
            "terms.hours",
            start=f"{item.start:%H:%M}",
            end=f"{item.end:%H:%M}",
            weight=f"{item.weight:g}",
        )
    return said + tell("terms.assumed")


def counted_words(parameters: Parameters) -> str:
    """Say which groups and windows alone are counted; "" where all are."""
    lang = current()
    chosen = [label("groups", code, lang) for code in parameters.groups or ()]
    chosen += [label("windows", code, lang) for code in parameters.windows or ()]
    return plain(("、" if lang == "zh" else ", ").join(chosen))


def counted_windows(demand: pd.DataFrame, parameters: Parameters) -> tuple[str, ...]:
    """Return the windows that count; () where the demand has none."""
    return parameters.windows or _codes(demand, "window")


def _draw_when(present: tuple[str, ...]) -> None:
    """Draw the slider over the windows: the week as a whole, then each of them."""
    chosen = st.session_state.get(keys.WINDOWS) or []
    several, lang = len(chosen) > 1, current()
    # One choice with two handles: what the filter says is where the slider stands.
    wanted = _SEVERAL if several else chosen[0] if chosen else _WEEK
    key = _in_language(keys.WHEN, wanted)
    st.select_slider(
        tell("filters.when"),
        (_WEEK, *present, *((_SEVERAL,) if several else ())),
        key=key,
        format_func=lambda code: _when(code, len(chosen), lang),
        help=tell("filters.when_help"),
        on_change=_turn_to,
        args=(key,),
    )


def _when(code: str, chosen: int, lang: Lang) -> str:
    if code == _WEEK:
        return say("ui.filters.week", lang)
    if code == _SEVERAL:
        return say("ui.filters.several", lang, count=chosen)
    known = windows().get(code)
    hours = "" if known is None else f" {known.start:%H:%M}–{known.end:%H:%M}"
    return label("windows", code, lang) + hours


def _turn_to(key: str) -> None:
    edits.forget_notice()
    code = st.session_state[key]
    if code != _SEVERAL:
        st.session_state[keys.WINDOWS] = [code] if code else []


def _choose(codes: str, present: tuple[str, ...], key: str) -> tuple[str, ...] | None:
    if len(present) < 2:
        return None
    lang = current()
    own = _in_language(key, [code for code in st.session_state.get(key) or () if code in present])
    chosen = st.multiselect(
        tell(f"filters.{codes}"),
        present,
        key=own,
        format_func=lambda code: label(codes, code, lang),
        placeholder=tell("filters.all"),
        on_change=_keep,
        args=(key, own),
    )
    # In the order of the table, so that the same choice is the same scenario.
    return tuple(code for code in present if code in chosen) or None


def _in_language(key: str, wanted: object) -> str:
    """Return the widget's key in this language, set to what was chosen in any.

    Browsers remember the words of a choice, not the choice: under one key it would be lost, or
    mistaken, when the language changes.
    """
    own = f"{key}_{current()}"
    if st.session_state.get(own) != wanted:  # or it would snap back while somebody drags it
        st.session_state[own] = wanted
    return own


def _keep(key: str, own: str) -> None:
    edits.forget_notice()
    st.session_state[key] = list(st.session_state[own])


def _filter_title() -> str:
    """Name what is counted, so that nobody reads a part as the whole."""
    lang = current()
    chosen = [
        label(codes, code, lang)
        for codes, key in (("windows", keys.WINDOWS), ("groups", keys.GROUPS))
        for code in _set_in_popover(key)
    ]
    if not chosen:
        return tell("filters.title")
    between = "、" if lang == "zh" else ", "
    named = between.join(chosen[:_NAMED])
    if len(chosen) > _NAMED:
        named = tell("filters.and_more", named=named, count=len(chosen))
    return plain(tell("filters.title_set", named=named))


def _set_in_popover(key: str) -> list[str]:
    """Return what the popover leaves out of sight; one window alone is what the slider shows."""
    chosen: list[str] = st.session_state.get(key) or []
    return [] if key == keys.WINDOWS and len(chosen) == 1 else chosen


def _clear() -> None:
    edits.forget_notice()
    for key in (keys.WINDOWS, keys.GROUPS):
        st.session_state[key] = []


def _codes(demand: pd.DataFrame, column: str) -> tuple[str, ...]:
    present = {str(code) for code in demand[column].unique() if code}
    known = [code for code in read_list(f"reference/{column}s") if code in present]
    return (*known, *sorted(present.difference(known)))
