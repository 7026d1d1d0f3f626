"""The way to a district of one's own, drawn: step by step with the file each one needs."""

from functools import partial

import streamlit as st

from register import Register
from siting.model import Inputs
from ui import keys, pages
from ui.beginning.path import Step, abilities, done_of, path_of
from ui.beginning.words import word
from ui.data.template import template
from ui.identity import may_change, may_settle
from ui.language import current, tell
from ui.ledger.units import take_units
from ui.safe import plain
from ui.scrolling import into_view
from ui.standards.setting import in_force
from ui.standards.words import name_of
from words import count

_ICONS = {
    "done": ":material/check_circle:",
    "next": ":material/arrow_circle_right:",
    "later": ":material/radio_button_unchecked:",
    "optional": ":material/radio_button_unchecked:",
}
_TABLES = {
    "units": ("units",),
    "streets": ("streets",),
    "workers": ("demand", "enterprises"),
    "stations": ("stations",),
}
_WITHOUT_TEMPLATE = frozenset({"streets"})


def draw_path(register: Register, inputs: Inputs) -> None:
    """Draw the steps, the next one open; under them, what the product can do by now.

    Once nothing has to be done any more it is folded away.
    """
    steps = path_of(register, inputs)
    done = done_of(steps)
    title = f"**{word('title')}**"
    way = st.container(border=True, key="path", gap="small")
    if all(step.state in {"done", "optional"} for step in steps):
        said = word("done_of", done=done, steps=len(steps))
        way = way.expander(f"{title}　:gray[{said}]", icon=":material/checklist:")
    else:
        way.markdown(title)
    with way:
        st.progress(done / len(steps), word("done_of", done=done, steps=len(steps)))
        st.caption(word("help"))
        for number, step in enumerate(steps, 1):
            _draw_step(register, number, step)
        _draw_abilities(register, inputs)
    occasion = st.session_state.get(keys.PATH_ASKED)
    if occasion is not None:
        into_view("import", f"path{occasion}")


def draw_preview() -> None:
    """Say what the five steps will be, to whom has not begun yet."""
    lines = [
        f"{number}. **{word(f'{name}.title')}**　{word(f'{name}.short')}"
        for number, name in enumerate(("units", "streets", "workers", "stations", "standard"), 1)
    ]
    st.markdown("\n".join(lines))


def draw_short(register: Register, inputs: Inputs) -> None:
    """Draw how far the way is, in one line with a button, where a page has nothing to show."""
    steps = path_of(register, inputs)
    following = next((step for step in steps if step.state == "next"), None)
    done = done_of(steps)
    st.progress(done / len(steps), word("done_of", done=done, steps=len(steps)))
    if following is not None:
        st.caption(word("next_is", title=word(f"{following.name}.title")))


def _draw_step(register: Register, number: int, step: Step) -> None:
    title = f"{number}　{word(f'{step.name}.title')}　:gray[{_state(register, step)}]"
    with st.expander(title, expanded=step.state == "next", icon=_ICONS[step.state]):
        if step.state == "next":
            st.markdown(f"**{word(f'{step.name}.next')}**")
        st.markdown(word(f"{step.name}.help"))
        if step.name == "standard":
            if st.button(word("standard.go"), key="path_standard", icon=":material/rule:"):
                pages.go("standards")
            return
        with st.container(horizontal=True, gap="small"):
            if may_settle(register):
                _draw_doing(register, step)
            for table in _TABLES[step.name]:
                if table not in _WITHOUT_TEMPLATE:
                    _draw_template(table)


def _draw_doing(register: Register, step: Step) -> None:
    if step.name == "units" and step.state != "done" and may_change(register, "units", {}):
        st.button(
            word("units.take"),
            key="path_take_units",
            icon=":material/playlist_add:",
            help=word("units.take_help"),
            on_click=take_units,
            args=(register,),
        )
    for number, table in enumerate(_TABLES[step.name]):
        st.button(
            word("import", table=tell(f"data.table_{table}")),
            key=f"path_import_{table}",
            icon=":material/upload:",
            type="primary" if step.state == "next" and not number else "secondary",
            on_click=partial(_ask_for, table),
        )


def _draw_template(table: str) -> None:
    name = tell(f"data.table_{table}")
    st.download_button(
        word("template", table=name),
        data=template(table, current()),
        file_name=f"{word('template_name', table=name)}.xlsx",
        key=f"path_template_{table}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _ask_for(table: str) -> None:
    """Turn the import below to a table, and the eye to it."""
    st.session_state[keys.TABLE] = table
    st.session_state[keys.PATH_ASKED] = st.session_state.get(keys.PATH_ASKED, 0) + 1


def _state(register: Register, step: Step) -> str:
    if step.state != "done":
        return word(f"state.{step.state}")
    if step.name == "standard":
        return word("standard.held", name=plain(name_of(in_force(register))))
    return word(f"{step.name}.held", count=count(step.held, current()))


def _draw_abilities(register: Register, inputs: Inputs) -> None:
    """Say in words and by a mark what works already, and for the rest what is missing."""
    able = abilities(register, inputs)
    st.markdown(f"**{word('able.title')}**")
    works = [f":material/check: {word(f'able.{name}')}" for name, can in able.items() if can]
    st.markdown("  \n".join(works) if works else word("able.nothing"))
    lacks = [name for name, can in able.items() if not can]
    if lacks:
        with st.expander(word("able.rest", count=len(lacks))):
            for name in lacks:
                st.markdown(f"**{word(f'able.{name}')}**  \n{word(f'able.{name}_needs')}")
    if able["plan"] and st.button(word("able.go_plan"), key="path_to_plan", icon=":material/map:"):
        pages.go("workbench")
