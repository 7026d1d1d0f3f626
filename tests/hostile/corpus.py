"""Hostile files, made anew each time; what they try to read, and whom to call, the caller says."""

import json
import random
import sqlite3
import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from tests.hostile import clean

SEED = 20261122
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "gbk",
    "gb2312",
    "gb18030",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "big5",
    "shift_jis",
    "latin-1",
)
TRAVERSALS = (
    "../../../../tmp/evil",
    "..\\..\\evil",
    "/etc/cron.d/evil",
    "C:\\Windows\\evil",
    "\\\\server\\share\\evil",
    "a/../../evil",
    "./../evil",
    "CON",
    "a" * 300,
    "evil\u202egpj",
    "~root/evil",
    "%2e%2e/evil",
)


class Target(NamedTuple):
    """What hostile files point at: a file that nobody may read, an address nobody may call."""

    secret: Path
    url: str


class Sample(NamedTuple):
    """One hostile file."""

    name: str
    data: bytes


def samples(folder: Path, target: Target) -> Iterator[Sample]:
    """Yield every file; `folder` is for formats that can only be written to disk."""
    files = clean.clean_files(folder)
    for name, data in files.items():
        yield Sample(f"clean {name}", data)
        yield from _spoilt(name, data)
    yield from _links(target)
    yield from _entities(target, files["stations.xlsx"])
    yield from _archives(clean.shapefile(folder), target)
    yield from _texts()
    yield from encoded(folder)
    yield from _shapefiles(clean.shapefile(folder), target)
    yield from _databases(folder, target)
    yield from _rasters(files["people2.tif"])


def _spoilt(name: str, data: bytes) -> Iterator[Sample]:
    chance = random.Random(f"{SEED} {name}")  # noqa: S311 -- the same files every time
    for share in (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98):
        yield Sample(f"cut {share} {name}", data[: max(8, int(len(data) * share))])
    for turn in range(10):
        spoilt = bytearray(data)
        for _ in range(1 + turn % 3):
            spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield Sample(f"flipped {turn} {name}", bytes(spoilt))
    for turn in range(4):
        at, length = chance.randrange(len(data)), chance.randrange(1, 64)
        hole = chance.choice([b"\x00", b"\xff", b"\x7f"]) * length
        yield Sample(f"hole {turn} {name}", data[:at] + hole + data[at + length :])
    yield Sample(f"tail {name}", data + bytes(chance.randrange(256) for _ in range(200)))
    yield Sample(f"twice {name}", data + data)


def _links(target: Target) -> Iterator[Sample]:
    secret, url = target.secret.as_posix(), target.url
    sources = (f"CSV:{secret}", secret, f"/vsicurl/{url}/x.csv", f"/vsizip/{secret}", url)
    for number, source in enumerate(sources):
        vrt = (
            f'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{source}</SrcDataSource>'
            "</OGRVRTLayer></OGRVRTDataSource>"
        )
        yield Sample(f"vrt {number}", vrt.encode())
        yield Sample(f"vrt mark {number}", b"\xef\xbb\xbf  \n" + vrt.encode())
        yield Sample(f"vrt wide {number}", vrt.encode("utf-16"))
        yield Sample(f"vrt zip {number}", clean.zipped({"a/stations.shp": vrt.encode()}))
        yield Sample(f"vrt kmz {number}", clean.zipped({"doc.kml": vrt.encode()}))
        yield Sample(
            f"gdalg {number}",
            json.dumps({"type": "gdal_streamed_alg", "command_line": f"read {source}"}).encode(),
        )
        raster = (
            f'<VRTDataset rasterXSize="9"><SourceFilename>{source}</SourceFilename></VRTDataset>'
        )
        yield Sample(f"raster vrt {number}", raster.encode())
        yield Sample(f"name {number}", source.encode())
        yield Sample(f"cell {number}", f"id,name,lon,lat\n{source},{source},116,39\n".encode())
        for kind in ("link", "name", "url"):
            crs = {"type": kind, "properties": {"href": source, "name": source, "type": "proj4"}}
            document = {"type": "FeatureCollection", "crs": crs, "features": []}
            yield Sample(f"crs {kind} {number}", json.dumps(document).encode())
        link = f"<NetworkLink><Link><href>{source}</href></Link></NetworkLink>"
        icon = f"<Style><IconStyle><Icon><href>{source}</href></Icon></IconStyle></Style>"
        schema = f'<kml xmlns:xsi="x" xsi:schemaLocation="{source}" hint="{source}">'
        yield Sample(f"kml link {number}", f"{schema}{link}</kml>".encode())
        marked = clean.KML.replace("<Document>", f"<Document>{link}{icon}")
        yield Sample(f"kml icon {number}", marked.encode())
        include = f'<kml xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{source}"/>'
        yield Sample(f"kml include {number}", f"{include}</kml>".encode())
        sheet = f'<?xml-stylesheet href="{source}"?>'
        yield Sample(f"gpx sheet {number}", clean.GPX.replace("\n", sheet, 1).encode())
    wfs = f"<OGRWFSDataSource><URL>{url}/wfs?</URL></OGRWFSDataSource>"
    yield Sample("wfs", wfs.encode())
    yield Sample(
        "wms", f"<GDAL_WMS><Service><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>".encode()
    )


