"""The options that commands share, and what they were set to."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import click

from commands.usage import Misuse
from words import LANGUAGES, Lang

if TYPE_CHECKING:  # databases take their time
    from register import AsOf

_FROM_FILES = (
    *("streets", "demand", "stations", "candidates"),
    *("towns", "enterprises", "hosts", "needs", "datum", "mapping"),
)
_FROM_REGISTER = ("database", "home", "sample", "as_of")
_Command = TypeVar("_Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
Places = tuple[tuple[float, float], ...]
Box = tuple[float, float, float, float]
LONGEST_M = 1_000_000
"""No length on the command line is longer; distances are kept in millimetres of 32 bits."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options that all deciding commands share; `service-area` has some of them."""

    streets: Path | None
    close_street: tuple[Places, ...]
    add_path: tuple[Places, ...]
    stations: Path | None
    candidates: Path | None
    cutoff_m: float | None
    standard: str | None
    attach_cap_m: float
    alternatives_m: float
    datum: tuple[str, ...]
    mapping: tuple[str, ...]
    lang: Lang
    as_json: bool
    demand: Path | None = None
    towns: Path | None = None
    enterprises: Path | None = None
    hosts: Path | None = None
    needs: Path | None = None
    rules: str | None = None
    area_zones: Path | None = None
    register: bool = False
    sample: bool = False
    database: str | None = None
    home: Path | None = None
    as_of: "AsOf | None" = None

    @classmethod
    def of(cls, options: dict[str, Any]) -> "Settings":
        """Return the options of a deciding command.

        Raises
        ------
        Misuse
            Neither files nor the register are named, or both.
        """
        settings = cls(**options)
        for name in _FROM_FILES if settings.register else _FROM_REGISTER:
            if getattr(settings, name):
                code = "register_or_files" if settings.register else "register_only_with"
                raise Misuse(code, option=f"--{name.replace('_', '-')}")
        for name in () if settings.register else ("demand", "stations"):
            if getattr(settings, name) is None:
                raise Misuse("missing_parameter", option=f"--{name}")
        return settings

    @property
    def with_candidates(self) -> bool:
        """Whether there may be candidates."""
        return self.register or self.candidates is not None


@dataclass(frozen=True)
class Wish:
    """The options of a plan."""

    new: int | None
    budget_yuan: int | None
    time_limit_s: float
    seed: int

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Wish":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})

    @property
    def complete(self) -> bool:
        """Whether it says how much is wished for."""
        return self.new is not None or self.budget_yuan is not None


@dataclass(frozen=True)
class Shaken:
    """The options of rank ranges, and the day on which consents are judged.

    Attributes
    ----------
    draws
        How often weights and demand are shaken; None: as the rule file says, 0: not at all.
    """

    draws: int | None
    seed: int
    today: date | None

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})


@dataclass(frozen=True)
class OnTerms:
    """The options that say on what terms a station is of use."""

    season: str
    open_share: float
    kind_defaults: bool
    weather: bool

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Self:
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})


@dataclass(frozen=True)
class Serving(OnTerms):
    """The options of effective coverage, and of what stands beside it."""

    by: str | None
    standards: str | None
    ride_streets: Path | None
    visits: Path | None
    haves: Path | None


def box(_: click.Context, __: click.Parameter, value: Box | None) -> Box | None:
    """Refuse what is no box in degrees."""
    if value is not None:
        west, south, east, north = value
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise Misuse("not_a_box", given=f"{west:g} {south:g} {east:g} {north:g}")
    return value


