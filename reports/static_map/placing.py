"""Room for names and numbers: what is placed first keeps its place."""

from collections.abc import Iterable

from reports.tables import display_width

Box = tuple[float, float, float, float]


class Placer:
    """Boxes on a sheet, in millimetres; few enough to look at one by one."""

    def __init__(self) -> None:
        self._taken: list[Box] = []

    def take(self, x: float, y: float, width: float, height: float) -> None:
        """Take a box around a place, whatever is there."""
        self._taken.append(_box(x, y, width, height))

    def free(self, x: float, y: float, width: float, height: float) -> bool:
        """Whether nothing is in a box around a place; boxes that touch do not meet."""
        west, top, east, bottom = _box(x, y, width, height)
        return not any(
            west < box[2] and east > box[0] and top < box[3] and bottom > box[1]
            for box in self._taken
        )

    def first_free(
        self, spots: Iterable[tuple[float, float]], width: float, height: float
    ) -> tuple[float, float] | None:
        """Take the first of the spots that is free; None: none is."""
        for x, y in spots:
            if self.free(x, y, width, height):
                self.take(x, y, width, height)
                return x, y
        return None


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is: a Chinese character is as wide as high, others half."""
    return display_width(text) * size * 0.53


def _box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
