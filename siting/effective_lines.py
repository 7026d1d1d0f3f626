"""Effective coverage as sentences: for the terminal, the app and reports."""

from collections.abc import Iterable

from geo.reference import read_list
from geo.tables import split_list
from siting.adding_up import whole_levels, whole_rows
from siting.coverage.effective import LevelRow
from siting.coverage.levels import UNCOVERED, Level
from siting.coverage.mends import Mend, Question
from siting.effective import EffectiveEvaluation
from siting.filters import EVERYBODY
from siting.gap_areas import GapArea, PricedMend
from siting.hours_words import day_in_words
from siting.weather import MILD
from words import Lang, count, percent, percent_up, say, yuan

_TOLD_QUESTIONS = 5
_TOLD_GAPS = 8
_TOLD_WINDOWS = 3


def effective_lines(found: EffectiveEvaluation, lang: Lang) -> list[str]:
    """Return the headline, its terms, causes, questions and gap areas, in words."""
    return [
        *headline_lines(found, lang),
        *_listed("causes", cause_lines(found, lang), lang),
        *_listed(
            "ask", [question_line(found, q, lang) for q in found.questions[:_TOLD_QUESTIONS]], lang
        ),
        *_listed("gaps", gap_lines(found, lang), lang),
    ]


def by_lines(found: EffectiveEvaluation, by: str, lang: Lang) -> list[str]:
    """Return one line per unit, group, window or cause: effective, nominal, not verified."""
    if by == "cause":
        return _listed("causes", cause_lines(found, lang), lang)
    rows = found.rows(by)
    if by == "window":  # heads of each, which do not add up
        whole = [whole_levels(row) for row in rows]
    else:
        whole = whole_rows(rows, found.effective.total)
    told = (_row_line(row, levels, by, lang) for row, levels in zip(rows, whole, strict=True))
    head = "by" if found.effective.terms.weather.mild else "by_in_season"
    return [say(f"effective.line.{head}", lang), *told]


def headline_lines(found: EffectiveEvaluation, lang: Lang) -> list[str]:
    """Return what share is covered, what is not verified, and on what terms."""
    total, terms = found.effective.total, found.effective.terms
    whole = whole_levels(total)
    lines = [
        say(
            "effective.line.headline",
            lang,
            share=percent(total.coverage),
            covered=count(total.verified, lang),
            total=count(total.workers, lang),
            who=say(f"siting.who.{found.effective.measure}", lang),
            nominal=percent(found.nominal.coverage),
        ),
        say(
            "effective.line.unverified",
            lang,
            workers=count(whole[Level.UNVERIFIED], lang),
            stations=found.counting,
            count=found.stations_unverified,
            uncovered=count(sum(whole[level] for level in UNCOVERED), lang),
        ),
        say(
            "effective.line.terms"
            if any(_window_codes(found))
            else "effective.line.terms_any_time",
            lang,
            monday=terms.monday.isoformat(),
            open_share=percent(terms.open_share),
        ),
    ]
    lines += door_lines(found, lang)
    if terms.kind_defaults:
        lines.append(say("effective.line.defaults", lang))
    if terms.weather != MILD:
        lines.append(say("effective.line.weighted", lang))
    if found.effective.measure == "worker_hours":
        lines.append(say("effective.line.mean", lang))
    return lines


def door_lines(found: EffectiveEvaluation, lang: Lang) -> list[str]:
    """Say how much of the covered time finds the door shut; nothing where no time is named."""
    if found.door_shut is None:
        return []
    return [say("effective.line.open_door", lang, shut=percent_up(found.door_shut))]


def cause_lines(found: EffectiveEvaluation, lang: Lang) -> list[str]:
    """Return how many workers each cause keeps from a station, where it keeps any."""
    whole = whole_levels(found.effective.total)
    return [
        say(
            "effective.line.cause",
            lang,
            workers=count(whole[level], lang),
            cause=say(f"effective.level.{level.name.lower()}", lang),
        )
        for level in UNCOVERED
        if whole[level]
    ]


def question_line(found: EffectiveEvaluation, question: Question, lang: Lang) -> str:
    """Say what to ask of a station, and how many workers depend on the answer."""
    blanks = [say(f"effective.blank.{name}", lang) for name in question.blanks]
    return say(
        "effective.line.question",
        lang,
        name=found.station_names[question.site],
        blanks=say("effective.line.listed", lang).join(blanks),
        workers=count(question.workers, lang),
    )


def gap_lines(found: EffectiveEvaluation, lang: Lang) -> list[str]:
    """Return the worst gap areas, each with its cheapest mend."""
    lines = []
    for order, area in enumerate(found.gap_areas[:_TOLD_GAPS], 1):
        lines.append(gap_line(area, order, lang, one_window=one_window(found)))
        if area.without_mend:
            lines.append(say("effective.line.no_mend", lang))
        lines += [priced_line(found, item, lang) for item in area.mends[:1]]
    return [*lines, rest_line(found, lang)] if lines else []


