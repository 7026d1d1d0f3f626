"""The sentences of the manager's page."""

from ui.language import current
from words import say


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `overview.<key>` in the language of this session."""
    return say(f"overview.{key}", current(), **facts)
