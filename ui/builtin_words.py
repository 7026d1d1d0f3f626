"""Streamlit's own words in Chinese: it has no translations, so a small script replaces them.

The pairs are `ui.builtin.*` of the catalogues: the English one is what Streamlit ships (a test
looks every one up in its bundle), the Chinese one is what people read. `{0}` stands for a part that
Streamlit fills in. Only whole texts are replaced, never parts of somebody's data.
"""

import json
import re

import streamlit as st

from words import Lang, say
from words.catalogue import keys

_PREFIX = "ui.builtin."
_ATTRIBUTES = ("placeholder", "aria-label", "title")

_SCRIPT = """<script>
(() => {
  const state = window.warmStationWords ??= { done: new WeakMap(), patterns: [] };
  state.patterns = %s.map(([from, to]) => [new RegExp(from), to]);
  state.attributes = %s;
  const translated = (text) => {
    const trimmed = text.trim();
    for (const [from, to] of state.patterns) {
      const found = trimmed.match(from);
      if (found) return to.replace(/\\{(\\d)\\}/g, (_, n) => found[Number(n) + 1]);
    }
    return null;
  };
  const swap = (node, slot, text, write) => {
    const slots = state.done.get(node) ?? {};
    const before = slots[slot];
    if (before && before.ours === text && !state.patterns.length) {
      delete slots[slot];
      write(before.theirs);
      return;
    }
    const ours = translated(text);
    if (ours === null || ours === text) return;
    slots[slot] = { ours, theirs: text };
    state.done.set(node, slots);
    write(ours);
  };
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      swap(node, "text", node.nodeValue, (text) => { node.nodeValue = text; });
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.tagName === "SCRIPT") return;
    for (const name of state.attributes) {
      const text = node.getAttribute(name);
      if (text) swap(node, name, text, (value) => node.setAttribute(name, value));
    }
    node.childNodes.forEach(visit);
  };
  visit(document.body);
  state.observer ??= new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(visit);
      else visit(change.target);
    }
  });
  state.observer.disconnect();
  if (state.patterns.length) state.observer.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributeFilter: state.attributes,
  });
})();
</script>"""


def pairs() -> tuple[tuple[str, str], ...]:
    """Return (what Streamlit says, what we say), longest first."""
    names = sorted(key for key in keys("en") if key.startswith(_PREFIX))
    found = [(say(name, "en"), say(name, "zh")) for name in names]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


def script(lang: Lang) -> str:
    """Return the script for one language; for English it undoes what it did."""
    table = [(pattern(theirs), ours) for theirs, ours in pairs()] if lang == "zh" else []
    return _SCRIPT % (json.dumps(table, ensure_ascii=False), json.dumps(_ATTRIBUTES))


def pattern(theirs: str) -> str:
    """Return the regular expression that matches one whole text of Streamlit's."""
    parts = re.split(r"\{\d\}", theirs)
    return "^" + "(.*)".join(re.escape(part) for part in parts) + "$"


def translate(lang: Lang) -> None:
    """Put the script on the page; call it once per run."""
    st.html(script(lang), unsafe_allow_javascript=True)
