"""封路、加路: streets that a kept scenario closes, and paths that it adds, by their coordinates."""

from dataclasses import dataclass, replace

import streamlit as st

from siting.model import Inputs
from siting.plans.variant import Variant
from siting.street_changes import changes_text, read_changes, with_street_changes
from ui import keys
from ui.scenarios_sides import word

_LONGEST = 2000
"""Characters of each list: some dozens of streets."""


@dataclass(frozen=True)
class Written:
    """What was written down, as it was written.

    Attributes
    ----------
    closed, paths
        See `siting.street_changes.read_changes`.
    """

    closed: str = ""
    paths: str = ""


def draw_streets(inputs: Inputs, number: int) -> Written:
    """Draw both lists, folded away; nothing where there are no streets to change.

    Parameters
    ----------
    number
        Of the form: each has lists of its own, which begin blank.
    """
    if inputs.streets is None:
        return Written()
    names = _names(number)
    taken = any(st.session_state.get(name) for name in names)
    with st.expander(word("streets_form"), icon=":material/edit_road:", expanded=taken):
        st.caption(word("streets_help"))
        closed = st.text_area(
            word("streets_close"),
            height=80,
            max_chars=_LONGEST,
            placeholder="116.3294,39.7240",
            key=names[0],
        )
        paths = st.text_area(
            word("streets_add"),
            height=80,
            max_chars=_LONGEST,
            placeholder="116.3301,39.7326 116.3330,39.7340",
            key=names[1],
        )
    return Written(closed, paths)


def take_up_streets(variant: Variant) -> None:
    """Write the streets of a kept scenario into the form that keeps the next one."""
    written = changes_text(variant.streets)
    for name, text in zip(_names(st.session_state.get(keys.KEPT, 0)), written, strict=True):
        st.session_state[name] = text


def _names(number: int) -> tuple[str, str]:
    return f"keep_closed_{number}", f"keep_paths_{number}"


def with_streets(inputs: Inputs, variant: Variant, written: Written) -> Variant:
    """Return the scenario with its streets, tried on the streets of today.

    Raises
    ------
    InputError
        A line is no place, no street is there, or a path meets none.
    """
    changes = read_changes(written.closed, written.paths)
    with_street_changes(inputs, changes)
    return replace(variant, streets=changes)
