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
@speaking
def import_table(*, out: Path | None, check: bool, as_json: bool, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Check a file, and write what is good of it / 检查并导入文件."""
    from geo.tables import save_table  # noqa: PLC0415 -- start-up

    asked = Asked.taken_from(options)
    _check_out(asked, out, check=check)
    found = checked(asked)
    written = out if not check and not found.stopped else None
    if written is not None:
        save_table(found.frame, written)
    content = {**found.content, "out": str(written) if written is not None else None}
    print_answer(content, lambda: found.lines, as_json=as_json)
    return REFUSED if found.refused else DONE


def _check_out(asked: Asked, out: Path | None, *, check: bool) -> None:
    """Complain of where the table is to go before the work, not after it.

    Raises
    ------
    InputError
        `tables_suffix`: no kind of file that we write.
    OSError
        The folder is not there, or may not be written to.
    """
    from geo.tables import check_suffix, has_position  # noqa: PLC0415 -- start-up

    if out is None and not check:
        raise Misuse("needs_out")
    if out is None or check:
        return
    check_suffix(out, positions=has_position(asked.kind))
    if out.exists() and asked.file.exists() and out.samefile(asked.file):
        raise Misuse("out_is_file", file=asked.file.name)
    folder = out.parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out))
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(out))
