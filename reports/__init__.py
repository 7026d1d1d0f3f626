"""What people take away. Reads results, decides nothing.

report      `Report`, the one frozen thing that every export reads; `make_report`
figures     sentences and rows that document and workbook share
shown       what may be told of few workers
tables      the one writer of spreadsheets; the list of rejected rows
workbook    annex.xlsx
blocks      what a printed report is made of, for Word and PDF
looks       sizes and leading of each role
typography  pages, styles and tables of a Word file; knows no station
document    the blocks of report.docx and report.pdf, from top to bottom
pdf         report.pdf
preview     the first page as a picture
layers      layers.gpkg
exchange    layers.geojson, layers.kml, annex-csv.zip
year        a year's work as it is printed; document_year, workbook_year
since       what has moved since an earlier report
template    of the Word file: ours, or a district's own; word_styles
replay      replay.json
listing     tables of the schema as a workbook or a GeoPackage
drawn       the scene of the map that page, Word and PDF draw
static_map  the map on paper
webmap      the map, live and stand-alone
bundle      `write_bundle`: the files of one export in a folder
"""
