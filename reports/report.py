"""One frozen `Report`: everything that an export needs, so that two exports cannot disagree."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict, Unpack

from reports.beside import NOTHING_BESIDE, Beside
from reports.origin import UNKNOWN, Origin
from reports.scenario_told import ScenarioTold
from reports.webmap.base import BaseLayer
from siting.candidates import Spare
from siting.coverage import bracketed
from siting.demand.small_cells import SMALLEST_SHOWN
from siting.effective import EffectiveEvaluation
from siting.judging import Judgement
from siting.model import Inputs, LayerSource, Parameters
from siting.plan_results import PlanResult
from siting.progress import YearWork
from siting.results import CandidateScore, CoverageResult, Unattached
from siting.scenario import scenario_hash
from words import Lang, say

_TABLES = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")


@dataclass(frozen=True, eq=False)
class Report:
    """What one export is made of; nothing in it is computed again.

    Attributes
    ----------
    title
        The district, as its people call it; the heading of every export begins with it.
    lang
        Language of every export.
    made_on
        The day that stands on the report. Given by the caller: the same report has the same bytes.
    inputs, parameters
        The tables that the figures rest on (WGS-84) and what the planner set.
    effective
        Who can really use a station, on its terms: the headline, and what would mend the gap.
    coverage
        Its nominal coverage; along streets, `make_report` adds the bracket.
    scores
        What the siting rules say of the candidates; empty: they were not scored.
    plan
        The proposed new stations; None: no plan was asked for.
    scenario_hash
        Hash of the data and parameters, in hex; the terms of `effective` are told beside it.
    credits
        One source per layer in use; see `credits_of`.
    highlight_ids
        Candidates that are printed whatever their rank, e.g. those the reader added himself.
    compiled_by, reviewed_by
        填报人 and 审核人; "" prints a line to write on.
    sent_to
        Whom the report is sent to 报送; None: the federation above (`reports.sent_to`).
    map_number
        The number 审图号 under which the map may be shown; "": it is for internal work.
    base
        Base layer of the map; None: it is made of the streets alone.
    spares
        Hosts that could stand in for those of the plan, by the site's id; None: nobody asked.
    smallest_shown
        Fewest workers of a unit or a demand point that may be told (`reports.shown`); 0: any.
    beside
        Why the plan is as it is, its curve and its years, where they are asked for.
    origin
        Where the tables came from; the replay file holds it.
    work
        What was built, asked for, spent and checked; None: nobody told, and the report says so.
    template
        Of the Word file, looked at (`reports.template.read_template`); None: ours.
    standards
        What several standards say; None: they were not asked.
    scenario
        The kept scenario that it is about: inputs and plan are that scenario's; None: none.
    """

    title: str
    lang: Lang
    made_on: date
    inputs: Inputs
    parameters: Parameters
    effective: EffectiveEvaluation
    coverage: CoverageResult
    scores: tuple[CandidateScore, ...]
    plan: PlanResult | None
    scenario_hash: str
    credits: tuple[LayerSource, ...]
    highlight_ids: tuple[str, ...] = ()
    compiled_by: str = ""
    reviewed_by: str = ""
    base: BaseLayer | None = None
    spares: Mapping[str, tuple[Spare, ...]] | None = None
    smallest_shown: float = SMALLEST_SHOWN
    beside: Beside = NOTHING_BESIDE
    origin: Origin = UNKNOWN
    sent_to: str | None = None
    map_number: str = ""
    work: YearWork | None = None
    standards: Judgement | None = None
    template: bytes | None = None
    scenario: ScenarioTold | None = None

    @property
    def synthetic(self) -> bool:
        """Whether any layer is invented; every export then says so."""
        return any(credit.synthetic for credit in self.credits)

    @property
    def averaged(self) -> bool:
        """Whether workers are average present workers, not heads."""
        return self.coverage.measure == "worker_hours"

    @property
    def unattached_candidates(self) -> dict[str, Unattached]:
        """Candidates that streets do not reach: id -> why."""
        found = {s.id: s.unattached for s in self.scores if s.unattached is not None}
        return found if self.plan is None else {**found, **self.plan.unattached_candidates}

    @property
    def receiver(self) -> str:
        """Whom the report is sent to; "" where nobody is named."""
        return self.say("sent_to") if self.sent_to is None else self.sent_to

    @property
    def until(self) -> date:
        """The last day that counts 截止日期."""
        return self.made_on if self.work is None else self.work.until

    @property
    def internal(self) -> str:
        """What the map may be used for: its number, or that it is for internal work."""
        if self.map_number:
            return self.say("map_number", number=self.map_number)
        return self.say("internal_map")

    @property
    def heading(self) -> str:
        """The title that is printed."""
        return self.say("heading", title=self.title)

    def say(self, key: str, /, **facts: object) -> str:
        """Return sentence `reports.<key>` in the report's language."""
        return say(f"reports.{key}", self.lang, **facts)

    def in_language(self, lang: Lang | None) -> "Report":
        """Return the same report in `lang`; None: as it is."""
        return self if lang in (None, self.lang) else replace(self, lang=lang)


class Details(TypedDict, total=False):
    """What a caller may say of a report beside its figures; see `Report`."""

    lang: Lang
    scenario_hash: str
    highlight_ids: tuple[str, ...]
    compiled_by: str
    reviewed_by: str
    base: BaseLayer | None
    spares: Mapping[str, tuple[Spare, ...]] | None
    smallest_shown: float
    beside: Beside
    origin: Origin
    sent_to: str | None
    map_number: str
    work: YearWork | None
    standards: Judgement | None
    template: bytes | None
    scenario: ScenarioTold | None


def make_report(
    inputs: Inputs,
    parameters: Parameters,
    effective: EffectiveEvaluation,
    scores: tuple[CandidateScore, ...] = (),
    plan: PlanResult | None = None,
    *,
    title: str,
    made_on: date,
    **details: Unpack[Details],
) -> Report:
    """Return the report of one evaluation, and of one plan where there is one.

    Parameters are those of `Report`. Without a `scenario_hash` the plan's own is taken, or that of
    inputs and parameters; `lang` is Chinese unless said; `credits` come from the inputs.
    """
    if "scenario_hash" not in details:
        planned = plan.parameters.get("scenario") if plan is not None else None
        details["scenario_hash"] = str(planned or scenario_hash(inputs, parameters))
    details.setdefault("lang", "zh")
    return Report(
        title=title,
        made_on=made_on,
        inputs=inputs,
        parameters=parameters,
        effective=effective,
        coverage=bracketed(inputs, effective.nominal),
        scores=scores,
        plan=plan,
        credits=credits_of(inputs),
        **details,
    )


def credits_of(inputs: Inputs) -> tuple[LayerSource, ...]:
    """Return the source of every layer in use, in the order of the inputs.

    A layer that holds records and names no source gets an entry with an empty source: a missing
    credit is printed as missing, not left out.
    """
    named = {source.layer for source in inputs.sources}
    used = [name for name in _TABLES if len(getattr(inputs, name))]
    if inputs.streets is not None:
        used.insert(0, "streets")
    missing = tuple(LayerSource(layer=name, source="") for name in used if name not in named)
    return inputs.sources + missing
