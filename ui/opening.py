"""How 总览 and 方案对比 begin: the standard in force, an ordinary week, all workers."""

from collections.abc import Callable

import streamlit as st

from register import Register
from siting.coverage.levels import Terms
from siting.model import Parameters
from siting.standards import Standard
from ui.compute import Book, Situation, read_book, situation
from ui.language import tell
from ui.project_bar import draw_empty, draw_project_bar
from ui.safe import plain
from ui.standards.setting import in_force
from ui.standards.words import name_of


def begin(register: Register) -> Book | None:
    """Draw whose data these are; return them. None: there is nobody to count, and it is said."""
    draw_project_bar(register)
    book = read_book(register)
    if book.inputs.demand.empty:
        draw_empty()
        return None
    return book


def ordinary(register: Register, book: Book, intro: Callable[[str], str]) -> Situation:
    """Say by what standard is counted, and return the situation by it.

    Parameters
    ----------
    intro
        Returns the sentence about a standard of that name.
    """
    norm = in_force(register)
    st.caption(intro(plain(name_of(norm))))
    with st.spinner(tell("coverage.working")):
        return situation(register, book, parameters_of(norm), Terms())


def parameters_of(norm: Standard) -> Parameters:
    """Return what is set where nobody has set anything: the walking distance of a standard."""
    return Parameters(cutoff_m=norm.cutoff_m, standard=norm.name)
