import errno
import os
from pathlib import Path

import pytest

from commands.trouble import file_of, reason
from tests.unit.commands.terminal import all_files, answer, run

FAILURES = [
    (errno.EACCES, "没有权限", "no permission"),
    (errno.ENOSPC, "磁盘已满", "the disk is full"),
    (errno.EISDIR, "这是一个文件夹", "it is a folder"),
    (errno.ELOOP, "系统错误 ELOOP", "system error ELOOP"),
]


@pytest.mark.parametrize(("number", "zh", "en"), FAILURES)
def test_the_system_s_reasons_in_both_languages(number: int, zh: str, en: str) -> None:
    error = OSError(number, os.strerror(number), "a.csv")
    assert (reason(error, "zh"), reason(error, "en")) == (zh, en)
    assert reason(OSError("odd"), "zh") == "系统错误 ?"


@pytest.mark.parametrize("draft", [".a.csv.0123456789ab.draft", "a.csv"])
def test_nobody_reads_the_name_of_a_draft(draft: str) -> None:
    error = OSError(errno.EACCES, "no", str(Path("out") / draft))
    assert file_of(error) == str(Path("out") / "a.csv")
    assert file_of(OSError("odd")) == "?"


def refuse(monkeypatch: pytest.MonkeyPatch, method: str, name: str) -> None:
    """Let the system refuse one file: tests may run as somebody who may read everything."""
    real = getattr(Path, method)

    def guarded(self: Path, *words: object, **options: object) -> object:
        if name in self.name:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, *words, **options)

    monkeypatch.setattr(Path, method, guarded)


@pytest.mark.parametrize(("lang", "why"), [("zh", "没有权限"), ("en", "no permission")])
@pytest.mark.parametrize("command", ["coverage", "import"])
def test_an_input_without_permission_is_refused(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, command: str, lang: str, why: str
) -> None:
    words = [command, *all_files(files)]
    if command == "import":
        streets = ["--streets", files["streets"]]
        words = ["import", files["stations"], "--as", "stations", "--check", *streets]
    refuse(monkeypatch, "open", "streets.osm")
    result = run(*words, "--lang", lang, "--json")
    error = answer(result, 1)["error"]
    assert error["code"] == "cli_cannot_read"
    assert error["message"].count("streets.osm") == 1
    assert why in error["message"]


@pytest.mark.parametrize(("lang", "why"), [("zh", "没有权限"), ("en", "no permission")])
def test_an_output_without_permission_is_an_error_of_use(
    files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, lang: str, why: str
) -> None:
    refuse(monkeypatch, "open", ".draft")
    words = ["import", files["stations"], "--as", "stations", "--lang", lang, "--json"]
    error = answer(run(*words, "--out", files["stations"].with_name("out.csv")), 2)["error"]
    assert error["code"] == "file"
    assert why in error["message"]
    assert str(files["stations"].with_name("out.csv")) in error["message"]
    assert "Permission" not in error["message"]
    assert ".draft" not in error["message"]


@pytest.mark.parametrize("option", ["--demand", "--streets", "--towns", "--rules"])
def test_a_folder_is_no_input(files: dict[str, Path], tmp_path: Path, option: str) -> None:
    words = [*all_files(files), option, tmp_path, "--json"]
    assert answer(run("plan", *words, "--new", 1), 1)["error"]["message"].count(str(tmp_path)) == 1
