"""The sentences of the way to a district of one's own, and of the first look around."""

from ui.language import current
from words import say


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `path.<key>` in the language of this session."""
    return say(f"path.{key}", current(), **facts)
