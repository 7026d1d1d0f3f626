"""A kept scenario of the register, named on the command line: what is reported is that scenario."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.options import Settings
from commands.register_place import Place
from commands.usage import Misuse
from geo.errors import InputError
from siting import district_time

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from collections.abc import Mapping

    from register import Register
    from reports.scenario_told import ScenarioTold
    from siting.model import Inputs, Parameters
    from siting.plan_results import PlanResult
    from siting.planning import Evaluation
    from siting.plans.given import Reason

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Kept:
    """A kept scenario.

    Attributes
    ----------
    told
        As a report tells it; its `variant` is what it changes.
    reasons
        Why sites were proposed, by their ids, where a stored plan proposed them.
    """

    told: "ScenarioTold"
    reasons: "Mapping[str, Reason]"

    def inputs(self, inputs: "Inputs") -> "Inputs":
        """Return inputs with the scenario's places and streets.

        Raises
        ------
        InputError
            A street that it closes is no longer there.
        """
        from siting.plans.variant import with_variant  # noqa: PLC0415 -- start-up

        return with_variant(inputs, self.told.variant)

    def plan(self, inputs: "Inputs", parameters: "Parameters", known: "Evaluation") -> "PlanResult":
        """Return what it opens and closes, evaluated."""
        from siting.plans.given import given_plan  # noqa: PLC0415 -- start-up
        from siting.scenario import scenario_hash  # noqa: PLC0415 -- start-up

        return given_plan(
            inputs,
            known.travel,
            self.told.variant,
            scenario=scenario_hash(inputs, parameters),
            reasons=self.reasons,
        )


def scenario_option(command: _Command) -> _Command:
    """Add the name of a kept scenario."""
    return click.option(
        "--scenario",
        help="台账里已存的方案（名称），口径照存时的 / a kept scenario, on its own terms",
    )(command)


def kept_of(name: str | None, settings: Settings, *, planned: bool) -> Kept | None:
    """Return the scenario that is named; None: none is.

    Parameters
    ----------
    planned
        Whether a plan is asked for, too: a scenario is what was decided, and nothing is sought.

    Raises
    ------
    Misuse
        It is asked for without a register, or with a plan.
    InputError
        `scenario_unknown`: there is none of that name that can be read.
    """
    if name is None:
        return None
    if not settings.register:
        raise Misuse("register_only_with", option="--scenario")
    if planned:
        raise Misuse("scenario_or_plan")
    with Place.named_by(settings).opened() as register:
        return _found(register, name)


def _found(register: "Register", name: str) -> Kept:
    from register.scenarios import reasons_behind, scenarios_in  # noqa: PLC0415 -- start-up
    from reports.scenario_told import told  # noqa: PLC0415 -- start-up
    from siting.plans.given import Reason  # noqa: PLC0415 -- start-up

    readable = {saved.name: saved for saved in scenarios_in(register)}
    saved = readable.get(name)
    if saved is None or saved.variant is None:
        raise InputError("scenario_unknown", name=name, names="、".join(readable) or "—")
    when = f"{saved.saved_by}，{district_time.to_the_minute(saved.saved_at)}"
    reasons = {
        site: Reason(zh, en) for site, (zh, en) in reasons_behind(register, saved.variant).items()
    }
    return Kept(told(saved.name, saved.note, when, saved.variant), reasons)
