"""The app's outermost handler: every error becomes a sentence, none a traceback on screen."""

import logging
import secrets
from collections.abc import Callable

import streamlit as st

from geo.errors import PlannerError
from ui.data.backups import draw_rescue
from ui.language import current, tell
from ui.safe import plain

_LOG = logging.getLogger(__name__)


def show_error(error: PlannerError) -> None:
    """Show the sentence of an expected error; file names and headings in it stay plain text."""
    st.error(plain(error.message(current())))


def guarded(page: Callable[[], None]) -> None:
    """Draw a page; expected errors are told in words, unexpected ones get a number in the log."""
    try:
        page()
    except PlannerError as error:
        show_error(error)
        draw_rescue(error)
    except Exception:  # noqa: BLE001 - the outermost handler; the log keeps the traceback
        number = secrets.token_hex(4)
        _LOG.exception("unexpected error %s", number)
        st.error(tell("error.unexpected", number=number))