def _entities(target: Target, workbook: bytes) -> Iterator[Sample]:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    kinds = {
        "file": f'<!ENTITY x SYSTEM "{target.secret.as_uri()}">',
        "path": f'<!ENTITY x SYSTEM "{target.secret.as_posix()}">',
        "call": f'<!ENTITY x SYSTEM "{target.url}/x">',
        "parameter": f'<!ENTITY % p SYSTEM "{target.url}/p.dtd">%p;<!ENTITY x "y">',
        "inner": '<!ENTITY x "root:root:">',
        "laughs": f'<!ENTITY l0 "ha">{laughs}<!ENTITY x "&l9;">',
    }
    documents = {
        "kml": (clean.KML, "kml"),
        "gpx": (clean.GPX, "gpx"),
        "osm": (clean.OSM.replace("兴丰大街", clean.NAMES[0]), "osm"),
        "graphml": (clean.GRAPHML.replace("116.31", clean.NAMES[0]), "graphml"),
        "svg": (f"<svg>{clean.NAMES[0]}</svg>", "svg"),
        "gml": (f"<gml>{clean.NAMES[0]}</gml>", "gml"),
    }
    for kind, entities in kinds.items():
        for name, (text, root) in documents.items():
            evil = text.replace(clean.NAMES[0], "&x;")
            doctype = f"<!DOCTYPE {root} [{entities}]>"
            outside = f'<!DOCTYPE {root} SYSTEM "{target.url}/{root}.dtd">'
            told = evil.replace(f"<{root}", f"{doctype}<{root}", 1)
            yield Sample(f"{kind} {name}", told.encode())
            hidden = evil.replace(f"<{root}", f"<!-- <{root}> -->{doctype}<{root}", 1)
            yield Sample(f"{kind} hidden {name}", hidden.encode())
            yield Sample(
                f"{kind} outside {name}", text.replace(f"<{root}", f"{outside}<{root}", 1).encode()
            )
            if name == "kml":
                yield Sample(f"{kind} kmz", clean.zipped({"doc.kml": told.encode()}))
                wide = told.replace("UTF-8", "UTF-16").encode("utf-16")
                yield Sample(f"{kind} wide kml", wide)
        for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
            yield Sample(f"{kind} xlsx {part}", _with_entities(workbook, part, entities))


def _with_entities(workbook: bytes, part: str, entities: str) -> bytes:
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    start = text.index("<", text.index("?>") if "?>" in text else 0)
    root = text[start + 1 :].partition(" ")[0]
    evil = f"{text[:start]}<!DOCTYPE {root} [{entities}]>{text[start:]}"
    parts[part] = (
        evil.replace("<t>s0</t>", "<t>&x;</t>").replace('name="Sheet"', 'name="&x;"').encode()
    )
    return clean.zipped(parts)


def _archives(parts: dict[str, bytes], target: Target) -> Iterator[Sample]:
    whole = {f"s{suffix}": part for suffix, part in parts.items()}
    for number, evil in enumerate(TRAVERSALS):
        yield Sample(f"name shp {number}", clean.zipped({evil + s: p for s, p in parts.items()}))
        yield Sample(f"name kml {number}", clean.zipped({f"{evil}.kml": clean.KML.encode()}))
    bomb = bytes(64 * 2**20)
    yield Sample("bomb shp", clean.zipped({**whole, "s.dbf": bomb}))
    yield Sample("bomb kmz", clean.zipped({"doc.kml": bomb}))
    yield Sample("bomb beside", clean.zipped({**whole, "readme.txt": bomb}))
    yield Sample("nested", clean.zipped({"a.zip": clean.zipped(whole)}))
    many = {f"f{i}.txt": b"" for i in range(10_000)}
    yield Sample("many", clean.zipped({**whole, **many}))
    data = clean.zipped(whole)
    end = data.rindex(b"PK\x05\x06")
    for size in (2**31, 2**32 - 1, 0):
        yield Sample(
            f"directory {size}", data[: end + 12] + struct.pack("<I", size) + data[end + 16 :]
        )
    for field, value in (
        (20, 2**31),
        (24, 2**31),
        (24, 1),
        (42, 2**31),
        (8, 1),
        (10, 99),
        (10, 12),
    ):
        spoilt = bytearray(data)
        at = data.index(b"PK\x01\x02") + field
        struct.pack_into("<I" if field >= 20 else "<H", spoilt, at, value)
        yield Sample(f"entry {field} {value}", bytes(spoilt))
    link = BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        entry = zipfile.ZipInfo("s.shp")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, target.secret.as_posix())
    yield Sample("symlink", link.getvalue())
    yield Sample("no entries", clean.zipped({}))


