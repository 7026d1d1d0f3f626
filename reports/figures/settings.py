"""What was set, and where data come from."""

from reports.figures.names import parameter_name
from reports.report import Report
from reports.webmap.credit import said_in
from siting.lines import street_change_text
from siting.model import LayerSource
from siting.plan_results import PlanResult
from siting.results import plain
from siting.rules.naming import edition_text
from words import Lang, day, distance, percent, say

# Parameters of a plan that are printed with the coverage that it starts from, or in its remark.
_SAID_ELSEWHERE = frozenset(
    {"cutoff_m", "attach_cap_m", "alternatives_m", "standard", "windows", "groups", "scenario"}
    | {"rules_version", "rules_sha256", "rules_dated", "wishes"}
)
_SHARES = frozenset({"tolerance", "target", "second_share", "at_once"})
# What a source that says so already need not be called again.
_INVENTED: dict[Lang, str] = {"zh": "合成示例数据", "en": "synthetic sample"}
_OF_RULES = frozenset({"rules", "tolerance"})


def parameter_rows(report: Report) -> list[tuple[str, str]]:
    """Return what was set: of the reckoning, then of the plan, then of the report."""
    chosen = report.parameters
    rows = [
        ("cutoff_m", distance(chosen.cutoff_m, report.lang)),
        ("attach_cap_m", distance(chosen.attach_cap_m, report.lang)),
        ("alternatives_m", distance(chosen.alternatives_m, report.lang)),
        ("standard", chosen.standard or report.say("own_figure")),
        *(
            ()
            if report.scenario is None
            else (("kept_scenario", report.scenario.sentence(report.lang)),)
        ),
        *(
            ("street_changes", street_change_text(change, report.lang))
            for change in report.inputs.street_changes
        ),
        ("crs", report.say("wgs84")),
    ]
    if report.plan is not None:
        rows += _plan_settings(report, report.plan)
    if report.scores and report.scores[0].rules:
        scored = report.scores[0]
        named = edition_text(scored.rules, scored.rules_version, scored.rules_dated, report.lang)
        rows.append(("scored_by", named))
    rows += [("made_on", day(report.made_on, report.lang)), ("hash", report.scenario_hash)]
    return [(parameter_name(report, key), value) for key, value in rows]


def source_text(report: Report, credit: LayerSource) -> str:
    """Write the source of a layer; one that is not stated, or invented, is called so."""
    source = said_in(report.lang, credit.source) or report.say("no_source")
    told = not credit.synthetic or _INVENTED[report.lang] in source
    return source if told else report.say("synthetic_source", source=source)


def licence_text(report: Report, credit: LayerSource) -> str:
    """Write the licence of a layer in the language of the report; "" where none is stated."""
    return said_in(report.lang, credit.licence)


def _plan_settings(report: Report, plan: PlanResult) -> list[tuple[str, str]]:
    """Return what the plan was asked for; without rules, that it did not weigh any."""
    left_out = _SAID_ELSEWHERE if plan.rules else _SAID_ELSEWHERE | _OF_RULES
    rows = [("status", report.say(f"statuses.{plan.status}"))]
    if not plan.rules:
        rows.append(("rules", report.say("rules_not_weighed")))
    else:
        version, dated = (plan.parameters.get(f"rules_{key}") for key in ("version", "dated"))
        named = edition_text(plan.rules, int(str(version)), str(dated or ""), report.lang)
        rows.append(("rules", named))
    left_out |= {"rules"}
    return rows + [
        (key, _asked(report, key, value))
        for key, value in plan.parameters.items()
        if key not in left_out
    ]


def _asked(report: Report, key: str, value: object) -> str:
    """Return what a plan was asked for: shares in per cent, ways in metres, goals by their name."""
    lang = report.lang
    if key in _SHARES and isinstance(value, float | int):
        return percent(value)
    if key == "walk_m" and isinstance(value, float | int):
        return distance(value, lang)
    if key == "objective":
        return say(f"siting.goal.name_{value}", lang)
    if key == "bands" and isinstance(value, list | tuple):
        told = [
            say("siting.soft.band", lang, metres=distance(metres, lang), worth=f"{worth:g}")
            for metres, worth in value
        ]
        return report.say("list_joint").join(told)
    return _setting(report, value)


def _setting(report: Report, value: object) -> str:
    if value is None:
        return report.say("not_set")
    if isinstance(value, bool):
        return report.say("yes" if value else "no")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{plain(value):,}"
    if isinstance(value, (list, tuple)):
        return report.say("list_joint").join(_setting(report, item) for item in value)
    return str(value)
