"""Plans of effective coverage on the command line: what to do at stations, containers, candidates.

--objective effective             the most workers within reach, admitted and served
--actions open,hours,access       what may be done; all of it unless told otherwise
--kinds prices.toml               what kinds of stations and what is done cost, instead of the lists
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from commands.answers import answer
from commands.inputs import attaching_lines, terms_of
from commands.options import FILE, OnTerms, Settings
from commands.trouble import reading
from commands.usage import TYPED_WIDE, Misuse
from geo.findings import Finding

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from commands.curves import Beside
    from commands.objectives import Question
    from siting.actions.bundles import ActionKind
    from siting.actions.results import ActionPlan
    from siting.costs import Prices
    from siting.model import Inputs

_Command = TypeVar("_Command", bound=Callable[..., Any])

EFFECTIVE = "effective"
"""The objective of these plans."""

ACTIONS: tuple["ActionKind", ...] = ("open", "hours", "access", "services", "reopen", "move")
"""`siting.actions.bundles.ACTIONS`, without the second that importing it takes; a test compares."""


@dataclass(frozen=True)
class Acting:
    """The options of these plans.

    Attributes
    ----------
    actions
        As typed; None: everything.
    kinds
        A file of prices; None: the lists'.
    """

    actions: str | None
    kinds: Path | None

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    @property
    def chosen(self) -> tuple["ActionKind", ...]:
        """What may be done.

        Raises
        ------
        Misuse
            An action that there is none of.
        """
        if self.actions is None:
            return ACTIONS
        typed = self.actions.translate(TYPED_WIDE).split(",")
        named = [name.strip() for name in typed if name.strip()]
        for name in named:
            if name not in ACTIONS:
                raise Misuse("no_such_action", name=name, known=list(ACTIONS))
        return tuple(name for name in ACTIONS if name in named)

    def require(self, objective: str) -> None:
        """Refuse actions where the objective has no use for them, and those there are none of.

        Raises
        ------
        Misuse
            Either.
        """
        if self.actions is not None and objective != EFFECTIVE:
            raise Misuse("objective_needed", option="--actions", objective=EFFECTIVE)
        if not self.chosen:
            raise Misuse("no_such_action", name="", known=list(ACTIONS))

    def prices(self, settings: Settings) -> "Prices":
        """Return what everything costs.

        Raises
        ------
        FileRefusedError, InputError
            The file cannot be used.
        """
        from siting.costs import SHIPPED, read_prices  # noqa: PLC0415 -- start-up

        if self.kinds is None:
            return SHIPPED
        with reading(settings.lang):
            return read_prices(self.kinds)

    def priced(self, inputs: "Inputs", settings: Settings) -> "Inputs":
        """Return inputs whose candidates without a cost have that of a file of prices.

        Raises
        ------
        FileRefusedError, InputError
            The file cannot be used.
        """
        from siting.costs import priced  # noqa: PLC0415 -- start-up

        if self.kinds is None:
            return inputs
        return replace(inputs, candidates=priced(inputs.candidates, self.prices(settings)))


def acting_options(command: _Command) -> _Command:
    """Add the options."""
    actions = click.option(
        "--actions",
        metavar="NAME,…",
        help=f"可以做的事（按有效覆盖）：{','.join(ACTIONS)} / what may be done  [default: all]",
    )
    kinds = click.option("--kinds", type=FILE, help="各类驿站和各件事的费用 / prices, .toml")
    return actions(kinds(command))


def answer_effective(
    question: "Question",
    acting: Acting,
    asked: OnTerms,
    findings: Sequence[Finding],
    beside: "Beside",
) -> int:
    """Print a plan of effective coverage and what is asked for beside it; return the exit code."""
    from commands.beside_goals import beside_actions  # noqa: PLC0415 -- it needs this module
    from siting.actions.lines import action_lines  # noqa: PLC0415 -- start-up
    from siting.actions.planning import plan_actions  # noqa: PLC0415 -- start-up

    settings, lang = question.settings, question.settings.lang
    inputs, parameters = question.inputs, question.parameters
    prices, limits = acting.prices(settings), question.limits

    def make(new: int | None, budget_yuan: int | None) -> "ActionPlan":
        return plan_actions(
            inputs,
            parameters,
            terms_of(asked),
            limits=replace(limits, new=new, budget_yuan=budget_yuan),
            actions=acting.chosen,
            prices=prices,
            previous=question.known,
        )

    plan = make(limits.new, limits.budget_yuan)
    extra: dict[str, Any] = {}
    more: list[str] = []
    if plan.status != "infeasible" and not question.search.stopped:
        extra, more = beside_actions(make, plan, question.wish, beside, lang)
    return answer(
        settings,
        inputs,
        {**plan.as_dict(lang), **extra},
        lambda: [*action_lines(plan, lang), *more, *attaching_lines(parameters, lang)],
        findings,
        failed=plan.status == "infeasible",
    )
