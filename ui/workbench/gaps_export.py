"""The gap areas as a table to take away: all of them, not only those that a list shows."""

import pandas as pd

from siting.effective import EffectiveEvaluation
from ui.exporting import Exported
from ui.labels import label
from ui.language import current
from ui.report.words import word


def gaps_exported(found: EffectiveEvaluation) -> Exported:
    """Return every gap area, the worst first: where it is, whom it leaves out, when most."""
    lang = current()
    rows = [
        {
            "order": order,
            "place": area.place.said(lang),
            "workers": round(area.gap.workers),
            "group": label("groups", area.gap.group, lang) if area.gap.group else "",
            "window": label("windows", area.gap.window, lang) if area.gap.window else "",
            "heads": round(area.gap.heads),
            "lon": f"{area.gap.lon:.6f}",
            "lat": f"{area.gap.lat:.6f}",
        }
        for order, area in enumerate(found.gap_areas, 1)
    ]
    names = ("order", "place", "workers", "group", "window", "heads", "lon", "lat")
    return Exported(
        pd.DataFrame(rows, columns=list(names)),
        word("gaps.title"),
        {name: word(f"gaps.{name}") for name in names},
        notes=(word("gaps.note"),),
    )
