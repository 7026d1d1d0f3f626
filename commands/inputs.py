"""What the options name: files as inputs, streets, parameters."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from commands.answers import tell_findings
from commands.options import OnTerms, Settings
from commands.register_place import Place
from commands.trouble import reading
from commands.usage import Misuse
from geo.findings import Finding
from words import Lang, distance, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from siting.coverage.levels import Terms
    from siting.model import Inputs, Parameters
    from siting.planning import Rules
    from siting.street_changes import StreetChange

KINDS = (
    "stations",
    "candidates",
    "demand",
    "enterprises",
    "hosts",
    "needs",
    "visits",
    "units",
    "haves",
    "inspections",
    "targets",
    "totals",
)
"""`geo.tables.TABLES`, without the second that importing it takes; a test compares them."""
LAYERS = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")


def load(settings: Settings) -> "tuple[Inputs, tuple[Finding, ...]]":
    """Return the inputs of a decision, and what there is to tell about their rows, told already.

    Rules that cannot be used are refused by every command, also by one that needs none.
    """
    from siting.street_changes import with_street_changes  # noqa: PLC0415 -- start-up

    inputs, findings = _from_register(settings) if settings.register else _from_files(settings)
    tell_findings(findings, settings.lang)
    if inputs.streets is not None:
        tell_engine(settings.lang)
    return with_street_changes(_with_zones(inputs, settings), _changes(settings)), findings


def tell_engine(lang: Lang) -> None:
    """Say on stderr that distances take longer here, where numba is not installed."""
    from geo.catchments import engine  # noqa: PLC0415 -- start-up

    if engine() == "scipy":
        click.echo(say("cli.no_numba", lang), err=True)


def name_of(settings: Settings) -> str | None:
    """Return the name of the register that the data come from, and as of when; None: of files."""
    if not settings.register:
        return None
    with Place.named_by(settings).opened() as register:
        if settings.as_of is None:
            return register.name
        return say("cli.as_of", settings.lang, name=register.name, moment=settings.as_of)


def rules_of(settings: Settings) -> "Rules":
    """Return the siting rules of a decision: as given, the register's own, or the shipped ones."""
    from siting.planning import BUILT_IN_RULES  # noqa: PLC0415 -- start-up

    return own_rules_of(settings) or BUILT_IN_RULES


def own_rules_of(settings: Settings) -> "Rules | None":
    """Return the rules as given, or the register's own; None: neither."""
    if settings.rules is not None or not settings.register:
        return settings.rules
    from register.settings_rules import rules_in_force  # noqa: PLC0415 -- start-up

    with Place.named_by(settings).opened() as register:
        book = rules_in_force(register, as_of=settings.as_of)
    return book if book.is_own else None


def _from_register(settings: Settings) -> "tuple[Inputs, tuple[Finding, ...]]":
    from siting.rules import read_rules  # noqa: PLC0415 -- start-up

    with reading(settings.lang):
        if settings.rules is not None:
            read_rules(settings.rules)
    with Place.named_by(settings).opened() as register:
        return register.inputs(as_of=settings.as_of), ()


def _from_files(settings: Settings) -> "tuple[Inputs, tuple[Finding, ...]]":
    from siting.files import InputFiles, read_inputs  # noqa: PLC0415 -- start-up
    from siting.rules import read_rules  # noqa: PLC0415 -- start-up

    tables = {layer: getattr(settings, layer) for layer in LAYERS}
    files = InputFiles(
        tables={layer: path for layer, path in tables.items() if path is not None},
        streets=settings.streets,
        towns=settings.towns,
        datums=datums_of(settings.datum),
        mappings=mapping_of(settings.mapping),
    )
    with reading(settings.lang):
        if settings.rules is not None:
            read_rules(settings.rules)
        return read_inputs(files)


def _with_zones(inputs: "Inputs", settings: Settings) -> "Inputs":
    """Return the inputs with the zones of areas that a file has."""
    from siting.areas.zone_files import read_area_zones  # noqa: PLC0415 -- start-up

    if settings.area_zones is None:
        return inputs
    datum = datums_of(settings.datum).get("area_zones", "wgs84")
    with reading(settings.lang):
        return replace(inputs, area_zones=read_area_zones(settings.area_zones, datum=datum))


def _changes(settings: Settings) -> "list[StreetChange]":
    from siting.street_changes import AddPath, CloseStreet  # noqa: PLC0415 -- start-up

    closed: list[StreetChange] = [CloseStreet(place) for (place,) in settings.close_street]
    return closed + [AddPath(places) for places in settings.add_path]


def parameters_of(settings: Settings) -> "Parameters":
    """Return the parameters of a decision; a cut-off comes from a number or from a standard."""
    from siting.model import DEFAULT_CUTOFF_M, Parameters  # noqa: PLC0415 -- start-up
    from siting.standards import standard  # noqa: PLC0415 -- start-up

    if settings.standard is not None and settings.cutoff_m is not None:
        raise Misuse("standard_or_cutoff")
    cutoff_m = settings.cutoff_m or DEFAULT_CUTOFF_M
    if settings.standard is not None:
        cutoff_m = standard(settings.standard).cutoff_m
    return Parameters(
        cutoff_m=cutoff_m,
        attach_cap_m=settings.attach_cap_m,
        alternatives_m=settings.alternatives_m,
        standard=settings.standard,
    )


def terms_of(asked: OnTerms) -> "Terms":
    """Return on what terms a station is of use."""
    from siting.coverage.levels import Terms, week_of  # noqa: PLC0415 -- start-up
    from siting.weather import MILD, weather_of  # noqa: PLC0415 -- start-up

    weather = weather_of(asked.season) if asked.weather else MILD
    return Terms(week_of(asked.season), asked.open_share, asked.kind_defaults, weather)


def attaching(parameters: "Parameters") -> dict[str, float]:
    """Return what JSON tells of how points come to streets."""
    from siting.results import plain  # noqa: PLC0415 -- start-up

    names = ("attach_cap_m", "alternatives_m")
    return {name: plain(getattr(parameters, name)) for name in names}


def attaching_lines(parameters: "Parameters", lang: Lang) -> list[str]:
    """Say that points may use several streets, where they may."""
    if not parameters.alternatives_m:
        return []
    return [say("cli.alternatives", lang, metres=distance(parameters.alternatives_m, lang))]


def datums_of(given: tuple[str, ...]) -> dict[str, str]:
    """Return layer -> datum of `DATUM` (all layers) and `LAYER=DATUM`."""
    layers = (*LAYERS, "towns", "area_zones")
    datums: dict[str, str] = {}
    for item in given:
        layer, equals, datum = item.partition("=")
        if equals and layer not in layers:
            raise Misuse("datum_form", given=item)
        datums.update({layer: datum} if equals else dict.fromkeys(layers, item))
    return datums


def mapping_of(given: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Return table -> column -> heading of `TABLE.COLUMN=HEADING`."""
    mapping: dict[str, dict[str, str]] = {}
    for item in given:
        place, _, heading = item.partition("=")
        table, _, column = place.partition(".")
        if table not in KINDS or not column or not heading:
            raise Misuse("map_form", given=item)
        mapping.setdefault(table, {})[column] = heading
    return mapping
