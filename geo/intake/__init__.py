"""The only door for strangers' bytes: a file -> a table that conforms to the schema, and findings.

reader     `read_table`: the whole way for one file and one table
sources    the bytes of a file; a raster on disk stays where it is
formats    the format by content, never by name; sizes from a zip's own directory
text       CSV and TSV in UTF-8, GB18030 and UTF-16
spatial    GeoJSON, KML, GPX, Shapefiles, GeoPackage, GeoParquet, population grids; never by GDAL
guarded    a process of its own for every file but small texts, and its limits
streets    street files that people send, in such a process
raw        what every parser returns: cells as text
headings   which row holds the headings
meanings   which heading means which column
wishes     what people chose: encoding, corrections, rows to leave out, the district
datums     what a file says of its datum: a column, its headings, its own form
codes      names and codes of the reference lists
numbers    numbers as people write them
positions  longitude and latitude in one cell, or cut in two
places     positions -> WGS-84; what cannot be meant, with what would mend it
unplaced   rows without a position: kept apart, or at the middle of their unit
hours      opening hours as clerks write them
units      names of units: the district's own list, and the shipped one of Daxing
naming     units in cells, brought to those names
sense      what is well-formed and can hardly be meant
check      values, limits, ids: the rows that are kept and the findings
rejects    the rows that were left out, as they stand in the file, with the reasons
duplicates rows that may be one place, as groups, and what people decide of them
registers  two lists of the same enterprises as one, with their differences
evidence   what speaks for the datum that is stated, or against it
limits     every limit, with its unit
"""

from geo.intake.reader import Intake, read_table

__all__ = ["Intake", "read_table"]
