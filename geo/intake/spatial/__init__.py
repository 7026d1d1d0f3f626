"""Files that hold places: each reader turns bytes into a `RawTable`; GDAL is not among them.

Every one of these is called in a process of its own (`geo.intake.guarded`), GeoJSON of small size
excepted, and writes no file.

geojson     GeoJSON by `json`
kml         KML and KMZ by the standard library's XML parser, without document types
gpx         GPX, the same
xml         what KML and GPX share
shapefile   zipped Shapefiles; shp and dbf are its parts
shp         geometries of a Shapefile
dbf         its attributes, as text, in the encoding that fits
geopackage  GeoPackage by SQLite, reading plain tables only
parquet     Parquet and GeoParquet by pyarrow
grid        GeoTIFF population grids; tiff is the raster in it
tiff        figures of a TIFF, block by block
crs         reference systems that files state
layers      which of several layers is meant
points      one position per geometry
"""
