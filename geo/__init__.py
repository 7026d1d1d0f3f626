"""SPACE: coordinates, files in, streets, catchments, density. Knows no station, rule or screen.

errors      the tree of errors, each with a code, its facts and its sentence in two languages
findings    what is wrong with rows of a file, as values: all at once, capped
reference   the lists under data/reference, read once
tables      the columns of every table (data/reference/schema.toml), and empty frames of them
privacy     names and phones masked
rows        rows of a sparse table
whole       files that appear whole or not at all
crs, datum  metres around a place; WGS-84, GCJ-02, BD-09
zones       polygons that give points their unit
intake      strangers' bytes -> tables and findings
geocoding   addresses -> positions by a service of maps, only when asked
hosts       places of OpenStreetMap that may lend a corner
streets     the walkable network: loaders, one file format, attaching points to edges
catchments  sparse matrix of walking distances, sites x demand points
service_areas  streets, areas and bands that a site reaches; a raster of many
density     people per square kilometre as a raster
"""
