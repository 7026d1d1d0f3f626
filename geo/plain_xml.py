"""XML from strangers: no document type, therefore no entities and nothing to fetch.

Entities, internal or from a link, can be declared in a document type only, and that stands before
the root element only. A file whose head holds none is plain: elements, attributes and text.
"""

from typing import Final
from xml.parsers import expat

HEAD_BYTES: Final = 64 * 1024
"""The root element must begin within so many bytes."""


class NotPlainXmlError(ValueError):
    """The head of a file is no XML, has a document type, or goes on for too long."""


class DocumentTypeError(NotPlainXmlError):
    """It has a document type, which may declare entities."""


class _RootFoundError(Exception):
    """Stops the parser."""


def root_name(data: bytes | str) -> str:
    """Return the root element's name without its namespace.

    Raises
    ------
    NotPlainXmlError
        There is a document type, or no root element within the first `HEAD_BYTES`.
    """
    found: list[str] = []

    def start(tag: str, _: object) -> None:
        found.append(tag.rpartition(" ")[2])
        raise _RootFoundError

    def doctype(*_: object) -> None:
        message = "document type"
        raise DocumentTypeError(message)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data[:HEAD_BYTES], False)  # noqa: FBT003 -- expat takes it by position only
    except _RootFoundError:
        return found[0]
    except NotPlainXmlError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NotPlainXmlError(str(error)) from error
    message = "no root element"
    raise NotPlainXmlError(message)