def _texts() -> Iterator[Sample]:
    yield Sample("empty", b"")
    yield Sample("blank", b" \r\n\t" * 50)
    yield Sample("zeros", bytes(500))
    deep = 50_000
    for left, right in (("[", "]"), ('{"a":', "}")):
        yield Sample(f"deep {left}", (left * deep).encode())
        inside = left * deep + "1" + right * deep
        feature = f'{{"type":"Feature","properties":{inside}}}'
        document = f'{{"type":"FeatureCollection","features":[{feature}]}}'
        yield Sample(f"deep closed {left}", document.encode())
    yield Sample("deep kml", b"<kml>" + b"<Folder>" * deep + b"</Folder>" * deep + b"</kml>")
    groups = b"<MultiGeometry>" * deep + b"</MultiGeometry>" * deep
    yield Sample("deep shape", b"<kml><Placemark>" + groups + b"</Placemark></kml>")
    yield Sample(
        "deep list", clean.GRAPHML.replace("residential", "[" * deep + "]" * deep).encode()
    )
    for figure in ("NaN", "Infinity", "-Infinity", "1e400", '"x"', "null", "9" * 5000, "{}", "[]"):
        point = f'{{"type":"Point","coordinates":[{figure},39.7]}}'
        text = (
            f'{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{point}}}]}}'
        )
        yield Sample(f"json {figure[:9]}", text.encode())
    for figure in ("nan", "inf", "-inf", "1e400", "0x10", "１１６", "=1+1", "", "116" * 400):
        yield Sample(f"csv {figure[:9]}", clean.CSV.replace("116.3,", f"{figure},", 1).encode())
        yield Sample(f"kml {figure[:9]}", clean.KML.replace("116.3,", f"{figure},", 1).encode())
        yield Sample(f"gpx {figure[:9]}", clean.GPX.replace('"116.3"', f'"{figure}"', 1).encode())
        yield Sample(f"graphml {figure[:9]}", clean.GRAPHML.replace("116.31", figure, 1).encode())


def encoded(folder: Path) -> Iterator[Sample]:
    """Yield a table, a KML and a Shapefile without .cpg in every encoding."""
    parts = clean.shapefile(folder, "UTF-8")
    for encoding in ENCODINGS:
        yield Sample(f"{encoding} csv", clean.CSV.encode(encoding, "replace"))
        yield Sample(f"{encoding} kml", clean.KML.encode(encoding, "replace"))
        table = parts[".dbf"]
        for name in clean.NAMES:
            raw = name.encode()
            table = table.replace(raw, name.encode(encoding, "replace")[: len(raw)].ljust(len(raw)))
        files = {f"s{suffix}": part for suffix, part in {**parts, ".dbf": table}.items()}
        del files["s.cpg"]
        yield Sample(f"{encoding} shapefile", clean.zipped(files))


