"""What is asked of a plan beside its size, on the command line.

--require ID --forbid ID          as often as needed
--quota town:min=1                in each town at least one; FIELD is town, kind, host_type or area
--quota host_type/bank:max=2      of one value at most two
--floor town=0.3                  in each town at least 30 % of the workers
--floor town/黄村镇=0.5           in one
--floor group/courier=0.3         of one group of workers; of a time window: window/CODE=0.3
--close ID --keep ID              existing stations: closed before planning; kept in any case
--closable ID|all                 the plan may close these
--closings 2                      it closes two of them without others in their place
--fair town                       the town (group, window) with the lowest coverage comes first
--fair-within 0.01                coverage comes first; at most 1 % of it is given up for evenness
--moves 3                         it moves at most three: each lets one more new station open
--spacing-m 300
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.usage import TYPED_WIDE, Misuse
from geo.reference import read_list

if TYPE_CHECKING:
    from siting.plans.wishes import FloorWish, QuotaWish, Wishes

_Command = TypeVar("_Command", bound=Callable[..., Any])

_QUOTA = re.compile(
    r"(?P<field>town|kind|host_type|area)(/(?P<value>[^:=]+))?:"
    r"(?P<ends>(min|max)=\d{1,9}(,(min|max)=\d{1,9})?)"
)
_FLOOR = re.compile(
    r"(?P<field>town|group|window)(/(?P<value>[^:=]+))?=(?P<share>\d*\.?\d+)(?P<percent>%?)"
)
_LISTS = {
    "kind": "kinds",
    "host_type": "host_types",
    "area": "area_types",
    "group": "groups",
    "window": "windows",
}
"""Where names of a field's codes are, in both languages."""

_NAMES = ("require", "forbid", "quota", "floor", "spacing_m")
_CLOSING = ("keep_station", "close", "closable", "closings", "moves")
_FAIR = ("fair", "fair_within")


def wishing_options(command: _Command) -> _Command:
    """Add the options."""
    options = (
        click.option("--require", multiple=True, metavar="ID", help="必须选用 / must be opened"),
        click.option("--forbid", multiple=True, metavar="ID", help="不得选用 / may not be opened"),
        click.option(
            "--quota",
            multiple=True,
            metavar="FIELD[/VALUE]:min=N,max=N",
            help="名额：town、kind、host_type、area（区域类型，须有规则）"
            " / at least and at most so many of each, or of one",
        ),
        click.option(
            "--floor",
            multiple=True,
            metavar="FIELD[/NAME]=SHARE",
            help="各镇街（group 职工群体、window 时段）覆盖率下限"
            " / least share of workers covered in each town (group, window), or in one",
        ),
        click.option(
            "--spacing-m",
            type=click.FloatRange(min=0),
            default=0.0,
            help="与其他驿站的最小直线距离（米） / least distance between stations",
        ),
        click.option(
            "--keep",
            "keep_station",
            multiple=True,
            metavar="ID",
            help="保留的现有驿站 / existing stations kept in any case",
        ),
        click.option(
            "--close",
            multiple=True,
            metavar="ID",
            help="先撤掉的现有驿站 / existing stations closed before planning",
        ),
        click.option(
            "--closable",
            multiple=True,
            metavar="ID|all",
            help="可由方案撤掉的现有驿站 / existing stations that the plan may close",
        ),
        click.option(
            "--closings",
            type=click.IntRange(min=0),
            default=0,
            help="撤几座、不补建 / so many are closed, with none in their place",
        ),
        click.option(
            "--moves",
            type=click.IntRange(min=0),
            default=0,
            help="最多迁几座，每迁一座可多建一座 / so many may be moved: one more new for each",
        ),
        click.option(
            "--fair",
            type=click.Choice(["town", "group", "window"]),
            help="先让最低者尽量高，再求总覆盖 / lift the lowest first, then coverage",
        ),
        click.option(
            "--fair-within",
            type=click.FloatRange(0, 1, max_open=True),
            help="先求总覆盖，为均衡最多让出几成（0.01 即 1%）"
            " / coverage first, of which at most this share is given up for evenness",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def wishes_of(options: dict[str, Any]) -> "Wishes":
    """Take these options out of all options of a command.

    Raises
    ------
    Misuse
        A quota or floor that cannot be read; an option that means nothing without another.
    """
    from siting.plans.wishes import Wishes  # noqa: PLC0415 -- start-up

    asked = {name: options.pop(name) for name in (*_NAMES, *_CLOSING, *_FAIR)}
    if asked["closable"] and not (asked["closings"] or asked["moves"]):
        raise Misuse("option_alone", option="--closable", needed="--closings / --moves")
    if asked["fair_within"] is not None and asked["fair"] is None:
        raise Misuse("option_alone", option="--fair-within", needed="--fair")
    within = asked["fair_within"]
    if within is not None and not 0 <= within < 1:  # a range of click's lets what is no number by
        raise Misuse("not_between", option="--fair-within", low=0, high=1, value=within)
    return Wishes(
        require=tuple(dict.fromkeys(asked["require"])),
        forbid=tuple(dict.fromkeys(asked["forbid"])),
        quotas=tuple(_quota(text) for text in asked["quota"]),
        floors=tuple(_floor(text) for text in asked["floor"]),
        spacing_m=asked["spacing_m"],
        keep=asked["keep_station"],
        close=asked["close"],
        closable=asked["closable"],
        closings=asked["closings"],
        moves=asked["moves"],
        fair=asked["fair"],
        fair_within=within,
    )


def _quota(text: str) -> "QuotaWish":
    from siting.plans.wishes import QuotaWish  # noqa: PLC0415 -- start-up

    found = _QUOTA.fullmatch(text.translate(TYPED_WIDE))
    ends = [] if found is None else [end.split("=") for end in found["ends"].split(",")]
    numbers = {end: int(number) for end, number in ends}
    if found is None or len(numbers) < len(ends):
        raise Misuse("quota_unread", text=text)
    field: Any = found["field"]
    value = _code(field, found["value"])
    return QuotaWish(field, value, numbers.get("min", 0), numbers.get("max"))


def _floor(text: str) -> "FloorWish":
    from siting.plans.wishes import FloorWish  # noqa: PLC0415 -- start-up

    found = _FLOOR.fullmatch(text.translate(TYPED_WIDE))
    if found is None:
        raise Misuse("floor_unread", text=text)
    share = float(found["share"]) / (100 if found["percent"] else 1)
    field: Any = found["field"]
    if field == "town":
        return FloorWish(share, found["value"])
    return FloorWish(share, field=field, code=_code(field, found["value"]))


def _code(field: str, value: str | None) -> str | None:
    """Return the code of what is named by its name in either language; others stay as they are."""
    if field not in _LISTS:
        return value
    listed = read_list(f"reference/{_LISTS[field]}")
    named = (code for code, one in listed.items() if value in {one["zh"], one["en"]})
    return next(named, value)
