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
from geo.intake.evidence import foremost
from geo.intake.raw import RawTable
from geo.intake.verdicts import DatumVerdict
from ui.guard import show_error
from ui.language import current
from ui.safe import plain
from ui.wizard import by_row, evidence
from ui.wizard.by_row import Said
from ui.wizard.draft import AS_IN_FILE, Draft, change, keep
from ui.wizard.names import EPSG as OTHER
from ui.wizard.names import datum_name, zone_name
from ui.wizard.reading import Known, header_of, judge, placed, read_cells
from ui.wizard.words import word
from words import count

USUAL: Final = ("gcj02", "bd09", "wgs84")
_LISTED_BY: Final = ("intake_metres_zone", "intake_metres_zone_turned", "intake_zone")
_TURNED: Final = ("intake_columns_turned", "intake_metres_zone_turned")
_DOUBTS: Final = ("intake_datum_heading", "intake_zone")
_TOLD_ABOVE: Final = frozenset({*_LISTED_BY, *_TURNED})
_MOST_ZONES: Final = 4


def draw(draft: Draft, raw: RawTable, known: Known) -> bool:
    """Draw the step; return whether people may go on."""
    try:
        bare = read_cells(replace(draft, datum=""), raw, known)
        said = by_row.said_by_rows(raw, header_of(draft, raw), bare)
    except PlannerError as error:
        show_error(error)
        return False
    if said is None:
        _draw_stated(bare)
    else:
        by_row.draw(said)
    draft = _draw_choice(draft, bare, said, known)
    try:
        intake = read_cells(draft, raw, known)
    except PlannerError as error:
        show_error(error)
        return False
    _draw_turned(draft, intake)
    verdicts = judge(draft, intake, known)
    verdict = foremost(verdicts)
    if said is None:
        evidence.draw(draft, intake, verdict, known, _TOLD_ABOVE)
    else:
        seen = placed(draft, intake, known)
        evidence.draw_by_row(intake, seen, verdicts, known, _TOLD_ABOVE)
    return _is_settled(draft, intake, verdict)


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
        metres = any(f.code in _LISTED_BY or f.code == "intake_metres" for f in bare.findings)
        key = "datum_stated_metres" if metres else "datum_stated_nothing"
        st.warning(word(key), icon=":material/help:")
    else:
        st.info(word(f"datum_stated_{bare.stated_by}", **facts), icon=":material/description:")


def _draw_choice(draft: Draft, bare: Intake, said: Said | None, known: Known) -> Draft:
    options = options_of(bare)
    if said is not None and not said.blank:
        return keep(replace(draft, datum=AS_IN_FILE))  # every row says it: nothing is left to ask
    shown = draft.datum
    if shown and shown not in options:
        shown = OTHER
    if not shown and AS_IN_FILE in options:
        shown = AS_IN_FILE
    names = {option: _option_name(option, bare, said, known) for option in options}
    asked = word("datum_which")
    if said is not None:
        asked = word("datum_which_blank", count=count(said.blank, current()))
    chosen = st.radio(
        asked,
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


def _option_name(option: str, bare: Intake, said: Said | None, known: Known) -> str:
    if option == OTHER:
        return word("datum_other")
    if option == AS_IN_FILE:
        if said is not None and bare.stated_by == "column":
            return word("datum_ask_later")
        return word("datum_as_in_file", datum=datum_name(bare.datum))
    if option.startswith(OTHER):
        area = word("area_lent" if known.lent else "area_own")
        return word("datum_projected", zone=zone_name(option), area=area)
    return word(f"datum_{option}")


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
