"""What stands beside coverage where it is asked for: standards, main streets, use, seven haves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from commands.answers import tell_findings
from commands.options import Serving, Settings
from commands.trouble import reading
from commands.usage import Misuse
from geo.findings import Finding

if TYPE_CHECKING:  # a second together: the commands that need them import them
    import pandas as pd

    from siting.effective import EffectiveEvaluation
    from siting.model import Inputs, Parameters

ALL = "all"


@dataclass
class Beside:
    """The parts of one answer: JSON keys, lines, findings of the files that were read for them."""

    content: dict[str, object] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, content: dict[str, object], lines: Sequence[str]) -> None:
        """Add a part."""
        self.content.update(content)
        self.lines += lines


def beside(
    asked: Serving,
    settings: Settings,
    inputs: "Inputs",
    parameters: "Parameters",
    found: "EffectiveEvaluation",
) -> Beside:
    """Return what was asked for beside coverage, in the order in which people read it.

    Raises
    ------
    Misuse
        Main streets without streets.
    FileRefusedError, InputError
        A file or a standard cannot be used.
    """
    from siting import audit_lines as say_so  # noqa: PLC0415 -- start-up
    from siting.sensitivity import open_share_sensitivity  # noqa: PLC0415 -- start-up

    more, lang = Beside(), settings.lang
    spread = open_share_sensitivity(found.service)
    more.add(
        {"sensitivity": [item.as_dict() for item in spread]},
        [
            *say_so.weather_lines(found.service.terms.weather, lang),
            *say_so.sensitivity_lines(spread, lang),
        ],
    )
    if asked.by == "street":
        _add_streets(more, settings, inputs, parameters, found)
    if asked.standards:
        _add_standards(more, asked, settings, inputs, parameters, found)
    if asked.visits is not None:
        from siting.utilisation import utilisation  # noqa: PLC0415 -- start-up

        used = utilisation(found.service, _table(more, asked.visits, "visits", settings))
        more.add({"utilisation": used.as_dict()}, say_so.use_lines(used, lang))
    if asked.haves is not None:
        from siting.haves_audit import haves_audit  # noqa: PLC0415 -- start-up

        audit = haves_audit(found.service, _table(more, asked.haves, "haves", settings))
        more.add({"haves": audit.as_dict()}, say_so.haves_lines(audit, lang))
    return more


def _add_streets(
    more: Beside,
    settings: Settings,
    inputs: "Inputs",
    parameters: "Parameters",
    found: "EffectiveEvaluation",
) -> None:
    from commands.inputs import rules_of  # noqa: PLC0415 -- start-up
    from siting.audit_lines import street_lines  # noqa: PLC0415 -- start-up
    from siting.street_service import street_service  # noqa: PLC0415 -- start-up

    if inputs.streets is None:
        raise Misuse("needs_streets_by")
    served = street_service(
        inputs,
        parameters,
        rules_of(settings),
        share=found.service.terms.weather.reach_share,
    )
    content = None if served is None else served.as_dict()
    more.add({"main_streets": content}, street_lines(served, settings.lang))


def _add_standards(
    more: Beside,
    asked: Serving,
    settings: Settings,
    inputs: "Inputs",
    parameters: "Parameters",
    found: "EffectiveEvaluation",
) -> None:
    from geo.streets import load_streets  # noqa: PLC0415 -- start-up
    from siting.audit_lines import standards_lines  # noqa: PLC0415 -- start-up
    from siting.judging import judge  # noqa: PLC0415 -- start-up
    from siting.standards import standard_names  # noqa: PLC0415 -- start-up

    names = [name.strip() for name in (asked.standards or "").split(",") if name.strip()]
    if names == [ALL]:
        names = list(standard_names())
    ride = None
    if asked.ride_streets is not None:
        with reading(settings.lang):
            ride = load_streets(asked.ride_streets, "ebike")
    judged = judge(inputs, parameters, names, found.service.terms, ride=ride)
    more.add(judged.as_dict(), standards_lines(judged, settings.lang))


def _table(more: Beside, path: Path, kind: str, settings: Settings) -> "pd.DataFrame":
    """Return a table of a file; what there is to tell about its rows is told."""
    from commands.inputs import mapping_of  # noqa: PLC0415 -- start-up
    from geo.intake import read_table  # noqa: PLC0415 -- start-up

    with reading(settings.lang):
        intake = read_table(path, kind, mapping=mapping_of(settings.mapping).get(kind))
    tell_findings(intake.findings, settings.lang)
    more.findings += intake.findings
    return intake.frame
