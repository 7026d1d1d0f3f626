"""Published instances: value, bound, status and CPU seconds of one thread, beside what is known.

    WARM_STATION_DATA=... python -m benchmarks.allocation_published [swain55] [sjc] [york] [sf]
        [slc] [cordeau] [scp] [pmed]

Lines that differ from what was published, are not proved, or take longer than asked are marked;
each suite ends with a summary.
"""

import os
import sys
import time
from pathlib import Path

from benchmarks.allocation import towns
from siting.allocation import solve
from tests.published import SUITES, Case, Found

LIMIT_S = 600.0
"""Wall clock, generous: other work on the machine must not end a proof."""

ASKED_S = 30.0


def run(name: str, folder: Path) -> None:
    """Print every case of a suite that is not as asked, and how many are."""
    cases, good, most_s, all_s = 0, 0, 0.0, 0.0
    for case in SUITES[name](folder):
        solved = case.ready()
        begun = time.process_time()
        found = solved(ASKED_S if case.open else LIMIT_S)
        seconds = time.process_time() - begun
        line, well = told(case, found)
        well = well and seconds <= ASKED_S
        cases, good = cases + 1, good + well
        most_s, all_s = max(most_s, seconds), all_s + seconds
        if not well or seconds > 1.0:
            say(f"    {'' if well else '* '}{line} ({seconds:.2f} s)")
    say(f"{name}: {good} of {cases} as asked; longest {most_s:.2f} s, together {all_s:.1f} s")


def told(case: Case, found: Found) -> tuple[str, bool]:
    """Return a case in words, and whether its value is exact and proved."""
    gap = abs(found.value - found.bound) / max(found.value, found.bound, 1e-9)
    words = f"{case.name}: {found.value:,.10g}, published {case.published:,.10g}"
    return f"{words}, {found.status}, gap {gap:.2%}", case.exact(
        found
    ) and found.status == "optimal"


def say(words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    """Warm the kernels up and run the suites that are asked for; all of them without a name."""
    folder = Path(os.environ["WARM_STATION_DATA"]) / "instances"
    solve(towns(500, 50, 5).task)
    for name in sys.argv[1:] or SUITES:
        run(name, folder)


if __name__ == "__main__":
    main()
