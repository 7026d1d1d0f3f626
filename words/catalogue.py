"""Sentences by key, from data/words/<lang>/<room>.toml: `ui.start.title` is in ui.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)

_FOLDER = Path(__file__).resolve().parents[1] / "data" / "words"


def say(key: str, lang: Lang, /, **facts: object) -> str:
    """Return the sentence `key` in `lang`, its `{braces}` filled from `facts`.

    Raises
    ------
    KeyError
        No such sentence in that language, or a fact it needs is missing: an error of ours, found
        by the test that compares the languages.
    """
    sentence = _catalogue(lang)[key]
    return sentence.format(**facts) if facts else sentence


def has(key: str, lang: Lang = "zh") -> bool:
    """Tell whether there is a sentence `key`."""
    return key in _catalogue(lang)


def keys(lang: Lang) -> frozenset[str]:
    """Return every key of one language, for the test that compares the languages."""
    return frozenset(_catalogue(lang))


@cache
def _catalogue(lang: Lang) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for file in sorted((_FOLDER / lang).glob("*.toml")):
        _flatten(file.stem, tomllib.loads(file.read_text(encoding="utf-8")), sentences)
    return sentences


def _flatten(prefix: str, table: dict[str, object], into: dict[str, str]) -> None:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            _flatten(key, value, into)
        else:
            into[key] = str(value)
