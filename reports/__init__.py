"""What people take away. Reads results, decides nothing.

report      `Report`, the one frozen thing that every export reads; `make_report`
figures     sentences and rows that document and workbook share
shown       what may be told of few workers
tables      the one writer of spreadsheets; the list of rejected rows
workbook    annex.xlsx
typography  pages, styles and tables of a Word file; knows no station
document    report.docx
layers      layers.gpkg
replay      replay.json
listing     tables of the schema as a workbook or a GeoPackage
webmap      the map, live and stand-alone
bundle      `write_bundle`: the files of one export in a folder
"""
