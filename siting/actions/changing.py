"""The tables as they are once something is done: what everything else can be computed from."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from siting.actions.bundles import Bundle
from siting.model import Inputs

OPEN = "open"


def changed_inputs(inputs: Inputs, done: Sequence[Bundle]) -> Inputs:
    """Return inputs whose stations are as bundles make them.

    Candidates that open become stations and stay candidates, too: so that travel matrices keep
    their rows. A station that moves has the place of its candidate.
    """
    stations, first = inputs.stations.copy(), len(inputs.stations)
    opened: list[pd.DataFrame] = []
    for bundle in done:
        if bundle.site >= first:
            row = inputs.candidates.iloc[[bundle.site - first]]
            opened.append(_changed(row.reindex(columns=stations.columns), bundle))
            continue
        row = _changed(stations.iloc[[bundle.site]], bundle)
        if bundle.place != bundle.site:
            there = inputs.candidates.iloc[bundle.place - first]
            row = row.assign(lon=float(there["lon"]), lat=float(there["lat"]))
        stations = pd.concat([stations.iloc[: bundle.site], row, stations.iloc[bundle.site + 1 :]])
    whole = pd.concat([stations, *opened], ignore_index=True)
    return replace(inputs, stations=whole)


def _changed(row: pd.DataFrame, bundle: Bundle) -> pd.DataFrame:
    record = bundle.record
    return row.assign(
        kind=record.kind,
        hours=record.hours,
        access=record.access,
        services=record.services,
        state=OPEN,
    )
