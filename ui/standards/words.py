"""The sentences of the page of rules and standards, and what standards are called."""

from siting.standards import Standard
from ui.language import current
from words import say


def word(key: str, /, **facts: object) -> str:
    """Return the sentence `standards.<key>` in the language of this session."""
    return say(f"standards.{key}", current(), **facts)


def name_of(norm: Standard) -> str:
    """Return what a standard is called."""
    return norm.zh if current() == "zh" else norm.en
