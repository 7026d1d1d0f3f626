"""Bringing a part of the page to the eye, where a narrow screen has it below the fold."""

import json

import streamlit as st

_SCRIPT = """<script>
(() => {
  const wanted = %s; // another one runs the script again
  setTimeout(() => {
    const part = document.querySelector(".st-key-" + wanted[0]);
    if (!part) return;
    const box = part.getBoundingClientRect();
    const seen = box.top >= 60 && box.top < window.innerHeight * 0.5;
    if (!seen) part.scrollIntoView({ block: "start", behavior: "smooth" });
  }, 150);
})();
</script>"""


def into_view(key: str, occasion: str) -> None:
    """Scroll to the container `key` once per `occasion`, unless it is in the upper half already.

    Parameters
    ----------
    key
        Of a container of ours, never somebody's text.
    occasion
        Letters and digits; the same one again leaves the page where people scrolled it.
    """
    st.html(_SCRIPT % json.dumps([key, occasion]), unsafe_allow_javascript=True)
