"""Where the phone is: asked by a button of ours, answered by the browser, doubted by the server.

A browser tells its position on safe pages only (https, or the computer itself), and after the
person has agreed. Where it tells none, the button says which of the two it was, before it is
pressed where that is known.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from ui import keys
from ui.ledger.words import word

_HTML = '<button type="button"></button><p role="status"></p>'
_CSS = """
button { font: inherit; font-size: .9rem; min-height: 2.5rem; padding: .25rem .75rem;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem);
  background: var(--st-background-color); color: var(--st-text-color); cursor: pointer; }
button:disabled { opacity: .5; cursor: not-allowed; }
p { margin: .3rem 0 0; font-size: .875rem; opacity: .75; }
p:empty { display: none; }
"""
_JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("p");
  const { words } = data;
  const say = (name) => { status.textContent = name ? words[name] : ""; };
  button.textContent = words.ask;
  if (!window.isSecureContext || !navigator.geolocation) {
    button.disabled = true;
    say(window.isSecureContext ? "none" : "insecure");
    return;
  }
  button.onclick = () => {
    button.disabled = true;
    say("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        say("");
        const { longitude: lon, latitude: lat, accuracy } = coords;
        setTriggerValue("fix", { lon, lat, accuracy });
      },
      ({ code }) => {
        button.disabled = false;
        say({ 1: "denied", 2: "unknown", 3: "late" }[code] ?? "unknown");
      },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 },
    );
  };
}
"""
_SAID = ("ask", "asking", "insecure", "none", "denied", "unknown", "late")


@dataclass(frozen=True)
class Fix:
    """Where a phone says that it is.

    Attributes
    ----------
    lon, lat
        WGS-84 degrees, as browsers have to tell them.
    accuracy_m
        Radius in metres within which it is with 95 in 100; nan where the phone does not say.
    """

    lon: float
    lat: float
    accuracy_m: float


def draw_phone() -> Fix | None:
    """Draw the button; return what the phone has just told, in the run that follows it only."""
    mount = st.components.v2.component("phone_position", html=_HTML, css=_CSS, js=_JS)
    words = {name: word(f"phone.{name}") for name in _SAID}
    told = mount(
        key=keys.LEDGER_PHONE, data={"words": words}, height="content", on_fix_change=_heard
    )
    return read_fix(told.get("fix"))


def read_fix(value: object) -> Fix | None:
    """Read what a browser sent, which can be anything; None where it is no place on the globe."""
    if not isinstance(value, Mapping):
        return None
    lon, lat, accuracy = (_finite(value.get(name)) for name in ("lon", "lat", "accuracy"))
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):  # nan compares false
        return None
    return Fix(round(lon, 6), round(lat, 6), accuracy)


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    return float(value) if math.isfinite(value) else math.nan


def _heard() -> None:
    """Make the browser's answer a run of its own; what it says is read there."""
