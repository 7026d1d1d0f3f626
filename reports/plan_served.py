"""What a plan is of use once it is built: effective coverage before and after, whole workers."""

from dataclasses import dataclass

from reports import figures, served
from reports.report import Report
from siting.adding_up import whole_after, whole_levels
from siting.coverage.levels import UNCOVERED, Level
from siting.lines import effect_lines
from siting.plans.after_plan import PlanEffect
from siting.plans.goals.lines import effect_key
from words import percent, points, say


@dataclass(frozen=True)
class EffectLine:
    """Workers at one level today and with the plan; `change` is the difference of the two."""

    name: str
    now: int
    after: int

    @property
    def change(self) -> int:
        """How many more there are with the plan."""
        return self.after - self.now

    @property
    def signed(self) -> str:
        """The same as it is printed: with its sign, 0 without one."""
        return f"{self.change:+,}" if self.change else "0"


def effect_of(report: Report) -> PlanEffect | None:
    """Return what the plan brings; None without a plan, without sites, or where nobody asked."""
    plan = report.plan
    return plan.effective if plan is not None and plan.selected else None


def effect_sentences(report: Report) -> tuple[str, ...]:
    """Say what the plan brings of effective coverage and what of it is assumed; () for nothing."""
    effect = effect_of(report)
    if effect is None or report.plan is None:
        return ()
    said = effect_lines(effect, report.lang, said=effect_key(report.plan))
    if effect.assumed:
        names = [
            report.say("effect_assumed_one", name=name, blanks=blanks)
            for name, blanks in assumed_names(report).values()
        ]
        said.append(report.say("effect_assumed", names=report.say("list_joint").join(names)))
    return tuple(said)


def assumed_names(report: Report) -> dict[str, tuple[str, str]]:
    """Return of each site with blanks its name, and what was taken to be usual, by id."""
    effect = effect_of(report)
    if effect is None:
        return {}
    records = figures.candidate_rows(report)
    joint = report.say("list_joint")
    return {
        identity: (
            figures.name_or_id(records.get(identity, {}), identity),
            joint.join(say(f"effective.blank.{blank}", report.lang) for blank in blanks),
        )
        for identity, blanks in effect.assumed.items()
    }


def effect_lines_by_level(report: Report) -> list[EffectLine]:
    """Return all workers, the uncovered by cause, the unverified and the effectively covered."""
    effect = effect_of(report)
    if effect is None:
        return []
    now, after = whole_levels(effect.before), whole_after(effect.after, effect.before)
    uncovered = [sum(part[level] for level in UNCOVERED) for part in (now, after)]
    return [
        EffectLine(_named(report, Level.VERIFIED), now[-1], after[-1]),
        EffectLine(
            _named(report, Level.UNVERIFIED),
            now[Level.UNVERIFIED],
            after[Level.UNVERIFIED],
        ),
        EffectLine(report.say("steps.uncovered"), *uncovered),
        *(
            EffectLine(
                report.say("of_these", what=served.level_name(report, level)),
                now[level],
                after[level],
            )
            for level in UNCOVERED
        ),
    ]


def coverage_moved(report: Report, effect: PlanEffect) -> tuple[str, str, str]:
    """Return effective coverage today, with the plan, and how far it moves, as printed."""
    now, after = effect.before.coverage, effect.after.coverage
    return percent(now), percent(after), points(now, after, report.lang)


def _named(report: Report, level: Level) -> str:
    """Return what a level is called at the beginning of a line."""
    name = served.level_name(report, level)
    return name[:1].upper() + name[1:]
