"""A table of a file, read and checked: what importing into a file and into the register share."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import click

from commands.addresses import GEOCODING, Addresses, geocoder, located_by
from commands.answers import as_json_finding, tell_findings
from commands.inputs import mapping_of
from commands.options import FILE, Box, box
from commands.trouble import reading
from commands.usage import Misuse
from geo.errors import FileRefusedError
from geo.findings import Finding, Severity
from words import Lang, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    import pandas as pd

    from geo.geocoding import Located
    from geo.intake import Intake
    from geo.intake.duplicates import Group, Settled
    from geo.intake.raw import RawTable
    from geo.intake.units import UnitNames
    from geo.intake.verdicts import DatumVerdict
    from geo.intake.wishes import Wishes
    from geo.zones import Zones

_Command = TypeVar("_Command", bound=Callable[..., Any])
DOUBLES = ("keep", "skip", "merge")
_OBJECTIONS: Final = {
    "contradicts": "intake_datum_contradicted",
    "suggests": "intake_datum_unconfirmed",
}
_DOUBTS: Final = frozenset({*_OBJECTIONS.values(), "intake_datum_heading", "intake_zone"})
_MAP_HELP = "COLUMN=HEADING"
_COLUMNS_HELP = "HEADING=COLUMN,…"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options of one import."""

    file: Path
    kind: str
    datum: str | None
    confirm_datum: bool
    sheet: str | None
    layer: str | None
    encoding: str | None
    mapping: tuple[str, ...]
    columns: tuple[str, ...]
    streets: Path | None
    boundary: Path | None
    bbox: Box | None
    town_centres: Path | None
    doubles: Literal["keep", "skip", "merge"]
    addresses: Addresses
    lang: Lang

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Asked":
        """Take these options out of all options of a command."""
        options["addresses"] = Addresses.taken_from(options)
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})


@dataclass(frozen=True, eq=False)
class _Reading:
    """What was read of a file.

    Attributes
    ----------
    intake
        With the positions that a service proposed.
    stated
        Without them: what the file itself says of its datum.
    verdict
        What the evidence says of that.
    located
        What came of asking; None: nobody was asked.
    """

    intake: "Intake"
    stated: "Intake"
    verdict: "DatumVerdict"
    located: "Located | None" = None


