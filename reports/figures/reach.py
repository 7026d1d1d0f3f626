"""Nominal coverage in sentences: what counts, how distances are measured, what streets miss."""

from geo.catchments import STRAIGHT_LINE_FACTOR
from reports.figures.names import label, who
from reports.report import Report
from siting.lines import bracket_text
from siting.results import plain
from words import count, distance, percent


def headline(report: Report) -> str:
    """Say how many workers are covered."""
    result = report.coverage
    return report.say(
        "headline",
        who=who(report, before_figure=True),
        stations=count(result.stations, report.lang),
        total=count(result.workers_total, report.lang),
        covered=count(result.workers_covered, report.lang),
        share=percent(result.coverage),
    )


def method_sentence(report: Report) -> str:
    """Say what covered means: the cut-off, and along streets or in a straight line."""
    return report.say(
        f"method.{report.coverage.method}",
        cutoff=distance(report.coverage.cutoff_m, report.lang),
        cap=distance(report.parameters.attach_cap_m, report.lang),
        factor=STRAIGHT_LINE_FACTOR,
    )


def bracket_sentences(report: Report) -> tuple[str, ...]:
    """Say what straight lines would give, as the command line does; nothing without streets."""
    result = report.coverage
    if result.bracket is None:
        return ()
    return (bracket_text(result.bracket, result.measure, report.lang),)


def measure_sentence(report: Report) -> str:
    """Say what is counted: heads, or worker-hours as average present workers."""
    result = report.coverage
    return report.say(
        f"measure.{result.measure}",
        hours=f"{plain(result.hours_per_week):,}",
        total=count(result.worker_hours_total, report.lang),
        covered=count(result.worker_hours_covered, report.lang),
    )


def scope_sentence(report: Report) -> str:
    """Say which groups and windows are counted."""
    chosen = report.parameters
    everything = report.say("all")
    joint = report.say("list_joint")

    def names(listing: str, codes: tuple[str, ...] | None) -> str:
        if codes is None:
            return everything
        return joint.join(label(listing, code, report.lang) for code in codes)

    return report.say(
        "scope", groups=names("groups", chosen.groups), windows=names("windows", chosen.windows)
    )


def unreached_sentences(report: Report) -> tuple[str, ...]:
    """Say what cannot be reached, in heads and by number; the names are listed beside it."""
    result = report.coverage
    said = []
    if result.unsnapped_demand:
        said.append(
            report.say(
                "unsnapped",
                who=who(report, before_figure=True),
                points=count(len(result.unsnapped_demand), report.lang),
                workers=count(result.unsnapped_workers, report.lang),
                cap=distance(report.parameters.attach_cap_m, report.lang),
            )
        )
    if result.unreachable_stations:
        said.append(
            report.say("unreachable", stations=count(len(result.unreachable_stations), report.lang))
        )
    said = said or [report.say("all_reached")]
    if report.unattached_candidates:
        number = count(len(report.unattached_candidates), report.lang)
        said.append(report.say("unattached", candidates=number))
    return tuple(said)
