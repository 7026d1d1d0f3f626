"""What codes of data/reference are called on screens."""

from collections.abc import Callable

from geo.errors import PlannerError
from geo.reference import read_list
from geo.tables import columns
from register import KINDS
from siting.results import AreaType, Evidence, plain
from words import Lang, has, say

_ROUND_FROM = 100


def label(codes: str, code: str, lang: Lang) -> str:
    """Return what `code` of data/reference/<codes>.toml is called; an unknown code stays itself."""
    entry = read_list(f"reference/{codes}").get(code)
    return str(entry[lang]) if isinstance(entry, dict) else code


def refusal(error: PlannerError) -> Callable[[Lang], str]:
    """Return the sentence of an error with columns and kinds as people call them, not as codes."""

    def words(lang: Lang) -> str:
        said = dict(error.facts)
        table, column = str(said.get("table", "")), str(said.get("column", ""))
        kinds = [kind for kind in KINDS if kind == table] or KINDS
        names = {c.name: c.label(lang) for kind in reversed(kinds) for c in columns(kind)}
        if column in names:
            said["column"] = names[column]
        if table in KINDS:
            said["table"] = say(f"ledger.kind.{table}", lang)
        return say(f"errors.{error.code}", lang, **said)

    return words


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
