"""What the section on demand says: sentences under `demand.` in the catalogues."""

from ui.language import current
from words import say


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `demand.<key>` in the language of this session."""
    return say(f"demand.{key}", current(), **facts)
