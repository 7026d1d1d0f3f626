"""What positions were compared with, and how they lie: sentences and small drawings."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from geo.datum import is_projected
from geo.intake import Intake
from geo.intake.evidence import FEWEST_POINTS, DatumEvidence, DatumVerdict, is_synthetic
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import AS_IN_FILE, Draft
from ui.wizard.names import datum_name
from ui.wizard.reading import Known
from ui.wizard.sketch import SIDE_PX, sketch, whole, window_of
from ui.wizard.words import word
from words import count

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
    draft: Draft,
    intake: Intake,
    placed: DatumEvidence | None,
    verdicts: Sequence[DatumVerdict],
    known: Known,
    told: frozenset[str],
) -> None:
    """Draw where the rows lie, each read in its own datum, and what is to be said of each datum."""
    if not _has_rows(intake, told):
        return
    _draw_against(placed, known)
    if placed is not None:
        _draw_maps((placed,), known)
    if draft.datum in {"", AS_IN_FILE}:
        st.caption(word("rows_converted", count=count(intake.imported, current())))
    for verdict in verdicts:
        named = plain(datum_name(verdict.stated))
        size = count(verdict.points, current())
        if is_projected(verdict.stated) or verdict.outcome in {"undecided", "unverifiable"}:
            few = verdict.points < FEWEST_POINTS
            key = "rows_few" if few else "rows_undecided"
            st.caption(word(key, datum=named, count=size, fewest=FEWEST_POINTS))
        else:
            st.markdown(word("rows_of_datum", datum=named, count=size))
            _draw_said(verdict)


def _has_rows(intake: Intake, told: frozenset[str]) -> bool:
    """Tell whether any position can be used; say what is wrong with all of them where none can."""
    st.markdown(f"**{word('evidence')}**")
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
