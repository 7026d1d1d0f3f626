"""What the app may not do before the first screen."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("osmnx", "docx", "matplotlib", "typst", "sklearn", "xlsxwriter", "openpyxl")


def test_the_app_starts_without_what_only_exports_and_downloads_need() -> None:
    code = (
        "import sys, ui.workbench.page, ui.data.page, ui.look, ui.builtin_words\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
