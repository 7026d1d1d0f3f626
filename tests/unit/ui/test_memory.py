"""Results are set aside from garbage collection, and no circle stays for ever."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from ui.memory import WHOLE_EVERY_S, Shelf


class Ring:
    """Something that refers to itself."""

    def __init__(self) -> None:
        self.again = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_set_aside_is_not_looked_through() -> None:
    held: list[list[int]] = [[] for _ in range(1000)]
    Shelf().settle()
    assert gc.get_freeze_count() > len(held)
    assert len(gc.get_objects()) < len(held)


def test_circles_are_freed_now_and_then() -> None:
    now = [0.0]
    shelf = Shelf(lambda: now[0])
    ring = Ring()
    gone = weakref.ref(ring)
    shelf.settle()
    del ring
    gc.collect()
    assert gone() is not None
    now[0] = WHOLE_EVERY_S - 1
    assert not shelf.settle()
    assert gone() is not None
    now[0] = WHOLE_EVERY_S
    assert shelf.settle()
    assert gone() is None
