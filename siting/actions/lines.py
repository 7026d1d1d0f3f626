"""A plan of actions as sentences: for the terminal and the app."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from geo.errors import PlannerError
from geo.reference import read_list
from siting.actions.bundles import ACTIONS, Step
from siting.actions.results import ActionPlan, ChosenAction
from siting.lines import unattached_lines
from siting.plans.goals.task import Limits
from siting.plans.reasons import NAMES_SAID, wishes_text
from siting.plans.wishes import FloorWish, Wishes
from siting.results import Measure, Stopped
from siting.weather import MILD
from words import Lang, count, percent, percent_up, say, yuan

_TOLD = 2


def action_lines(plan: ActionPlan, lang: Lang) -> list[str]:
    """Return a plan in words: what it brings, how near the best it is, what is done where."""
    if plan.status == "infeasible":
        return [say("cli.status_infeasible", lang), *filter(None, [_remark(plan, lang)])]
    lines = [
        headline(plan, lang),
        nominal_text(plan, lang),
        proof_text(plan, lang),
        say("actions.line.kinds", lang, kinds=done_text(plan.selected, lang)),
    ]
    if plan.measure == "worker_hours":
        lines.append(say("siting.plan.mean", lang))
    if plan.before.terms.weather != MILD:
        lines.append(say("effective.line.weighted", lang))
    lines += filter(None, [_remark(plan, lang)])
    lines += [
        say("actions.line.item", lang, order=item.order, what=what_text(item, lang))
        + (item.reason_zh if lang == "zh" else item.reason_en)
        for item in plan.selected
    ]
    return lines + unattached_lines(plan.unattached_candidates, lang)


def headline(plan: ActionPlan, lang: Lang) -> str:
    """Say how many more are effectively covered, and for how much money."""
    return say(
        "actions.line.headline",
        lang,
        before=count(plan.workers_before, lang),
        after=count(plan.workers_after, lang),
        total=count(plan.before.total.workers, lang),
        was=percent(plan.before.total.coverage),
        then=percent(plan.after.total.coverage),
        cost=yuan(plan.cost_yuan, lang),
    )


def nominal_text(plan: ActionPlan, lang: Lang) -> str:
    """Say what distance alone says of the same plan."""
    return say(
        "actions.line.nominal",
        lang,
        before=percent(plan.nominal_before.coverage),
        after=percent(plan.nominal_after.coverage),
    )


def proof_text(plan: ActionPlan, lang: Lang) -> str:
    """Say how far the plan can be from the best one."""
    return say(f"cli.status_{plan.status}", lang, gap=percent_up(plan.gap, digits=2))


def what_text(item: ChosenAction, lang: Lang) -> str:
    """Say what is done where."""
    done = say("actions.joint", lang).join(step_text(step, item, lang) for step in item.steps)
    return say("actions.line.what", lang, name=item.name, done=done)


def step_text(step: Step, item: ChosenAction, lang: Lang) -> str:
    """Say one thing that is done."""
    return say(f"actions.step.{step.action}", lang, detail=_detail(step, lang), to=item.to_name)


def reason_text(item: ChosenAction, measure: Measure, lang: Lang) -> str:
    """Say whom an action wins, what it costs, and what was taken as usual."""
    said = say(
        "actions.line.reason",
        lang,
        gained=count(item.workers_gained, lang),
        who=say(f"siting.who_before.{measure}", lang),
        mostly=_mostly(item, lang),
        cost=cost_text(item, lang),
    )
    if not item.assumed:
        return said
    blanks = say("effective.line.listed", lang).join(
        say(f"effective.blank.{name}", lang) for name in item.assumed
    )
    return said + say("actions.line.assumed", lang, blanks=blanks)


def cost_text(item: ChosenAction, lang: Lang) -> str:
    """Say what an action costs, and whether that is assumed."""
    cost = yuan(item.cost_yuan, lang)
    return say("siting.plan.assumed_mark", lang, cost=cost) if item.cost_assumed else cost


def remark_text(
    selected: Sequence[ChosenAction],
    limits: Limits,
    considered: int,
    stopped: Stopped | None,
    lang: Lang,
    names: Mapping[str, str],
) -> str:
    """Say what a plan keeps to, why it is small, and how much of it rests on assumptions.

    Parameters
    ----------
    names
        What people call the candidates, by id.
    """
    said = [kept_text(limits.wishes, lang, names)]
    if not considered:
        said.append(say("actions.remark.nothing", lang))
    elif limits.new is not None and len(selected) < limits.new:
        said.append(say("actions.remark.fewer", lang, new=limits.new, selected=len(selected)))
    if stopped is not None:
        said.append(say(f"siting.plan.stopped_{stopped}", lang))
    assumed = [item.name for item in selected if item.assumed]
    if assumed:
        told = say("siting.plan.names_joint", lang).join(assumed[:NAMES_SAID])
        more = say("siting.plan.names_more", lang) if len(assumed) > NAMES_SAID else ""
        said.append(say("actions.remark.assumed", lang, count=len(assumed), names=told + more))
    return _joined(said, lang)


def infeasible_text(
    error: PlannerError, wishes: Wishes, lang: Lang, names: Mapping[str, str]
) -> str:
    """Say why nothing can be done; `names` as of `remark_text`."""
    return _joined([kept_text(wishes, lang, names), error.message(lang)], lang)


def kept_text(wishes: Wishes, lang: Lang, names: Mapping[str, str]) -> str:
    """Say what a plan keeps to; its floors are of effective coverage."""
    floors = [_floor_text(floor, lang) for floor in wishes.floors]
    return _joined([wishes_text(replace(wishes, floors=()), lang, names), *floors], lang)


def _floor_text(floor: FloorWish, lang: Lang) -> str:
    """Say what share of whom is effectively covered at least."""
    listed = {"group": "groups", "window": "windows"}.get(floor.field)
    if floor.value is None:
        who = say(f"actions.each.{floor.field}", lang)
    else:
        who = floor.value if listed is None else _label(listed, floor.value, lang)
    return say("actions.remark.floor", lang, who=who, share=percent(floor.share))


def _remark(plan: ActionPlan, lang: Lang) -> str:
    return plan.remark_zh if lang == "zh" else plan.remark_en


def done_text(selected: Iterable[ChosenAction], lang: Lang) -> str:
    """Return how many of what are done."""
    kinds = [step.action for item in selected for step in item.steps]
    told = [
        say("actions.line.kind", lang, kind=say(f"actions.kind.{kind}", lang), count=number)
        for kind in ACTIONS
        if (number := kinds.count(kind))
    ]
    return say("actions.joint", lang).join(told) or say("actions.line.none", lang)


def _mostly(item: ChosenAction, lang: Lang) -> str:
    """Return the groups and windows that gain most; "" where the demand names none."""
    names = {"group": "groups", "window": "windows"}
    told = []
    for by, listed in names.items():
        first = [_label(listed, name, lang) for name, n in item.gained_by[by] if name and n > 0]
        if first:
            told.append(say("effective.line.listed", lang).join(first[:_TOLD]))
    if not told:
        return ""
    return say("actions.line.mostly", lang, who=say("actions.line.and_when", lang).join(told))


def _detail(step: Step, lang: Lang) -> str:
    if step.action == "open":
        return _label("kinds", step.detail[0], lang)
    if step.action == "hours":
        code = step.detail[0].rpartition(".")[2]
        return str(read_list("reference/actions")["hours"]["to"][code][lang])
    return say("effective.line.listed", lang).join(
        _label("services", name, lang) for name in step.detail
    )


def _label(listed: str, code: str, lang: Lang) -> str:
    entry = read_list(f"reference/{listed}").get(code)
    return code if entry is None else str(entry[lang])


def _joined(said: Sequence[str], lang: Lang) -> str:
    return ("" if lang == "zh" else " ").join(filter(None, said))
