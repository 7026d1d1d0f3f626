"""任务: what the district asks of units; claimed, answered, accepted or returned."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from geo.errors import PlannerError
from geo.reference import read_list
from register import KINDS, Kind, Register
from register.privacy import masked_task
from register.task_steps import Request
from register.tasks import Task, list_tasks
from register.users import Actor
from siting import district_time
from ui import identity, keys
from ui.labels import label
from ui.language import current
from ui.ledger import edits as ledger_edits
from ui.ledger import task_edits
from ui.ledger.columns import column_of, read, title
from ui.ledger.export import draw_tasks_export
from ui.ledger.form import MOST_NAMED, draw_column, draw_columns, draw_day, named_records
from ui.ledger.photos import TYPES, draw_small
from ui.ledger.units import draw_no_units
from ui.ledger.words import kind_name, spoken, word
from ui.safe import plain

_STATE_COLORS = {
    "asked": "orange",
    "claimed": "blue",
    "answered": "violet",
    "returned": "red",
    "accepted": "green",
    "withdrawn": "gray",
}
_MOST_SHOWN = 40


def draw_tasks(register: Register) -> None:
    """Draw the form of a request for who may ask, and the tasks, those that wait for one first."""
    who = identity.actor(register)
    today = district_time.today()
    if who is not None and who.asks:
        _draw_asking(register)
    with st.container(horizontal=True, vertical_alignment="center"):
        closed = st.toggle(word("tasks.closed"), key=keys.TASK_CLOSED)
        units = sorted({task.unit for task in list_tasks(register, closed=closed)})
        unit = ""
        if len(units) > 1:
            unit = st.selectbox(
                word("tasks.unit"),
                ["", *units],
                format_func=spoken(("", *units), lambda name: name or word("filter.all")),
                key="task_units",
                width=220,
                label_visibility="collapsed",
            )
    tasks = list_tasks(register, unit=unit or None, closed=closed)
    if not tasks:
        asks = who is not None and who.asks
        told = word("tasks.none_asked" if asks else "tasks.none")
        st.info(told, icon=":material/task_alt:")
        return
    ordered = task_edits.sorted_tasks(tasks, who, today)
    for task in ordered[:_MOST_SHOWN]:
        _draw_task(register, task, who, today)
    if len(ordered) > _MOST_SHOWN:
        st.caption(word("tasks.more", shown=_MOST_SHOWN, total=len(ordered)))
    draw_tasks_export(register, ordered)


def _draw_task(register: Register, task: Task, who: Actor | None, today: date) -> None:
    lang = current()
    role, unit = ("", "") if who is None else (who.role, who.unit)
    seen = masked_task(task, role, unit=unit)
    with st.container(border=True, key=f"task_{task.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(
                plain(label("task_states", task.state, lang)),
                color=_STATE_COLORS.get(task.state, "gray"),  # type: ignore[arg-type]
            )
            st.markdown(f"**{plain(label('task_kinds', task.kind, lang))}**", width="content")
            st.markdown(plain(task.unit), width="content")
            st.markdown(_due(task, today), width="content")
        if task.request:
            st.markdown(plain(task.request))
        _draw_about(register, task)
        told = [word("tasks.asked_by", who=plain(task.asked_by))]
        if task.claimed_by:
            told.append(word("tasks.claimed_by", who=plain(task.claimed_by)))
        st.caption(" · ".join(told))
        if task.reason:
            st.warning(word(f"tasks.reason_{_reason_of(task)}", reason=plain(task.reason)))
        _draw_answer(register, seen)
        _draw_steps(register, task, who)


def _reason_of(task: Task) -> str:
    return "withdrawn" if task.state == "withdrawn" else "returned"


def _due(task: Task, today: date) -> str:
    if task.due is None:
        return f":gray[{word('tasks.no_due')}]"
    if task.overdue(today):
        days = (today - task.due).days
        return f":red[**{word('tasks.overdue', day=task.due.isoformat(), days=days)}**]"
    return f":gray[{word('tasks.due', day=task.due.isoformat())}]"


def _draw_about(register: Register, task: Task) -> None:
    if task.place is not None:
        lon, lat = task.place
        st.caption(word("tasks.place", lon=f"{lon:.5f}", lat=f"{lat:.5f}"))
    if not task.about:
        return
    kind = _kind(task.about_kind)
    try:
        name = title(register, register.get(kind, task.about))
    except PlannerError:
        name = task.about
    st.button(
        f"{kind_name(kind)}：{plain(name)}",
        key=f"about_{task.id}",
        icon=":material/open_in_new:",
        type="tertiary",
        on_click=partial(ledger_edits.open_record, kind, task.about),
    )


def _draw_answer(register: Register, task: Task) -> None:
    if not (task.answer or task.values or task.photo):
        return
    lines = [f"**{word('tasks.answer')}** {plain(task.answer)}"]
    if task.values:
        kind = _kind(task.about_kind)
        for name, value in task.values.items():
            column = column_of(kind, name)
            shown = plain(read(column, value, register)) or "—"
            lines.append(f":gray[{plain(column.label(current()))}]　{shown}")
    st.markdown("  \n".join(lines))
    if task.photo:
        draw_small(register, [task.photo])


def _draw_steps(register: Register, task: Task, who: Actor | None) -> None:
    if who is None or not task.open:
        return
    answers = who.answers_for(task.unit)
    with st.container(horizontal=True):
        if answers and task.state == "asked":
            _step("claim", task, ":material/front_hand:", task_edits.claim_task, register)
        if answers and task.state in {"claimed", "returned"}:
            st.button(
                word("tasks.answer_open"),
                key=f"answer_{task.id}",
                type="primary",
                icon=":material/reply:",
                on_click=_open_answer,
                args=(task.id,),
            )
        if who.asks and task.state == "answered":
            _step("accept", task, ":material/task_alt:", task_edits.accept_task, register)
            _draw_with_reason(register, task, "send_back")
        if who.asks:
            _draw_with_reason(register, task, "withdraw")
    if answers and st.session_state.get(keys.TASK_ANSWERED) == task.id:
        _draw_answering(register, task)
    if who.asks and task.state == "answered":
        _draw_changed_meanwhile(register, task)


def _step(name: str, task: Task, icon: str, step: Any, register: Register) -> None:  # noqa: ANN401
    st.button(
        word(f"tasks.{name}"),
        key=f"{name}_{task.id}",
        type="primary",
        icon=icon,
        on_click=partial(step, register, task),
    )


def _open_answer(task_id: str) -> None:
    st.session_state[keys.TASK_ANSWERED] = task_id
    st.session_state.pop(keys.NOTICE, None)


def _draw_with_reason(register: Register, task: Task, step: str) -> None:
    with (
        st.popover(word(f"tasks.{step}"), key=f"pop_{step}_{task.id}"),
        st.form(f"{step}_{task.id}_{task.version}", border=False),
    ):
        reason = st.text_area(word("tasks.reason"), max_chars=500)
        sent = st.form_submit_button(word(f"tasks.{step}_confirm"), type="primary")
    if sent:
        take = {"send_back": task_edits.send_back_task, "withdraw": task_edits.withdraw_task}
        take[step](register, task, reason)
        st.rerun()


def _draw_changed_meanwhile(register: Register, task: Task) -> None:
    """Offer to accept over a record that somebody changed after the unit had answered."""
    if not task.values or not task.about:
        return
    record = register.get(_kind(task.about_kind), task.about)
    answered_on = task_edits.answered_on(register, task)
    if record.version == answered_on:
        return
    st.warning(
        word("tasks.changed_meanwhile", who=plain(record.updated_by)),
        icon=":material/sync_problem:",
    )
    st.button(
        word("tasks.accept_anyway"),
        key=f"anyway_{task.id}",
        on_click=partial(task_edits.accept_task, register, task, record.version),
    )


def _draw_answering(register: Register, task: Task) -> None:
    asked = _asks(task.kind)
    names = [name for name in asked["answers"] if name != "path_photo"]
    kind = _kind(task.about_kind) if task.about_kind else None
    form = f"answer_{task.id}_{task.version}"
    with st.form(form):
        values: dict[str, object] = {}
        held: Mapping[str, object] = {}
        if kind is not None and names:
            held = {**register.get(kind, task.about).fields, **task.values}
            wanted = [column_of(kind, name) for name in names]
            values = draw_columns(register, kind, wanted, held, prefix=form)
        proposed = ""
        if "proposes" in asked:
            proposed = _draw_proposed(register, task, form)
        text = st.text_area(word("tasks.answer_text"), task.answer, key=f"{form}_text")
        photo = st.file_uploader(
            word("tasks.photo"), type=list(TYPES), key=f"{form}_photo", max_upload_size=20
        )
        sent = st.form_submit_button(word("tasks.answer_send"), type="primary")
    if sent:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        told = task_edits.Told(text, given, None if photo is None else photo.getvalue(), proposed)
        task_edits.answer_task(register, task, told)
        st.rerun()


def _draw_proposed(register: Register, task: Task, form: str) -> str:
    page = register.page(
        "candidates", sort="changed", descending=True, first_unit=task.unit, limit=200
    )
    names = {"": word("tasks.no_candidate")}
    names |= {record.id: title(register, record) for record in page.records}
    return st.selectbox(
        word("tasks.proposed"),
        list(names),
        format_func=lambda record_id: names.get(record_id, record_id),
        help=word("tasks.proposed_help"),
        key=f"{form}_proposed",
    )


def _draw_asking(register: Register) -> None:
    lang, form = current(), f"ask-{ledger_edits.form_id()}"
    units = named_records(register, "units") or {}
    led_here = st.session_state.get(keys.TASK_ASKING) == form
    with st.expander(
        word("tasks.ask"), icon=":material/add_task:", key="task_ask", expanded=led_here
    ):
        if not units:
            draw_no_units(register, word("tasks.no_units"), "take_units_for_tasks")
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = st.selectbox(
                word("tasks.kind"),
                _kinds_to_ask(register),
                format_func=lambda code: label("task_kinds", code, lang),
                key=keys.TASK_KIND,
                width=280,
            )
            beside = st.container(width=240)
        first = str(st.session_state.get(keys.TASK_UNIT) or next(iter(units)))
        about = _draw_about_choice(register, str(_asks(kind)["about"]), first, form)
        _follow(register, str(_asks(kind)["about"]), about, units)
        unit = beside.selectbox(word("tasks.unit"), list(units), key=keys.TASK_UNIT)
        with st.form(form, border=False):
            due = draw_day(word("tasks.due_field"), f"{form}_due")
            place = _draw_place(register, form) if "proposes" in _asks(kind) else None
            text = st.text_area(word("tasks.request"), max_chars=1000, key=f"{form}_text")
            sent = st.form_submit_button(word("tasks.ask_send"), type="primary")
    if sent:
        request = Request(kind, unit, text, about, place, due)
        task_edits.ask_for(register, request, form)
        st.rerun()


def _kinds_to_ask(register: Register) -> list[str]:
    """Return the kinds of tasks; those that lack a record to be about come last."""
    about = {code: str(_asks(code)["about"]) for code in read_list("reference/task_kinds")}
    lacking = {
        kind for kind in about.values() if kind and not register.page(_kind(kind), limit=1).total
    }
    return sorted(about, key=lambda code: about[code] in lacking)


def _follow(register: Register, kind: str, about: str, units: Mapping[str, str]) -> None:
    """Choose the unit of a record when another record is chosen; people may choose another then."""
    # Another view in between forgets the choice of a unit, not what it was about.
    chosen = keys.TASK_UNIT in st.session_state
    if not about or (chosen and st.session_state.get(keys.TASK_ABOUT) == (kind, about)):
        return
    st.session_state[keys.TASK_ABOUT] = kind, about
    try:
        town = register.get(_kind(kind), about).fields.get("town")
    except PlannerError:  # an id that was typed: asking for it tells what is wrong
        return
    if town in units:
        st.session_state[keys.TASK_UNIT] = town


def _draw_about_choice(register: Register, about_kind: str, unit: str, form: str) -> str:
    if not about_kind:
        return ""
    kind = _kind(about_kind)
    page = register.page(kind, first_unit=unit, limit=MOST_NAMED)
    if not page.records:
        st.warning(word("tasks.nothing_about", kind=kind_name(kind)))
        return ""
    names = {
        record.id: f"{title(register, record)}（{record.fields.get('town') or '—'}）"
        for record in page.records
    }
    chosen = st.selectbox(
        word("tasks.about", kind=kind_name(kind)),
        list(names),
        format_func=lambda record_id: names.get(record_id, record_id),
        key=f"{form}_{kind}",
    )
    if page.total > MOST_NAMED:
        typed = st.text_input(word("form.id_hint"), key=f"{form}_{kind}_id").strip()
        return typed or chosen
    return chosen


def _draw_place(register: Register, form: str) -> tuple[float, float] | None:
    with st.container(horizontal=True):
        lon, lat = (
            draw_column(register, "tasks", column_of("tasks", name), None, f"{form}_{name}")
            for name in ("place_lon", "place_lat")
        )
    if isinstance(lon, float) and isinstance(lat, float):
        return lon, lat
    return None


def _asks(task_kind: str) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = read_list("reference/task_kinds")[task_kind]
    return asked


def _kind(name: str) -> Kind:
    return next(kind for kind in KINDS if kind == name)
