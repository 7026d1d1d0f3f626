"""Other people's text on our screens.

Streamlit reads most texts as Markdown, and Markdown fetches images from the internet; a station may
be called `![](http://…)`. Names go to `st.dataframe` and `st.text`, which show them as they are, or
through `plain`.
"""

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is: ASCII punctuation escaped, one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