@dataclass(frozen=True, eq=False)
class Checked:
    """What came of a file.

    Attributes
    ----------
    frame, rows
        The rows to be kept, in the schema's columns, and their numbers in the file.
    columns
        Schema column -> heading in the file.
    stopped
        Whether a doubt about the datum must be confirmed before anything is kept.
    content
        What JSON tells of it.
    lines
        The same in words.
    """

    frame: "pd.DataFrame"
    rows: tuple[int, ...]
    columns: Mapping[str, str]
    stopped: bool
    rejected: int
    content: dict[str, object]
    lines: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Whether some row, or all of them, cannot be kept."""
        return self.stopped or bool(self.rejected)


def checking(command: _Command) -> _Command:
    """Add the file to be read, and how it is read."""
    options = (
        click.argument("file", type=FILE),
        click.option("--datum", help="wgs84|cgcs2000|gcj02|bd09|EPSG:n"),
        click.option(
            "--confirm-datum", is_flag=True, help="已核对坐标系 / somebody checked the datum"
        ),
        click.option("--sheet", help="工作表 / sheet"),
        click.option("--layer", help="图层 / layer"),
        click.option("--encoding", help="文字编码 / utf-8|gb18030|utf-16|big5"),
        click.option("--map", "mapping", multiple=True, help=_MAP_HELP),
        click.option("--columns", multiple=True, help=_COLUMNS_HELP),
        click.option(
            "--streets", type=FILE, help="真实道路，核对坐标系 / real streets, as evidence"
        ),
        click.option(
            "--boundary",
            type=FILE,
            help="区界：核对坐标系，截取人口栅格 / the outline: evidence, and the part of a grid",
        ),
        click.option(
            "--bbox",
            type=float,
            nargs=4,
            callback=box,
            help="西 南 东 北：截取人口栅格 / W S E N: the part of a grid",
        ),
        click.option(
            "--town-centres",
            type=FILE,
            help="镇街边界：没有坐标的行放到镇街中心 / polygons: put rows without a position there",
        ),
        click.option(
            "--doubles",
            type=click.Choice(DOUBLES),
            default="keep",
            show_default=True,
            help="疑似同一处的行 / rows that may be one place",
        ),
        *GEOCODING,
        click.option("--check", is_flag=True, help="只检查 / write nothing"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def checked(asked: Asked, units: "UnitNames | None" = None) -> Checked:
    """Read a file and tell what there is to tell of its rows.

    Parameters
    ----------
    units
        The district's own list of units; None: it has none.

    Raises
    ------
    FileRefusedError
        It cannot be used as a whole.
    """
    lang = asked.lang
    _sheet(asked)
    with reading(lang):
        read = _read(asked, units)
        objections = _objections(read.stated, read.verdict, asked)
    intake, verdict, located = read.intake, read.verdict, read.located
    if asked.bbox is not None and intake.raw is not None and intake.raw.format != "grid":
        raise Misuse("box_of_grid", file=asked.file.name)
    settled, groups = _settled(intake, asked)
    doubts = [replace(f, file=asked.file.name) for group in groups for f in group.findings()]
    proposed = (*(() if located is None else located.findings), *_elsewhere(intake, asked))
    findings = (*objections, *proposed, *intake.findings, *doubts)
    tell_findings(findings, lang)
    stopped = _is_stopped(findings, asked)
    imported = 0 if stopped else len(settled.frame)
    rejected = intake.rejected - settled.taken + (intake.imported if stopped else 0)
    told = _told_datum(intake, verdict, asked)
    content = {
        "imported": imported,
        "rejected": rejected,
        "findings": [as_json_finding(finding, lang) for finding in findings],
        "datum": told,
        "read": _told_file(intake.raw),
        "unplaced": intake.unplaced.rows.tolist(),
        "geocoded": None if located is None else located.as_dict(),
        "doubles": [group.as_dict() for group in groups],
    }
    size = say("cli.imported", lang, imported=imported, rejected=rejected)
    shown = (verdict.sentence(lang),) if told["verdict"] else ()
    return Checked(
        frame=settled.frame,
        rows=tuple(settled.rows.tolist()),
        columns=intake.columns,
        stopped=stopped,
        rejected=rejected,
        content=content,
        lines=(size, *shown),
    )


def _told_file(raw: "RawTable | None") -> dict[str, object] | None:
    """Return how the file was read: what may be chosen otherwise, and what it states itself."""
    if raw is None:
        return None
    return {
        "format": raw.format,
        "layer": raw.sheet,
        "layers": list(raw.sheets),
        "encoding": raw.encoding or None,
        "crs": raw.crs or None,
    }


def _read(asked: Asked, units: "UnitNames | None") -> _Reading:
    """Return what was read, and what the evidence says of its datum."""
    from geo.intake import read_table  # noqa: PLC0415 -- start-up
    from geo.intake.evidence import judge_datum  # noqa: PLC0415 -- start-up
    from geo.streets import load_streets  # noqa: PLC0415 -- start-up
    from geo.zones import read_zones  # noqa: PLC0415 -- start-up

    server = geocoder(asked.addresses, asked.kind)
    zones = read_zones(asked.boundary, named=False) if asked.boundary is not None else None
    streets = load_streets(asked.streets) if asked.streets is not None else None
    wishes = _wishes(asked, zones)
    if units is not None:
        wishes = replace(wishes, units=units)
    wanted = _mapping(asked)
    sheet = _sheet(asked)

    def again(datum: str | None, wishes: "Wishes") -> "Intake":
        return read_table(
            asked.file, asked.kind, datum=datum, sheet=sheet, mapping=wanted, wishes=wishes
        )

    # Addresses come before the middle of a unit: rows are put there that no service could place.
    own = wishes if server is None else replace(wishes, town_places={})
    datum, intake = asked.datum, again(asked.datum, own)
    verdict = judge_datum(intake, streets=streets, boundary=zones)
    if verdict.outcome == "suggests" and asked.confirm_datum:
        datum = verdict.best
        intake = again(datum, own)
        verdict = judge_datum(intake, streets=streets, boundary=zones)
    if server is None:
        return _Reading(intake, intake, verdict)
    located = located_by(server, intake, wishes, asked.file.name)
    placed = again(datum, replace(wishes, corrections=located.corrections))
    return _Reading(placed, intake, verdict, located)


def _objections(intake: "Intake", verdict: "DatumVerdict", asked: Asked) -> tuple[Finding, ...]:
    """Return what the evidence has against keeping the rows, and what nobody has confirmed.

    Raises
    ------
    FileRefusedError
        `intake_datum_undeclared`: nobody states the datum, and no evidence suggests one.
    """
    lang, name = asked.lang, asked.file.name
    if not len(intake.frame) or not {"lon", "lat"} <= set(intake.columns):
        return ()
    code = _OBJECTIONS.get(verdict.outcome)
    if code is None and intake.stated_by == "nothing":
        told = say("intake.verdict_joint", lang).join(e.sentence(lang) for e in verdict.evidence)
        end = say("intake.verdict_colon", lang) if told else ""
        tell_findings(intake.findings, lang)
        raise FileRefusedError("intake_datum_undeclared", file=name, evidence=f"{told}{end}")
    if code is None and verdict.outcome == "unverifiable" and asked.streets is not None:
        facts = {"sentence": verdict.sentence(lang)}
        return (Finding("intake_datum_unverifiable", "warning", facts=facts, file=name),)
    if code is None:
        return ()
    severity: Severity = "warning" if asked.confirm_datum else "error"
    return (Finding(code, severity, facts={"sentence": verdict.sentence(lang)}, file=name),)


def _elsewhere(intake: "Intake", asked: Asked) -> tuple[Finding, ...]:
    """Say once that a whole table lies outside Daxing, where nobody gives another district."""
    from geo.intake.units import in_daxing  # noqa: PLC0415 -- start-up

    frame = intake.frame
    told = any(finding.code == "intake_zone" for finding in intake.findings)
    given = asked.boundary is not None or asked.bbox is not None
    if told or given or "lon" not in frame.columns or not len(frame):
        return ()
    lon, lat = (frame[axis].to_numpy(dtype="float64") for axis in ("lon", "lat"))
    if in_daxing(lon, lat):
        return ()
    middle = {"lon": f"{frame['lon'].median():.3f}", "lat": f"{frame['lat'].median():.3f}"}
    return (Finding("intake_elsewhere", "warning", facts=middle, file=asked.file.name),)


def _is_stopped(findings: Sequence[Finding], asked: Asked) -> bool:
    """Tell whether a doubt about the datum must be confirmed before anything is kept."""
    doubts = [f for f in findings if f.code in _DOUBTS and f.severity == "error"]
    return bool(doubts) and not asked.confirm_datum


def _settled(intake: "Intake", asked: Asked) -> "tuple[Settled, tuple[Group, ...]]":
    from geo.intake.duplicates import find_doubles, settle  # noqa: PLC0415 -- start-up

    groups = find_doubles(intake, asked.kind)
    decisions = {
        group: asked.doubles for group in groups if asked.doubles != "keep" or group.reason != "id"
    }
    return settle(intake, asked.kind, groups, decisions), groups


def _told_datum(intake: "Intake", verdict: "DatumVerdict", asked: Asked) -> dict[str, object]:
    lattice = intake.raw is not None and intake.raw.format == "grid"
    compared = (asked.streets is not None or asked.boundary is not None) and not lattice
    shown = [item.as_dict() for item in verdict.evidence] if compared else []
    by_row = Counter(intake.row_datums.tolist()) if intake.stated.rows is not None else None
    return {
        "declared": intake.datum,
        "evidence": shown or None,
        "stated_by": intake.stated_by,
        "verdict": verdict.as_dict(asked.lang) if compared else None,
        "rows": dict(by_row) if by_row is not None else None,
    }


def _wishes(asked: Asked, zones: "Zones | None") -> "Wishes":
    import shapely  # noqa: PLC0415 -- start-up

    from geo.intake.unplaced import town_places  # noqa: PLC0415 -- start-up
    from geo.intake.wishes import Wishes  # noqa: PLC0415 -- start-up
    from geo.zones import read_zones  # noqa: PLC0415 -- start-up

    places: Mapping[str, tuple[float, float]] = {}
    if asked.town_centres is not None:
        towns = read_zones(asked.town_centres)
        places = town_places(towns.names, towns.polygons)
    outline = shapely.union_all(zones.polygons) if zones is not None else None
    return Wishes(
        encoding=asked.encoding,
        outline=outline,
        area=shapely.box(*asked.bbox) if asked.bbox is not None else outline,
        town_places=places,
    )


def _mapping(asked: Asked) -> dict[str, str]:
    """Return column -> heading of `--map COLUMN=HEADING` and `--columns HEADING=COLUMN,…`."""
    stated = [m if m.startswith(f"{asked.kind}.") else f"{asked.kind}.{m}" for m in asked.mapping]
    mapping = dict(mapping_of(tuple(stated)).get(asked.kind, {}))
    for given in asked.columns:
        heading = ""
        for part in given.split(","):  # a heading may hold a comma: 经度,纬度=lon
            before, equals, column = part.rpartition("=")
            heading += before if equals else f"{part},"
            if equals and not column.strip():
                raise Misuse("columns_form", given=given)
            if equals:
                mapping[column.strip()] = heading.strip()
                heading = ""
        if heading:
            raise Misuse("columns_form", given=given)
    return mapping


def _sheet(asked: Asked) -> str | None:
    if asked.sheet is not None and asked.layer is not None and asked.sheet != asked.layer:
        raise Misuse("sheet_or_layer")
    return asked.sheet if asked.sheet is not None else asked.layer
