"""Files that cannot be read or written, in words."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import DownloadError, FileRefusedError, PlannerError
from words import Lang, has, say

_DRAFT = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{12}\.draft")


@contextmanager
def reading(lang: Lang) -> Iterator[None]:
    """Refuse an input that the system does not let us read; the reason is said in `lang`.

    Raises
    ------
    FileRefusedError
        `cli_cannot_read`, in place of the system's error.
    """
    try:
        yield
    except DownloadError:  # an OSError too, with a sentence of its own
        raise
    except PlannerError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.filename and cause.errno != errno.ENOENT:
            raise _unreadable(cause, lang) from error
        raise
    except OSError as error:
        raise _unreadable(error, lang) from error


def _unreadable(error: OSError, lang: Lang) -> FileRefusedError:
    return FileRefusedError("cli_cannot_read", file=file_of(error), why=reason(error, lang))


def reason(error: OSError, lang: Lang) -> str:
    """Return why the system refused, in words; the system itself speaks English only."""
    name = errno.errorcode.get(error.errno or 0, "")
    key = f"cli.os_{name.lower()}"
    return say(key, lang) if has(key, lang) else say("cli.os_other", lang, code=name or "?")


def file_of(error: OSError) -> str:
    """Return the name of the file that people know: never that of a draft."""
    if not isinstance(error.filename, str | Path):
        return "?"
    path = Path(error.filename)
    draft = _DRAFT.fullmatch(path.name)
    return str(path.with_name(draft["name"]) if draft else path)