def positive(_: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse zero, negative numbers, NaN, infinity and lengths beyond `LONGEST_M`."""
    if value is not None and not (math.isfinite(value) and value > 0):
        raise Misuse("not_positive", option=option.opts[0], value=f"{value:g}")
    return _no_longer(option, value)


def not_negative(_: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse the same, but not zero."""
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise Misuse("negative", option=option.opts[0], value=f"{value:g}")
    return _no_longer(option, value)


def _no_longer(option: click.Parameter, value: float | None) -> float | None:
    name = option.opts[0]
    if value is not None and name.endswith("-m") and value > LONGEST_M:
        raise Misuse("too_long", option=name, value=f"{value:,.0f}", most=f"{LONGEST_M:,.0f}")
    return value


def all_positive(
    context: click.Context, option: click.Parameter, values: tuple[float, ...]
) -> tuple[float, ...]:
    """Refuse the same in an option that may be given several times."""
    for value in values:
        positive(context, option, value)
    return values


def as_of(context: click.Context, option: click.Parameter, value: str | None) -> "AsOf | None":
    """Read a moment: a day, a time, or the number of an event."""
    if value is not None and value.isdecimal():
        return int(value)
    return moment(context, option, value)


def moment(_: click.Context, option: click.Parameter, value: str | None) -> date | None:
    """Read a day, or a time."""
    if value is None:
        return None
    read = date.fromisoformat if len(value) <= len("2025-12-31") else datetime.fromisoformat
    try:
        return read(value)
    except ValueError:
        raise Misuse("register_not_a_moment", option=option.opts[0], value=value) from None


def _places(
    _: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> tuple[Places, ...]:
    """Read each value as places: LON,LAT LON,LAT and so on."""
    return tuple(_path(option.opts[0], value) for value in values)


def _path(option: str, text: str) -> Places:
    places = []
    for pair in text.split():
        try:
            lon, lat = (float(part) for part in pair.split(","))
        except ValueError:
            raise Misuse("not_places", option=option, given=text) from None
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise Misuse("not_places", option=option, given=text)
        places.append((lon, lat))
    if len(places) < (2 if option == ADD_PATH else 1) or (option == CLOSE and len(places) > 1):
        raise Misuse("not_places", option=option, given=text)
    return tuple(places)


CLOSE, ADD_PATH = "--close-street", "--add-path"
STREETS = (
    click.option("--streets", type=FILE, help="道路网 / .osm.pbf, .osm, .graphml, .wsn"),
    click.option(
        CLOSE,
        multiple=True,
        metavar="LON,LAT",
        callback=_places,
        help="封闭此处街道（到前后路口） / close the street here",
    ),
    click.option(
        ADD_PATH,
        multiple=True,
        metavar="LON,LAT LON,LAT …",
        callback=_places,
        help="新增步行路 / add a footpath",
    ),
)
_STATIONS = "现有驿站 / existing stations"
_CANDIDATES = click.option("--candidates", type=FILE, help="候选点 / candidate sites")
SITES = (click.option("--stations", type=FILE, required=True, help=_STATIONS), _CANDIDATES)
REACH = (
    click.option(
        "--cutoff-m",
        type=float,
        callback=positive,
        help="服务半径（米，含） / cut-off, inclusive",
    ),
    click.option("--standard", help="标准名称 / a standard, instead of --cutoff-m"),
    click.option("--attach-cap-m", type=float, callback=positive, default=200.0, show_default=True),
    click.option(
        "--alternatives-m",
        type=float,
        callback=not_negative,
        default=0.0,
        show_default=True,
        help="可用街道比最近者远几米以内 / use every street within nearest + this",
    ),
)
PLACE = (
    click.option("--database", metavar="URL", help="团队数据库 / postgresql://…"),
    click.option("--home", type=FILE, help="数据文件夹 / folder, else that of the app"),
    click.option("--sample", is_flag=True, help="示例区的台账 / the sample's register"),
)
FORMS = (
    click.option("--datum", multiple=True, help="坐标基准 / [TABLE=]wgs84|gcj02|bd09|EPSG:n"),
    click.option("--map", "mapping", multiple=True, help="TABLE.COLUMN=HEADING"),
)


SMALLEST = click.option(
    "--smallest",
    type=float,
    callback=not_negative,
    help="带出的文件里不足此数的人数不公布；0 为全部 / fewest workers told, 0: any  [default: 10]",
)


def speaking(command: _Command) -> _Command:
    """Add the options of every command: language and JSON."""
    command = click.option(
        "--json", "as_json", is_flag=True, help="一个 JSON 对象 / one JSON object"
    )(command)
    choice = click.Choice(LANGUAGES)
    return click.option("--lang", type=choice, default="zh", help="语言 / language")(command)


def deciding(command: _Command) -> _Command:
    """Add the options of the commands that decide: files, cut-off, rules."""
    options = (
        *STREETS,
        click.option("--demand", type=FILE, help="需求点 / demand points"),
        click.option("--stations", type=FILE, help=_STATIONS),
        _CANDIDATES,
        click.option("--towns", type=FILE, help="镇街边界 / polygons with a name"),
        click.option("--enterprises", type=FILE, help="企业 / enterprises"),
        click.option("--hosts", type=FILE, help="依托单位 / hosts"),
        click.option("--needs", type=FILE, help="职工诉求 / stated needs"),
        *REACH,
        click.option("--rules", help="选址规则 / rule file or name"),
        click.option(
            "--area-zones", type=FILE, help="划定区域类型的片区 / zones with a column of areas"
        ),
        *FORMS,
        click.option(
            "--register", is_flag=True, help="从台账取数据 / data of the register, not files"
        ),
        *PLACE,
        click.option("--as-of", callback=as_of, help="台账当时的状态：日期 / as it was on a day"),
    )
    for option in reversed(options):
        command = option(command)
    return speaking(command)


def reaching(command: _Command) -> _Command:
    """Add the options of the commands that only need streets and sites."""
    for option in reversed((*STREETS, *SITES, *REACH, *FORMS)):
        command = option(command)
    return speaking(command)


def on_terms(command: _Command) -> _Command:
    """Add the options that say on what terms a station is of use."""
    options = (
        click.option(
            "--season",
            default="ordinary",
            show_default=True,
            help="按哪一季的开放时间 / ordinary, summer, winter",
        ),
        click.option(
            "--open-share",
            type=float,
            default=0.5,
            show_default=True,
            help="时段内至少开放的比例 / least open share of a window, inclusive",
        ),
        click.option(
            "--kind-defaults",
            is_flag=True,
            help="开放对象未填的按类型默认 / blank access as usual for the kind",
        ),
        click.option(
            "--weather/--no-weather",
            default=True,
            show_default=True,
            help="按当季天气缩短可达距离、加重时段 / shorter ways and heavier hours of the season",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def serving(command: _Command) -> _Command:
    """Add the options of effective coverage, and of what stands beside it."""
    options = (
        click.option(
            "--by",
            type=click.Choice(("town", "group", "window", "street", "cause")),
            help="分项列出 / rows by",
        ),
        click.option(
            "--standards",
            metavar="NAME,…",
            help="并列评判的标准，all 为全部 / judge by several standards, or by all",
        ),
        click.option("--ride-streets", type=FILE, help="骑行路网 / streets for e-bikes"),
        click.option("--visits", type=FILE, help="到访记录 / recorded visits"),
        click.option("--haves", type=FILE, help="七有检查 / checks of the seven haves"),
    )
    for option in reversed(options):
        command = option(command)
    return on_terms(command)


_TODAY = click.option(
    "--today", callback=moment, help="按哪一天判断同意是否到期 / day  [default: today]"
)


def shaking_options(command: _Command) -> _Command:
    """Add the options of rank ranges."""
    options = (
        click.option(
            "--draws",
            type=click.IntRange(min=0, max=10_000),
            help="扰动次数，0 为不做 / draws of weights and demand  [default: the rule file's]",
        ),
        click.option("--seed", type=int, default=0, show_default=True),
        _TODAY,
    )
    for option in reversed(options):
        command = option(command)
    return command


def planning_options(command: _Command) -> _Command:
    """Add the options of the commands that plan."""
    options = (
        click.option("--new", type=click.IntRange(min=0), help="新增驿站数 / new stations"),
        click.option("--budget-yuan", type=click.IntRange(min=0), help="预算（元） / budget"),
        click.option(
            "--time-limit-s", type=float, callback=positive, default=30.0, show_default=True
        ),
        click.option("--seed", type=int, default=0, show_default=True),
        _TODAY,
    )
    for option in reversed(options):
        command = option(command)
    return command
