"""Writers that are killed: run as a program by test_register_kills.py.

Forks a writer, lets it write and acknowledge each change on a pipe, kills it with SIGKILL at a
random moment, opens the register again and checks it. Prints one JSON object.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pandas as pd

from register import Register
from siting.model import LayerSource

LONGEST_LIFE_S = 0.25
IMPORT_ROWS = 40
SOURCE = LayerSource("hosts", "台账", "内部", "2026-10-01")


def opened(database: str, folder: Path) -> Register:
    """Open the register in a file, or at a URL."""
    return Register(database if "://" in database else Path(database), folder)


def write_for_ever(database: str, folder: Path, pipe: int, writer: str) -> None:
    """Add, change and import without end; acknowledge what the register said is stored."""
    with opened(database, folder) as register:
        turn = 0
        while True:
            turn += 1
            added = register.add_candidate(116.3, 39.7, name=f"{writer}-{turn}", who=writer)
            acknowledge(pipe, {"kind": "candidates", "id": added.id, "version": 1})
            changed = register.update(
                "candidates", added.id, {"seats": turn}, version=1, who=writer
            )
            acknowledge(pipe, {"kind": "candidates", "id": changed.id, "version": 2})
            names = [f"{writer}-{turn}-{row}" for row in range(IMPORT_ROWS)]
            hosts = pd.DataFrame({"id": names, "name": names, "lon": 116.3, "lat": 39.7})
            batch = register.put_records("hosts", hosts, SOURCE, who=writer)
            acknowledge(pipe, {"kind": "hosts", "id": names[-1], "version": batch.added // 40})


def acknowledge(pipe: int, fact: dict[str, object]) -> None:
    """Write one short line: a pipe takes it whole or not at all."""
    os.write(pipe, json.dumps(fact).encode() + b"\n")


def one_round(
    database: str, folder: Path, writers: int, chance: random.Random
) -> list[dict[str, object]]:
    """Start the writers, kill them, return what they had acknowledged."""
    reading, writing = os.pipe()
    children = []
    for writer in range(writers):
        child = os.fork()
        if child == 0:
            os.close(reading)
            write_for_ever(database, folder, writing, f"{os.getpid()}-{writer}")
        children.append(child)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        first = pipe.readline()  # they are at work; now at any moment
        time.sleep(chance.random() * LONGEST_LIFE_S)
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return [json.loads(line) for line in (first, *pipe.read().splitlines())]


def main(database: str, folder: Path, rounds: int, writers: int, seed: int) -> None:
    """Kill `rounds` times and print what was lost, broken and how long the next start took."""
    chance = random.Random(seed)  # noqa: S311 - chooses moments, no secrets
    found = {"acknowledged": 0, "lost": 0, "torn": 0, "broken": 0, "slowest_start_s": 0.0}
    for _ in range(rounds):
        facts = one_round(database, folder, writers, chance)
        start = time.perf_counter()
        with opened(database, folder) as register:
            found["slowest_start_s"] = max(found["slowest_start_s"], time.perf_counter() - start)
            hosts = {r.id: r for r in register.records("hosts")}
            held = {"hosts": hosts, "candidates": {r.id: r for r in register.records("candidates")}}
            found["broken"] += not register.verify().whole
        for fact in facts:
            record = held[str(fact["kind"])].get(str(fact["id"]))
            found["acknowledged"] += 1
            found["lost"] += record is None or record.version < int(str(fact["version"]))
        found["torn"] += len(hosts) % IMPORT_ROWS != 0
    print(json.dumps(found))  # noqa: T201 - the answer to the test that started us


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
