"""Set covers, p-medians and p-centers that others published, value and proof."""

from pathlib import Path

import pytest

from tests.published import SUITES, Case

pytestmark = pytest.mark.outside_data
QUICK = {
    "scp": {"scp41", "scp51"},
    "pmed": {f"pmed{at} {what}" for at in (1, 5, 9, 15) for what in ("median", "center")},
}


def check(case: Case) -> None:
    """Hold ours against what was published; where nobody closed it, near it."""
    if case.open:
        found = case.ready()(30.0)
        assert found.bound <= case.published <= found.value <= case.published + 2, case.name
        return
    found = case.ready()(120.0)
    assert case.exact(found), (case.name, found)
    assert found.status == "optimal", (case.name, found)


@pytest.mark.parametrize("suite", QUICK)
def test_quick_ones_of_or_library(suite: str, outside_data: Path) -> None:
    cases = [
        case for case in SUITES[suite](outside_data / "instances") if case.name in QUICK[suite]
    ]
    assert len(cases) == len(QUICK[suite])
    for case in cases:
        check(case)


def test_san_francisco(outside_data: Path) -> None:
    cases = list(SUITES["sf"](outside_data / "instances"))
    assert len(cases) == 3
    for case in cases:
        check(case)


@pytest.mark.full
@pytest.mark.parametrize(("suite", "size"), [("scp", 25), ("pmed", 40)])
def test_all_of_or_library(suite: str, size: int, outside_data: Path) -> None:
    cases = list(SUITES[suite](outside_data / "instances"))
    assert len(cases) == size
    for case in cases:
        check(case)
