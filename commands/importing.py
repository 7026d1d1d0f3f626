"""The command that brings a table in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.answers import DONE, REFUSED, as_json_finding, print_answer, tell_findings
from commands.inputs import KINDS, mapping_of
from commands.options import FILE, speaking
from commands.trouble import reading
from commands.usage import Misuse
from words import Lang, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from geo.intake import Intake
    from geo.intake.evidence import DatumEvidence


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="表的种类 / table")
@click.option("--datum", default="wgs84", show_default=True, help="wgs84|gcj02|bd09|EPSG:n")
@click.option("--sheet", help="工作表或图层 / sheet or layer")
@click.option("--map", "mapping", multiple=True, help="COLUMN=HEADING")
@click.option("--streets", type=FILE, help="真实道路，核对坐标基准 / real streets, as evidence")
@click.option("--boundary", type=FILE, help="区界，核对坐标基准 / the district's outline")
@click.option("--check", is_flag=True, help="只检查 / write nothing")
@click.option("--out", type=FILE, help=".csv, .parquet, .geojson")
@speaking
def import_table(  # noqa: PLR0913 -- one parameter per option
    *,
    file: Path,
    kind: str,
    datum: str,
    sheet: str | None,
    mapping: tuple[str, ...],
    streets: Path | None,
    boundary: Path | None,
    check: bool,
    out: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Check a file, and write what is good of it / 检查并导入文件."""
    from geo.intake import read_table  # noqa: PLC0415 -- start-up
    from geo.tables import save_table  # noqa: PLC0415 -- start-up

    if out is None and not check:
        raise Misuse("needs_out")
    full = tuple(m if m.startswith(f"{kind}.") else f"{kind}.{m}" for m in mapping)
    wanted = mapping_of(full).get(kind, {})
    with reading(lang):
        intake = read_table(file, kind, datum=datum, sheet=sheet, mapping=wanted)
        tell_findings(intake.findings, lang)
        evidence = _evidence(intake, streets, boundary)
    if out is not None and not check:
        save_table(intake.frame, out)
    content = {
        "imported": intake.imported,
        "rejected": intake.rejected,
        "findings": [as_json_finding(finding, lang) for finding in intake.findings],
        "datum": {"declared": intake.datum, "evidence": [e.as_dict() for e in evidence] or None},
        "out": str(out) if out is not None and not check else None,
    }
    size = say("cli.imported", lang, imported=intake.imported, rejected=intake.rejected)
    print_answer(
        content, lambda: [size, *(item.sentence(lang) for item in evidence)], as_json=as_json
    )
    return REFUSED if intake.rejected else DONE


def _evidence(
    intake: "Intake", streets: Path | None, boundary: Path | None
) -> "tuple[DatumEvidence, ...]":
    from geo.intake.evidence import datum_evidence  # noqa: PLC0415 -- start-up
    from geo.streets import load_streets  # noqa: PLC0415 -- start-up
    from geo.zones import read_zones  # noqa: PLC0415 -- start-up

    if (streets is None and boundary is None) or "lon" not in intake.frame.columns:
        return ()
    return datum_evidence(
        intake.frame["lon"].to_numpy(),
        intake.frame["lat"].to_numpy(),
        intake.datum,
        streets=load_streets(streets) if streets is not None else None,
        boundary=read_zones(boundary, named=False) if boundary is not None else None,
    )
