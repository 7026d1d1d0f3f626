"""Standards side by side: the district under each, every unit under each, and their sources."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from siting.adding_up import whole_levels
from siting.coverage.effective import LevelRow
from siting.coverage.levels import Level
from siting.judging import Judged, Judgement, Verdict
from ui import keys
from ui.compute import Situation
from ui.exporting import Exported, draw_export, show_table
from ui.labels import unit_name
from ui.language import current
from ui.look import table_height
from ui.report.words import word as export_word
from ui.safe import plain
from ui.standards.compute import judged
from ui.standards.setting import in_force
from ui.standards.words import name_of, word
from words import Lang, percent, say

By = Literal["effective", "nominal"]
BY: tuple[By, ...] = ("effective", "nominal")
# Read on white and on black; the mark before the figure says the same without colours.
_SHADES: dict[Verdict, str] = {
    "pass": "rgba(0,158,115,.24)",
    "unverified": "rgba(230,159,0,.26)",
    "fail": "rgba(213,94,0,{depth:.2f})",
    "nobody": "transparent",
}
_PER_CENT = 100
# A unit without anybody served is this dark; one at the line would be as light as the page.
_DARKEST = 0.36
_MOST_UNITS = 24
"""A district's units are seen at one glance, a province's scroll."""


def draw_side(now: Situation) -> None:
    """Draw the three tables; the planner's own cut-off changes none of them."""
    used = in_force(now.register).name
    found = judged(now, used)
    st.caption(word("side.help"))
    _draw_standards(found, used)
    _draw_units(found)
    _draw_sources(found.judged)


def standards_table(found: Judgement, used: str) -> pd.DataFrame:
    """Return one row per standard: the whole district, and how many units pass.

    Parameters
    ----------
    found
        What the standards say.
    used
        Name of the one in force.
    """
    return pd.DataFrame([_standard_row(item, letter, used) for letter, item in _lettered(found)])


