"""Other people's text on our screens.

Streamlit reads most texts as Markdown, and Markdown fetches images from the internet; a station may
be called `![](http://…)`. Names go to `st.dataframe` and `st.text`, which show them as they are, or
through `plain`.
"""

import re

_WORD_JOINER = "\u2060"  # invisible; what follows no longer reads as an address to click
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is, on one line: no mark, no link."""
    line = _ADDRESS.sub(_WORD_JOINER, " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\1", line)
