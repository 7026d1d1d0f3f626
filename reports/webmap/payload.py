r"""JSON that stands inside a script element, an `eval` or a template and is never read as code.

What people type (names, sentences) reaches the page as data only. Beside JSON's own escapes, every
ASCII character of a text that could mean something to HTML, to JavaScript templates, to Jinja or
to the text replacements of streamlit-folium is written as \u00NN, and so are the line separators
that JavaScript once took for line ends.
"""

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_UNSAFE = re.compile(
    '[^A-Za-z0-9 .,:;+/=#%()"\\\\\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\uffef-]'
)


def script_json(content: object) -> str:
    """Return `content` as compact JSON that is safe anywhere in a page.

    Raises
    ------
    ValueError
        It holds NaN or an infinity, which JSON has not.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _TOKEN.sub(lambda token: _UNSAFE.sub(_escaped, token.group()), text)


def _escaped(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))
