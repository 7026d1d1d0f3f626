"""The command that brings a table in."""

import errno
import os
from pathlib import Path
from typing import Any

import click

from commands.answers import DONE, REFUSED, print_answer
from commands.checking import Asked, checked, checking
from commands.inputs import KINDS
from commands.options import FILE, speaking
from commands.usage import Misuse


@click.command("import")
@checking
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="表的种类 / table")
@click.option("--out", type=FILE, help=".csv, .parquet, .geojson")
@click.option(
    "--out-datum",
    default="wgs84",
    show_default=True,
    help="写出的坐标系（.csv、.parquet） / datum of what is written",
)
@speaking
def import_table(
    *,
    out: Path | None,
    out_datum: str,
    check: bool,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Check a file, and write what is good of it / 检查并导入文件."""
    from geo.outgoing import in_datum  # noqa: PLC0415 -- start-up
    from geo.tables import save_table  # noqa: PLC0415 -- start-up

    asked = Asked.taken_from(options)
    _check_out(asked, out, out_datum, check=check)
    found = checked(asked)
    written = out if not check and not found.stopped else None
    if written is not None:
        save_table(in_datum(found.frame, out_datum), written)
    content = {**found.content, "out": str(written) if written is not None else None}
    print_answer(content, lambda: found.lines, as_json=as_json)
    return REFUSED if found.refused else DONE


def _check_out(asked: Asked, out: Path | None, datum: str, *, check: bool) -> None:
    """Complain of where the table is to go before the work, not after it.

    Raises
    ------
    InputError
        `tables_suffix`: no kind of file that we write; `intake_datum_unknown`;
        `outgoing_geojson`: GeoJSON holds WGS-84 and nothing else (RFC 7946).
    OSError
        The folder is not there, or may not be written to.
    """
    from geo.datum import normalise_datum  # noqa: PLC0415 -- start-up
    from geo.errors import InputError  # noqa: PLC0415 -- start-up
    from geo.tables import check_suffix, has_position  # noqa: PLC0415 -- start-up

    wanted = normalise_datum(datum)
    if out is None and not check:
        raise Misuse("needs_out")
    if out is None or check:
        return
    check_suffix(out, positions=has_position(asked.kind))
    if wanted != "wgs84" and out.suffix.lower() == ".geojson":
        raise InputError("outgoing_geojson", datum=wanted)
    if out.exists() and asked.file.exists() and out.samefile(asked.file):
        raise Misuse("out_is_file", file=asked.file.name)
    folder = out.parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out))
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(out))
