"""What positions were compared with, and how they lie: sentences and small drawings."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from geo.intake import Intake
from geo.intake.evidence import FEWEST_POINTS, is_synthetic
from geo.intake.verdicts import DatumEvidence, DatumVerdict
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import Draft
from ui.wizard.names import datum_name
from ui.wizard.reading import Known
from ui.wizard.sketch import SIDE_PX, sketch, whole, window_of
from ui.wizard.words import word
from words import count, say

_BESIDE_THE_EVIDENCE: Final = frozenset({"intake_datum_undeclared"})


def draw(
    draft: Draft, intake: Intake, verdict: DatumVerdict, known: Known, told: frozenset[str]
) -> None:
    """Draw the evidence under each hypothesis, and what it says of the datum that was chosen.

    `told` are the findings that stand above already.
    """
    if not _has_rows(intake, told):
        return
    _draw_against(verdict.evidence[0] if verdict.evidence else None, known)
    _draw_maps(verdict.evidence, known)
    if draft.datum or verdict.outcome == "suggests":
        _draw_said(verdict)


def draw_by_row(
    intake: Intake,
    placed: DatumEvidence | None,
    verdicts: Sequence[DatumVerdict],
    known: Known,
    told: frozenset[str],
) -> None:
    """Draw where the rows lie, each read in its own datum, and what is to be said of each datum."""
    if not _has_rows(intake, told, "evidence_by_row"):
        return
    _draw_against(placed, known)
    if placed is not None:
        _draw_maps((placed,), known)
    open_ones = [v for v in verdicts if v.outcome in {"undecided", "unverifiable"}]
    if open_ones:
        few = max(verdict.points for verdict in open_ones) < FEWEST_POINTS
        listed = say("intake.comma_list", current()).join(map(_named, open_ones))
        key = "rows_few" if few else "rows_undecided"
        st.caption(word(key, listed=listed, fewest=FEWEST_POINTS))
    for verdict in verdicts:
        if verdict not in open_ones:
            st.markdown(_named(verdict))
            _draw_said(verdict)


def _named(verdict: DatumVerdict) -> str:
    """Return which rows a verdict is about: 高德坐标 12 行."""
    named = plain(datum_name(verdict.stated))
    return word("rows_named", datum=named, count=count(verdict.points, current()))


def _has_rows(intake: Intake, told: frozenset[str], title: str = "evidence") -> bool:
    """Tell whether any position can be used; say what is wrong with all of them where none can."""
    st.markdown(f"**{word(title)}**")
    if intake.imported:
        return True
    for finding in intake.findings:
        mute = finding.row is not None or finding.severity == "info"
        if not mute and finding.code not in told | _BESIDE_THE_EVIDENCE:
            st.warning(plain(finding.message(current())))
    st.caption(word("evidence_no_rows"))
    return False


def _draw_against(evidence: DatumEvidence | None, known: Known) -> None:
    """Say what the positions were compared with, and why not with streets."""
    against = evidence.against if evidence is not None else ""
    why = ""
    if against != "streets":
        why = word(f"against_not_streets_{_why_no_streets(known)}")
    st.caption(why + word(f"against_{against or 'nothing'}"))


def _why_no_streets(known: Known) -> str:
    if known.streets is None:
        return "absent"
    return "synthetic" if is_synthetic(known.streets) else "elsewhere"


def _draw_maps(evidence: Sequence[DatumEvidence], known: Known) -> None:
    if not evidence or not evidence[0].against:
        return
    against = evidence[0].against
    streets = known.streets if against == "streets" else None
    # What is drawn below the points is what they are compared with, and nothing else.
    area = known.area if against != "streets" or not known.lent else None
    maps = [one.map() for one in evidence]
    window = window_of(maps[0]) if streets is not None else whole(maps[0], area)
    cells = st.columns(max(len(maps), 3))
    for cell, shown, one in zip(cells, maps, evidence, strict=False):
        said = one.sentence(current())
        with cell:
            drawn = sketch(shown, window, title=said, streets=streets, area=area)
            st.image(drawn, width=SIDE_PX)
            st.caption(plain(said))
    several = "evidence_legend" if len(maps) > 1 else "evidence_legend_rows"
    st.caption(word(several if streets is not None else f"evidence_legend_{against}"))


def _draw_said(verdict: DatumVerdict) -> None:
    said = plain(verdict.conclusion(current()))
    (st.error if verdict.outcome == "contradicts" else st.info)(said)
