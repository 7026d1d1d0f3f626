"""Door 1: the app in a browser. Page set-up, sign-in, navigation, wiring; the rest lives in `ui`.

Start it with `streamlit run streamlit_app.py` or `python cli.py serve`.
"""

import streamlit as st

from ui import (
    address,
    builtin_words,
    data_page,
    keys,
    language,
    ledger,
    look,
    overview,
    scenarios,
    sign_in,
    standards,
    workbench,
)
from ui.guard import guarded
from ui.language import tell
from ui.ledger_words import word
from ui.overview_words import word as overview_word

st.set_page_config(page_title=tell("app.title"), page_icon=look.ICON, layout="wide")
look.apply()
address.read()
language.switch()
builtin_words.translate(language.current())
plan_page = st.Page(
    lambda: guarded(workbench.draw),
    title=tell("page.workbench"),
    icon=":material/map:",
    default=True,
    url_path="workbench",
)
home = st.Page(
    lambda: guarded(overview.draw),
    title=overview_word("page"),
    icon=":material/monitoring:",
    url_path="overview",
)
compared = st.Page(
    lambda: guarded(scenarios.draw),
    title=scenarios.word("page"),
    icon=":material/compare:",
    url_path="scenarios",
)
records = st.Page(
    lambda: guarded(ledger.draw),
    title=word("page"),
    icon=":material/list_alt:",
    url_path="records",
)
norms = st.Page(
    lambda: guarded(standards.draw),
    title=tell("page.standards"),
    icon=":material/rule:",
    url_path="standards",
)
data = st.Page(
    lambda: guarded(data_page.draw),
    title=tell("page.data"),
    icon=":material/database:",
    url_path="data",
)
st.session_state[keys.DATA_PAGE] = data
st.session_state[keys.WORKBENCH_PAGE] = plan_page
inside = sign_in.admitted()
pages = [home, plan_page, compared, records, norms, data]
page = st.navigation(pages, position="top" if inside else "hidden")
if inside:
    sign_in.draw_head()
    address.arrive(page.url_path)
    page.run()
    address.write()
else:
    guarded(sign_in.draw)
