"""A drawing of proposed candidates on the streets: numbers only, told apart by colour and shape."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from geo.crs import LocalFrame
from geo.streets import Network
from siting.candidates import Origin

WIDTH, HEIGHT = 720, 460
_MARGIN = 12
_STEP = 2  # vertices of streets that are drawn: one in two, in a drawing of this size
_MOST_VERTICES = 60_000
_STREET, _HELD = "#c4c7c5", "#5f6368"
_LOOKS: dict[Origin, tuple[str, str]] = {
    "host": ("#0072B2", "disk"),
    "gate": ("#E69F00", "square"),
    "front": ("#009E73", "triangle"),
    "hard": ("#CC79A7", "diamond"),
    "scattered": ("#000000", "cross"),
}
_CHARACTERS = {"disk": "●", "square": "■", "triangle": "▲", "diamond": "◆", "cross": "✚"}
_ARM = ((-6, -2), (-2, -2), (-2, -6), (2, -6), (2, -2), (6, -2))
_CROSS = (*_ARM, (6, 2), (2, 2), (2, 6), (-2, 6), (-2, 2), (-6, 2))

Floats = NDArray[np.float64]
Places = tuple[Floats, Floats]


def draw_sketch(
    places: Places, origins: Sequence[Origin], held: Places, streets: Network | None, title: str
) -> str:
    """Return an SVG picture.

    Parameters
    ----------
    places, origins
        lon, lat (WGS-84 degrees) of the proposals and where each comes from.
    held
        Stations and candidates that are held already: small grey dots.
    streets
        Drawn below.
    title
        What a screen reader says; a sentence of ours.
    """
    to_picture = _Projection(places)
    parts = [] if streets is None else [_streets(streets, to_picture)]
    for left, top in _inside(*to_picture(*held)):
        parts.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="2" fill="{_HELD}"/>')
    x, y = to_picture(*places)
    marks = zip(origins, x.tolist(), y.tolist(), strict=True)
    parts += [mark(origin, left, top) for origin, left, top in marks]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{title}"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff" '
        f'stroke="{_STREET}"/>{"".join(parts)}</svg>'
    )


def legend_mark(origin: Origin) -> str:
    """Return the mark of an origin as a coloured character, for a legend."""
    colour, shape = _LOOKS[origin]
    return f'<span class="ws-turned" style="color:{colour}">{_CHARACTERS[shape]}</span>'


def mark(origin: Origin, x: float, y: float) -> str:
    """Return the mark of one proposal."""
    colour, shape = _LOOKS[origin]
    if shape == "disk":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}" stroke="#fff"/>'
    corners = {
        "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        "triangle": ((0, -5), (5, 4), (-5, 4)),
        "diamond": ((0, -6), (6, 0), (0, 6), (-6, 0)),
        "cross": _CROSS,
    }[shape]
    drawn = " ".join(f"{x + right:.1f},{y + down:.1f}" for right, down in corners)
    return f'<polygon points="{drawn}" fill="{colour}" stroke="#fff"/>'


class _Projection:
    """Degrees -> picture: everything that is proposed fits in, at one scale both ways."""

    def __init__(self, places: Places) -> None:
        west, east = float(places[0].min()), float(places[0].max())
        south, north = float(places[1].min()), float(places[1].max())
        self._frame = LocalFrame((west + east) / 2, (south + north) / 2)
        x, y = (float(part) for part in self._frame.to_m(east, north))
        room_x, room_y = WIDTH / 2 - _MARGIN, HEIGHT / 2 - _MARGIN
        self._scale = min(room_x / max(x, 100.0), room_y / max(y, 100.0))

    def __call__(self, lon: Floats, lat: Floats) -> Places:
        x, y = self._frame.to_m(lon, lat)
        return WIDTH / 2 + x * self._scale, HEIGHT / 2 - y * self._scale


def _streets(net: Network, to_picture: _Projection) -> str:
    """Return the streets; of a network that is too dense to be seen the main ones only."""
    edges = np.arange(net.edges)
    if len(net.geom_lon) > _MOST_VERTICES:
        main = [i for i, name in enumerate(net.classes) if name in _MAIN]
        edges = np.flatnonzero(np.isin(net.edge_class, main))
    x, y = to_picture(net.geom_lon, net.geom_lat)
    drawn = []
    for edge in edges.tolist():
        part = slice(int(net.geom_ptr[edge]), int(net.geom_ptr[edge + 1]))
        left, top = x[part], y[part]
        if (left.max() < 0) or (left.min() > WIDTH) or (top.max() < 0) or (top.min() > HEIGHT):
            continue
        last = len(left) - 1
        kept = [*range(0, last, _STEP), last]
        drawn.append("M" + "L".join(f"{left[i]:.0f} {top[i]:.0f}" for i in kept))
    return f'<path d="{"".join(drawn)}" fill="none" stroke="{_STREET}" stroke-width="1"/>'


_MAIN = ("trunk", "primary", "secondary", "tertiary")


def _inside(x: Floats, y: Floats) -> Iterable[tuple[float, float]]:
    seen = (x >= 0) & (x <= WIDTH) & (y >= 0) & (y <= HEIGHT)
    return zip(x[seen].tolist(), y[seen].tolist(), strict=True)
