"""Reads hostile files in one process, and writes down what Python saw it open, start or call.

`python -m tests.hostile.harness FOLDER REPORT`: every file of FOLDER by every way in, without the
processes of their own, so that the audit hook sees all of it. REPORT is JSON: per file and way what
came of it, and the events that must not be.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from geo.errors import PlannerError
from geo.intake import read_table
from geo.intake.formats import WITH_SHAPES, detect
from geo.intake.guarded import parse
from geo.intake.spatial.points import with_positions
from geo.streets import load_streets

FORBIDDEN = (
    *("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec"),
    *("os.remove", "os.rename", "os.mkdir", "os.symlink", "os.link", "os.chmod", "shutil"),
)


@dataclass
class Outcome:
    """What came of one file by one way: `read`, the code of a refusal, or `broken`."""

    file: str
    way: str
    code: str
    sentence: str
    seconds: float
    content: str = ""


def table(kind: str) -> Callable[[Path], str]:
    """Return the way of a table."""

    def way(path: Path) -> str:
        data = path.read_bytes()
        raw = parse(data, detect(data, path.name), kind, path.name, None, None)
        frame = read_table(with_positions(raw), kind, name=path.name).frame
        return str(frame.to_csv())

    return way


def outline(path: Path) -> str:
    """Read polygons."""
    data = path.read_bytes()
    kind = detect(data, path.name)
    return str(parse(data, kind, "stations", path.name, None, None)) if kind in WITH_SHAPES else ""


def streets(path: Path) -> str:
    """Read streets."""
    return " ".join(load_streets(path).names)


WAYS: dict[str, Callable[[Path], str]] = {
    "stations": table("stations"),
    "demand": table("demand"),
    "outline": outline,
    "streets": streets,
}


def attempt(path: Path, way: str) -> Outcome:
    """Return what came of one file."""
    start = time.process_time()
    code, sentence, content = "read", "", ""
    try:
        content = WAYS[way](path)
    except PlannerError as error:
        code, sentence = error.code, error.message("zh")
    except Exception as error:  # noqa: BLE001 -- what must not be is the finding
        code, sentence = "broken", repr(error)
    return Outcome(path.name, way, code, sentence, time.process_time() - start, content)


def main() -> None:
    """Read everything, clean files first: what they import is not counted."""
    folder, report = Path(sys.argv[1]), Path(sys.argv[2])
    files = sorted(folder.iterdir())
    for path in folder.glob("clean*"):
        for way in WAYS:
            attempt(path, way)
    events: list[str] = []
    watched = {str(path) for path in files}

    def watch(event: str, args: tuple[object, ...]) -> None:
        if _must_not_be(event, args, watched):
            events.append(f"{event} {args!r}"[:300])

    sys.addaudithook(watch)
    outcomes = [attempt(path, way) for path in files for way in WAYS]
    kept = list(events)
    report.write_text(
        json.dumps({"outcomes": [asdict(o) for o in outcomes], "events": kept}), encoding="utf-8"
    )


def _must_not_be(event: str, args: tuple[object, ...], watched: set[str]) -> bool:
    if event == "open":
        return not _is_harmless(args, watched)
    if event == "sqlite3.connect":
        return args[0] != ":memory:"
    return event.startswith(FORBIDDEN)


def _is_harmless(args: tuple[object, ...], watched: set[str]) -> bool:
    """Tell whether a file is one of the samples or part of the installation, opened to be read."""
    path, _, flags = args
    if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return False
    text = os.fsdecode(path) if isinstance(path, (str, bytes)) else str(path)
    installed = (sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]))
    return text in watched or text.startswith(installed)


if __name__ == "__main__":
    main()
