"""The figures beside the map: one headline, what it is made of, and a row per unit."""

import pandas as pd
import streamlit as st

from geo.catchments import STRAIGHT_LINE_FACTOR
from siting.results import Bracket, CoverageResult
from ui.labels import unit_name
from ui.language import current, tell
from ui.look import table_height
from ui.safe import plain
from words import count, percent

_NAMED = 5


def draw_headline(
    coverage: CoverageResult, after: CoverageResult | None, stations: pd.DataFrame
) -> None:
    """Draw the one figure that a planner looks for first, and the three that explain it.

    Parameters
    ----------
    coverage
        By the existing stations; all figures are of it.
    after
        With the plan that is shown; the headline names its share, too.
    stations
        All of them, also those that do not count.
    """
    if not coverage.point_id:
        st.metric(tell("coverage.headline"), "—")
        st.info(tell("data.next_demand"), icon=":material/arrow_forward:")
        return
    lang = current()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(key="headline", width="content"):
            st.metric(
                tell("coverage.headline"),
                percent(coverage.coverage),
                None if after is None else tell("coverage.after", share=percent(after.coverage)),
                delta_arrow="off",
                help=_definition(coverage),
            )
        with st.container(key="figures", horizontal=True, gap="medium", width="content"):
            uncovered = coverage.workers_total - coverage.workers_covered
            figures = {
                "covered": count(coverage.workers_covered, lang, short=True),
                "uncovered": count(uncovered, lang, short=True),
            }
            for name, figure in figures.items():
                st.metric(tell(f"coverage.{name}_{coverage.measure}"), figure, width="content")
            st.metric(tell("coverage.stations"), count(coverage.stations, lang), width="content")
    st.caption(_method(coverage) + _stations(coverage, len(stations)))
    if coverage.method == "straight_line":
        st.warning(tell("project.straight_line"), icon=":material/straighten:")


def draw_units(
    coverage: CoverageResult, after: CoverageResult | None, stations: pd.DataFrame
) -> None:
    """Draw the bracket, the units, the largest gap first, and the stations that reach nobody."""
    if not coverage.point_id:
        return
    if coverage.bracket is not None:
        st.caption(_bracket(coverage, coverage.bracket), help=_bracket_help(coverage.bracket))
    if not any(row.name for row in coverage.towns):
        st.info(tell("coverage.no_units"))
        return
    st.dataframe(
        unit_table(coverage, after),
        hide_index=True,
        height=table_height(len(coverage.towns)),
        column_config={
            "unit": st.column_config.TextColumn(tell("coverage.unit"), width=110),
            "uncovered": st.column_config.NumberColumn(
                tell("coverage.not_covered"), format="localized", width=70
            ),
            "workers": st.column_config.NumberColumn(
                tell(f"coverage.workers_{coverage.measure}"), format="localized", width=125
            ),
            "after": st.column_config.NumberColumn(
                tell("coverage.share_after"), format="%.1f%%", width=70
            ),
            "coverage": st.column_config.ProgressColumn(
                tell("coverage.share"), format="%.1f%%", min_value=0, max_value=100, width=100
            ),
        },
    )
    _draw_unreachable(coverage, stations)


def unit_table(coverage: CoverageResult, after: CoverageResult | None) -> pd.DataFrame:
    """Return one row per unit (镇街、产业基地), sorted by uncovered workers, descending.

    With a plan, column `after` is what each unit has then.
    """
    lang = current()
    rows = [
        {
            "unit": unit_name(row.name, lang),
            "coverage": row.coverage * 100,
            "uncovered": round(row.workers - row.covered),
            "workers": round(row.workers),
        }
        for row in coverage.towns
    ]
    frame = pd.DataFrame(rows, columns=["unit", "coverage", "uncovered", "workers"])
    if after is not None:
        shares = {unit_name(row.name, lang): row.coverage * 100 for row in after.towns}
        frame.insert(2, "after", frame["unit"].map(shares))
    return frame.sort_values(["uncovered", "unit"], ascending=[False, True], ignore_index=True)


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
