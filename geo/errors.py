"""Errors that carry facts; the sentence is found in data/words under `errors.<code>`.

PlannerError
├── InputError (ValueError)         what people gave cannot be used: the command line exits with 1
│   └── FileRefusedError            a file as a whole
├── ConflictError                   somebody else changed the record first
├── DownloadError (OSError)         the internet did not give what was asked for
└── InfeasibleError (ValueError)    no plan meets the conditions
"""

from words import Lang, say


class PlannerError(Exception):
    """An error that people are told of, in their language.

    Parameters
    ----------
    code
        Key of the sentence under `errors.` in the catalogues.
    facts
        What the sentence names: file, sheet, row, column, numbers.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence in `lang`."""
        return say(f"errors.{self.code}", lang, **self.facts)

    def __str__(self) -> str:
        """Return the English sentence, for logs."""
        return self.message("en")


class InputError(PlannerError, ValueError):
    """What people gave cannot be used."""


class FileRefusedError(InputError):
    """A file cannot be used as a whole; nothing of it was taken."""


class ConflictError(PlannerError):
    """Somebody else changed the record first; nothing was written."""


class DownloadError(PlannerError, OSError):
    """The internet did not give what was asked for."""


class InfeasibleError(PlannerError, ValueError):
    """No plan meets the conditions."""
