"""Rows that may be one and the same place: found as groups, settled by people.

A group is a row and the later rows that are like it: of the same id; of the same credit code; of
the same name; of the same address; or, for stations and candidates, at most 30 m away. Hosts and
enterprises share buildings, so nearness alone says nothing of them; rows of demand share ids. A row
is in one group only.

The first row of a group is the one that stays; a row whose position is doubted comes after those
whose position is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import LocalFrame, geodesic_m
from geo.findings import Finding
from geo.intake.meanings import normalise
from geo.intake.reader import Intake
from geo.intake.registers import TOGETHER
from geo.tables import columns, split_list

Records = Mapping[str, NDArray[np.object_]]
Reason = Literal["id", "code", "name", "address", "near"]
Decision = Literal["keep", "skip", "merge"]

NEAR_M: Final = 30.0
"""Stations or candidates at most (<=) this far apart, metres, may be one."""
_NEAR_TABLES: Final = frozenset({"stations", "candidates"})
_TABLES: Final = frozenset({*_NEAR_TABLES, "hosts", "enterprises"})
DOUBTED: Final = frozenset({"intake_far", "intake_outside"})
"""Findings that doubt the position of a row which is well-formed."""
_LEADS: Final = {column: lead for lead, with_it in TOGETHER.items() for column in with_it}
_SLACK: Final = 1.01  # one flat frame for a district: metres err by less than a hundredth
_SHOWN_CHARS: Final = 40


@dataclass(frozen=True)
class Group:
    """Rows that may be one.

    Attributes
    ----------
    reason
        Why.
    rows
        Numbers in the original file; the first is the one that stays, whatever is decided.
    names
        Of the rows; "" where there is none.
    apart_m
        Metres from the first row, one per row.
    """

    reason: Reason
    rows: tuple[int, ...]
    names: tuple[str, ...]
    apart_m: tuple[float, ...]

    @property
    def usual(self) -> Decision:
        """What happens while nobody decides: a second row of an id is left out, others are kept."""
        return "skip" if self.reason == "id" else "keep"

    @property
    def proposed(self) -> Decision:
        """What people are offered first: rows of one id that are two places are both kept.

        Two places have names that differ and are more (>) than `NEAR_M` apart. Rows of one credit
        code are one enterprise, whatever they call it: merged.
        """
        if self.reason == "code":
            return "merge"
        named = {normalise(name) for name in self.names}
        apart = max(self.apart_m) > NEAR_M
        return "keep" if apart and len(named) > 1 and "" not in named else self.usual

    def as_dict(self) -> dict[str, object]:
        """Return the keys of the command line's JSON."""
        return {
            "reason": self.reason,
            "rows": list(self.rows),
            "names": list(self.names),
            "apart_m": [round(metres, 1) for metres in self.apart_m],
        }

    def findings(self) -> tuple[Finding, ...]:
        """Return one warning per later row; those of an id have theirs from the reading."""
        if self.reason == "id":
            return ()
        return tuple(
            Finding(
                f"intake_{self.reason}_double",
                "warning",
                row=row,
                facts={
                    "first": self.rows[0],
                    "name": self.names[0][:_SHOWN_CHARS],
                    "m": f"{metres:,.0f}",
                },
            )
            for row, metres in zip(self.rows[1:], self.apart_m[1:], strict=True)
        )


@dataclass(frozen=True, eq=False)
class Settled:
    """A table after people decided.

    Attributes
    ----------
    frame, rows
        The rows that stay, and their numbers in the original file.
    taken
        How many rows that the reading had left out are in it or merged into others.
    filled
        (row, column) of the cells that another row of their group filled.
    """

    frame: pd.DataFrame
    rows: NDArray[np.int64]
    taken: int
    filled: tuple[tuple[int, str], ...]


def find_doubles(intake: Intake, table: str) -> tuple[Group, ...]:
    """Return the groups of a table, by their first rows; () for tables without names or places."""
    if table not in _TABLES:
        return ()
    frame, rows = _all_rows(intake)
    free = np.ones(len(frame), dtype=np.bool_)
    doubted = {finding.row for finding in intake.findings if finding.code in DOUBTED}
    groups: list[Group] = []
    for reason, found in _candidates(frame, table):
        for members in found:
            left = sorted(
                (i for i in members if free[i]), key=lambda i: (int(rows[i]) in doubted, i)
            )
            if len(left) > 1:
                free[left[1:]] = False
                groups.append(_group(reason, left, frame, rows))
    return tuple(sorted(groups, key=lambda group: group.rows))


def settle(
    intake: Intake,
    table: str,
    groups: Sequence[Group],
    decisions: Mapping[Group, Decision],
) -> Settled:
    """Return the table after the decisions; the intake stays as it is.

    Parameters
    ----------
    groups
        As `find_doubles` returns them.
    decisions
        `keep`: every row is a record of its own, with an id of its own; `skip`: the later rows are
        left out; `merge`: they are left out too, and fill what the first row leaves blank; lists
        are united. Absent: `Group.usual`.
    """
    frame, rows = _all_rows(intake)
    place = {int(row): i for i, row in enumerate(rows)}
    if not groups:
        return Settled(intake.frame, intake.rows, 0, ())
    stays = np.isin(rows, intake.rows)
    waiting = ~stays
    filled: list[tuple[int, str]] = []
    # The reading left out all rows of an id but its first; the one that stays may be another.
    stays[[place[group.rows[0]] for group in groups if group.reason == "id"]] = True
    records = {c: frame[c].to_numpy(dtype=object, copy=True) for c in frame.columns}
    for group in groups:
        decision = decisions.get(group, group.usual)
        first, *others = (place[row] for row in group.rows)
        stays[others] = decision == "keep"
        if decision == "merge":
            filled += [(group.rows[0], c) for c in _fill(records, table, first, others)]
        if decision == "skip":
            waiting[others] = False
    _renumber(records["id"], stays)
    kept = pd.DataFrame({c: pd.Series(cells[stays]) for c, cells in records.items()})
    kept = kept.astype(intake.frame.dtypes.to_dict())
    return Settled(kept, rows[stays], int(np.count_nonzero(waiting)), tuple(filled))


