"""Names and codes of the reference lists: what a cell says -> the code we keep."""

from collections.abc import Mapping
from functools import cache

from geo.intake.meanings import normalise
from geo.reference import read_list


@cache
def code_names(codes: str) -> Mapping[str, str]:
    """Return every accepted spelling of list `codes` (data/reference/<codes>.toml) -> its code.

    Accepted are the code, its Chinese and English names and the synonyms of the schema file,
    without regard to case, width and spaces.
    """
    entries = read_list(f"reference/{codes}")
    synonyms = read_list("reference/schema").get("synonyms", {}).get(codes, {})
    names: dict[str, str] = {}
    for code, entry in entries.items():
        for name in (code, entry["zh"], entry["en"], *synonyms.get(code, ())):
            names.setdefault(normalise(name), code)
    return names


def find_code(codes: str, text: str) -> str | None:
    """Return the code that `text` names; None if the list has none."""
    return code_names(codes).get(normalise(text))
