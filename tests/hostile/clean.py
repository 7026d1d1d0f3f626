"""Small sound files of every format that comes in, for others to spoil."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas
import openpyxl
import osmium
import pandas as pd
import shapely

NAMES = [f"暖心驿站{i}" for i in range(9)]
PLACES = [shapely.Point(116.30 + i / 100, 39.70 + i / 100) for i in range(9)]
CSV = "id,name,lon,lat,workers\n" + "".join(
    f"s{i},{name},{p.x},{p.y},{i + 1}\n"
    for i, (name, p) in enumerate(zip(NAMES, PLACES, strict=True))
)
KML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">'
    "<Document>"
    + "".join(
        f"<Placemark><name>{name}</name><Point><coordinates>{p.x},{p.y}</coordinates></Point>"
        "</Placemark>"
        for name, p in zip(NAMES, PLACES, strict=True)
    )
    + "</Document></kml>"
)
GPX = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1">'
    + "".join(
        f'<wpt lat="{p.y}" lon="{p.x}"><name>{name}</name></wpt>'
        for name, p in zip(NAMES, PLACES, strict=True)
    )
    + "</gpx>"
)
OSM = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">'
    + "".join(f'<node id="{i}" version="1" lat="39.7" lon="116.3{i}"/>' for i in range(1, 5))
    + '<way id="9" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/>'
    '<tag k="highway" v="residential"/><tag k="name" v="兴丰大街"/></way></osm>'
)
GRAPHML = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    '<key id="x" for="node" attr.name="x" attr.type="string"/>'
    '<key id="y" for="node" attr.name="y" attr.type="string"/>'
    '<key id="h" for="edge" attr.name="highway" attr.type="string"/><graph edgedefault="directed">'
    + "".join(
        f'<node id="{i}"><data key="x">116.3{i}</data><data key="y">39.7</data></node>'
        for i in range(1, 4)
    )
    + "".join(
        f'<edge source="{i}" target="{i + 1}"><data key="h">residential</data></edge>'
        for i in range(1, 3)
    )
    + "</graph></graphml>"
)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of `parts`, by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook() -> bytes:
    """Return the table as xlsx."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in CSV.splitlines():
        sheet.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shapefile(folder: Path, encoding: str = "GBK") -> dict[str, bytes]:
    """Return the parts of a Shapefile by suffix, as GDAL writes them."""
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES, crs="EPSG:4326")
    frame.to_file(folder / "clean.shp", driver="ESRI Shapefile", encoding=encoding)
    return {file.suffix: file.read_bytes() for file in folder.glob("clean.*")}


def geopackage(folder: Path) -> bytes:
    """Return a GeoPackage of one layer, as GDAL writes it."""
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES, crs="EPSG:4326")
    (folder / "clean.gpkg").unlink(missing_ok=True)
    frame.to_file(folder / "clean.gpkg", driver="GPKG")
    return (folder / "clean.gpkg").read_bytes()


def clean_files(folder: Path) -> dict[str, bytes]:
    """Return a sound file of every format; `folder` is for those that only write to disk."""
    folder.mkdir(exist_ok=True)
    table = pd.read_csv(io.StringIO(CSV))
    table.to_parquet(folder / "clean.parquet")
    (folder / "clean.osm").write_text(OSM, encoding="utf-8")
    with osmium.SimpleWriter(str(folder / "clean.osm.pbf"), overwrite=True) as writer:
        for entry in osmium.FileProcessor(str(folder / "clean.osm")):
            writer.add(entry)
    grids = Path(__file__).parents[1] / "unit" / "geo" / "grids"
    frame = geopandas.GeoDataFrame({"name": NAMES}, geometry=PLACES, crs="EPSG:4326")
    parts = shapefile(folder)
    return {
        "stations.csv": CSV.encode("gb18030"),
        "stations.tsv": CSV.replace(",", "\t").encode("utf-16"),
        "stations.xlsx": workbook(),
        "stations.geojson": frame.to_json().encode(),
        "stations.kml": KML.encode(),
        "stations.kmz": zipped({"doc.kml": KML.encode()}),
        "stations.gpx": GPX.encode(),
        "stations.zip": zipped({f"s{suffix}": part for suffix, part in parts.items()}),
        "stations.gpkg": geopackage(folder),
        "stations.parquet": (folder / "clean.parquet").read_bytes(),
        "people.tif": (grids / "lzw_floating_tiled.tif").read_bytes(),
        "people2.tif": (grids / "deflate_differences.tif").read_bytes(),
        "streets.osm": OSM.encode(),
        "streets.osm.pbf": (folder / "clean.osm.pbf").read_bytes(),
        "streets.graphml": GRAPHML.encode(),
    }
