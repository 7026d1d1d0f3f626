"""What KML and GPX share: the tree of a plain XML file, tags without their namespaces."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from geo.errors import FileRefusedError
from geo.intake.limits import MAX_XML_BYTES
from geo.intake.text import decode
from geo.plain_xml import DocumentTypeError, NotPlainXmlError, root_name

_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")
_READABLE = frozenset({"utf8", "utf16", "gbk", "gb2312", "gb18030", "cp936", "ascii", "usascii"})


def read_tree(data: bytes, name: str) -> tuple[ET.Element, str]:
    """Return the root of a file and the encoding in which it was read.

    Raises
    ------
    FileRefusedError
        `intake_too_large`; `intake_encoding`: in none of our encodings; `intake_xml`: it has a
        document type; `intake_damaged`: it is not well-formed.
    """
    if len(data) > MAX_XML_BYTES:
        raise FileRefusedError("intake_too_large", file=name, limit_mib=MAX_XML_BYTES // 2**20)
    text, encoding = decode(data, name)
    text = text.lstrip()
    declared = _DECLARED.match(text)
    if declared and declared[1].lower().replace("-", "").replace("_", "") not in _READABLE:
        raise FileRefusedError("intake_encoding", file=name)
    try:
        root_name(text)
        return ET.fromstring(text), encoding  # noqa: S314 -- no document type, so no entities
    except DocumentTypeError as error:
        raise FileRefusedError("intake_xml", file=name) from error
    except (NotPlainXmlError, ET.ParseError, ValueError) as error:
        raise FileRefusedError("intake_damaged", file=name) from error


def local(element: ET.Element) -> str:
    """Return an element's tag without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: ET.Element, *tags: str) -> Iterator[ET.Element]:
    """Yield the children with one of these tags, in the order of the file."""
    return (child for child in element if local(child) in tags)


def text_of(element: ET.Element, tag: str) -> str:
    """Return the text of the first child with this tag; "" where there is none."""
    return next(((child.text or "").strip() for child in children(element, tag)), "")
