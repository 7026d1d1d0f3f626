"""Rows without a position -> proposals of a service, each to be verified, each told.

Nothing is asked twice. What lies outside the district is proposed and not taken, what is known no
better than the district is neither. A wrong key, a used-up quota or several failures one after
another end the questions; what was found until then stays, and every row not asked is told.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely

from geo.datum import to_wgs84
from geo.errors import InputError
from geo.findings import Finding
from geo.geocoding.asking import GeocodeServer, ask
from geo.geocoding.services import Answer, Level, Place, Trouble
from geo.intake.places import OUTSIDE_M, daxing_outline, outside_m
from geo.intake.unplaced import Unplaced
from geo.intake.wishes import DATUM
from geo.tables import columns

STATES: Final[Mapping[Level, str]] = {
    "door": "address_door",
    "road": "address_road",
    "area": "address_area",
}
"""Level -> code of `position_state`: all of them say that the position is to be verified."""
MOST_FAILURES: Final = 3
"""After so many failures one after another nobody is asked any more."""
_DECIMALS: Final = 7
_SHOWN_CHARS: Final = 60


@dataclass(frozen=True, eq=False)
class Located:
    """What came of asking.

    Attributes
    ----------
    corrections
        For `geo.intake.wishes.Wishes.corrections`: (row, column) -> text that places the row, with
        the datum of the service and a `position_state` to be verified.
    findings
        One for every row with an address, in the order of the file.
    service, asked
        Who was asked, and how many questions.
    """

    corrections: dict[tuple[int, str], str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    service: str = ""
    asked: int = 0

    @property
    def placed(self) -> int:
        """Rows that got a position."""
        return sum(column == "lon" for _, column in self.corrections)

    def as_dict(self) -> dict[str, object]:
        """Return the keys of the command line's JSON."""
        return {"service": self.service, "asked": self.asked, "placed": self.placed}


def require_addresses(table: str) -> None:
    """Refuse a table that has no addresses, before anybody is asked.

    Raises
    ------
    InputError
        `geocode_no_addresses`.
    """
    if not {"address", "position_state"} <= {column.name for column in columns(table)}:
        raise InputError("geocode_no_addresses", table=table)


def locate(
    unplaced: Unplaced,
    server: GeocodeServer,
    *,
    outline: shapely.Geometry | None = None,
    heading: str | None = None,
    file: str | None = None,
    asking: Callable[[GeocodeServer, str], Answer] = ask,
) -> Located:
    """Ask a service where the addresses of rows without a position are.

    Parameters
    ----------
    unplaced
        Of one reading (`Intake.unplaced`).
    server
        Whom to ask; this is the only place from which it is asked.
    outline
        The district, WGS-84; None: Daxing.
    heading, file
        What findings call the column of addresses and the file.
    asking
        Who asks.
    """
    questions = _Questions(server, asking)
    area = daxing_outline() if outline is None else outline
    corrections: dict[tuple[int, str], str] = {}
    findings: list[Finding] = []
    if "address" not in unplaced.frame:
        return Located(service=server.name)
    pairs = zip(unplaced.rows.tolist(), unplaced.frame["address"].tolist(), strict=True)
    for row, address in pairs:
        if not address:
            continue
        answer = questions.answer(str(address))
        finding, taken = _judged(answer, area, server)
        findings.append(
            Finding(
                finding.code,
                "warning",
                row=row,
                column=heading,
                facts={"service": server.name, **finding.facts},
                file=file,
                repair={} if taken else finding.repair,
            )
        )
        if taken:
            corrections |= {(row, column): text for column, text in finding.repair.items()}
    return Located(corrections, tuple(findings), server.name, questions.asked)


class _Questions:
    """Asks each address once, not too fast, and not for ever."""

    def __init__(
        self, server: GeocodeServer, asking: Callable[[GeocodeServer, str], Answer]
    ) -> None:
        self._server = server
        self._asking = asking
        self._known: dict[str, Answer] = {}
        self._failures = 0
        self._end: Trouble | None = None
        self._next = 0.0
        self.asked = 0

    def answer(self, address: str) -> Answer:
        """Return what the service says of an address, or why it is not asked."""
        if address in self._known:
            return self._known[address]
        if self._end is not None:
            return self._end
        if self.asked >= self._server.most:
            return Trouble("geocode_most", {"most": self._server.most})
        self._wait()
        self.asked += 1
        found = self._asking(self._server, address)
        self._known[address] = found
        failed = isinstance(found, Trouble) and found.failed
        self._failures = self._failures + 1 if failed else 0
        if isinstance(found, Trouble) and (found.ends or self._failures >= MOST_FAILURES):
            self._end = Trouble("geocode_not_asked")
        return found

    def _wait(self) -> None:
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + 1.0 / self._server.per_second


def _judged(answer: Answer, area: shapely.Geometry, server: GeocodeServer) -> tuple[Finding, bool]:
    """Return what to tell of an answer, with the cells it proposes, and whether to take them."""
    if isinstance(answer, Trouble):
        return Finding(answer.code, "warning", facts=answer.facts), False
    facts: dict[str, object] = {
        "level": answer.said or "—",
        "matched": answer.matched[:_SHOWN_CHARS] or "—",
        "datum": answer.datum,
    }
    if answer.level == "district":
        return Finding("geocode_coarse", "warning", facts=facts), False
    lon, lat = (np.atleast_1d(part) for part in to_wgs84(answer.lon, answer.lat, answer.datum))
    away_m = float(outside_m(area, lon, lat)[0])
    cells = _cells(answer)
    if away_m > OUTSIDE_M or not np.isfinite(away_m):
        km = f"{away_m / 1000:,.1f}" if np.isfinite(away_m) else "—"
        found = Finding("geocode_outside", "warning", facts={**facts, "km": km}, repair=cells)
        return found, False
    return Finding(f"geocode_found_{server.name}", "warning", facts=facts, repair=cells), True


def _cells(place: Place) -> dict[str, str]:
    return {
        "lon": repr(round(place.lon, _DECIMALS)),
        "lat": repr(round(place.lat, _DECIMALS)),
        DATUM: place.datum,
        "position_state": STATES[place.level],
    }
