"""The two boxes of every form about somebody: their role and their unit."""

import streamlit as st

from geo.reference import read_list
from register import Register
from ui.labels import label
from ui.language import current
from ui.ledger.form import named_records
from ui.ledger.words import spoken, word


def role_and_unit(register: Register, prefix: str, role: str, unit: str) -> tuple[str, str]:
    """Draw both boxes, with these chosen at first; return the code and the unit's name."""
    lang = current()
    roles = list(read_list("reference/roles"))
    units = ["", *(named_records(register, "units") or {})]
    chosen = st.selectbox(
        word("people.role"),
        roles,
        index=roles.index(role),
        format_func=lambda code: label("roles", code, lang),
        key=f"{prefix}_role",
    )
    options = list(dict.fromkeys([*units, unit]))
    named = st.selectbox(
        word("people.unit"),
        options,
        index=options.index(unit),
        format_func=spoken(options, lambda name: name or word("people.district")),
        key=f"{prefix}_unit",
    )
    return chosen, named
