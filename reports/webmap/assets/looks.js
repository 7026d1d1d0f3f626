/* The map by day and by night. Colours come from reports/webmap/palette.py; the style sheet reads them
   as --ws-NAME, drawings as WarmLooks.paints. The page around says which it is: Streamlit tells
   its theme to every frame, and what is printed is of the day. */
(function () {
  "use strict";
  const root = document.documentElement;
  const paints = {};
  const state = { looks: null, night: false, printing: false, changed: () => {} };

  // How bright a colour is, 0 to 1, by its parts; enough to tell a dark page from a light one.
  function bright(colour) {
    const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour.trim());
    const parts = hex ? hex.slice(1).map((pair) => parseInt(pair, 16)) : (colour.match(/[\d.]+/g) || []).slice(0, 3).map(Number);
    return parts.length === 3 ? (0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2]) / 255 : 1;
  }
  const dark = () => state.night && !state.printing;
  function wear() {
    Object.assign(paints, state.looks[dark() ? "night" : "day"]);
    Object.keys(paints).forEach((name) => root.style.setProperty("--ws-" + name.replace(/_/g, "-"), paints[name]));
    root.classList.toggle("ws-night", dark());
    root.style.colorScheme = dark() ? "dark" : "light";
    state.changed();
  }
  function turn(name, on) {
    if (state[name] === on) return;
    state[name] = on;
    if (state.night || name === "night") wear(); // paper by day is as the screen is
  }
  /* What is drawn in place of a colour that data carries, `#rrggbb` or `#rrggbbaa`. */
  function twin(colour) {
    if (!dark()) return colour;
    const found = state.looks.twins[colour.slice(0, 7).toLowerCase()];
    return found ? found + colour.slice(7) : colour;
  }

  // ---------------------------------------------------------------- pictures, whose colours are few and known
  const SVG = "http://www.w3.org/2000/svg", LEVELS = 256;
  const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  /* A filter that turns each of `colours` into its twin: told apart by the channel in which they differ most. */
  function filterFor(colours) {
    const id = "ws-night-" + colours.map((colour) => colour.slice(1, 7)).join("-");
    if (!document.getElementById(id)) document.body.append(filter(id, colours));
    return "url(#" + id + ")";
  }
  function filter(id, colours) {
    const from = colours.map(parts), to = colours.map((colour) => parts(twin(colour)));
    const apart = [0, 1, 2].map((channel) => {
      const values = from.map((c) => c[channel]).sort((a, b) => a - b);
      return Math.min(LEVELS, ...values.slice(1).map((value, i) => value - values[i]));
    });
    const by = apart.indexOf(Math.max(...apart));
    const nearest = Array.from({ length: LEVELS }, (_, level) =>
      from.reduce((best, c, i) => (Math.abs(c[by] - level) < Math.abs(from[best][by] - level) ? i : best), 0));
    const make = (name, attributes, ...children) => {
      const node = document.createElementNS(SVG, name);
      Object.keys(attributes).forEach((key) => node.setAttribute(key, attributes[key]));
      node.append(...children);
      return node;
    };
    const row = [0, 1, 2, 3, 4].map((at) => (at === by ? 1 : 0)).join(" ");
    const spread = make("feColorMatrix", { type: "matrix", values: [row, row, row, "0 0 0 1 0"].join(" ") });
    const tables = ["feFuncR", "feFuncG", "feFuncB"].map((name, channel) => make(name, {
      type: "discrete", tableValues: nearest.map((i) => (to[i][channel] / 255).toFixed(4)).join(" ")
    }));
    const whole = make("filter", { id: id, "color-interpolation-filters": "sRGB", x: "0", y: "0", width: "1", height: "1" },
      spread, make("feComponentTransfer", {}, ...tables));
    const holder = make("svg", { width: "0", height: "0", "aria-hidden": "true" }, whole);
    holder.style.position = "absolute";
    return holder;
  }

  /* Once per map. `follows`: whether the page around says what it is; a map that stands alone is of the day. */
  function begin(looks, follows, changed) {
    state.looks = looks;
    state.night = follows && bright(getComputedStyle(root).getPropertyValue("--background-color")) < 0.5;
    wear();
    state.changed = changed;
    if (!follows) return;
    window.addEventListener("message", (said) => {
      const told = said.source === window.parent && said.data && said.data.type === "streamlit:render" && said.data.theme;
      if (told && typeof told.backgroundColor === "string") turn("night", bright(told.backgroundColor) < 0.5);
    });
    window.matchMedia("print").addEventListener("change", (paper) => turn("printing", paper.matches));
    window.addEventListener("beforeprint", () => turn("printing", true));
    window.addEventListener("afterprint", () => turn("printing", false));
  }
  window.WarmLooks = { begin: begin, paints: paints, twin: twin, dark: dark, printing: () => state.printing, filterFor: filterFor };
})();
