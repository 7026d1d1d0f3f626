"""The command that prepares and inspects a street network."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click

from commands.answers import DONE, print_answer
from commands.options import FILE, Box, box, moment, not_negative, positive, speaking
from commands.trouble import reading
from commands.usage import Misuse
from words import Lang, count, distance, percent, say

if TYPE_CHECKING:  # numpy and osmium take their time
    import datetime as dt

    from geo.streets import LineRepair, Network, NetworkSummary
    from geo.streets.download import Area

PROFILES = ("walk", "ebike")


class Islands(TypedDict, total=False):
    """What is an island, in metres of street; empty: as the file or our default says."""

    island_below_m: float


@dataclass(frozen=True)
class Origin:
    """Where streets come from: exactly one of a file, lines, a name, a box and an outline."""

    source: Path | None
    lines: Path | None
    layer: str | None
    place: str | None
    bbox: Box | None
    polygon: Path | None
    profile: str
    island_below_m: float | None
    snap_m: float
    licence: str | None
    date: "dt.date | None"
    datum: str
    margin_m: float
    endpoint: str | None
    nominatim: str | None
    proxy: str | None
    timeout_s: int | None

    @property
    def ways(self) -> int:
        """In how many ways it was said."""
        given = (self.source, self.lines, self.place, self.bbox, self.polygon)
        return sum(part is not None for part in given)

    @property
    def islands(self) -> Islands:
        """The length below which a component is an island, where it was said."""
        return {} if self.island_below_m is None else {"island_below_m": self.island_below_m}

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> "Origin":
        """Take these options out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls)})


