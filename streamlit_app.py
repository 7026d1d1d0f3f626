"""Door 1: the app in a browser. Page set-up, sign-in, navigation, wiring; the rest lives in `ui`.

Start it with `streamlit run streamlit_app.py` or `python cli.py serve`.
"""

import streamlit as st

from ui import address, builtin_words, kept_downloads, language, look, navigation
from ui.beginning import tour
from ui.guard import guarded
from ui.language import tell
from ui.sign_in import page as sign_in

st.set_page_config(page_title=tell("app.title"), page_icon=look.ICON, layout="wide")
look.apply()
kept_downloads.keep_promises()
address.read()
language.switch()
builtin_words.translate(language.current())
inside = sign_in.admitted()
page = st.navigation(navigation.every_page(), position="top" if inside else "hidden")
if inside:
    sign_in.draw_head()
    address.arrive(page.url_path)
    tour.draw_tour(page.url_path)
    page.run()
    address.write()
else:
    guarded(sign_in.draw)
