"""Quotas of the rule file that is edited: how many of a plan are in an area, or of a kind."""

from collections.abc import Sequence

import streamlit as st

from geo.errors import InputError
from geo.reference import read_list
from siting.rules import RuleBook
from siting.rules.book import QuotaOf, RuleQuota
from siting.rules.editing import with_quotas
from siting.rules.files import ASSUMPTION
from ui import keys
from ui.language import current
from ui.rules.draft import edit, word
from ui.safe import plain
from words import say

_MOST = 999

Meant = tuple[QuotaOf, str]


def draw_quotas(book: RuleBook) -> None:
    """Draw the quotas with a button to drop each, and a row to set one."""
    st.caption(word("quotas.help"))
    for number, quota in enumerate(book.quotas):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(quota_words(quota)))
            st.button(
                word("quotas.drop"),
                key=f"quota_drop_{number}",
                type="tertiary",
                on_click=_write,
                args=(book, (*book.quotas[:number], *book.quotas[number + 1 :])),
            )
    meant: Meant = st.selectbox(
        word("quotas.of"), choices(book), key=keys.QUOTA_OF, format_func=meant_words
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        least = st.number_input(word("quotas.least"), 0, _MOST, key=keys.QUOTA_LEAST, width=120)
        most = st.number_input(
            word("quotas.most"),
            0,
            _MOST,
            value=None,
            key=keys.QUOTA_MOST,
            width=120,
            placeholder=word("quotas.any"),
        )
        quota = RuleQuota(*meant, least, most, ASSUMPTION, say("rules.quotas.sentence", "zh"))
        st.button(
            word("quotas.set"),
            key="quota_set",
            disabled=not least and most is None,
            on_click=_write,
            args=(book, (*(one for one in book.quotas if _meant(one) != meant), quota)),
        )


def choices(book: RuleBook) -> list[Meant]:
    """Return what may have a quota: the areas of the rules, then the kinds of station."""
    areas: list[Meant] = [("area", rule.area_type) for rule in book.rules]
    return [*areas, *(("kind", kind) for kind in read_list("reference/kinds"))]


def meant_words(meant: Meant) -> str:
    """Return what an area or a kind of station is called."""
    field, value = meant
    if field == "area":
        return say(f"siting.area.{value}", current())
    return str(read_list("reference/kinds")[value][current()])


def quota_words(quota: RuleQuota) -> str:
    """Return a quota as people say it."""
    limits = [word("quotas.at_least", number=quota.least)] if quota.least else []
    limits += [] if quota.most is None else [word("quotas.at_most", number=quota.most)]
    told = word("quotas.joint").join(limits)
    return word("quotas.line", meant=meant_words(_meant(quota)), limits=told)


def _meant(quota: RuleQuota) -> Meant:
    return quota.field, quota.value


def _write(book: RuleBook, quotas: Sequence[RuleQuota]) -> None:
    try:
        edit(with_quotas(book, quotas).text)
        st.session_state.pop(keys.RULES_REFUSED, None)
    except InputError as error:
        st.session_state[keys.RULES_REFUSED] = error
