"""The template of Word reports: ours, or a district's own, handed in, taken along, given up."""

from functools import partial

import streamlit as st

from geo.errors import PlannerError
from register import Register
from register.settings import TEMPLATE, settle_file, settled_file
from ui import edits, keys
from ui.identity import may_settle, sign_for_district
from ui.report.words import word
from words import say

MOST_MB = 5
_ENDING = "docx"


def draw_template(register: Register) -> None:
    """Draw which template is in force, and for who speaks for the district how it is replaced."""
    own = settled_file(register, TEMPLATE)
    name = word("template.own" if own else "template.ours")
    with st.expander(name, icon=":material/description:"):
        st.caption(word("template.help"))
        if own is not None:
            st.download_button(
                word("template.take"),
                own,
                file_name=f"report-template.{_ENDING}",
                on_click="ignore",
                key="template_take",
            )
        if not may_settle(register):
            st.caption(f":material/lock: {word('template.who')}")
            return
        given = st.file_uploader(
            word("template.file"),
            type=[_ENDING],
            key=keys.REPORT_TEMPLATE,
            max_upload_size=MOST_MB,
        )
        with st.container(horizontal=True):
            if given is not None:
                args = (register, given.getvalue(), given.name)
                st.button(word("template.keep"), type="primary", on_click=keep_template, args=args)
            if own is not None:
                st.button(word("template.back"), on_click=drop_template, args=(register,))


def keep_template(register: Register, content: bytes, name: str) -> None:
    """Take a district's own template; what is none is refused and told."""
    # Late: what reads Word files is not needed to start the app.
    from reports.template import check_template  # noqa: PLC0415

    try:
        who = sign_for_district(register)
        check_template(content, name)
        settle_file(register, TEMPLATE, content, suffix=f".{_ENDING}", who=who)
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    _told("template.kept")


def drop_template(register: Register) -> None:
    """Go back to our template; the district's stays in the history."""
    try:
        who = sign_for_district(register)
        settle_file(register, TEMPLATE, b"", suffix=f".{_ENDING}", who=who)
    except PlannerError as error:
        edits.tell_error(error.message)
        return
    _told("template.dropped")


def _told(key: str) -> None:
    st.session_state[keys.NOTICE] = edits.Notice("done", partial(say, f"report_page.{key}"))
