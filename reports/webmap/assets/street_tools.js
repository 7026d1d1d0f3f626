/* Streets as they would be: tap one to close it, tap the corners of a new one. Nothing is decided
   here: what was tapped is sent, and the server says which street that is. */
(function () {
  "use strict";
  const L = window.L;
  const FEWEST = 2;
  /* `api`: map, corner(position, node), send(event), begun() when a tool is taken up, paints. */
  function tools(api) {
    const road = { mode: "", places: [], line: null, sent: 0, texts: {}, offered: false };
    const box = document.createElement("div");
    box.className = "ws-draw ws-roads";
    const tool = (name, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ws-tool leaflet-bar ws-pen " + name;
      button.addEventListener("click", act);
      box.append(button);
      return button;
    };
    const back = tool("ws-road-back", () => { road.places.pop(); show(); });
    const done = tool("ws-road-done ws-done", finish);
    const close = tool("ws-road-close", () => turn("close"));
    const add = tool("ws-road-add", () => turn("add"));
    const start = tool("ws-road", () => turn(road.mode ? "" : "choose"));
    api.corner("bottomright", box);

    function turn(mode) {
      road.mode = mode;
      road.places = [];
      if (mode) api.begun();
      api.map.doubleClickZoom[mode === "add" ? "disable" : "enable"]();
      show();
    }
    function finish() {
      if (road.places.length < FEWEST) return;
      const corners = road.places.map((at) => [at.lng, at.lat]);
      road.mode = "";
      api.map.doubleClickZoom.enable();
      road.sent = api.send({ type: "path", corners: corners });
      show();
    }
    // A tap while a tool is up is the tool's; true: it was taken.
    function tapped(event) {
      if (road.mode === "close") {
        const at = event.latlng.wrap();
        road.mode = "";
        road.sent = api.send({ type: "close", lat: at.lat, lng: at.lng });
        show();
        return true;
      }
      if (road.mode !== "add") return false;
      const last = road.places[road.places.length - 1];
      if (last && api.map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 8) finish();
      else road.places.push(event.latlng.wrap());
      show();
      return true;
    }
    function line() {
      if (road.line) { road.line.remove(); road.line = null; }
      if (!road.places.length) return;
      const look = { color: api.paints.plan, weight: 4, dashArray: "8 5", interactive: false };
      const dots = road.places.map((at) => L.circleMarker(at, { radius: 6, color: api.paints.plan, weight: 3, fillColor: api.paints.hollow, fillOpacity: 1, interactive: false }));
      road.line = L.layerGroup([L.polyline(road.places, look), ...dots]).addTo(api.map);
    }
    function hint() {
      if (road.mode === "close") return road.texts["tool.road_close_hint"];
      if (road.mode === "add") return road.texts["tool.road_add_hint"];
      return "";
    }
    function show() {
      const drawing = road.mode === "add", texts = road.texts;
      line();
      box.style.display = road.offered ? "" : "none";
      back.style.display = done.style.display = drawing ? "" : "none";
      close.style.display = add.style.display = road.mode === "choose" ? "" : "none";
      back.textContent = texts["tool.road_back"]; back.disabled = !road.places.length;
      done.textContent = texts["tool.draw_done"]; done.disabled = road.places.length < FEWEST;
      close.textContent = texts["tool.road_close"]; add.textContent = texts["tool.road_add"];
      start.textContent = texts[road.mode ? "tool.draw_cancel" : "tool.road"];
      start.setAttribute("aria-pressed", String(Boolean(road.mode)));
      api.map.getContainer().classList.toggle("ws-drawing", drawing || road.mode === "close");
      api.map.getContainer().classList.toggle("ws-roading", Boolean(road.mode));
      api.told(hint());
    }
    /* The server has answered: what was sent is on the map, or was refused. */
    function take(data, standalone) {
      road.offered = data.roads && !standalone;
      road.texts = data.texts;
      if (road.mode && !road.offered) road.mode = "";
      if (!road.mode && data.answered >= road.sent) road.places = [];
      if (road.offered || road.mode) show();
      else box.style.display = "none";
    }
    return { tapped: tapped, take: take, stop: () => { if (road.mode) turn(""); }, busy: () => Boolean(road.mode) };
  }
  window.WarmStreets = { tools: tools };
})();
