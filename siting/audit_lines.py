"""What stands beside effective coverage, as sentences: for the terminal, the app and reports."""

from collections.abc import Sequence

from geo.reference import read_list
from siting.haves_audit import HavesAudit
from siting.judging import Disagreement, Judged, Judgement
from siting.sensitivity import Sensitivity
from siting.street_service import ServedLength, StreetService
from siting.utilisation import StationUse, Utilisation
from siting.weather import Weather
from words import Lang, count, distance, percent, say

_TOLD = 8
_METRES_PER_KM = 1000


def standards_lines(found: Judgement, lang: Lang) -> list[str]:
    """Return each standard with its figures, the table unit x standard, and who disagrees."""
    lines = [say("audits.standards.head", lang)]
    lines += [
        _standard_line(item, letter, lang)
        for letter, item in zip(_letters(found), found.judged, strict=True)
    ]
    if found.judged and found.judged[0].coverage.towns:
        lines += [say("audits.standards.towns", lang), *_town_lines(found, lang)]
    names = {item.standard.name: _named(item, lang) for item in found.judged}
    apart = sorted(
        (item for item in found.disagreements() if _workers(item) > 0), key=_workers, reverse=True
    )[:_TOLD]
    if apart:
        lines.append(say("audits.standards.disagree", lang))
    lines += [
        say(
            "audits.standards.between",
            lang,
            first=names[item.first],
            second=names[item.second],
            only_first=count(float(item.only_first.sum()), lang),
            only_second=count(float(item.only_second.sum()), lang),
        )
        for item in apart
    ]
    return lines


def street_lines(found: StreetService | None, lang: Lang) -> list[str]:
    """Return the served share of main streets: in all, by road class, by street."""
    if found is None:
        return [say("audits.streets.none", lang)]
    head = say(
        "audits.streets.head",
        lang,
        share=percent(found.total.share),
        served=_km(found.total.served_m),
        length=_km(found.total.length_m),
        stations=found.stations,
        cutoff=distance(found.cutoff_m, lang),
    )
    return [head, *(_length_line(row, lang) for row in (*found.classes, *found.streets))]


def weather_lines(weather: Weather, lang: Lang) -> list[str]:
    """Return what the weather does; nothing where it is mild."""
    if weather.mild:
        return []
    hours = [
        say(
            "audits.weather.hour",
            lang,
            start=item.start.isoformat("minutes"),
            end=item.end.isoformat("minutes"),
            weight=f"{item.weight:g}",
        )
        for item in weather.hours
    ]
    told = say("audits.use.listed", lang).join(hours) or say("audits.weather.no_hours", lang)
    return [say("audits.weather.line", lang, reach=percent(weather.reach_share), hours=told)]


def sensitivity_lines(found: Sequence[Sensitivity], lang: Lang) -> list[str]:
    """Return effective coverage by open share."""
    return [
        say("audits.sensitivity.head", lang),
        *(
            say(
                "audits.sensitivity.line",
                lang,
                open_share=percent(item.open_share),
                share=percent(item.total.coverage),
                unverified=count(item.total.unverified, lang),
            )
            for item in found
        ),
    ]


def use_lines(found: Utilisation, lang: Lang) -> list[str]:
    """Return how the stations are used, and which are idle, duplicate and overloaded."""
    recorded = sum(item.days > 0 for item in found.stations)
    if found.median_per_day is None:
        lines = [say("audits.use.head_none", lang)]
    else:
        lines = [
            say("audits.use.head", lang, recorded=recorded, median=f"{found.median_per_day:g}")
        ]
    limits = found.limits
    told = {
        "idle": {"below": percent(limits.idle_below)},
        "duplicate": {"below": percent(limits.duplicate_below)},
        "overloaded": {"from_": f"{limits.overloaded_from:g}"},
    }
    for flag, facts in told.items():
        flagged = [item for item in found.stations if flag in item.flags]
        if flagged:
            lines.append(_flag_line(flag, flagged, facts, lang))
    if found.unknown:
        names = _names(found.unknown, lang)
        lines.append(say("audits.use.unknown", lang, count=len(found.unknown), names=names))
    return lines


def haves_lines(found: HavesAudit, lang: Lang) -> list[str]:
    """Return how many stations meet the seven haves, and coverage with and without the others."""
    numbers = {
        "passes": len(found.of("passes")),
        "fails": len(found.of("fails")),
        "unverified": len(found.of("unverified")),
        "free": len(found.of("free")),
    }
    haves = read_list("reference/haves")
    joint = say("audits.use.listed", lang)
    return [
        say("audits.haves.head", lang, **numbers),
        say("audits.haves.all", lang, share=percent(found.every.coverage)),
        say("audits.haves.without_failing", lang, share=percent(found.without_failing.coverage)),
        say("audits.haves.without_doubtful", lang, share=percent(found.without_doubtful.coverage)),
        *(
            say(
                "audits.haves.failing",
                lang,
                name=item.station,
                items=joint.join(str(haves[code][lang]) for code in item.missing),
            )
            for item in found.of("fails")[:_TOLD]
        ),
    ]


def _standard_line(item: Judged, letter: str, lang: Lang) -> str:
    total = item.coverage.total
    return say(
        "audits.standards.line",
        lang,
        letter=letter,
        name=_named(item, lang),
        share=percent(total.coverage),
        nominal=percent(item.nominal.total.nominal_coverage),
        mark=say(f"audits.standards.mark_{item.verdict(total)}", lang),
        pass_share=percent(item.standard.pass_share),
        source=item.standard.source,
        rides="" if item.rides is None else say(f"audits.standards.rides_{item.rides}", lang),
    )


def _town_lines(found: Judgement, lang: Lang) -> list[str]:
    """Return one line per unit: effective / nominal coverage and the mark of each standard."""
    width = len("100.0/100.0 √")
    lines = ["  ".join(letter.center(width) for letter in _letters(found))]
    for place, first in enumerate(found.judged[0].coverage.towns):
        cells = []
        for item in found.judged:
            row = item.coverage.towns[place]
            mark = say(f"audits.standards.mark_{item.verdict(row)}", lang)
            nominal = item.nominal.towns[place].nominal_coverage
            shares = f"{row.coverage * 100:.1f}/{nominal * 100:.1f} {mark}"
            cells.append(shares.rjust(width))
        lines.append("  ".join([*cells, first.name or say("effective.gap.no_town", lang)]))
    return lines


def _letters(found: Judgement) -> list[str]:
    return [chr(ord("A") + place) for place in range(len(found.judged))]


def _named(item: Judged, lang: Lang) -> str:
    return item.standard.zh if lang == "zh" else item.standard.en


def _workers(item: Disagreement) -> float:
    return float(item.only_first.sum() + item.only_second.sum())


def _length_line(row: ServedLength, lang: Lang) -> str:
    return say(
        "audits.streets.line",
        lang,
        share=percent(row.share),
        served=_km(row.served_m),
        length=_km(row.length_m),
        name=row.name or say("audits.streets.unnamed", lang),
    )


def _flag_line(flag: str, flagged: Sequence[StationUse], facts: dict[str, str], lang: Lang) -> str:
    names = _names([item.station for item in flagged], lang)
    return say(f"audits.use.{flag}", lang, count=len(flagged), names=names, **facts)


def _names(names: Sequence[str], lang: Lang) -> str:
    told = say("audits.use.listed", lang).join(names[:_TOLD])
    return told + (say("audits.use.more", lang) if len(names) > _TOLD else "")


def _km(metres: float) -> str:
    return f"{metres / _METRES_PER_KM:,.1f}"
