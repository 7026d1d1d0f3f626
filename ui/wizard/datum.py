"""Step 3: the datum. What the file states and what the evidence says are shown; people confirm it.

Nothing is taken for granted: where nobody states a datum, nobody can go on before choosing one, and
a choice that the evidence contradicts must be confirmed by itself.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from geo.datum import is_projected
from geo.errors import PlannerError
from geo.findings import Finding
from geo.intake import Intake
from geo.intake.evidence import DatumVerdict, is_synthetic
from geo.intake.raw import RawTable
from geo.reference import read_list
from ui.guard import show_error
from ui.language import current
from ui.safe import plain
from ui.wizard.draft import AS_IN_FILE, Draft, change, keep
from ui.wizard.reading import Known, judge, read_cells
from ui.wizard.sketch import SIDE_PX, sketch, whole, window_of
from ui.wizard.words import word

USUAL: Final = ("gcj02", "bd09", "wgs84")
OTHER: Final = "EPSG:"
_LISTED_BY: Final = ("intake_metres_zone", "intake_metres_zone_turned", "intake_zone")
_TURNED: Final = ("intake_columns_turned", "intake_metres_zone_turned")
_DOUBTS: Final = ("intake_datum_heading", "intake_zone")
_TOLD_ABOVE: Final = frozenset({*_LISTED_BY, *_TURNED, "intake_datum_undeclared"})
_MOST_ZONES: Final = 4
# CGCS2000 by the central meridian: first code, how many, degrees of a zone, whether its number
# stands before the easting.
_ZONE_CODES: Final = (
    (4534, 21, 3, False),
    (4513, 21, 3, True),
    (4502, 11, 6, False),
    (4491, 11, 6, True),
)
_FIRST_MERIDIAN: Final = 75
_OTHER_ZONES: Final = frozenset({32650, 3857})


def draw(draft: Draft, raw: RawTable, known: Known) -> bool:
    """Draw the step; return whether people may go on."""
    try:
        bare = read_cells(replace(draft, datum=""), raw, known)
    except PlannerError as error:
        show_error(error)
        return False
    _draw_stated(bare)
    draft = _draw_choice(draft, bare)
    try:
        intake = read_cells(draft, raw, known)
    except PlannerError as error:
        show_error(error)
        return False
    _draw_turned(draft, intake)
    verdict = judge(draft, intake, known)
    _draw_evidence(draft, intake, verdict, known)
    return _is_settled(draft, intake, verdict)


def is_needed(intake: Intake) -> bool:
    """Tell whether a file has positions whose datum must be known."""
    return {"lon", "lat"} <= set(intake.columns)


def options_of(bare: Intake) -> tuple[str, ...]:
    """Return what may be chosen for a file, as it was read without anybody's choice."""
    stated = (AS_IN_FILE,) if bare.stated_by != "nothing" else ()
    if bare.stated_by == "file" and is_projected(bare.datum):
        return stated  # the file says its projection: anything else is refused
    usual = tuple(d for d in USUAL if bare.stated_by in {"nothing", "column"} or d != bare.datum)
    return (*stated, *_zones_of(bare.findings), *usual, OTHER)


