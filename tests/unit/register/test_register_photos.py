"""Photos: by content, without what a camera writes beside them, kept with their hash."""

import io
import struct
import zlib

import pytest
from PIL import Image

from geo.errors import InputError, PlannerError
from register import Register, WantedEvents, photos
from register.photos import Shown, add_photo, photo_bytes, read_picture

GPS, ORIENTATION, MADE_BY = 0x8825, 0x0112, 0x010F


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    """Return a picture, red on its left and blue on its right."""
    image = Image.new("RGB", size, (200, 0, 0))
    image.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, format=form, **more)
    return out.getvalue()


def from_a_phone() -> bytes:
    exif = Image.Exif()
    exif[MADE_BY] = "SecretPhone"
    exif[ORIENTATION] = 6  # to be turned by 90 degrees
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (39.0, 43.0, 37.0)
    return picture(exif=exif, comment=b"SecretOwner")


def test_what_the_camera_wrote_is_taken_out_and_the_picture_stands_upright() -> None:
    given = from_a_phone()
    assert b"SecretPhone" in given
    assert Image.open(io.BytesIO(given)).getexif().get_ifd(GPS)
    kept = read_picture(given)
    assert (kept.width, kept.height, kept.media_type) == (40, 60, "image/jpeg")
    again = Image.open(io.BytesIO(kept.content))
    assert not again.getexif()
    assert "comment" not in again.info
    assert b"Secret" not in kept.content
    top = again.resize((1, 1), box=(0, 0, 40, 20)).tobytes()
    assert top[0] > 150 > top[2]  # what was left is on top now: red


def test_notes_in_a_png_are_taken_out() -> None:
    chunk = b"tEXt" + b"Author\x00SecretOwner"
    note = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    plain = picture("PNG")
    given = plain[:33] + note + plain[33:] + b"PK\x03\x04 a zip behind the picture"
    kept = read_picture(given)
    assert kept.media_type == "image/png"
    assert b"Secret" not in kept.content
    assert b"PK\x03\x04" not in kept.content


def test_a_large_photo_is_made_smaller() -> None:
    kept = read_picture(picture(size=(5120, 2560)))
    assert (kept.width, kept.height) == (photos.MAX_SIDE, photos.MAX_SIDE // 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\x00" * 100,
        b"<svg onload=alert(1)>",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture("WEBP"),
        picture()[:200],
        picture("PNG")[:60],
        b"\xff\xd8\xff\xe0" + b"\x00" * 1000,
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000,
    ],
)
def test_what_is_no_jpeg_or_png_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="not a photo"):
        read_picture(content)


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PIXELS", 60 * 40 - 1)
    with pytest.raises(InputError, match="too many pixels"):
        read_picture(picture())
    monkeypatch.setattr(photos, "MAX_PHOTO_BYTES", 100)
    with pytest.raises(InputError, match="too large"):
        read_picture(picture())


def test_a_bomb_is_not_unpacked() -> None:
    """A PNG that says it has 60,000 x 60,000 pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    plain = picture("PNG")
    start = plain[:8] + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    with pytest.raises(InputError, match=r"not a photo|too many pixels"):
        read_picture(start + plain[33:])


def test_a_photo_is_stored_once_with_its_record(district: Register) -> None:
    station = district.add("stations", {"lon": 116.3, "lat": 39.7}, who="张三")
    shown = Shown("sign", "stations", station.id, "2026-11-20")
    record = add_photo(district, picture(), shown, who="张三", why="挂牌")
    assert (record["media_type"], record["width"], record["height"]) == ("image/jpeg", 60, 40)
    assert (record["about"], record["taken_on"]) == (station.id, "2026-11-20")
    content = photo_bytes(district, record.id)
    assert len(content) == record["size_bytes"]
    assert Image.open(io.BytesIO(content)).size == (60, 40)
    before = district.revision()
    assert add_photo(district, picture(), shown, who="李四") == record
    assert district.revision() == before
    have = {"station": station.id, "item": "sign", "date": "2026-11-20", "met": True}
    assert district.add("haves", {**have, "photo": record.id}, who="张三")["photo"] == record.id
    assert district.inputs().sources == ()  # a photo is no source of a decision
    assert district.verify().whole


def test_a_deleted_photo_is_not_shown_and_comes_back(district: Register) -> None:
    record = add_photo(district, picture(), Shown(), who="张三")
    district.remove("photos", record.id, version=1, who="张三")
    with pytest.raises(InputError, match="no such photo"):
        photo_bytes(district, record.id)
    with pytest.raises(InputError, match="no such photo"):
        photo_bytes(district, "f" * 64)
    assert add_photo(district, picture(), Shown(), who="张三").version == 3
    assert photo_bytes(district, record.id)


def test_a_photo_of_nothing_that_is_there_is_refused(district: Register) -> None:
    for shown in (Shown("sign", "stations", "S9"), Shown("sign", "", "S9"), Shown("dragon")):
        with pytest.raises(InputError):
            add_photo(district, picture(), shown, who="张三")
    assert district.records("photos") == ()


def test_a_damaged_photo_is_told(district: Register, database: str | None) -> None:
    record = add_photo(district, picture(), Shown(), who="张三")
    (layer,) = district.layers()
    (district.folder / layer.file).write_bytes(b"x")
    if database is None:
        with pytest.raises(PlannerError, match=r"damaged"):
            photo_bytes(district, record.id)
    else:
        assert photo_bytes(district, record.id)  # the team's database holds it, too


def test_the_same_picture_is_the_same_file() -> None:
    assert read_picture(from_a_phone()) == read_picture(from_a_phone())


def test_a_photo_is_part_of_the_history_of_what_it_shows(district: Register) -> None:
    station = district.add("stations", {"name": "甲", "lon": 1.0, "lat": 2.0}, who="张三")
    other = district.add("stations", {"name": "乙", "lon": 1.0, "lat": 2.0}, who="张三")
    photo = add_photo(district, picture(), Shown("outside", "stations", station.id), who="李四")
    district.remove("photos", photo.id, version=1, who="王五")
    told = [(step.event.kind, step.outcome) for step in district.steps("stations", station.id)]
    assert told == [("stations", "added"), ("photos", "added"), ("photos", "removed")]
    assert len(district.steps("stations", other.id)) == 1
    assert len(district.steps("hosts", station.id)) == 0
    found = district.event_page(WantedEvents(kinds=("stations",), record_id=station.id))
    assert found.total == 3
    assert district.event_page(WantedEvents(record_id=station.id)).total == 3
    assert district.event_page(WantedEvents(record_id=photo.id)).total == 2
