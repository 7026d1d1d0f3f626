"""The line of planners: who begins, who waits, whom nobody waits for."""

import gc

from ui.plan.turns import ABSENT_S, Ahead, Line, Turn

LASTING_S = 30.0


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def begins(line: Line, turn: Turn, most: int = 1) -> bool:
    return line.begins(turn, most=most, lasting_s=LASTING_S)


def test_who_comes_later_waits_and_the_first_comes_first() -> None:
    clock = Clock()
    line = Line(clock)
    first, second, third = line.join(), line.join(), line.join()
    assert begins(line, first)
    assert begins(line, first)  # it is still theirs
    assert not begins(line, third)
    assert not begins(line, second)
    assert line.ahead(third) == Ahead(running=1, waiting=1)
    assert begins(line, second, most=2)
    line.leave(first)
    assert not begins(line, third)
    line.leave(second)
    assert begins(line, third)


def test_a_free_place_goes_to_who_has_waited_longest() -> None:
    line = Line(Clock())
    first, second, third = line.join(), line.join(), line.join()
    assert begins(line, first)
    line.leave(first)
    assert not begins(line, third)
    assert begins(line, second)


def test_who_has_gone_holds_nobody_up() -> None:
    clock = Clock()
    line = Line(clock)
    closed, away, waiting = line.join(), line.join(), line.join()
    assert begins(line, closed)
    del closed
    gc.collect()
    assert not begins(line, waiting)  # somebody else came first
    clock.now += ABSENT_S
    assert begins(line, waiting)
    assert not begins(line, away)
    clock.now += LASTING_S + 6.0  # a search that nobody looked at ends with its limit
    assert begins(line, away)
