"""封路、加路: streets that a kept scenario closes, and paths that it adds, by their coordinates."""

from dataclasses import dataclass, replace

import streamlit as st

from siting.model import Inputs
from siting.plans.variant import Variant
from siting.street_changes import read_changes, with_street_changes
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
    with st.expander(word("streets_form"), icon=":material/edit_road:"):
        st.caption(word("streets_help"))
        closed = st.text_area(
            word("streets_close"),
            height=80,
            max_chars=_LONGEST,
            placeholder="116.3294,39.7240",
            key=f"keep_closed_{number}",
        )
        paths = st.text_area(
            word("streets_add"),
            height=80,
            max_chars=_LONGEST,
            placeholder="116.3301,39.7326 116.3330,39.7340",
            key=f"keep_paths_{number}",
        )
    return Written(closed, paths)


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
