"""What lies under the map of a report on the command line: streets, outline, names of places."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from commands.register_place import Place

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from reports.webmap import BaseLayer
    from siting.model import Inputs

_LENT = "© OpenStreetMap contributors"
_LENT_LICENCE = "ODbL 1.0"


def with_lent_outline(inputs: "Inputs") -> "Inputs":
    """Return the inputs with the source of Daxing's outline, where that is lent to them."""
    from siting.model import LayerSource  # noqa: PLC0415 -- start-up

    named = {source.layer for source in inputs.sources}
    if "outline" in named or not _in_daxing(inputs):
        return inputs
    lent = LayerSource("outline", _LENT, _LENT_LICENCE)
    return replace(inputs, sources=(*inputs.sources, lent))


def ground_of(inputs: "Inputs", place: Place | None) -> "BaseLayer | None":
    """Return the base layer of a map; None: there is nothing to make it of.

    Parameters
    ----------
    inputs
        Streets, and units by their demand points.
    place
        The register whose outline and labels are drawn; None: of files. A district in Daxing
        without an outline of its own borrows the shipped one.
    """
    import pandas as pd  # noqa: PLC0415 -- start-up

    from geo.intake.units import SHIPPED_OUTLINE  # noqa: PLC0415 -- start-up
    from reports.drawn import extent_of, unit_labels  # noqa: PLC0415 -- start-up
    from reports.webmap import base_layer, labels_from, read_outline  # noqa: PLC0415 -- start-up

    extent = extent_of(inputs)
    if inputs.streets is None and extent is None:
        return None
    outline, labels = (None, None) if place is None else _own(place)
    if outline is None and _in_daxing(inputs):
        outline = SHIPPED_OUTLINE
    return base_layer(
        inputs.streets,
        None if outline is None else read_outline(outline),
        unit_labels(inputs.demand) if labels is None else labels_from(pd.read_csv(labels)),
        extent,
    )


def _own(place: Place) -> tuple[Path | None, Path | None]:
    """Return the files of a register's outline and labels; None where there are none."""
    with place.opened() as register:
        return register.layer_file("outline"), register.layer_file("labels")


def _in_daxing(inputs: "Inputs") -> bool:
    from geo.intake.units import in_daxing  # noqa: PLC0415 -- start-up

    points = inputs.stations if inputs.demand.empty else inputs.demand
    return in_daxing(*(points[name].to_numpy(dtype=float) for name in ("lon", "lat")))
