"""What if a host of the plan declines: the spare hosts of every site, as documents print them."""

from dataclasses import dataclass

from reports import figures
from reports.report import Report
from siting.candidates import Spare
from words import distance, has, percent, say

PRINTED = 3
"""Spares of a site in the document; the annex has all."""


@dataclass(frozen=True)
class SpareLine:
    """One spare host of one site of the plan.

    Attributes
    ----------
    order, site
        Of the site in the plan, and its name.
    number
        1: the best spare of the site; 0: it has none.
    """

    order: int
    site: str
    number: int
    spare: Spare | None


def spare_lines(report: Report, most: int | None = None) -> list[SpareLine]:
    """Return the spares of every site in the plan's order, at most `most` of each."""
    lines: list[SpareLine] = []
    for line in figures.plan_lines(report) if report.spares is not None else ():
        spares = (report.spares or {}).get(line.id, ())[:most]
        lines += [SpareLine(line.order, line.name, n, one) for n, one in enumerate(spares, start=1)]
        if not spares:
            lines.append(SpareLine(line.order, line.name, 0, None))
    return lines


def spare_cells(report: Report, line: SpareLine) -> tuple[str, str, str, str, str]:
    """Return who it is, as what kind of host, the way, who would stay, and the host's word."""
    spare, lang = line.spare, report.lang
    if spare is None:
        return report.say("no_spare"), "", "", "", ""
    kind = figures.label("host_types", spare.host_type, lang)
    kept = "" if spare.kept_share is None else percent(spare.kept_share, digits=0)
    code = f"siting.common.consent.{spare.consent or 'not_asked'}"
    consent = say(code, lang, subject="") if has(code, lang) else spare.consent
    walk = distance(round(spare.walk_m), lang)
    return spare.name or kind or spare.id, kind, walk, kept, consent
