"""Pin every version: pyproject.toml -> requirements.txt (to run), requirements-dev.txt (to test).

Universal: one file for Linux, macOS and Windows and Python 3.11 on, with markers. Needs `uv`.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# Made by scripts/pin_requirements.py from pyproject.toml; do not edit.\n"


def main() -> None:
    """Write both files."""
    run = resolve()
    run_names = {name_of(line) for line in run}
    dev = [line for line in resolve("--extra", "dev") if name_of(line) not in run_names]
    (ROOT / "requirements.txt").write_text(HEADER + "\n".join(run) + "\n", encoding="utf-8")
    (ROOT / "requirements-dev.txt").write_text(HEADER + "\n".join(dev) + "\n", encoding="utf-8")
    print(f"{len(run)} packages to run, {len(dev)} more to test")


def resolve(*options: str) -> list[str]:
    """Return the pinned lines that `uv pip compile` finds."""
    command = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--no-header"]
    command += ["--no-annotate", "--quiet", *options, "pyproject.toml"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return [line for line in done.stdout.splitlines() if re.match(r"\w", line)]


def name_of(line: str) -> str:
    """Return the package name of one pinned line."""
    return re.split(r"[=\s;\[]", line, maxsplit=1)[0].lower()


if __name__ == "__main__":
    main()
