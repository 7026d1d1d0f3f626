"""The commands of the terminal: the same use cases as the app's, on files.

door       the group: errors become sentences and exit codes
usage      what is wrong with a command line, in both languages
trouble    files that cannot be read or written
options    what commands share on their command line
inputs     files, streets and parameters from those options
answers    one JSON object on stdout, or sentences; findings on stderr
deciding   coverage, score
reporting  report; ground, what lies under its map
planning   plan
stopping   Ctrl-C while a plan is looked for
beside     what stands beside coverage: standards, main streets, use, seven haves
demanding  demand
reach      catchments, service-area
checking   a file read and checked, for both ways of importing
addresses  addresses without coordinates, asked of a service of maps
importing  import
registers  register init, units, history, undo, backup, restore, verify, migrate
register_import, register_export  register import, register export
register_place  which register a command is about
streets    streets
serving    serve
"""
