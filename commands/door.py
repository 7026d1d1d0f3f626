"""The group of all commands: turns whatever one raises into a sentence and an exit code."""

import json
import logging
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn

import click

from commands.answers import FAILED, REFUSED
from commands.trouble import file_of, reason
from commands.usage import MISUSES, usage_sentence
from geo.errors import PlannerError
from words import Lang, has, say

_LOG = logging.getLogger(__name__)


class Door(click.Group):
    """Turns whatever a command raises into a sentence and an exit code."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> NoReturn:  # noqa: ANN401 -- click's
        """Run one command and leave with its exit code."""
        words = list(sys.argv[1:] if args is None else args)
        lang: Lang = _language(words)
        options["standalone_mode"] = False
        try:
            code = super().main(words, *more, **options)
        except click.ClickException as error:
            code = _complain(
                "usage", usage_sentence(error, self.commands, words, lang), words, lang, FAILED
            )
        except click.Abort:
            code = _complain("aborted", say("cli.aborted", lang), words, lang, FAILED)
        except PlannerError as error:
            outcome = FAILED if error.code in MISUSES else REFUSED
            code = _complain(error.code, _sentence(error, lang), words, lang, outcome)
        except OSError as error:
            text = say("cli.file_trouble", lang, file=file_of(error), why=reason(error, lang))
            code = _complain("file", text, words, lang, FAILED)
        except Exception as error:  # noqa: BLE001 -- the outermost handler of the command line
            _LOG.exception("internal error")
            text = say("cli.internal", lang, kind=type(error).__name__)
            code = _complain("internal", text, words, lang, FAILED)
        sys.exit(code)


def _sentence(error: PlannerError, lang: Lang) -> str:
    """Return what happened and, where there is one, the option that helps."""
    hint = f"intake.command_line.{error.code}"
    said = error.message(lang)
    return f"{said}\n{say(hint, lang, **error.facts)}" if has(hint, lang) else said


def _complain(code: str, message: str, words: Sequence[str], lang: Lang, exit_code: int) -> int:
    if "--json" in words:
        error = {"error": {"code": code, "message": message}}
        click.echo(json.dumps(error, ensure_ascii=False))
    click.echo(say("cli.error", lang, message=message), err=True)
    return exit_code


def _language(words: Sequence[str]) -> Lang:
    """Return the language that was asked for, even where nothing else makes sense."""
    single = [part for word in words for part in word.split("=", 1)]
    asked = [after for before, after in pairwise(single) if before == "--lang"]
    return "en" if asked[-1:] == ["en"] else "zh"
