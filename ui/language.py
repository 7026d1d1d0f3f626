"""The language of a session: Chinese unless the address or the person says otherwise."""

import streamlit as st

from ui import keys
from words import LANGUAGES, Lang, say


def current() -> Lang:
    """Return the language of this session; a new session takes it from `?lang=`."""
    if keys.LANGUAGE not in st.session_state:
        asked = st.query_params.get(keys.LANGUAGE)
        st.session_state[keys.LANGUAGE] = asked if asked in LANGUAGES else LANGUAGES[0]
    lang: Lang = st.session_state[keys.LANGUAGE]
    return lang


def other(lang: Lang) -> Lang:
    """Return the language that the switch leads to."""
    return "en" if lang == "zh" else "zh"


def tell(key: str, /, **facts: object) -> str:
    """Return the sentence `ui.<key>` in the language of this session."""
    return say(f"ui.{key}", current(), **facts)


def switch() -> None:
    """Draw the one-click switch; the address keeps the choice, so that it can be shared."""
    lang = current()
    if st.query_params.get(keys.LANGUAGE, LANGUAGES[0]) != lang:
        st.query_params[keys.LANGUAGE] = lang
    with st.container(key="language"):
        st.button(
            say("ui.language.name", other(lang)),
            key="switch_language",
            on_click=_turn,
            type="tertiary",
        )


def _turn() -> None:
    st.session_state[keys.LANGUAGE] = other(current())
