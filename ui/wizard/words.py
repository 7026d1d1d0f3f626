"""What the steps say: sentences under `import.` in the catalogues."""

from ui.language import current
from words import say


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `import.<key>` in the language of this session."""
    return say(f"import.{key}", current(), **facts)