@click.command()
@click.argument("source", type=FILE, required=False)
@click.option("--lines", type=FILE, help="线图层，修复拓扑 / plain lines, repaired")
@click.option("--layer", help="线图层名（--lines） / which layer")
@click.option("--place", help="地名，联网下载 / download by name")
@click.option(
    "--bbox", type=float, nargs=4, callback=box, help="西 南 东 北，联网下载 / W S E N, download"
)
@click.option("--polygon", type=FILE, help="边界文件，联网下载 / an outline, download")
@click.option("--profile", type=click.Choice(PROFILES), default="walk", show_default=True)
@click.option(
    "--island-below-m",
    type=float,
    callback=positive,
    help="街道不足此数的是孤立路段 / less street is an island  [default: 2000, or the .wsn's]",
)
@click.option(
    "--snap-m",
    type=float,
    callback=not_negative,
    default=2.0,
    show_default=True,
    help="线端相距不超过此数即相接（--lines） / ends this near meet",
)
@click.option("--licence", help="线图层的许可（--lines） / their licence")
@click.option("--date", callback=moment, help="线图层的日期（--lines） / their day, YYYY-MM-DD")
@click.option("--datum", default="wgs84", show_default=True, help="坐标基准（--lines） / datum")
@click.option("--margin-m", type=float, callback=not_negative, default=1000.0, show_default=True)
@click.option("--endpoint", help="Overpass API")
@click.option("--nominatim", help="Nominatim API")
@click.option("--proxy", help="http://HOST:PORT")
@click.option("--timeout-s", type=click.IntRange(min=1), help="最长等待 / longest wait")
@click.option("--out", type=FILE, help="输出 .wsn 或 .graphml / our own file, or OSMnx's")
@speaking
def streets(*, out: Path | None, lang: Lang, as_json: bool, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Prepare or inspect a street network / 准备或查看道路网."""
    from geo.streets import save_graphml, save_network, summary  # noqa: PLC0415 -- start-up

    origin = Origin.taken_from(options)
    if origin.ways != 1:
        raise Misuse("streets_or_place")
    if origin.source is None and origin.lines is None and out is None:
        raise Misuse("needs_out")
    if origin.lines is None and (origin.licence is not None or origin.date is not None):
        raise Misuse("lines_terms")
    repair: LineRepair | None = None
    with reading(lang):
        if origin.lines is None:
            net = _network(origin)
        else:
            net, repair = _network_of_lines(origin, origin.lines)
    found = summary(net)
    written = []
    if out is not None:
        (save_graphml if out.suffix.lower() == ".graphml" else save_network)(net, out)
        written.append(say("cli.written", lang, file=out))
    content = {
        **found.as_dict(),
        "repair": None if repair is None else asdict(repair),
        "out": str(out) if out is not None else None,
    }
    said = [] if repair is None else _repair_lines(repair, lang)
    print_answer(content, lambda: [*_lines(found, lang), *said, *written], as_json=as_json)
    return DONE


def _network_of_lines(origin: Origin, lines: Path) -> "tuple[Network, LineRepair]":
    from geo.line_layers import read_line_streets  # noqa: PLC0415 -- start-up

    if origin.profile != "walk":
        raise Misuse("lines_walk")
    return read_line_streets(
        lines,
        layer=origin.layer,
        datum=origin.datum,
        licence=origin.licence or "",
        date="" if origin.date is None else origin.date.isoformat(),
        snap_m=origin.snap_m,
        **origin.islands,
    )


def _network(origin: Origin) -> "Network":
    from geo.streets.rules import Profile  # noqa: PLC0415 -- start-up

    profile: Profile = "ebike" if origin.profile == "ebike" else "walk"
    if origin.source is not None:
        from geo.streets import load_streets  # noqa: PLC0415 -- start-up

        return load_streets(origin.source, profile, **origin.islands)
    from geo.streets.download import StreetServer, download_streets  # noqa: PLC0415 -- start-up

    asked = {
        "overpass_url": origin.endpoint,
        "nominatim_url": origin.nominatim,
        "proxy": origin.proxy,
        "timeout_s": origin.timeout_s,
    }
    said: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    # One's own server need not know how to tell of free slots.
    server = StreetServer(**said, rate_limit=origin.endpoint is None)
    return download_streets(
        _area(origin),
        profile,
        server=server,
        margin_m=origin.margin_m,
        **origin.islands,
    )


def _area(origin: Origin) -> "Area":
    if origin.polygon is not None:
        import shapely  # noqa: PLC0415 -- start-up

        from geo.zones import read_zones  # noqa: PLC0415 -- start-up

        union: Any = shapely.union_all(read_zones(origin.polygon, named=False).polygons)
        area: Area = union
        return area
    return origin.bbox if origin.bbox is not None else (origin.place or "")


def _repair_lines(repair: "LineRepair", lang: Lang) -> list[str]:
    said = [say("cli.streets_repair", lang, **asdict(repair))]
    if repair.closed_lines:
        said.append(say("cli.streets_closed_lines", lang, count=count(repair.closed_lines, lang)))
    return said


def _lines(found: "NetworkSummary", lang: Lang) -> list[str]:
    """Return what is in a network, in words."""
    separator = "、" if lang == "zh" else ", "
    classes = separator.join(
        f"{name or say('cli.unnamed_class', lang)} {km:,.1f}" for name, km in found.class_km.items()
    )
    meta, unknown = found.meta, say("cli.unknown", lang)
    return [
        say(
            "cli.streets_size",
            lang,
            nodes=count(found.nodes, lang),
            edges=count(found.edges, lang),
            street_km=f"{found.street_km:,.1f}",
        ),
        say(
            "cli.streets_parts",
            lang,
            components=count(found.components, lang),
            share=percent(found.largest_component_share),
            islands=count(found.islands, lang),
            below=distance(meta.island_below_m, lang),
            island_km=f"{found.island_km:,.1f}",
        ),
        say("cli.streets_classes", lang, classes=classes),
        say(
            "cli.streets_source",
            lang,
            source=meta.source or unknown,
            date=meta.date or unknown,
            licence=meta.licence or unknown,
            profile=say(f"cli.profile_{meta.profile}", lang),
        ),
    ]
