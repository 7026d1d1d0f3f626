"""A report made for somebody: its content, its files one after another, and all in one archive."""

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import streamlit as st

from register import Plan, Register
from register.plan_records import from_record
from register.settings import APPROVAL, TEMPLATE, settled, settled_file
from register.year import year_work_of
from reports.beside import NOTHING_BESIDE, Beside
from reports.origin import Origin, RegisterState
from reports.report import Report, make_report
from reports.scenario_told import ScenarioTold
from siting import district_time
from siting.plan_results import PlanResult
from siting.plans.chosen_set import evaluated
from siting.progress import YearWork
from ui.compute import Situation, base_of, effect_of, read_book
from ui.identity import check_reader, sign_for_whole
from ui.plan.curve import beside_of, years_asked
from ui.plan.spares import spares_found
from ui.plan.stored import Shown
from ui.report.asked import ALWAYS, UNSIGNED, Asked, People
from ui.standards.compute import judged
from ui.standards.setting import in_force
from words import Lang

Tell = Callable[[str, float], None]
"""Takes what is being done (a format, `beside`, `map`, `bundle`) and the share done, 0..1."""

_PLANS = 24
_PREVIEWS = 24
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest day that an archive can name: equal files give equal archives."""


@dataclass(frozen=True, eq=False)
class Made:
    """The files of one report.

    Attributes
    ----------
    files
        Content by format; `bundle` is no format: see `layers`.
    layers
        Layers by their names in the archive; empty unless they were asked for.
    """

    asked: Asked
    scenario: str
    title: str
    when: datetime
    files: Mapping[str, bytes]
    layers: Mapping[str, bytes]


def shown_plan(now: Situation, stored: Plan | None) -> Shown | None:
    """Return a stored plan as today's records have it; None: what stands is reported.

    Its chosen set is evaluated, nothing is solved; sites that are gone are left out.
    """
    if stored is None:
        return None
    plan = _evaluated(now.scenario, str(now.register.folder), stored.id, now, stored)
    return Shown(stored.id, stored.created_at, plan)


def report_for(
    now: Situation,
    shown: Shown | None,
    *,
    lang: Lang,
    people: People = UNSIGNED,
    beside: Beside = NOTHING_BESIDE,
    spares: bool = True,
    scenario: ScenarioTold | None = None,
) -> Report:
    """Return the content of a report of today, from which every file is written.

    It asks nothing of the session: files that are written once somebody clicks are written beside
    it. Whoever calls this has checked that who sits there may read.
    """
    plan = None
    if shown is not None:  # with what it brings of effective coverage, as beside the map
        plan = replace(shown.plan, effective=effect_of(now, shown.plan))
    return make_report(
        now.inputs,
        now.parameters,
        now.effective,
        now.evaluation.scores,
        plan,
        title=now.register.name,
        made_on=district_time.today(),
        lang=lang,
        scenario_hash=now.scenario,
        highlight_ids=tuple(now.book.own),
        spares=spares_found(now, plan) if plan is not None and spares else None,
        base=base_of(now.register, read_book(now.register).inputs),
        scenario=scenario,
        beside=beside,
        origin=_origin(now),
        compiled_by=people.compiled_by,
        reviewed_by=people.reviewed_by,
        sent_to=people.sent_to or None,
        work=_work(now),
        standards=judged(now, in_force(now.register).name),
        map_number=settled(now.register, APPROVAL) or "",
        template=settled_file(now.register, TEMPLATE),
    )


def make(
    now: Situation, shown: Shown | None, stored: Plan | None, asked: Asked, heard: Tell
) -> Made:
    """Write every file that is asked for, and the replay file; `heard` is told how far it is.

    Raises
    ------
    PlannerError
        Something cannot be written, or who sits here may not take the layers out of the house.
    """
    check_reader(now.register)
    if asked.bundle:
        sign_for_whole(now.register)
    formats = (*asked.formats, ALWAYS)
    steps = 1 + len(formats) + asked.bundle
    heard("beside", 0.0)
    report = report_for(
        now,
        shown,
        lang=asked.lang,
        people=asked.people,
        beside=_beside(now, shown, stored, asked),
        scenario=asked.scenario,
    )
    files: dict[str, bytes] = {}
    for number, name in enumerate(formats, 1):
        heard(name, number / steps)
        files[name] = _writers()[name][1](report)
    layers: Mapping[str, bytes] = {}
    if asked.bundle:
        heard("bundle", (steps - 1) / steps)
        layers = layers_of(now.register, report)
    when = district_time.now()
    return Made(asked, now.scenario, now.register.name, when, files, layers)


def file_of(name: str) -> str:
    """Return what the file of a format is called, as the command line calls it."""
    return _writers()[name][0]


def archive(made: Made) -> bytes:
    """Return all files in one .zip archive, called as the command line calls them."""
    held = {_writers()[name][0]: content for name, content in made.files.items()} | dict(
        made.layers
    )
    return zipped(held)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a .zip archive; the same files give the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(
                zipfile.ZipInfo(name, _EPOCH), content, compress_type=zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def layers_of(register: Register, report: Report) -> dict[str, bytes]:
    """Return every layer of a report by its name in the archive, without personal columns.

    Raises
    ------
    InputError
        Who sits here may not take the whole register out of the house.
    """
    sign_for_whole(register)
    from reports.replay_layers import FOLDER, write_layers  # noqa: PLC0415 -- start-up

    with tempfile.TemporaryDirectory() as folder:
        paths = write_layers(report.inputs, Path(folder))
        return {f"{FOLDER}/{path.name}": path.read_bytes() for path in paths}


def preview(now: Situation, shown: Shown | None, asked: Asked) -> bytes:
    """Return the first page as a PNG; made once for the same choices.

    Raises
    ------
    InputError
        Who has not signed in may not read.
    """
    check_reader(now.register)
    plan = 0 if shown is None else shown.number
    folder, revision = str(now.register.folder), now.book.revision
    key = (now.scenario, repr(now.terms), plan, folder, revision)
    return _preview(key, asked.lang, asked.people, asked.scenario, now, shown)


def _beside(now: Situation, shown: Shown | None, stored: Plan | None, asked: Asked) -> Beside:
    """Return what stands beside a plan: of a plan on other records or terms nothing is known."""
    if stored is None or not asked.beside or stored.scenario != now.scenario:
        return NOTHING_BESIDE
    return beside_of(now, shown, years_asked(shown))


def _origin(now: Situation) -> Origin:
    """Return the state of the register that everything rests on, for the replay file."""
    register, book = now.register, now.book
    state = RegisterState(register.name, book.revision, register.synthetic)
    return Origin(rules=book.rules, today=now.today, register=state)


def _work(now: Situation) -> YearWork:
    """Return the year's work as the register tells it today."""
    rules = now.book.rules
    return year_work_of(now.register, now.inputs, now.parameters, until=now.today, rules=rules)


def _writers() -> "dict[str, tuple[str, Callable[[Report], bytes]]]":
    # Late: Word and GeoPackage writers are not needed to start the app.
    from reports.bundle import WRITERS  # noqa: PLC0415

    return WRITERS


@st.cache_resource(max_entries=_PLANS, show_spinner=False)
def _evaluated(
    scenario: str, folder: str, number: int, _now: Situation, _stored: Plan
) -> PlanResult:
    del scenario, folder, number
    return evaluated(_now.inputs, _now.evaluation.travel, from_record(_stored.result))


@st.cache_resource(max_entries=_PREVIEWS, show_spinner=False)
def _preview(
    key: tuple[str, str, int, str, int],
    lang: Lang,
    people: People,
    scenario: ScenarioTold | None,
    _now: Situation,
    _shown: Shown | None,
) -> bytes:
    del key
    from reports.preview import first_page_png  # noqa: PLC0415 -- the typesetter comes late

    made = report_for(_now, _shown, lang=lang, people=people, spares=False, scenario=scenario)
    return first_page_png(made)