def _shapefiles(parts: dict[str, bytes], target: Target) -> Iterator[Sample]:
    def spoilt(suffix: str, at: int, form: str, value: int) -> bytes:
        part = bytearray(parts[suffix])
        struct.pack_into(form, part, at, value)
        return clean.zipped({f"s{s}": bytes(part) if s == suffix else p for s, p in parts.items()})

    for value in (0, 1, -1, 2**31 - 1, -(2**31)):
        for at, form in ((24, ">i"), (32, "<i"), (104, ">i"), (108, "<i")):
            yield Sample(f"shp {at} {value}", spoilt(".shp", at, form, value))
        yield Sample(f"dbf count {value}", spoilt(".dbf", 4, "<i", value))
    for value in (0, 1, 33, 65535):
        yield Sample(f"dbf head {value}", spoilt(".dbf", 8, "<H", value))
        yield Sample(f"dbf width {value}", spoilt(".dbf", 10, "<H", value))
    for value in (0, 1, 255):
        yield Sample(f"dbf field {value}", spoilt(".dbf", 48, "<B", value))
    secret = target.secret.as_posix()
    for number, prj in enumerate(
        (
            f"+proj=longlat +nadgrids={secret}",
            f'GEOGCS["x",DATUM["y",SPHEROID["z",6378137,298]],EXTENSION["PROJ4_GRIDS","{secret}"]]',
            f"+init={secret}:1",
            target.url,
            secret,
            "(" * 50_000,
            'GEOGCS["' + "x" * 100_000,
            "",
        )
    ):
        files = {f"s{s}": prj.encode() if s == ".prj" else p for s, p in parts.items()}
        yield Sample(f"prj {number}", clean.zipped(files))
    for number, cpg in enumerate((b"UTF-7", b"\xff\xfe", b"x" * 100_000, b"idna", b"../../x")):
        files = {f"s{s}": cpg if s == ".cpg" else p for s, p in parts.items()}
        yield Sample(f"cpg {number}", clean.zipped(files))
    yield Sample("shp only", clean.zipped({"s.shp": parts[".shp"]}))
    yield Sample("shp alone", parts[".shp"])
    yield Sample("dbf alone", parts[".dbf"])
    areas = struct.pack("<i4d2i", 5, 0, 0, 1, 1, 2**30, 2**30)
    record = struct.pack(">2i", 1, len(areas) // 2) + areas
    yield Sample("shp parts", clean.zipped({"s.shp": parts[".shp"][:100] + record}))


def _databases(folder: Path, target: Target) -> Iterator[Sample]:
    secret = target.secret.as_posix()
    loop = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c"
    scripts = {
        "view": "ALTER TABLE clean RENAME TO t; CREATE VIEW clean AS SELECT * FROM t",
        "endless view": f"DROP TABLE clean; CREATE VIEW clean AS {loop}",
        "endless contents": "ALTER TABLE gpkg_contents RENAME TO t; CREATE VIEW gpkg_contents AS"  # noqa: S608 -- an attack
        f" SELECT 'clean' AS table_name, 'features' AS data_type, x FROM ({loop})",
        "trigger": "CREATE TRIGGER z AFTER INSERT ON clean BEGIN"
        f" SELECT load_extension('{secret}'); END",
        "fts": "CREATE VIRTUAL TABLE z USING fts5(a)",
        "generated": "ALTER TABLE clean ADD COLUMN z AS (hex(zeroblob(900000000)))",
        "blob": "UPDATE clean SET geom = zeroblob(70000000) WHERE fid = 1",
        "short": "UPDATE clean SET geom = x'4750'",
        "envelope": "UPDATE clean SET geom = x'4750000F00000000'",
        "text": "UPDATE clean SET geom = 'GP', name = x'FFFE'",
        "no contents": "DELETE FROM gpkg_contents",
        "name": "UPDATE gpkg_contents SET table_name = 'sqlite_master'",
        "quote": "ALTER TABLE clean RENAME TO 'a\"b; DROP TABLE x'",
        "system": "UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition ="  # noqa: S608 -- the same
        f" '+proj=longlat +nadgrids={secret}'",
        "attach": f"CREATE TABLE z (a DEFAULT (load_extension('{secret}')))",
    }
    data = clean.geopackage(folder)
    for name, script in scripts.items():
        file = folder / "hostile.gpkg"
        file.write_bytes(data)
        with closing(sqlite3.connect(file)) as database:
            database.executescript(_WITHOUT_TRIGGERS)
            database.executescript(script)
            database.commit()
        yield Sample(f"gpkg {name}", file.read_bytes())


# GDAL's triggers on its spatial index call functions that only it has.
_WITHOUT_TRIGGERS = """
DROP TRIGGER IF EXISTS rtree_clean_geom_insert; DROP TRIGGER IF EXISTS rtree_clean_geom_delete;
DROP TRIGGER IF EXISTS rtree_clean_geom_update1; DROP TRIGGER IF EXISTS rtree_clean_geom_update2;
DROP TRIGGER IF EXISTS rtree_clean_geom_update3; DROP TRIGGER IF EXISTS rtree_clean_geom_update4;
DROP TRIGGER IF EXISTS rtree_clean_geom_update5; DROP TRIGGER IF EXISTS rtree_clean_geom_update6;
DROP TRIGGER IF EXISTS rtree_clean_geom_update7; DROP TABLE IF EXISTS rtree_clean_geom;
"""


def _rasters(data: bytes) -> Iterator[Sample]:
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    for index in range(count):
        at = first + 2 + 12 * index
        tag = struct.unpack_from("<H", data, at)[0]
        for value in (0, 1, 2**31, 2**32 - 1):
            for field in (4, 8):
                spoilt = bytearray(data)
                struct.pack_into("<I", spoilt, at + field, value)
                yield Sample(f"tiff {tag} {field} {value}", bytes(spoilt))
    for start in (0, 4, 2**32 - 1):
        yield Sample(f"tiff start {start}", data[:4] + struct.pack("<I", start) + data[8:])
    for compression in (2, 5, 7, 34712, 34887, 32773, 34925, 50000):
        at = data.index(struct.pack("<HHI", 259, 3, 1)) + 8
        packed = data[:at] + struct.pack("<H", compression) + data[at + 2 :]
        yield Sample(f"tiff compression {compression}", packed)