def unit_table(found: Judgement, by: By) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return shares in per cent and verdicts, one row per unit, one column per standard."""
    lang = current()
    names = [unit_name(row.name, lang) for row in found.judged[0].coverage.towns]
    shares, verdicts = {}, {}
    for letter, item in _lettered(found):
        rows = _towns(item, by)
        shares[letter] = [_share(row, by) * _PER_CENT for row in rows]
        verdicts[letter] = [_verdict(item, row, by) for row in rows]
    return pd.DataFrame(shares, index=names), pd.DataFrame(verdicts, index=names)


def styled(shares: pd.DataFrame, verdicts: pd.DataFrame) -> Styler:
    """Return the shares with a mark and a shade each: sorted, they go by the figure.

    The less a unit that fails reaches, the darker it is: where all fail, the near ones stand out.
    """
    drawn = shares.style
    for column in shares.columns:
        for verdict, shade in _SHADES.items():
            rows = verdicts.index[verdicts[column] == verdict]
            if not len(rows):
                continue
            where = pd.IndexSlice[rows, column]
            mark = say(f"audits.standards.mark_{verdict}", current())
            form = "–" if verdict == "nobody" else f"{mark} {{:.1f}}%"
            drawn = drawn.format(form, subset=where)
            drawn = drawn.map(partial(_background, shade), subset=where)
    return drawn


def summary(found: Judgement) -> str:
    """Say how many standards the whole district passes, and which failed one it is nearest to."""
    kept: dict[Verdict, list[tuple[str, Judged]]] = {"pass": [], "unverified": [], "fail": []}
    for letter, item in _lettered(found):
        verdict = item.verdict(item.coverage.total)
        if verdict in kept:
            kept[verdict].append((letter, item))
    failed = kept["fail"]
    told = word(
        "side.summary",
        passed=len(kept["pass"]),
        open=len(kept["unverified"]),
        failed=len(failed),
    )
    if not failed:
        return told
    (near, nearest), (far, farthest) = (
        pick(failed, key=lambda entry: _missing(entry[1])) for pick in (min, max)
    )
    return told + word(
        "side.nearest",
        near=f"{near} {name_of(nearest.standard)}",
        near_points=f"{_missing(nearest):.1f}",
        far=f"{far} {name_of(farthest.standard)}",
        far_points=f"{_missing(farthest):.1f}",
    )


def _background(shade: str, share: float) -> str:
    depth = _DARKEST * max(0.0, 1 - share / _PER_CENT)
    return f"background-color: {shade.format(depth=depth)}"


def _missing(item: Judged) -> float:
    """Return how many percentage points the district as a whole is short of the line."""
    return max(0.0, item.standard.pass_share - item.coverage.total.coverage) * _PER_CENT


def _draw_standards(found: Judgement, used: str) -> None:
    st.markdown(plain(summary(found)))
    table = standards_table(found, used)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    show_table(
        table,
        export_word("tables.standards"),
        name="standards",
        column_config={
            "name": text(word("side.standard"), width=300, pinned=True),
            "effective": st.column_config.ProgressColumn(
                word("side.effective"), format="%.1f%%", min_value=0, max_value=100, width=110
            ),
            "verdict": text(word("side.verdict"), width=130),
            "missing": number(
                word("side.missing"), format="%.1f", width=120, help=word("side.missing_help")
            ),
            "nominal": number(word("side.nominal"), format="%.1f%%", width=80),
            "unverified": number(word("side.unverified"), format="localized", width=95),
            "units": text(word("side.units"), width=120, help=word("side.units_help")),
            "units_nominal": text(word("side.units_nominal"), width=120),
            "least": number(word("side.least"), format="%.0f%%", width=75),
            "source": text(word("side.source"), width=170),
        },
    )


def _draw_units(found: Judgement) -> None:
    rows = found.judged[0].coverage.towns
    if not any(row.name for row in rows):
        st.info(word("side.no_units"))
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="medium", key="standards_units"
    ):
        st.markdown(f"**{word('side.by_unit')}**", width="content")
        by: By = st.segmented_control(
            word("side.by"),
            BY,
            default=BY[0],
            required=True,
            key=keys.STANDARDS_BY,
            persist_state="session",
            format_func={by: word(f"side.{by}") for by in BY}.__getitem__,
            label_visibility="collapsed",
        )
    st.caption(word("side.marks"))
    shares, verdicts = unit_table(found, by)
    column = st.column_config.NumberColumn
    st.dataframe(
        styled(shares, verdicts),
        height=table_height(len(shares), most=_MOST_UNITS),
        column_config={
            "_index": st.column_config.TextColumn(word("side.unit"), width=130, pinned=True),
            **{
                letter: column(
                    letter,
                    width=92,
                    help=word(
                        "side.column_help",
                        name=plain(name_of(item.standard)),
                        least=percent(item.standard.pass_share, digits=0),
                    ),
                )
                for letter, item in _lettered(found)
            },
        },
    )
    called = {letter: f"{letter} {name_of(item.standard)}" for letter, item in _lettered(found)}
    every = shares.rename_axis("unit").reset_index()
    headings = {"unit": word("side.unit"), **called}
    draw_export(
        Exported(every, export_word("tables.standard_units"), headings, frozenset(called)),
        key="export_standard_units",
    )


def _draw_sources(items: Sequence[Judged]) -> None:
    with st.expander(word("side.sources"), icon=":material/menu_book:"):
        st.caption(word("side.sources_help"))
        for letter, item in zip(_letters(len(items)), items, strict=True):
            with st.container(gap="xxsmall", key=f"source_{item.standard.name}"):
                _draw_source(item, letter)


def _draw_source(item: Judged, letter: str) -> None:
    norm = item.standard
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{letter} {plain(name_of(norm))}**", width="content")
        external = norm.is_external
        st.badge(word("external" if external else "own"), color="blue" if external else "orange")
    assumed = _between([word(f"assumed.{key}") for key in norm.assumed])
    lines = [f"「{norm.sentence}」　—— {norm.source}", word("side.assumed", keys=assumed)]
    if item.rides is not None:
        lines.append(word(f"side.rides_{item.rides}"))
    st.caption("  \n".join(plain(line) for line in lines))


def _standard_row(item: Judged, letter: str, used: str) -> dict[str, object]:
    norm, total = item.standard, item.coverage.total
    verdict = item.verdict(total)
    mark = say(f"audits.standards.mark_{verdict}", current())
    name = f"{letter} {name_of(norm)}"
    return {
        "name": word("side.used", name=name) if norm.name == used else name,
        "effective": total.coverage * _PER_CENT,
        "verdict": f"{mark} {word(f'verdict.{verdict}')}",
        "missing": _missing(item),
        "nominal": item.nominal.total.nominal_coverage * _PER_CENT,
        "unverified": whole_levels(total)[Level.UNVERIFIED],
        "units": _passing(item, "effective"),
        "units_nominal": _passing(item, "nominal"),
        "least": norm.pass_share * _PER_CENT,
        "source": word("external" if norm.is_external else "own"),
    }


def _passing(item: Judged, by: By) -> str:
    """Say how many units of how many pass; workers outside all units are no unit."""
    rows = [row for row in _towns(item, by) if row.name]
    judged_rows = [verdict for row in rows if (verdict := _verdict(item, row, by)) != "nobody"]
    return f"{judged_rows.count('pass')} / {len(judged_rows)}"


def _verdict(item: Judged, row: LevelRow, by: By) -> Verdict:
    return item.verdict(row) if by == "effective" else item.nominal_verdict(row)


def _towns(item: Judged, by: By) -> tuple[LevelRow, ...]:
    """Return the units: heat and cold change who is served, not nominal coverage."""
    return item.coverage.towns if by == "effective" else item.nominal.towns


def _share(row: LevelRow, by: By) -> float:
    return row.coverage if by == "effective" else row.nominal_coverage


def _lettered(found: Judgement) -> list[tuple[str, Judged]]:
    return list(zip(_letters(len(found.judged)), found.judged, strict=True))


def _letters(number: int) -> list[str]:
    return [chr(ord("A") + place) for place in range(number)]


def _between(parts: list[str]) -> str:
    lang: Lang = current()
    return ("、" if lang == "zh" else ", ").join(parts)
