"""Every limit of the door for strangers' bytes, with its unit; who meets one is told it."""

from typing import Final

MIB: Final = 2**20

MAX_FILE_BYTES: Final = 200 * MIB
MAX_GRID_FILE_BYTES: Final = 16 * 1024 * MIB  # of a raster on disk, of which a part is read
MAX_JSON_BYTES: Final = 64 * MIB  # a parsed document takes ten times its size in memory
MAX_XML_BYTES: Final = 64 * MIB  # the same
# Of a raster, or of the blocks of it that hold the district, inhabited or not: 12,000 x 12,000.
MAX_GRID_CELLS: Final = 150_000_000
# Text and JSON up to this size are read in our own process: the worst of them takes some 25 times
# its size and half a second there; starting another process takes as long.
MAX_BYTES_IN_PROCESS: Final = 2 * MIB
MAX_ROWS: Final = 1_100_000
MAX_COLUMNS: Final = 200
MAX_CELL_CHARS: Final = 1_000
MAX_FINDINGS: Final = 10_000
HEADER_SEARCH_ROWS: Final = 10

MAX_ZIP_ENTRIES: Final = 2_000
MAX_UNZIPPED_BYTES: Final = 400 * MIB
# A sheet of numbers packs 10:1, of repeated text 90:1; a bomb 1,000:1. Small parts may pack well.
MAX_ZIP_RATIO: Final = 200
ZIP_RATIO_FROM_BYTES: Final = 16 * MIB
MAX_ZIP_DIRECTORY_BYTES: Final = 2 * MIB

CHILD_WALL_S: Final = 90.0
CHILD_CPU_S: Final = 75.0
CHILD_MEMORY_BYTES: Final = 2 * 1024 * MIB
CHILD_FILE_BYTES: Final = 0  # it writes no file
CHILD_OPEN_FILES: Final = 64

STREETS_WALL_S: Final = 300.0
STREETS_CPU_S: Final = 280.0
STREETS_MEMORY_BYTES: Final = 6 * 1024 * MIB
