"""Quotas of a rule file: how many of a plan's new stations are in one area, or of one kind.

[[quotas]]
area = "sparse"      # or kind = "mobile"
at_least = 2         # one of them or both
at_most = 10
source = "assumption"
sentence = "..."
"""

from collections.abc import Iterable
from typing import get_args

from geo.reference import read_list
from siting.results import AreaType
from siting.rules.book import QuotaOf, RuleQuota
from siting.rules.sections import Section

QUOTAS_OF: tuple[QuotaOf, ...] = get_args(QuotaOf)


def read_quotas(book: Section, areas: Iterable[AreaType]) -> tuple[RuleQuota, ...]:
    """Return the quotas of a rule file; (): it has none.

    Parameters
    ----------
    areas
        Those that the file has rules of: in others no place lies.

    Raises
    ------
    InputError
        A key is missing or wrong, or something has two quotas.
    """
    if "quotas" not in book:
        return ()
    kinds = tuple(read_list("reference/kinds"))
    known: dict[QuotaOf, tuple[str, ...]] = {"area": tuple(areas), "kind": kinds}
    read: dict[tuple[QuotaOf, str], RuleQuota] = {}
    for part in book.sections("quotas"):
        quota = _quota(part, known)
        if (quota.field, quota.value) in read:
            part.refuse("rules_quota_twice", quota.field, name=quota.value)
        read[quota.field, quota.value] = quota
    return tuple(read.values())


def quota_text(quota: RuleQuota) -> str:
    """Return a quota as it stands in a rule file."""
    limits = [f"at_least = {quota.least}"] if quota.least else []
    limits += [f"at_most = {quota.most}"] if quota.most is not None else []
    said = "".join(f'{key} = "{_quoted(text)}"\n' for key, text in _said(quota))
    return f'[[quotas]]\n{quota.field} = "{quota.value}"\n' + "\n".join([*limits, said])


def _quota(part: Section, known: dict[QuotaOf, tuple[str, ...]]) -> RuleQuota:
    part.refuse_others({*QUOTAS_OF, "at_least", "at_most", "source", "sentence"})
    named = [field for field in QUOTAS_OF if field in part]
    if len(named) != 1:
        part.refuse("rules_quota_of", "area")
    field = named[0]
    least = part.whole("at_least", low=0) if "at_least" in part else 0
    most = part.whole("at_most", low=0) if "at_most" in part else None
    if (not least and most is None) or (most is not None and least > most):
        part.refuse("rules_quota_limits", "at_least")
    value = part.text(field, known=known[field])
    return RuleQuota(field, value, least, most, part.text("source"), part.text("sentence"))


def _said(quota: RuleQuota) -> tuple[tuple[str, str], ...]:
    return ("source", quota.source), ("sentence", quota.sentence)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
