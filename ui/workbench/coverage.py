"""The figures beside the map: one headline, what it is made of, and rows by unit, group, window."""

from typing import Literal

import pandas as pd
import streamlit as st

from geo.catchments import STRAIGHT_LINE_FACTOR
from siting.adding_up import printed_shares, whole_levels, whole_rows
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level
from siting.effective import EffectiveEvaluation
from siting.results import Bracket, CoverageResult
from ui import keys
from ui.compute import Situation, coverage_beside_straight_lines
from ui.exporting import show_table
from ui.labels import label, unit_name
from ui.language import current, tell
from ui.onward import draw_onward
from ui.report.words import word as export_word
from ui.safe import plain
from ui.workbench.filters import counted_words, weather_words
from ui.workbench.open_share import draw_open_share
from ui.workbench.waterfall import draw_waterfall
from words import count, percent

By = Literal["town", "group", "window"]
BY: tuple[By, ...] = ("town", "group", "window")
_CODES: dict[By, str] = {"group": "groups", "window": "windows"}
_NAMED = 5


def draw_headline(now: Situation, after: CoverageResult | None) -> None:
    """Draw the one figure that a planner looks for first, and quietly those beside it.

    Parameters
    ----------
    now
        Its effective coverage is the headline; nominal coverage and the unverified stand beside it.
    after
        Nominal coverage with the plan that is shown.
    """
    if not now.coverage.point_id:
        st.metric(tell("coverage.headline"), "—")
        draw_onward(tell("data.next_demand"), "data", key="coverage")
        return
    total = now.effective.effective.total
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(key="headline", width="content"):
            st.metric(
                tell("coverage.headline"), percent(total.coverage), help=_definition(now.coverage)
            )
        with st.container(key="figures", horizontal=True, gap="medium", width="content"):
            st.metric(
                tell("coverage.nominal"),
                percent(now.coverage.coverage),
                None if after is None else tell("coverage.after", share=percent(after.coverage)),
                delta_arrow="off",
                width="content",
                help=tell("coverage.nominal_help"),
            )
            share = printed_shares(total)[Level.UNVERIFIED]
            st.metric(tell("coverage.unverified"), percent(share), width="content")
        draw_open_share(now)
    told = _said(now) + weather_words(now.terms.weather)
    ground = _method(now.coverage) + _stations(now.coverage, len(now.inputs.stations))
    st.caption(f"{told}  \n{ground}")
    if now.coverage.method == "straight_line":
        st.warning(tell("project.straight_line"), icon=":material/straighten:")


def draw_coverage(now: Situation, after: CoverageResult | None) -> None:
    """Draw the way from all workers to those served, the tables, and stations off the streets."""
    if not now.coverage.point_id:
        return
    found = now.effective
    draw_waterfall(found.effective.total, mild=now.terms.weather.mild)
    by: By = st.segmented_control(
        tell("coverage.by"),
        BY,
        default="town",
        required=True,
        key=keys.BY,
        persist_state="session",
        format_func={by: tell(f"coverage.by_{by}") for by in BY}.__getitem__,
        label_visibility="collapsed",
    )
    if not any(row.name for row in found.rows(by)):
        st.info(tell(f"coverage.no_{by}"))
    else:
        _draw_table(now, by, after if by == "town" else None)
    beside = coverage_beside_straight_lines(now)
    if beside.bracket is not None:
        st.caption(_bracket(beside, beside.bracket), help=_bracket_help(beside.bracket))
    _draw_unreachable(now.coverage, now.inputs.stations)


def effective_table(
    found: EffectiveEvaluation, by: By, after: CoverageResult | None = None
) -> pd.DataFrame:
    """Return one row per unit, group or window, in whole workers.

    Units and groups are sorted by uncovered workers, descending, and their columns sum to the
    district; windows keep their order and do not add up.

    Parameters
    ----------
    after
        Nominal coverage with a plan: column `after` is what each unit has then.
    """
    rows = found.rows(by)
    whole = (
        [whole_levels(row) for row in rows]
        if by == "window"
        else whole_rows(rows, found.effective.total)
    )
    frame = pd.DataFrame(
        [_table_row(row, levels, by) for row, levels in zip(rows, whole, strict=True)]
    )
    if after is not None:
        lang = current()
        shares = {unit_name(row.name, lang): row.coverage * 100 for row in after.towns}
        frame.insert(3, "after", frame["name"].map(shares))
    if by == "window":
        return frame
    return frame.sort_values(["uncovered", "name"], ascending=[False, True], ignore_index=True)


def _table_row(row: LevelRow, levels: list[int], by: By) -> dict[str, object]:
    return {
        "name": row_name(row.name, by),
        "effective": row.coverage * 100,
        "nominal": row.nominal_coverage * 100,
        "unverified": levels[Level.UNVERIFIED],
        "uncovered": sum(levels[: Level.UNVERIFIED]),
        "verified": levels[Level.VERIFIED],
        "workers": sum(levels),
    }


def row_name(name: str, by: By) -> str:
    """Return what a unit, group or window is called in a table."""
    lang = current()
    if by == "town":
        return unit_name(name, lang)
    return label(_CODES[by], name, lang) if name else tell("coverage.unnamed")


