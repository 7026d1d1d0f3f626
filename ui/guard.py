"""The outermost handler of the app: every error becomes a sentence, none a traceback on the screen."""

import logging
import secrets
from collections.abc import Callable

import streamlit as st

from geo.errors import PlannerError
from ui.language import current, tell
from ui.safe import plain

_LOG = logging.getLogger(__name__)


def show_error(error: PlannerError) -> None:
    """Show the sentence of an expected error; file names and headings in it stay plain text."""
    st.error(plain(error.message(current())))


def guarded(page: Callable[[], None]) -> None:
    """Draw a page; an expected error is told in words, an unexpected one gets a number in the log."""
    try:
        page()
    except PlannerError as error:
        show_error(error)
    except Exception:  # the outermost handler: the person sees a number, the log the traceback
        number = secrets.token_hex(4)
        _LOG.exception("unexpected error %s", number)
        st.error(tell("error.unexpected", number=number))
