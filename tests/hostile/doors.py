"""Sends hostile files through the doors themselves: `python -m tests.hostile.doors FOLDER REPORT`.

Every file as a table, and what names streets also as streets, each in a process of its own as in
the app; who watches does so from outside (strace).
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from geo.errors import PlannerError
from geo.intake import read_table
from geo.intake.streets import read_streets
from tests.hostile.harness import Outcome


def main() -> None:
    """Read everything and write down what came of it."""
    folder, report = Path(sys.argv[1]), Path(sys.argv[2])
    ways: dict[str, Callable[[bytes, str], str]] = {
        "table": lambda data, name: str(read_table(data, "stations", name=name).frame.to_csv()),
        "streets": lambda data, name: " ".join(read_streets(data, name).names),
    }
    outcomes = []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        for way in ways if b"graphml" in data or b"<osm" in data else ("table",):
            start = time.monotonic()
            code, sentence, content = "read", "", ""
            try:
                content = ways[way](data, path.name)
            except PlannerError as error:
                code, sentence = error.code, error.message("zh")
            except Exception as error:  # noqa: BLE001 -- what must not be is the finding
                code, sentence = "broken", repr(error)
            seconds = time.monotonic() - start
            outcomes.append(Outcome(path.name, way, code, sentence, seconds, content))
    report.write_text(json.dumps([asdict(o) for o in outcomes]), encoding="utf-8")


if __name__ == "__main__":
    main()
