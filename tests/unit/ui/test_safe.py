import re

import pytest

from ui.safe import plain


@pytest.mark.parametrize(
    "name",
    [
        "![x](http://evil.example/a.png)",
        "<img src=x onerror=alert(1)>",
        "a`b`",
        "$x$",
        "[a](b)",
        "**b**",
    ],
)
def test_no_markdown_survives(name: str) -> None:
    shown = plain(name)
    assert shown.replace("\\", "").replace("\u2060", "") == name
    for place, sign in enumerate(shown):
        if sign in "!<>[]()`*$":
            assert shown[place - 1] == "\\"


def test_letters_of_all_scripts_stay() -> None:
    assert plain("兴丰大街 驿站 3") == "兴丰大街 驿站 3"


def test_a_heading_cannot_begin_on_a_new_line() -> None:
    assert plain("a\n# b") == "a \\# b"


@pytest.mark.parametrize(
    "name", ["http://evil.example", "HTTPS://evil.example", "www.evil.example", "a@evil.example"]
)
def test_no_address_stays_in_one_piece(name: str) -> None:
    shown = plain(name).replace("\\", "")
    assert not re.search(r"://|www\.|@[a-z]", shown, re.IGNORECASE)
