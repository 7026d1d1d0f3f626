"""The sentences of the settings page."""

from ui.language import current
from words import say


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `settings.<key>` in the language of this session."""
    return say(f"settings.{key}", current(), **facts)