def _all_rows(intake: Intake) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the rows that were kept and those that an earlier id kept out, in the file's order."""
    if not len(intake.double_rows):
        return intake.frame, intake.rows
    rows = np.concatenate([intake.rows, intake.double_rows])
    order = np.argsort(rows, kind="stable")
    frame = pd.concat([intake.frame, intake.doubles], ignore_index=True)
    return frame.iloc[order].reset_index(drop=True), rows[order]


def _candidates(frame: pd.DataFrame, table: str) -> Iterator[tuple[Reason, list[list[int]]]]:
    yield "id", _same(frame["id"])
    if "credit_code" in frame.columns:
        yield "code", _same(frame["credit_code"].map(normalise))
    yield "name", _same(frame["name"].map(normalise))
    if "address" in frame.columns:
        yield "address", _same(frame["address"].map(normalise))
    if table in _NEAR_TABLES:
        yield "near", _near(frame)


def _same(keys: pd.Series) -> list[list[int]]:
    """Return the indices of rows of one key; blank ones are like nothing."""
    again = keys[keys.duplicated(keep=False) & (keys != "")]
    places = pd.Series(again.index.to_numpy())
    return [rows.tolist() for _, rows in places.groupby(again.to_numpy(), sort=False)]


def _near(frame: pd.DataFrame) -> list[list[int]]:
    """Return every row with the later rows within `NEAR_M`, where there are any."""
    lon, lat = (frame[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    if len(frame) < 2:
        return []
    frame_m = LocalFrame(float(np.median(lon)), float(np.median(lat)))
    tree = cKDTree(np.column_stack(frame_m.to_m(lon, lat)))
    distance, _ = tree.query(tree.data, k=2)
    free = np.ones(len(frame), dtype=np.bool_)
    groups = []
    for i in np.flatnonzero(distance[:, 1] <= NEAR_M * _SLACK).tolist():
        if not free[i]:
            continue
        around = np.array(tree.query_ball_point(tree.data[i], NEAR_M * _SLACK), dtype=np.int64)
        later = np.sort(around[(around > i) & free[around]])
        start = np.full(len(later), lon[i]), np.full(len(later), lat[i])
        metres = geodesic_m(*start, lon[later], lat[later])
        members = later[metres <= NEAR_M]
        if len(members):
            free[members] = False
            groups.append([i, *members.tolist()])
    return groups


def _group(
    reason: Reason, members: Sequence[int], frame: pd.DataFrame, rows: NDArray[np.int64]
) -> Group:
    at = frame.iloc[list(members)]
    lon, lat = (at[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    apart = geodesic_m(np.full(len(at), lon[0]), np.full(len(at), lat[0]), lon, lat)
    return Group(
        reason,
        tuple(rows[list(members)].tolist()),
        tuple(map(str, at["name"])),
        tuple(apart.tolist()),
    )


def _fill(records: Records, table: str, first: int, others: Sequence[int]) -> list[str]:
    """Fill the blanks of a row from others of its group; return the columns that changed."""
    changed = []
    rows = (first, *others)
    for column in columns(table):
        cells = records[column.name]
        if column.name in ("id", "lon", "lat"):
            continue
        with_it = _LEADS.get(column.name)
        alike = rows if with_it is None else _of_one_lead(records[with_it], rows)
        values = [cells[i] for i in alike]
        if column.type == "list":
            items = [item for value in values for item in split_list(str(value))]
            now: object = ";".join(dict.fromkeys(items))
        else:
            now = next((value for value in values if not _blank(value)), "")
        if not _blank(now) and (_blank(values[0]) or now != values[0]):
            cells[first] = now
            changed.append(column.name)
    return changed


def _of_one_lead(lead: NDArray[np.object_], rows: Sequence[int]) -> tuple[int, ...]:
    """Return the rows that say the same as the first: a date goes with its own head count."""
    kept = lead[rows[0]]
    return (
        rows[0],
        *(i for i in rows[1:] if lead[i] == kept or (_blank(kept) and _blank(lead[i]))),
    )


def _blank(value: object) -> bool:
    return value is None or value is pd.NA or value != value or value == ""  # noqa: PLR0124 -- NaN


def _renumber(ids: NDArray[np.object_], stays: NDArray[np.bool_]) -> None:
    """Give rows that stay beside an earlier one of their id an id of their own: `S1-2`, `S1-3`."""
    seen, used = set(ids.tolist()), set()
    for i in np.flatnonzero(stays).tolist():
        given = str(ids[i])
        if given in used:
            free = (f"{given}-{n}" for n in count(2))
            given = next(name for name in free if name not in seen)
            ids[i] = given
            seen.add(given)
        used.add(given)
