"""Whom a map thanks for its data: one language, no addresses, as short as the licences allow."""

import re

from siting.model import Inputs, LayerSource
from words import Lang, say

_ADDRESS = re.compile(r"[(（]?\s*https?://[^\s)）；;]*[)）]?")
_CLAUSE = re.compile(r"\s*[；;]\s*")
_OSM = re.compile(r"©\s*OpenStreetMap", re.IGNORECASE)
_OPEN_LICENCE = re.compile(r"\b(?:ODbL|CC[ -]BY(?:-SA)?)(?: \d\.\d)?")
_COPYRIGHT = "©"


def credits_of(inputs: Inputs, lang: Lang) -> tuple[str, ...]:
    """Return the credits of all layers, each once; invented data are named first, as such."""
    found = [say("map.badge.synthetic", lang)] if inputs.synthetic else []
    for source in inputs.sources:
        found += _credits(source, lang)
    return tuple(dict.fromkeys(found))


def said_in(lang: Lang, source: str) -> str:
    """Return a source in one language, where it is written as `中文 / English`; else as it is."""
    clauses = [_in(lang, clause) for clause in _CLAUSE.split(source.strip())]
    return ("；" if lang == "zh" else "; ").join(clauses)


def source_words(source: LayerSource, lang: Lang) -> str:
    """Return where a layer came from, as people read it: invented data as such, no addresses."""
    made = [say("map.badge.synthetic", lang)] if source.synthetic else []
    return ("；" if lang == "zh" else "; ").join(dict.fromkeys([*made, *_named(source, lang)]))


def _credits(source: LayerSource, lang: Lang) -> list[str]:
    return [_credit(clause, source, lang) for clause in _clauses(source)]


def _named(source: LayerSource, lang: Lang) -> list[str]:
    return [
        say("map.method.osm_name", lang) if _OSM.search(clause) else _in(lang, clause)
        for clause in _clauses(source)
    ]


def _clauses(source: LayerSource) -> list[str]:
    clauses = _CLAUSE.split(_ADDRESS.sub("", source.source).strip())
    if source.synthetic:  # what is ours is named as invented; what a licence asks for stays
        clauses = [clause for clause in clauses if _COPYRIGHT in clause]
    return [clause for clause in clauses if clause]


def _credit(clause: str, source: LayerSource, lang: Lang) -> str:
    if _OSM.search(clause):
        return say("map.method.osm", lang)
    text = _in(lang, clause)
    named = _OPEN_LICENCE.search(source.licence)
    licence = named[0] if named else "" if source.synthetic else source.licence
    return text if not licence or licence in text else f"{text} ({licence})"


def _in(lang: Lang, clause: str) -> str:
    """Return one half of `中文 / English`, with the copyright that stands behind both."""
    zh, slash, en = clause.partition(" / ")
    if not slash or not re.search(r"[\u4e00-\u9fff]", zh):
        return clause
    said = zh if lang == "zh" else en
    if _COPYRIGHT in clause and _COPYRIGHT not in said:
        said += " " + clause[clause.index(_COPYRIGHT) :]
    return said
