"""How much the headline hangs on what share of a window a station must be open: a click away."""

import pandas as pd
import streamlit as st

from siting.adding_up import whole_levels
from siting.coverage.levels import Level
from siting.effective_lines import door_lines
from siting.sensitivity import Sensitivity
from ui import keys
from ui.compute import Situation
from ui.language import current
from ui.standards.compute import sensitivity_of
from ui.standards.words import word
from words import percent


def draw_open_share(now: Situation) -> None:
    """Draw the button; the figures are worked out when somebody opens it."""
    held = st.popover(
        word("sensitivity.title"),
        icon=":material/query_stats:",
        type="tertiary",
        key=keys.SENSITIVITY,
        on_change="rerun",
    )
    if not held.open:
        return
    with held:
        st.caption(word("sensitivity.help"))
        st.dataframe(
            open_share_table(sensitivity_of(now), now.terms.open_share),
            hide_index=True,
            width=590,
            column_config={
                "share": st.column_config.TextColumn(word("sensitivity.share"), width=125),
                "effective": st.column_config.ProgressColumn(
                    word("sensitivity.effective"),
                    format="%.1f%%",
                    min_value=0,
                    max_value=100,
                    width=120,
                ),
                **{
                    name: st.column_config.NumberColumn(
                        word(f"sensitivity.{name}"), format="localized", width=105
                    )
                    for name in ("verified", "unverified", "uncovered")
                },
            },
        )
        st.caption("  \n".join([*door_lines(now.effective, current()), word("sensitivity.change")]))


def open_share_table(found: tuple[Sensitivity, ...], used: float) -> pd.DataFrame:
    """Return one row per open share, in whole workers that add up.

    Parameters
    ----------
    found
        Effective coverage by open share.
    used
        The share of the terms in force.
    """
    return pd.DataFrame([_row(item, used) for item in found])


def _row(item: Sensitivity, used: float) -> dict[str, object]:
    levels = whole_levels(item.total)
    share = percent(item.open_share, digits=0)
    return {
        "share": word("sensitivity.used", share=share) if item.open_share == used else share,
        "effective": item.total.coverage * 100,
        "verified": levels[Level.VERIFIED],
        "unverified": levels[Level.UNVERIFIED],
        "uncovered": sum(levels[: Level.UNVERIFIED]),
    }
