"""The style rules of the records' page: a table on a desk, cards on a phone."""

import streamlit as st

_STYLE = """<style>
.st-key-ledger_cards { display: none; }
.st-key-ledger_head { row-gap: .4rem; }
.st-key-ledger_cards button, .st-key-ledger_plans button {
  justify-content: flex-start; text-align: left; min-height: 2.9rem; padding-block: .35rem;
  border-bottom: 1px solid var(--ws-line); border-radius: 0; }
:is(.st-key-ledger_cards, .st-key-ledger_plans) button > *,
:is(.st-key-ledger_cards, .st-key-ledger_plans) button > * > * {
  justify-content: flex-start; text-align: left; }
.st-key-ledger_cards button > div, .st-key-ledger_plans button > div { width: 100%; }
.st-key-ledger_title h3 { font-size: 1.3rem; padding: .2rem 0; overflow-wrap: anywhere; }
.st-key-ledger_draft { scroll-margin-top: 4.2rem; }
.stMain .st-key-ledger_place iframe[title*="st_folium"] {
  height: clamp(16rem, 42dvh, 26rem) !important; }
[class*="st-key-ledger_have_row"] p { margin-bottom: 0; }
@media (max-width: 640px) {
  .st-key-ledger_title h3 { font-size: 1.15rem; }
  .st-key-ledger_view button { padding-inline: .55rem; }
  .st-key-ledger_rows { display: none; }
  .st-key-ledger_cards { display: flex; }
}
@media print { .st-key-ledger_filters, .st-key-ledger_turning { display: none; } }
</style>"""


def apply() -> None:
    """Put the rules on the page; no text of anybody's ever enters them."""
    st.html(_STYLE)