def _zones_of(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the projections that would put the points into the district."""
    listed = [str(f.facts["datums"]) for f in findings if f.code in _LISTED_BY]
    named = [code.strip() for text in listed for code in text.replace(",", "、").split("、")]
    return tuple(dict.fromkeys(code for code in named if code))[:_MOST_ZONES]


def _draw_stated(bare: Intake) -> None:
    """Say what the file itself says of its datum."""
    facts = {"datum": plain(datum_name(bare.datum))}
    if bare.stated_by == "nothing":
        st.warning(word("datum_stated_nothing"), icon=":material/help:")
    else:
        st.info(word(f"datum_stated_{bare.stated_by}", **facts), icon=":material/description:")


def datum_name(datum: str) -> str:
    """Return what a datum is called."""
    entry = read_list("reference/datums").get(datum)
    return str(entry[current()]) if isinstance(entry, dict) and current() in entry else datum


def _draw_choice(draft: Draft, bare: Intake) -> Draft:
    options = options_of(bare)
    shown = draft.datum
    if shown and shown not in options:
        shown = OTHER
    if not shown and AS_IN_FILE in options:
        shown = AS_IN_FILE
    names = {option: _option_name(option, bare) for option in options}
    chosen = st.radio(
        word("datum_which"),
        options,
        index=options.index(shown) if shown in options else None,
        format_func=names.__getitem__,
        key=f"datum.{draft.key}.{'-'.join(options)}",
    )
    if chosen == OTHER:
        given = draft.datum.removeprefix(OTHER) if draft.datum.startswith(OTHER) else ""
        number = st.text_input(
            word("datum_epsg"),
            value=given,
            placeholder="4548",
            max_chars=6,
            key=f"epsg.{draft.key}",
        )
        chosen = f"{OTHER}{number.strip()}" if number.strip().isdigit() else ""
    return keep(replace(draft, datum=chosen or ""))


def _option_name(option: str, bare: Intake) -> str:
    by_row = bare.stated.rows is not None
    if option == AS_IN_FILE:
        return (
            word("datum_by_row")
            if by_row
            else word("datum_as_in_file", datum=datum_name(bare.datum))
        )
    if option == OTHER:
        return word("datum_other")
    if option.startswith(OTHER):
        return word("datum_projected", zone=zone_name(option))
    name = word(f"datum_{option}")
    return word("datum_rest", datum=name) if by_row else name


def zone_name(code: str) -> str:
    """Return what surveyors call a projection: 国家 2000，3 度带，中央经线 117°（EPSG:4548）."""
    number = int(code.removeprefix(OTHER))
    for first, size, degrees, numbered in _ZONE_CODES:
        if first <= number < first + size:
            meridian = _FIRST_MERIDIAN + degrees * (number - first)
            key = "zone_numbered" if numbered else "zone"
            return word(key, degrees=degrees, meridian=meridian, code=code)
    return word(f"zone_{number}", code=code) if number in _OTHER_ZONES else code


def _draw_turned(draft: Draft, intake: Intake) -> None:
    """Offer to exchange the two columns where most rows have them the other way round."""
    if not any(finding.code in _TURNED for finding in intake.findings):
        return
    lon, lat = (intake.columns[axis] for axis in ("lon", "lat"))
    with st.container(border=True):
        st.markdown(word("turned", lon=plain(lon), lat=plain(lat)))
        st.button(
            word("turned_change"),
            key="turn_columns",
            icon=":material/swap_horiz:",
            on_click=change,
            kwargs={"mapping": {**draft.mapping, "lon": lat, "lat": lon}},
        )


def _draw_evidence(draft: Draft, intake: Intake, verdict: DatumVerdict, known: Known) -> None:
    lang = current()
    st.markdown(f"**{word('evidence')}**")
    if not intake.imported:
        for finding in intake.findings:
            told = finding.row is not None or finding.severity == "info"
            if not told and finding.code not in _TOLD_ABOVE:
                st.warning(plain(finding.message(lang)))
        st.caption(word("evidence_no_rows"))
        return
    if known.streets is None:
        st.caption(word("evidence_no_streets"))
    elif is_synthetic(known.streets):
        st.caption(word("evidence_synthetic"))
    maps = verdict.maps()
    if maps:
        streets = None if known.streets is None or is_synthetic(known.streets) else known.streets
        window = whole(maps[0], known.area) if streets is None else window_of(maps[0])
        cells = st.columns(len(maps))
        for cell, one, evidence in zip(cells, maps, verdict.evidence, strict=True):
            said = evidence.sentence(lang)
            with cell:
                drawn = sketch(one, window, title=said, streets=streets, area=known.area)
                st.image(drawn, width=SIDE_PX)
                st.caption(plain(said))
        st.caption(word("evidence_legend" if streets is not None else "evidence_legend_area"))
    if draft.datum or verdict.outcome == "suggests":
        said = plain(replace(verdict, evidence=()).sentence(lang))  # the shares stand above
        (st.error if verdict.outcome == "contradicts" else st.info)(said)


def _is_settled(draft: Draft, intake: Intake, verdict: DatumVerdict) -> bool:
    """Ask for what must be confirmed; tell whether a datum was chosen and nothing is open."""
    if not draft.datum:
        st.caption(word("datum_choose_first"))
        return False
    doubts = [f for f in intake.findings if f.code in _DOUBTS]
    for finding in doubts:
        st.error(plain(finding.message(current())))
    if not doubts and verdict.outcome != "contradicts":
        return True
    confirmed = st.checkbox(
        word("datum_confirm", datum=datum_name(verdict.stated)),
        value=draft.confirmed == draft.datum,
        key=f"confirm.{draft.key}.{draft.datum}",
    )
    keep(replace(draft, confirmed=draft.datum if confirmed else ""))
    return confirmed
