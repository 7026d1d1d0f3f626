"""Door 2, the command line: the same use cases as the app's, on files.

`python cli.py COMMAND --help`. stdout with `--json` is exactly one JSON object; everything else
goes to stderr. Exit codes: 0 done; 1 input refused, rows rejected, or no feasible plan; 2 usage or
internal error. What commands do lives in `commands`.
"""

import io
import sys

import click

from commands.candidates import candidates
from commands.deciding import coverage, score
from commands.demanding import demand
from commands.door import Door
from commands.hosts import hosts
from commands.importing import import_table
from commands.planning import plan
from commands.reach import catchments, service_area
from commands.registers import register_group
from commands.replaying import replay
from commands.reporting import report
from commands.serving import serve
from commands.streets import streets

COMMANDS = (
    coverage,
    plan,
    score,
    report,
    demand,
    hosts,
    candidates,
    catchments,
    service_area,
    import_table,
    register_group,
    replay,
    streets,
    serve,
)


@click.group(cls=Door, commands=COMMANDS, context_settings={"max_content_width": 100})
def cli() -> None:
    """暖心驿站规划 / warm-station planner."""


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Chinese Windows pipes GBK by default
            # A file name need not be text: what is not is printed as an escape, valid in JSON.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli()
