"""方案对比: what stands, kept scenarios and stored plans, two at a time; who gains, who loses."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from register import Register
from register.scenarios import scenarios_in
from reports.webmap import candidate_names
from siting.adding_up import whole_levels
from siting.coverage.levels import Level, Terms
from siting.model import Parameters
from siting.plans.comparing import Difference, Option, differences
from ui import edits, keys, projects
from ui.compute import Situation
from ui.exporting import show_table
from ui.language import current
from ui.look import table_height
from ui.onward import draw_onward
from ui.opening import begin, ordinary
from ui.report.words import word as export_word
from ui.safe import plain
from ui.scenarios.beside import draw_beside
from ui.scenarios.saved import draw_saved, terms_words
from ui.scenarios.sides import (
    SIDES,
    Choice,
    Chosen,
    Shelf,
    counted,
    draw_choices,
    draw_side,
    listed,
    word,
)
from ui.workbench.coverage import BY, By, row_name
from words import count, yuan

_MOST_PLANS = 50
_NAMED = 3
STANDARD = "standard"
"""Of the terms that both sides are counted on: nobody's own."""


def draw() -> None:
    """Draw the page: by the standard in force, an ordinary week, all workers."""
    register = projects.register()
    book = begin(register)
    if book is None:
        return
    edits.draw_notice(register)
    shelf = shelf_of(register)
    if len(shelf.choices) == 1 and not shelf.scenarios:
        draw_onward(word("none"), "workbench", key="scenarios")
        return
    base = ordinary(register, book, lambda name: word("intro", standard=name))
    choices = draw_choices(shelf)
    _draw_comparison(base, shelf, choices)
    draw_saved(register, tuple(shelf.scenarios.values()))


def shelf_of(register: Register) -> Shelf:
    """Return what there is to choose from."""
    return Shelf(
        {saved.id: saved for saved in scenarios_in(register)},
        {plan.id: plan for plan in register.plans(limit=_MOST_PLANS)},
    )


def verdict_facts(one: Option, other: Option) -> tuple[int, int]:
    """Return how many more workers the second effectively covers, and how many more yuan."""
    first, second = (whole_levels(o.effective.total)[Level.VERIFIED] for o in (one, other))
    return second - first, other.cost_yuan - one.cost_yuan


def difference_table(found: Sequence[Difference], by: By) -> pd.DataFrame:
    """Return one row per unit, group or window: workers, covered by each, and what the second adds.

    The greatest gain first; windows keep their order.
    """
    rows = [
        {
            "name": row_name(item.name, by),
            "workers": item.workers,
            "one": item.one,
            "other": item.other,
            "gained": item.gained,
        }
        for item in found
    ]
    table = pd.DataFrame(rows, columns=["name", "workers", "one", "other", "gained"])
    if by == "window":
        return table
    return table.sort_values(["gained", "name"], ascending=[False, True], ignore_index=True)


def _draw_comparison(base: Situation, shelf: Shelf, choices: tuple[Choice, Choice]) -> None:
    if choices[0] == choices[1]:
        st.info(word("same"), icon=":material/compare_arrows:")
        return
    parameters, terms = _draw_terms(base, shelf, choices)
    one, other = (counted(base, shelf, choice, parameters, terms) for choice in choices)
    st.markdown(f"**{_verdict(one.option, other.option)}**")
    for side, chosen, column in zip(SIDES, (one, other), st.columns(2, gap="medium"), strict=True):
        with column:
            draw_side(side, chosen)
    _draw_sites(base, one, other)
    _draw_differences(one.option, other.option)
    draw_beside(base, shelf, choices)


def _draw_terms(
    base: Situation, shelf: Shelf, choices: tuple[Choice, Choice]
) -> tuple[Parameters, Terms]:
    """Draw on whose terms both sides are counted, where one of them has terms of its own."""
    held = {STANDARD: (base.parameters, base.terms)}
    for side, choice in zip(SIDES, choices, strict=True):
        variant = shelf.variant(choice)
        own = (variant.parameters, variant.terms)
        if isinstance(choice, str) and own not in held.values():
            held[side] = own
    if len(held) == 1:
        return held[STANDARD]
    names = {
        key: word("terms_standard") if key == STANDARD else word("terms_own", name=word(key))
        for key in held
    }
    chosen = st.segmented_control(
        word("terms"),
        list(held),
        default=STANDARD,
        required=True,
        key=f"{keys.COMPARED}_terms_{'_'.join(held)}",
        format_func=names.__getitem__,
        help=word("terms_help"),
    )
    found = held[chosen or STANDARD]
    if chosen != STANDARD:
        st.caption(plain(terms_words(shelf.variant(choices[SIDES.index(chosen)]), current())))
    return found


def _verdict(one: Option, other: Option) -> str:
    lang = current()
    workers, money = verdict_facts(one, other)
    paid = "more" if money > 0 else "less" if money < 0 else "same"
    way = "more" if workers > 0 else "less" if workers < 0 else "same"
    said = word(f"money_{paid}", yuan=yuan(abs(money), lang))
    return word(f"verdict_{way}", workers=count(abs(workers), lang), money=said)


def _draw_sites(base: Situation, one: Chosen, other: Chosen) -> None:
    names = candidate_names(base.inputs.candidates, current())
    first, second = one.option.sites, other.option.sites
    sets = {
        "both": [site for site in first if site in second],
        "only_one": [site for site in first if site not in second],
        "only_other": [site for site in second if site not in first],
    }
    lines = [
        word(key, names=plain(listed([names.get(site, site) for site in sites])) or word("nothing"))
        for key, sites in sets.items()
    ]
    st.markdown("  \n".join(lines))


def _draw_differences(one: Option, other: Option) -> None:
    by: By = st.segmented_control(
        word("by"),
        BY,
        default=BY[0],
        required=True,
        key=f"{keys.COMPARED}_by",
        persist_state="session",
        format_func={by: word(f"by_{by}") for by in BY}.__getitem__,
        label_visibility="collapsed",
    )
    table = difference_table(differences(one, other, by), by)
    st.caption("  \n".join(_gainers(table)))
    number = st.column_config.NumberColumn
    show_table(
        table,
        export_word("tables.differences"),
        name="differences",
        height=table_height(max(len(table), 1), most=24),
        column_order=("name", "gained", "one", "other", "workers"),  # a phone shows the first three
        column_config={
            "name": st.column_config.TextColumn(word(f"name_{by}"), width=130),
            "workers": number(word("all"), format="localized"),
            "one": number(word("one_workers"), format="localized"),
            "other": number(word("other_workers"), format="localized"),
            "gained": number(word("gained"), format="localized"),
        },
    )


def _gainers(table: pd.DataFrame) -> Iterable[str]:
    """Say who gains most and who loses most by the second plan."""
    ranked = table.sort_values("gained", ascending=False)
    gains = ranked[ranked["gained"] > 0].head(_NAMED)
    loses = ranked[ranked["gained"] < 0].tail(_NAMED).iloc[::-1]
    for found, some, none in ((gains, "gains", "no_gainer"), (loses, "loses", "no_loser")):
        told = [
            word("gain", name=plain(row["name"]), workers=f"{row['gained']:+,}")
            for row in found.to_dict("records")
        ]
        yield word(some, names=listed(told)) if told else word(none)
