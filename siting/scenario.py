"""One hash for inputs and parameters: the same hash means the same numbers."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from weakref import ReferenceType, ref

import numpy as np
import pandas as pd
import shapely

from geo.streets import Network, network_sha256
from siting.areas.zones import AreaZones
from siting.model import Inputs, Parameters

LAYERS = ("demand", "stations", "candidates", "enterprises", "hosts", "needs")
_FORMAT = b"warm-station scenario 1"
_UNIT = b"\x1f"


class Digests:
    """Hashes of frames that nobody writes into, each worked out once while the frame lives."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ReferenceType[pd.DataFrame], str]] = {}

    def __call__(self, frame: pd.DataFrame) -> str:
        """Return what `frame_sha256` returns."""
        held = self._known.get(id(frame))
        if held is not None and held[0]() is frame:
            return held[1]
        found, place = frame_sha256(frame), id(frame)
        self._known[place] = (ref(frame, lambda gone: self._forget(place, gone)), found)
        return found

    def _forget(self, place: int, gone: ReferenceType[pd.DataFrame]) -> None:
        """Let go of a frame, unless another has taken its place already."""
        if place in self._known and self._known[place][0] is gone:
            del self._known[place]


def scenario_hash(
    inputs: Inputs,
    parameters: Parameters,
    *,
    digest: Callable[[pd.DataFrame], str] | None = None,
    **extra: object,
) -> str:
    """Return the SHA-256, in hex, of everything that decides a result.

    The order of rows counts, because it decides ties; the order of columns does not. Sources are
    left out: they say where data came from, not what they are.

    Parameters
    ----------
    digest
        Returns the hash of a table; None: `frame_sha256`.
    extra
        Must be writable as JSON.
    """
    hashed = frame_sha256 if digest is None else digest
    whole = hashlib.sha256(_FORMAT)
    settings = json.dumps(
        {"parameters": asdict(parameters), "extra": extra}, sort_keys=True, ensure_ascii=False
    )
    whole.update(settings.encode())
    whole.update(_streets(inputs.streets))
    for layer in LAYERS:
        whole.update(_UNIT + layer.encode() + _UNIT)
        whole.update(hashed(getattr(inputs, layer)).encode())
    whole.update(_zones(inputs.area_zones))
    return whole.hexdigest()


def frame_sha256(frame: pd.DataFrame) -> str:
    """Return the SHA-256, in hex, of a frame's columns and cells, in the order of its rows.

    A column without any value is left out: it says as much as no column, and one that the schema
    gets later changes no hash.
    """
    digest = hashlib.sha256(str(len(frame)).encode())
    for name in sorted(str(column) for column in frame.columns):
        cells = frame[name]
        if _says_anything(cells):
            digest.update(_UNIT + name.encode() + _UNIT)
            digest.update(_column(cells))
    return digest.hexdigest()


def _says_anything(cells: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return bool(cells.notna().any())
    return bool((cells.notna() & cells.ne("")).any())


@lru_cache(maxsize=4)
def _streets(net: Network | None) -> bytes:
    return b"straight line" if net is None else network_sha256(net).encode()


def _zones(zones: AreaZones) -> bytes:
    """Return what tells zones apart; nothing where there are none, so that old hashes stay."""
    if not len(zones):
        return b""
    told = json.dumps([zones.names, zones.areas], ensure_ascii=False).encode()
    return _UNIT + b"zones" + _UNIT + told + b"".join(shapely.to_wkb(zones.polygons).tolist())


def _column(cells: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        # Every number as one kind of float, every blank as one kind of NaN, and no minus zero.
        values = cells.to_numpy(dtype="<f8", na_value=np.nan) + 0.0
        values[np.isnan(values)] = np.nan
        return b"number" + values.tobytes()
    codes, labels = pd.factorize(cells)
    texts = (str(label).encode() for label in labels)
    table = b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    return b"text" + table + _UNIT + codes.astype("<i8").tobytes()