def rest_line(found: EffectiveEvaluation, lang: Lang) -> str:
    """Say how much of the gap the areas hold, and how much is scattered."""
    listed = round(sum(area.gap.workers for area in found.gap_areas))
    whole = whole_levels(found.effective.total)
    uncovered = sum(whole[level] for level in UNCOVERED)
    return say(
        "effective.line.rest",
        lang,
        areas=len(found.gap_areas),
        workers=count(listed, lang),
        rest=count(max(0, uncovered - listed), lang),
    )


def one_window(found: EffectiveEvaluation) -> bool:
    """Tell whether one window alone is counted: workers are then the heads in it, no average."""
    return sum(map(bool, _window_codes(found))) == 1


def gap_line(area: GapArea, order: int, lang: Lang, *, one_window: bool = False) -> str:
    """Say where a gap area is, and who is in it when; `one_window`: no other is counted."""
    gap = area.gap
    form = "gap_any_time" if not gap.window else "gap_one_window" if one_window else "gap"
    return say(
        f"effective.line.{form}",
        lang,
        order=order,
        place=area.place.said(lang),
        window=_label("windows", gap.window, lang),
        group=_label("groups", gap.group, lang),
        heads=count(gap.heads, lang),
        workers=count(gap.workers, lang),
    )


def priced_line(found: EffectiveEvaluation, item: PricedMend, lang: Lang) -> str:
    """Say what a mend is, whom it wins, what it costs, and whom it makes sure."""
    said = say(
        "effective.line.mend",
        lang,
        what=mend_text(found, item.mend, lang),
        workers=count(item.mend.workers, lang),
        yuan=yuan(item.cost_yuan, lang),
        assumed=say("effective.line.assumed", lang) if item.cost_assumed else "",
    )
    return said + sure_text(item.mend, lang)


def sure_text(mend: Mend, lang: Lang) -> str:
    """Say how many workers stop depending on blank records, apart from those won; "" if nobody."""
    if round(mend.made_sure) < 1:
        return ""
    return say("effective.line.made_sure", lang, workers=count(mend.made_sure, lang))


def mend_text(found: EffectiveEvaluation, mend: Mend, lang: Lang) -> str:
    """Say what a mend changes at which station."""
    return say(
        f"effective.mend.{mend.kind}",
        lang,
        name=found.site_name(mend),
        windows=_windows(mend, lang),
        services=_labels("services", mend.services, lang),
        limits=_limits(found, mend, lang),
    )


def _windows(mend: Mend, lang: Lang) -> str:
    """Return the windows that a mend wins most in, and how many there are."""
    first = mend.windows[:_TOLD_WINDOWS]
    names = [_window(code, mend.weekdays.get(code, ()), lang) for code in first]
    told = say("effective.line.listed", lang).join(names)
    if len(mend.windows) <= _TOLD_WINDOWS:
        return told
    return say("effective.line.and_more", lang, told=told, count=len(mend.windows))


def _window(code: str, weekdays: tuple[int, ...], lang: Lang) -> str:
    """Return the name of a window, and of its days where it is not all of them."""
    name = _label("windows", code, lang)
    if not weekdays:
        return name
    days = say("effective.line.listed", lang).join(day_in_words(day, lang) for day in weekdays)
    return say("effective.line.on_days", lang, window=name, days=days)


def _limits(found: EffectiveEvaluation, mend: Mend, lang: Lang) -> str:
    """Say whom a station that is to open would not admit, and what of it was assumed."""
    said = []
    opens = mend.kind in ("new", "reopen", "planned")
    rights = split_list(found.site_access(mend)) if opens else ()
    if rights and not any(EVERYBODY in read_list("reference/access")[r]["groups"] for r in rights):
        said.append(_labels("access", rights, lang))
    if mend.assumed:
        blanks = say("effective.line.listed", lang).join(
            say(f"effective.blank.{name}", lang) for name in mend.assumed
        )
        said.append(say("effective.line.supposed", lang, blanks=blanks))
    return say("effective.line.limits", lang, said="；".join(said)) if said else ""


def _window_codes(found: EffectiveEvaluation) -> list[str]:
    return [row.name for row in found.effective.windows]


def _row_line(row: LevelRow, levels: list[int], by: str, lang: Lang) -> str:
    names = {"group": "groups", "window": "windows"}
    outside = say("effective.gap.no_town", lang) if by == "town" else "–"
    name = _label(names[by], row.name, lang) if by in names else row.name
    uncovered = sum(levels[level] for level in UNCOVERED)
    figures = (levels[Level.VERIFIED], levels[Level.UNVERIFIED], uncovered, sum(levels))
    told = " / ".join(count(workers, lang) for workers in figures)
    shares = f"{percent(row.coverage):>7} {percent(row.nominal_coverage):>7}"
    return f"{shares}  {told}  {name or outside}"


def _listed(head: str, lines: list[str], lang: Lang) -> list[str]:
    return [say(f"effective.line.{head}", lang), *lines] if lines else []


def _labels(listed: str, codes: Iterable[str], lang: Lang) -> str:
    return say("effective.line.listed", lang).join(_label(listed, code, lang) for code in codes)


def _label(listed: str, code: str, lang: Lang) -> str:
    entry = read_list(f"reference/{listed}").get(code)
    return code if entry is None else str(entry[lang])
