"""What if the host of a planned station declines: its spare hosts, beside the plan."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from words import Lang

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.candidates import Spare
    from siting.model import Inputs, Parameters
    from siting.plan_results import PlanResult

_SHOWN = 3


def spares_of(
    plan: "PlanResult", inputs: "Inputs", parameters: "Parameters"
) -> "dict[str, tuple[Spare, ...]]":
    """Return the spare hosts of every selected site, the best first."""
    from siting.candidates import spare_hosts  # noqa: PLC0415 -- start-up

    return spare_hosts(inputs, parameters, [site.id for site in plan.selected])


def with_spares(
    content: Mapping[str, Any], spares: "Mapping[str, tuple[Spare, ...]]"
) -> dict[str, Any]:
    """Return the JSON of a plan with `spares` in every selected site."""
    selected = [
        {**site, "spares": [spare.as_dict() for spare in spares[site["id"]]]}
        for site in content["selected"]
    ]
    return {**content, "selected": selected}


def spare_lines(spares: "Mapping[str, tuple[Spare, ...]]", lang: Lang) -> list[str]:
    """Return a line per selected site."""
    from siting.candidates import spares_line  # noqa: PLC0415 -- start-up

    return [f"{site}  {spares_line(options[:_SHOWN], lang)}" for site, options in spares.items()]
