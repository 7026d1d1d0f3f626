"""Ctrl+Z and Ctrl+Shift+Z (⌘ on a Mac) press the buttons that take back and do again.

In a field they keep what they do there: the browser takes back what was typed. In a map the same
keys are events of its own protocol, since a frame hears its own keyboard.
"""

import streamlit as st

_SCRIPT = """<script>
(() => {
  if (window.warmUndoKeys) return; // once per browser page: it finds the buttons of the moment
  window.warmUndoKeys = true;
  const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, " +
    "select, [contenteditable=true], [role=dialog]";
  document.addEventListener("keydown", (event) => {
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!asked || event.key.toLowerCase() !== "z") return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    const way = event.shiftKey ? "redo" : "undo";
    const button = document.querySelector(".st-key-bar_" + way + " button");
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });
})();
</script>"""


def listen_for_undo() -> None:
    """Let the keys press `bar_undo` and `bar_redo` wherever nobody types."""
    st.html(_SCRIPT, unsafe_allow_javascript=True)
