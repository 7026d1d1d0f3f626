"""The map on paper: one drawing of a `MapScene` for Word and PDF, from our own base layer.

No tiles, no border of a country, nothing of another host. Lengths are millimetres of paper.

sheet     the part of the ground on the paper, and where a place lies on it
placing   room for names and numbers: what is placed first keeps its place
ground    streets by class, outline, names
marks     stations by kind, candidates, numbers of planned sites and of gap areas
legend    what the signs mean; the bar of lengths
drawing   all of it as one SVG: `map_plate`
"""

from reports.static_map.drawing import map_plate

__all__ = ["map_plate"]
