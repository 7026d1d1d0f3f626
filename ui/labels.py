"""What codes of data/reference are called on screens."""

from geo.reference import read_list
from siting.results import AreaType, Evidence, plain
from words import Lang, has, say

_ROUND_FROM = 100


def label(codes: str, code: str, lang: Lang) -> str:
    """Return what `code` of data/reference/<codes>.toml is called; an unknown code stays itself."""
    entry = read_list(f"reference/{codes}").get(code)
    return str(entry[lang]) if isinstance(entry, dict) else code


def rule_labels(area_types: tuple[AreaType, ...], lang: Lang) -> str:
    """Return the names of the siting rules that speak for a candidate."""
    between = "、" if lang == "zh" else ", "
    return between.join(say(f"siting.rule.{area}", lang) for area in area_types)


def unit_name(town: str, lang: Lang) -> str:
    """Return the name of a unit; demand outside all units is a row of its own."""
    return town or say("ui.coverage.outside", lang)


def evidence_text(evidence: Evidence, lang: Lang) -> str:
    """Return the figure that speaks for a candidate, and what was measured."""
    key = f"reports.units.{evidence.unit}"
    unit = say(key, lang) if has(key, lang) else evidence.unit
    value = evidence.value if evidence.value < _ROUND_FROM else round(evidence.value)
    figure = f"{plain(round(value, 1)):,} {unit}".strip()
    return f"{figure} · {evidence.subject}" if evidence.subject else figure
