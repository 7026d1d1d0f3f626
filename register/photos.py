"""Photos: files beside the database, named by their SHA-256, each with a record of its own.

What a camera writes beside the picture (position, time, owner, device) is taken out before anything
is stored: a photo of a host's shop must not tell where somebody's phone was, and when. The day
that matters is typed by the person. The picture is read and written anew, upright and at most
`MAX_SIDE` pixels long, so that nothing but a picture gets in; the same photo gives the same file.
"""

import io
from dataclasses import dataclass
from datetime import date
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from geo.errors import InputError
from register import layers, records
from register.events import Ledger
from register.reader import Reader
from register.records import Change, Record
from register.tables import KINDS
from register.values import Values, complete
from register.writer import Writer
from siting.model import LayerSource

MAX_PHOTO_BYTES: Final = 20 * 2**20
"""Largest file that is taken, bytes."""
MAX_PIXELS: Final = 50_000_000
"""Most pixels that are unpacked."""
MAX_SIDE: Final = 2_560
"""Longest side that is kept, pixels; a larger photo is made smaller."""

_QUALITY: Final = 88  # of JPEG: no loss that an eye sees in evidence
_KINDS: Final = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
_MODES: Final = {"JPEG": frozenset({"RGB", "L"}), "PNG": frozenset({"RGB", "RGBA", "L", "LA"})}
_DAMAGED: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
)
"""What Pillow raises for damaged pictures, as far as it says."""


@dataclass(frozen=True)
class Shown:
    """What a photo shows, as the person says who sends it.

    Attributes
    ----------
    photo_kind
        A code of data/reference/photo_kinds.toml.
    about_kind, about
        The record that it shows; "" for none.
    taken_on
        The day.
    """

    photo_kind: str = "other"
    about_kind: str = ""
    about: str = ""
    taken_on: date | str | None = None


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept."""

    content: bytes
    media_type: str
    suffix: str
    width: int
    height: int


def read_picture(content: bytes) -> Picture:
    """Return a photo as it is kept: upright, without what the camera wrote beside it.

    Raises
    ------
    InputError
        It is too large, or not a JPEG or PNG picture by its content.
    """
    if len(content) > MAX_PHOTO_BYTES:
        raise InputError("photo_too_large", limit_mib=MAX_PHOTO_BYTES // 2**20)
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_KINDS)) as opened:
            pixels = opened.width * opened.height
            if pixels <= MAX_PIXELS:
                return _kept(opened, opened.format or "")
    except _DAMAGED as error:
        raise InputError("photo_not_a_photo") from error
    raise InputError("photo_too_many_pixels", limit=MAX_PIXELS // 10_000)


def add_photo(
    register: Writer,
    content: bytes,
    shown: Shown,
    *,
    who: str,
    why: str = "",
    key: str | None = None,
) -> Record:
    """Store a photo and its record; the same picture a second time is the record of the first.

    Parameters
    ----------
    register
        Where.
    content
        Of the file that somebody sent; its name decides nothing.
    shown
        What is on it, as the person says.
    who, why, key
        As in `Register.add`.

    Raises
    ------
    InputError
        It is not a photo that is taken, or the record that it shows is not there.
    PlannerError
        The disk or the database refuses.
    """
    picture = read_picture(content)
    stored = layers.store(register.folder, picture.content, picture.suffix)
    given: dict[str, object] = {
        "sha256": stored.sha256,
        "photo_kind": shown.photo_kind,
        "media_type": picture.media_type,
        "size_bytes": stored.size_bytes,
        "width": picture.width,
        "height": picture.height,
        "about_kind": shown.about_kind,
        "about": shown.about,
        "taken_on": shown.taken_on,
    }
    values = complete("photos", given)
    source = LayerSource("photos", who, date=str(values["taken_on"]), synthetic=register.synthetic)

    def work(ledger: Ledger) -> Record:
        known = records.find(ledger.connection, "photos", stored.sha256)
        if ledger.done("add", "photos") is not None and known is not None:
            return known
        _check_about(ledger, values)
        if known is not None:
            return _again(ledger, known)
        layer = layers.put(ledger.connection, ledger, "photos", stored, source)
        (record,) = records.add(
            ledger.connection, ledger, "photos", [(stored.sha256, values)], layer_id=layer.id
        )
        return record

    return register.write(work, who=who, why=why, key=key)


def photo_bytes(register: Reader, sha256: str) -> bytes:
    """Return the file of a photo after comparing it with its SHA-256.

    Raises
    ------
    InputError
        There is no such photo, or it is deleted.
    PlannerError
        The file is missing or damaged.
    """
    try:
        record = register.get("photos", sha256)
    except InputError:
        raise InputError("photo_not_there") from None
    if record.deleted or record.layer_id is None:
        raise InputError("photo_not_there")
    return register.file_of(record.layer_id).read_bytes()


def _again(ledger: Ledger, known: Record) -> Record:
    """Return the record of a picture that is there already; a deleted one comes back."""
    if not known.deleted:
        return known
    change = Change(known, {"deleted": False})
    (back,) = records.change(ledger.connection, ledger, "photos", [change], "update")
    return back


def _check_about(ledger: Ledger, values: Values) -> None:
    about = str(values["about"])
    kind = next((kind for kind in KINDS if kind == values["about_kind"]), None)
    if kind is None and not about:
        return
    record = None if kind is None else records.find(ledger.connection, kind, about)
    if record is None or record.deleted:
        raise InputError("register_no_reference", column="about", value=about)


def _kept(opened: Image.Image, form: str) -> Picture:
    upright = ImageOps.exif_transpose(opened)
    if upright.mode not in _MODES[form]:
        upright = upright.convert("RGBA" if form == "PNG" else "RGB")
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    # A new picture of the same pixels: it has none of the old one's notes.
    clean = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    out = io.BytesIO()
    clean.save(out, format=form, quality=_QUALITY, optimize=form == "PNG")
    media_type, suffix = _KINDS[form]
    return Picture(out.getvalue(), media_type, suffix, clean.width, clean.height)
