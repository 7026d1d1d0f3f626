"""The sentences of the page of reports."""

from ui.language import current
from words import say


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `report_page.<key>` in the language of this session."""
    return say(f"report_page.{key}", current(), **facts)
