import json
import re
from pathlib import Path

import pytest
import streamlit

from ui import builtin_words
from words import LANGUAGES, say
from words.catalogue import keys

# Put together by Streamlit from pieces; every other text is in its bundle as it stands.
PIECES = {
    "enter_apply": ("Press Enter to ", "apply"),
    "enter_submit": ("Press Enter to ", "submit form"),
    "select_matches": ("Select ", " matches"),
    "page_missing_text": (
        "The page that you have requested does not seem to exist",
        ". Running the app's main page.",
    ),
    "page_named": (
        "You have requested page /",
        ", but no corresponding file was found in the app's pages/ directory",
    ),
}
NAMES = sorted(key.removeprefix("ui.builtin.") for key in keys("en") if ".builtin." in key)


@pytest.fixture(scope="module")
def bundle() -> str:
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.js")))


@pytest.mark.parametrize("name", NAMES)
def test_streamlit_still_says_this(name: str, bundle: str) -> None:
    said = say(f"ui.builtin.{name}", "en")
    whole = [f"`{said}`", f'"{said}"']
    pieces = PIECES.get(name) or tuple(part for part in re.split(r"\{\d\}", said) if part)
    if "{" in said or name in PIECES:
        assert all(piece in bundle for piece in pieces)
    else:
        assert any(text in bundle for text in whole)


@pytest.mark.parametrize("name", NAMES)
def test_chinese_differs_and_keeps_the_filled_in_parts(name: str) -> None:
    theirs, ours = (say(f"ui.builtin.{name}", lang) for lang in ("en", "zh"))
    assert re.search(r"[\u4e00-\u9fff]", ours)
    assert set(re.findall(r"\{\d\}", ours)) <= set(re.findall(r"\{\d\}", theirs))


def test_a_pattern_takes_whole_texts_only() -> None:
    limit = re.compile(builtin_words.pattern("{0} per file{1}"))
    found = limit.match("50MB per file • CSV, XLSX")
    assert found is not None
    assert found.groups() == ("50MB", " • CSV, XLSX")
    assert re.match(builtin_words.pattern("Search"), "Search party station") is None


def test_english_gets_an_empty_table_and_chinese_every_pair() -> None:
    tables = {}
    for lang in LANGUAGES:
        found = re.search(r"patterns = (\[.*\])\.map", builtin_words.script(lang))
        assert found is not None
        tables[lang] = json.loads(found[1])
    assert tables["en"] == []
    assert [said for said, _ in tables["zh"]] == [
        builtin_words.pattern(theirs) for theirs, _ in builtin_words.pairs()
    ]
    assert len(tables["zh"]) == len(NAMES)
