"""Proposals before they are told apart: candidates, where each comes from, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.tables import DTYPES, columns, made_id

Float64 = NDArray[np.float64]
Origin = Literal["host", "gate", "front", "hard", "scattered"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)
"""At a host, at a firm's gate, along a main street, a container for hard or for scattered work."""

_BLANK = {"text": "", "list": "", "date": ""}


@dataclass(frozen=True, eq=False)
class Drafts:
    """n proposals.

    Attributes
    ----------
    frame
        Columns of `candidates`.
    origins
        Where each comes from.
    facts
        The figures that speak for each, by the names that `candidates.why.<origin>` uses.
    """

    frame: pd.DataFrame
    origins: tuple[Origin, ...]
    facts: tuple[Mapping[str, object], ...]

    @property
    def places(self) -> tuple[Float64, Float64]:
        """Longitudes and latitudes, WGS-84 degrees."""
        return places_of(self.frame)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Drafts":
        """Return some of them."""
        chosen = np.arange(len(self.origins))[rows].tolist()
        return Drafts(
            frame=self.frame.iloc[chosen].reset_index(drop=True),
            origins=tuple(self.origins[row] for row in chosen),
            facts=tuple(self.facts[row] for row in chosen),
        )


@dataclass
class Collector:
    """Gathers proposals of one origin."""

    origin: Origin
    records: list[dict[str, object]] = field(default_factory=list)
    facts: list[Mapping[str, object]] = field(default_factory=list)

    def add(self, record: Mapping[str, object], **facts: object) -> None:
        """Take one proposal; it is `proposed`, and gets an id of its name and position."""
        given = {"state": "proposed", "name": "", **record}
        given.setdefault("id", made_id("candidates", given))
        self.records.append(given)
        self.facts.append(facts)

    def drafts(self) -> Drafts:
        """Return what was gathered."""
        return Drafts(
            candidate_frame(self.records), (self.origin,) * len(self.records), tuple(self.facts)
        )


def candidate_frame(records: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return records as a table that conforms to the schema; what they do not say is missing."""
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [record.get(column.name, _BLANK.get(column.type)) for record in records],
                dtype=DTYPES[column.type],
            )
            for column in columns("candidates")
        }
    )


def joined(parts: Sequence[Drafts]) -> Drafts:
    """Return proposals one after another."""
    return Drafts(
        frame=pd.concat([part.frame for part in parts], ignore_index=True),
        origins=tuple(origin for part in parts for origin in part.origins),
        facts=tuple(fact for part in parts for fact in part.facts),
    )


def places_of(frame: pd.DataFrame) -> tuple[Float64, Float64]:
    """Return longitudes and latitudes of a table, WGS-84 degrees."""
    return frame["lon"].to_numpy(dtype=np.float64), frame["lat"].to_numpy(dtype=np.float64)
