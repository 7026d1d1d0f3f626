"""How much the figures hang on what share of a window a station must be open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from siting.coverage.effective import LevelRow
from siting.coverage.levels import read_supply
from siting.results import plain
from siting.service import Service

OPEN_SHARES = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Sensitivity:
    """All workers by level under one open share.

    Attributes
    ----------
    open_share
        Least share (0..1] of a window in which a station must be open, inclusive (>=).
    """

    open_share: float
    total: LevelRow

    def as_dict(self) -> dict[str, object]:
        """Return the command line's JSON."""
        return {
            "open_share": self.open_share,
            "verified": plain(self.total.verified),
            "unverified": plain(self.total.unverified),
            "uncovered": plain(self.total.uncovered),
            "coverage": self.total.coverage,
        }


def open_share_sensitivity(
    service: Service, shares: Sequence[float] = OPEN_SHARES
) -> tuple[Sensitivity, ...]:
    """Return effective coverage under each open share; reach and everything else stay."""
    inputs, cells = service.inputs, service.cells
    return tuple(
        Sensitivity(
            share,
            service.covered_by(
                service.reach,
                read_supply(inputs.stations, cells, replace(service.terms, open_share=share)),
            ).total,
        )
        for share in shares
    )
