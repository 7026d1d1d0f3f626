"""Usage errors as sentences: click's own speak English only, these speak both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from words import Lang, say

TYPED_WIDE = str.maketrans("：＝，、％／．", ":=,,%/.")
"""Signs as a Chinese keyboard types them -> as options are read."""


MISUSES = frozenset(
    {
        "siting_actions_wish",
        "siting_backup_share",
        "siting_plan_area_needs_rules",
        "siting_plan_both_ways",
        "siting_plan_closing_only",
        "siting_plan_kept_and_closed",
        "siting_plan_points_without_rules",
        "siting_plan_tolerance",
        "siting_plan_wish_of_coverage",
        "siting_walk_short",
    }
)
"""Codes of errors that say no more than that options make no sense together, or a value none.

They are told only where plans are made, but are usage all the same.
"""


class Misuse(click.UsageError):
    """What a command line says makes no sense; the sentence is `cli.<code>`."""

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


def usage_sentence(
    error: click.ClickException,
    commands: Mapping[str, click.Command],
    words: Sequence[str],
    lang: Lang,
) -> str:
    """Return what is wrong with the `words` of a command line.

    Parameters
    ----------
    error
        What click raised, or a `Misuse`.
    commands
        Name -> command, of the whole program.
    """
    rest = list(words)
    while rest and isinstance(group := commands.get(rest[0]), click.Group):
        commands, rest = group.commands, rest[1:]
    code, facts = _told(error, commands, rest)
    joint = "、" if lang == "zh" else ", "
    said = {
        name: joint.join(map(str, fact)) if isinstance(fact, list) else fact
        for name, fact in facts.items()
    }
    return say(f"cli.{code}", lang, **said)


def _told(
    error: click.ClickException, commands: Mapping[str, click.Command], words: list[str]
) -> tuple[str, dict[str, object]]:
    """Return the key of the sentence and what it names."""
    if isinstance(error, Misuse):
        return error.code, error.facts
    command = commands.get(words[0]) if words else None
    if isinstance(error, click.NoSuchOption):
        near = list(error.possibilities or ())
        code = "no_such_option_near" if near else "no_such_option"
        return code, {"option": error.option_name, "near": near}
    if command is None:
        known: dict[str, object] = {"known": sorted(commands)}
        return ("no_such_command", {"name": words[0], **known}) if words else ("no_command", known)
    if isinstance(error, click.BadOptionUsage):
        return _number_of_values(command, error.option_name)
    given, rest = _parsed(command, words)
    if not isinstance(error, click.BadParameter) or error.param is None:
        return "extra_words", {"words": rest}
    value = given.get(error.param.name or "")
    return _bad_value(error, error.param, value)


def _parsed(command: click.Command, words: list[str]) -> tuple[Mapping[str, Any], list[str]]:
    """Return parameter -> value as it was typed, and the words that belong to no parameter."""
    parser = command.make_parser(click.Context(command, info_name=words[0]))
    given, rest, _ = parser.parse_args(words[1:])
    return given, rest


def _number_of_values(command: click.Command, option: str) -> tuple[str, dict[str, object]]:
    """Tell how many values an option takes, which was given with more or fewer."""
    named = (param for param in command.params if option in param.opts)
    param = next(named)
    if isinstance(param, click.Option) and param.is_flag:
        return "takes_no_value", {"option": option}
    return "takes_values", {"option": option, "number": param.nargs}


def _bad_value(
    error: click.BadParameter, param: click.Parameter, value: object
) -> tuple[str, dict[str, object]]:
    name = _name(param)
    if isinstance(error, click.MissingParameter):
        return "missing_parameter", {"option": name}
    code, wanted = _wanted(param.type)
    return code, {"option": name, "value": _typed(value), **wanted}


def _wanted(kind: object) -> tuple[str, dict[str, object]]:
    """Return the key of the sentence on a value of another type, and what that type allows."""
    if isinstance(kind, click.Choice):
        return "not_a_choice", {"choices": list(kind.choices)}
    if isinstance(kind, click.IntRange):
        between: dict[str, object] = {"low": kind.min, "high": kind.max}
        return ("not_whole_from" if kind.max is None else "not_whole_between"), between
    if isinstance(kind, click.FloatRange):
        beyond: dict[str, object] = {"low": kind.min, "high": kind.max}
        return ("not_from" if kind.max is None else "not_between"), beyond
    return {click.INT: "not_whole", click.FLOAT: "not_a_number"}.get(kind, "bad_value"), {}


def _name(param: click.Parameter) -> str:
    """Return an option as it is typed, or an argument as the help names it."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.human_readable_name.upper()


def _typed(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(_typed(part) for part in value)
    return str(value)