def _draw_table(now: Situation, by: By, after: CoverageResult | None) -> None:
    found = now.effective
    if found.questions:
        st.caption(
            tell(
                "coverage.ask",
                stations=found.counting,
                count=len(found.questions),
                share=percent(len(found.questions) / found.counting),
            )
        )
    table = effective_table(found, by, after)
    number = st.column_config.NumberColumn
    show_table(
        table,
        export_word("tables.coverage"),
        name="coverage",
        column_config={
            "name": st.column_config.TextColumn(
                tell(f"coverage.column_{by}"), width=130, pinned=True
            ),
            "effective": st.column_config.ProgressColumn(
                tell("coverage.effective_short"),
                format="%.1f%%",
                min_value=0,
                max_value=100,
                width=95,
            ),
            "nominal": number(tell(_in_reach(now)), format="%.1f%%", width=65),
            "after": number(tell("coverage.share_after"), format="%.1f%%", width=105),
            "unverified": number(tell("coverage.unverified_workers"), format="localized", width=92),
            "uncovered": number(tell("coverage.uncovered"), format="localized", width=92),
            "verified": number(tell("coverage.verified_workers"), format="localized", width=85),
            "workers": number(
                tell(f"coverage.workers_{now.coverage.measure}"), format="localized", width=110
            ),
        },
    )
    st.caption(_sum_line(table, by))


def _in_reach(now: Situation) -> str:
    """Say what those in reach are called: in heat and cold, reach is shorter than nominal."""
    return "coverage.nominal_short" if now.terms.weather.mild else "coverage.in_reach"


def _sum_line(table: pd.DataFrame, by: By) -> str:
    if by == "window":
        return tell("coverage.sum_window")
    lang = current()
    columns = ("workers", "verified", "unverified", "uncovered")
    facts = {name: count(int(table[name].sum()), lang) for name in columns}
    return tell("coverage.sum", **facts)


def _said(now: Situation) -> str:
    """Say who is served, and of whom where only a part counts; one window alone is in heads."""
    lang, found = current(), now.effective
    part = counted_words(now.parameters)
    measure = "workers" if len(now.parameters.windows or ()) == 1 else found.effective.measure
    levels = whole_levels(found.effective.total)
    said = tell(
        f"coverage.said_{measure}",
        workers=count(sum(levels), lang),
        verified=count(levels[Level.VERIFIED], lang),
        unverified=count(levels[Level.UNVERIFIED], lang),
        stations=len(found.questions),
        uncovered=count(sum(levels[: Level.UNVERIFIED]), lang),
    )
    if part:
        said = tell("coverage.part", what=part) + said
    return said + (tell("coverage.said_defaults") if found.effective.terms.kind_defaults else "")


def _draw_unreachable(coverage: CoverageResult, stations: pd.DataFrame) -> None:
    if not coverage.unreachable_stations:
        return
    names = stations.loc[stations["id"].isin(coverage.unreachable_stations), "name"]
    between = "、" if current() == "zh" else ", "
    listed = between.join(str(name) for name in names[:_NAMED])
    more = "…" if len(names) > _NAMED else ""
    st.caption(tell("coverage.unreachable", count=len(names)) + plain(listed) + more)


def _bracket(coverage: CoverageResult, bracket: Bracket) -> str:
    """Say coverage in both measures of distance, and the share of workers where it matters most."""
    said = tell(
        "coverage.bracket",
        street=percent(coverage.coverage),
        factor=STRAIGHT_LINE_FACTOR,
        straight=percent(bracket.coverage_straight_line),
    )
    if not bracket.thin_points:
        return said + tell("coverage.stop")
    return said + tell("coverage.thin", share=percent(bracket.thin_share))


def _bracket_help(bracket: Bracket) -> str:
    rule = bracket.thin_rule
    return tell(
        "coverage.bracket_help",
        factor=STRAIGHT_LINE_FACTOR,
        radius=f"{rule.radius_m:,.0f}",
        many=count(rule.workers_from_per_km2, current()),
        below=f"{rule.street_below_km_per_km2:g}",
    )


def _definition(coverage: CoverageResult) -> str:
    hours = tell("coverage.definition_hours", hours=f"{coverage.hours_per_week:.0f}")
    return tell("coverage.definition") + (hours if coverage.measure == "worker_hours" else "")


def _stations(coverage: CoverageResult, total: int) -> str:
    """Say how many stations there are, and why some of them do not count or reach nobody."""
    facts = {"total": total, "counted": coverage.stations}
    said = tell("coverage.stations_counted", **facts)
    if total > coverage.stations:
        said += tell("coverage.stations_closed", count=total - coverage.stations)
    if coverage.unreachable_stations:
        said += tell("coverage.stations_detached", count=len(coverage.unreachable_stations))
    return said + tell("coverage.stop")


def _method(coverage: CoverageResult) -> str:
    said = tell(f"coverage.method_{coverage.method}", cutoff=f"{coverage.cutoff_m:,.0f}")
    if not coverage.unsnapped_demand:
        return said
    people = count(coverage.unsnapped_workers, current())
    return said + tell("coverage.unsnapped", points=len(coverage.unsnapped_demand), workers=people)
