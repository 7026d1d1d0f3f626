import re
from pathlib import Path

import pytest

from words import LANGUAGES, Lang, has

UI = Path(__file__).resolve().parents[3] / "ui"
SPOKEN = re.compile(r'tell\(\s*"([a-z_.0-9]+)"')


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_that_pages_ask_for_is_there(lang: Lang) -> None:
    asked = {
        key for file in UI.rglob("*.py") for key in SPOKEN.findall(file.read_text(encoding="utf-8"))
    }
    assert len(asked) > 80
    assert [key for key in sorted(asked) if not has(f"ui.{key}", lang)] == []
