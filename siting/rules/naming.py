"""What people call the rules that points rest on: whose, which version, since when."""

from siting.rules.book import OWN_RULES
from words import Lang, say


def edition_text(name: str, version: int, dated: str, lang: Lang) -> str:
    """Return "本区自定规则（第 3 版，2026-11-22 起）", or the name and version of a file.

    Parameters
    ----------
    name, version, dated
        Of a `RuleBook`, or as a score names them.
    """
    key = "own" if name == OWN_RULES and dated else "file"
    return say(f"rules.edition.{key}", lang, name=name, version=version, dated=dated)
