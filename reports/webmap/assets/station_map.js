/* Draws the planner's map with Leaflet: base layer, surfaces, points, legend, adding by tap.
   Names are hostile: every text arrives as data and reaches the page through textContent or canvas text. */
(function () {
  "use strict";
  const L = window.L;
  const FONT = "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC','Noto Sans SC',sans-serif";
  const SCALE = 100000;
  const PAINTS = window.WarmLooks.paints, twin = window.WarmLooks.twin; // by day or by night
  // Streets by rank, 0 widest: width in pixels at zoom 13, smallest zoom.
  const STREETS = [[4.2, 8], [3.8, 8], [3.0, 9], [2.2, 11], [1.3, 12], [1.0, 14], [0.8, 15]];
  const PANES = { tiles: 205, base: 210, density: 340, areas: 345, gap: 350, first: 351, unverified: 355, second: 356, roads: 360, edge: 361, lines: 362, zones: 363, reach: 365, candidates: 480, labels: 490, stations: 500, top: 510 };
  const state = {
    map: null, standalone: false, data: null, pick: null, hidden: null, asked: new Set(), armed: false, ghost: null,
    draft: { corners: [], drawing: false, held: false, sent: 0, handles: [] },
    leading: false, roads: { tapped: () => false, take: () => {}, stop: () => {}, busy: () => false }, dragging: null, grip: null, channel: null, seq: 0, focus: null, own: new Map(), overlays: new Map(), canvases: {}, controls: {}, popup: null, tip: null, fresh: false, parts: new Map()
  };

  // ---------------------------------------------------------------- small helpers
  const element = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const world = (x, y, scale) => {
    const p = state.map.options.crs.latLngToPoint(L.latLng(y / scale, x / scale), 0); // the CRS of the tiles, if there are any
    return [p.x, p.y];
  };
  const send = (event) => {
    state.seq = Math.max(state.seq + 1, Date.now());
    event.seq = state.seq;
    if (window.Streamlit) window.Streamlit.setComponentValue({ ev: event });
    return event.seq;
  };
  const storageKey = () => "warm-station-view-" + state.base;
  const remember = () => {
    if (!state.touched) return; // a first fit into a frame that has no size yet is nobody's view
    const centre = state.map.getCenter();
    try {
      sessionStorage.setItem(storageKey(), JSON.stringify([centre.lat, centre.lng, state.map.getZoom()]));
    } catch (refused) { state.unremembered = String(refused); } // private windows refuse storage: the view starts afresh
  };
  const remembered = () => {
    try {
      const view = JSON.parse(sessionStorage.getItem(storageKey()));
      return Array.isArray(view) && view.length === 3 && view.every(Number.isFinite) ? view : null;
    } catch (refused) { return null; }
  };

  // ---------------------------------------------------------------- a canvas that moves with the map
  const Sheet = L.Renderer.extend({
    initialize: function (draw, options) {
      L.Renderer.prototype.initialize.call(this, options);
      this._draw = draw;
    },
    _initContainer: function () {
      this._container = element("canvas");
      this._container.style.pointerEvents = "none";
      this._ctx = this._container.getContext("2d");
    },
    _destroyContainer: function () { this._container.remove(); delete this._container; },
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = Math.round(size.x * ratio);
      this._container.height = Math.round(size.y * ratio);
      this._container.style.width = size.x + "px";
      this._container.style.height = size.y + "px";
      this.redraw();
    },
    // On paper what was cleared is white and hides the sheets below: only a fresh one is clear.
    _renew: function () {
      const fresh = this._container.cloneNode();
      this._container.replaceWith(fresh);
      this._container = fresh;
      this._ctx = fresh.getContext("2d");
    },
    redraw: function () {
      if (!this._ctx || !this._bounds) return;
      const ratio = window.devicePixelRatio || 1, size = this._bounds.getSize();
      const origin = this._map.getPixelOrigin();
      const corner = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
      const paper = window.WarmLooks.printing();
      if (paper) this._renew();
      this._ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (!paper) this._ctx.clearRect(0, 0, size.x, size.y);
      this._draw(this._ctx, {
        zoom: this._map.getZoom(), scale: Math.pow(2, this._map.getZoom()),
        dx: -origin.x - this._bounds.min.x, dy: -origin.y - this._bounds.min.y,
        width: size.x, height: size.y, left: corner.x, top: corner.y, right: corner.x + this._map.getSize().x
      });
    }
  });

  // ---------------------------------------------------------------- base layer
  function unpackLine(numbers, from, scale) {
    const line = new Float64Array(numbers.length - from);
    let x = 0, y = 0;
    for (let i = from, j = 0; i < numbers.length; i += 2, j += 2) {
      x += numbers[i]; y += numbers[i + 1];
      const p = world(x, y, scale);
      line[j] = p[0]; line[j + 1] = p[1];
    }
    return line;
  }
  function box(line) {
    let a = Infinity, b = Infinity, c = -Infinity, d = -Infinity;
    for (let i = 0; i < line.length; i += 2) {
      a = Math.min(a, line[i]); c = Math.max(c, line[i]);
      b = Math.min(b, line[i + 1]); d = Math.max(d, line[i + 1]);
    }
    return [a, b, c, d];
  }
  function unpackBase(raw) {
    const lines = (list, from) => list.map((numbers) => {
      const line = unpackLine(numbers, from, raw.scale);
      return { line: line, box: box(line), name: from ? raw.names[numbers[0]] : "" };
    });
    return {
      outline: lines(raw.outline, 0),
      streets: raw.streets.map((list) => lines(list, 1)),
      labels: raw.labels.map((l) => ({ at: world(l[0], l[1], raw.scale), rank: l[2], name: l[3] }))
        .sort((a, b) => a.rank - b.rank)
    };
  }
  const onSheet = (item, view) =>
    item.box[0] * view.scale + view.dx < view.width && item.box[2] * view.scale + view.dx > 0 &&
    item.box[1] * view.scale + view.dy < view.height && item.box[3] * view.scale + view.dy > 0;
  function trace(ctx, line, view) {
    for (let i = 0; i < line.length; i += 2) {
      const x = line[i] * view.scale + view.dx, y = line[i + 1] * view.scale + view.dy;
      if (i) ctx.lineTo(x, y); else ctx.moveTo(x, y);
    }
  }
  function drawLand(base, ctx, view) {
    ctx.fillStyle = PAINTS.land;
    if (!base.outline.length) { ctx.fillRect(0, 0, view.width, view.height); return; } // all is land where none is drawn
    ctx.beginPath();
    base.outline.forEach((ring) => { trace(ctx, ring.line, view); ctx.closePath(); });
    ctx.fill("evenodd");
  }
  function drawStreets(base, ctx, view) {
    const grow = Math.pow(1.45, view.zoom - 13);
    const shown = base.streets.map((list, rank) =>
      view.zoom >= STREETS[rank][1] ? list.filter((item) => onSheet(item, view)) : []);
    ctx.lineJoin = ctx.lineCap = "round";
    const stroke = (rank, width, colour) => {
      if (!shown[rank].length) return;
      ctx.beginPath();
      shown[rank].forEach((item) => trace(ctx, item.line, view));
      ctx.lineWidth = width; ctx.strokeStyle = colour;
      ctx.stroke();
    };
    for (let rank = STREETS.length - 1; rank >= 0; rank--) {
      const width = Math.max(0.7, STREETS[rank][0] * grow);
      stroke(rank, width < 2 ? width : width + 1.6, PAINTS["casing_" + rank]);
    }
    for (let rank = STREETS.length - 1; rank >= 0; rank--) {
      const width = STREETS[rank][0] * grow;
      if (width >= 2) stroke(rank, width, PAINTS["street_" + rank]);
    }
  }
  function drawEdge(base, ctx, view) {
    ctx.beginPath();
    base.outline.forEach((ring) => { trace(ctx, ring.line, view); ctx.closePath(); });
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.lineWidth = state.tiled ? 2.4 : 1.6; ctx.strokeStyle = PAINTS.edge; ctx.setLineDash([7, 3]);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  // ---------------------------------------------------------------- labels without collisions
  // Boxes on a sheet, found again through cells of 64 pixels.
  function Placer() {
    const cells = new Map();
    const box = (x, y, w, h) => [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
    const meets = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
    const someCell = (b, test) => {
      for (let i = Math.floor(b[0] / 64); i <= Math.floor(b[2] / 64); i++)
        for (let j = Math.floor(b[1] / 64); j <= Math.floor(b[3] / 64); j++)
          if (test(i * 100003 + j)) return true;
      return false;
    };
    this.free = (x, y, w, h) => {
      const mine = box(x, y, w, h);
      return !someCell(mine, (cell) => (cells.get(cell) || []).some((other) => meets(mine, other)));
    };
    this.take = (x, y, w, h) => {
      const mine = box(x, y, w, h);
      someCell(mine, (cell) => { if (cells.has(cell)) cells.get(cell).push(mine); else cells.set(cell, [mine]); });
    };
    this.fits = (x, y, w, h) => { const free = this.free(x, y, w, h); if (free) this.take(x, y, w, h); return free; };
  }
  // Names of units and venues step aside for numbers and buttons, and for stations and planned sites, where a free place is near; else they stay put.
  const ASIDE = [[0, 0], [0, -1], [0, 1], [-0.5, -1], [0.5, -1], [-0.5, 1], [0.5, 1], [-0.6, 0], [0.6, 0], [0, -2], [0, 2]];
  function placeBeside(placer, marks, x, y, w, h, view) {
    const spots = ASIDE.map((step) => [inside(x + step[0] * w, w, view), y + step[1] * h * 0.8]);
    const clear = (...of) => spots.find((at) => of.every((one) => one.free(at[0], at[1], w, h)));
    const spot = clear(placer, marks.numbers, marks.points) || clear(placer, marks.numbers) || clear(placer);
    if (spot) placer.take(spot[0], spot[1], w, h);
    return spot;
  }
  function marksOn(view) {
    const points = new Placer(), numbers = new Placer();
    tagSpots(view, null).forEach((spot) => numbers.take(spot.x, spot.y, TAG[0], TAG[1]));
    const frame = state.map.getContainer().getBoundingClientRect();
    state.map.getContainer().querySelectorAll(".leaflet-top.leaflet-left > *").forEach((tool) => {
      const at = tool.getBoundingClientRect();
      const x = view.left + at.left - frame.left, y = view.top + at.top - frame.top;
      numbers.take(x + at.width / 2, y + at.height / 2, at.width, at.height);
    });
    if (state.points) [["stations", stationSize(view.zoom)], ["plan", PLAN_SIZE]].forEach((entry) => {
      if (shows(entry[0])) eachOnSheet(state.points[entry[0]], view, 20, (p, x, y) => points.take(x, y, 2 * entry[1], 2 * entry[1]));
    });
    return { points: points, numbers: numbers };
  }
  function write(ctx, text, x, y, size, colour, weight, angle) {
    ctx.save();
    ctx.translate(x, y);
    if (angle) ctx.rotate(angle);
    ctx.font = weight + " " + size + "px " + FONT;
    ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.lineJoin = "round";
    ctx.lineWidth = 3.5; ctx.strokeStyle = PAINTS.halo;
    ctx.strokeText(text, 0, 0);
    ctx.fillStyle = colour;
    ctx.fillText(text, 0, 0);
    ctx.restore();
  }
  // A name whose place is on the screen is whole on the screen, too; the sheet is wider than the screen.
  function inside(x, width, view) {
    if (x < view.left || x > view.right || width > view.right - view.left) return x;
    return Math.max(view.left + width / 2, Math.min(view.right - width / 2, x));
  }
  // By rank (units, venues, villages): smallest zoom, size, weight, paint.
  const PLACES = [[9, 14, "600", "unit"], [13, 12, "400", "venue"], [13, 12, "400", "village"]];
  function placeNames(base, ctx, view, ranks, placer, marks, visit) {
    base.labels.forEach((label) => {
      const look = PLACES[label.rank];
      if (ranks.indexOf(label.rank) < 0 || view.zoom < look[0]) return;
      const size = label.rank === 0 && view.zoom >= 12 ? look[1] + 2 : look[1];
      const at = label.at[0] * view.scale + view.dx, y = label.at[1] * view.scale + view.dy;
      if (at < 0 || y < 0 || at > view.width || y > view.height) return;
      ctx.font = look[2] + " " + size + "px " + FONT;
      const width = ctx.measureText(label.name).width + 8, x = inside(at, width, view);
      const spot = label.rank < 2 ? placeBeside(placer, marks, x, y, width, size + 6, view)
        : placer.fits(x, y, width, size + 6) && [x, y];
      if (spot) visit(label.name, spot[0], spot[1], size, PAINTS[look[3]], look[2]);
    });
  }
  // Names of units lie above the stations, where a crowded centre would hide them, and below the plan; returns where they stand.
  function drawUnits(base, ctx, view) {
    const names = new Placer();
    placeNames(base, ctx, view, [0], names, marksOn(view), (...name) => write(ctx, ...name, 0));
    return names;
  }
  function drawLabels(base, ctx, view) {
    const placer = new Placer(), marks = marksOn(view);
    placeNames(base, ctx, view, [0], placer, marks, () => {});
    placeNames(base, ctx, view, [1, 2], placer, marks, (...name) => write(ctx, ...name, 0));
    const smallest = view.zoom >= 16 ? 5 : view.zoom >= 15 ? 4 : view.zoom >= 14 ? 3 : view.zoom >= 12 ? 2 : 1;
    for (let rank = 0; rank <= smallest && view.zoom >= 11; rank++)
      base.streets[rank].forEach((item) => {
        if (item.name && onSheet(item, view)) nameStreet(ctx, item, view, placer);
      });
  }
  // One name per street and 420 pixels of it, at the middle of a stretch as long as the text.
  function nameStreet(ctx, item, view, placer) {
    const size = 11.5, line = item.line;
    ctx.font = "400 " + size + "px " + FONT;
    const need = ctx.measureText(item.name).width + 8;
    let run = 0, wait = 0, startX = 0, startY = 0;
    for (let i = 0; i < line.length; i += 2) {
      const x = line[i] * view.scale + view.dx, y = line[i + 1] * view.scale + view.dy;
      const outside = x < 0 || y < 0 || x > view.width || y > view.height;
      if (!i || outside && run > need) { startX = x; startY = y; run = 0; if (!i) continue; }
      const px = line[i - 2] * view.scale + view.dx, py = line[i - 1] * view.scale + view.dy;
      const step = Math.hypot(x - px, y - py);
      run += step; wait -= step;
      const chord = Math.hypot(x - startX, y - startY);
      if (chord < need) continue;
      let angle = Math.atan2(y - startY, x - startX);
      if (angle > Math.PI / 2) angle -= Math.PI;
      if (angle < -Math.PI / 2) angle += Math.PI;
      const straight = chord / run > 0.96;
      const t = step > need ? 0.5 : 0;
      const mx = t ? (px + x) / 2 : (startX + x) / 2, my = t ? (py + y) / 2 : (startY + y) / 2;
      const inside = mx > 0 && my > 0 && mx < view.width && my < view.height;
      const w = Math.abs(Math.cos(angle)) * need + Math.abs(Math.sin(angle)) * size;
      const h = Math.abs(Math.sin(angle)) * need + Math.abs(Math.cos(angle)) * size;
      if (straight && inside && wait <= 0 && placer.fits(mx, my, w + 6, h + 6)) {
        write(ctx, item.name, mx, my, size, PAINTS.street_name, "400", angle);
        wait = 420;
      }
      startX = x; startY = y; run = 0;
    }
  }

  // ---------------------------------------------------------------- points
  function outline(ctx, shape, x, y, r) {
    const around = (corners, turn, stretch) => {
      for (let i = 0; i < corners; i++) {
        const a = turn + (i * 2 * Math.PI) / corners;
        const px = x + r * stretch * Math.cos(a), py = y + r * stretch * Math.sin(a);
        if (i) ctx.lineTo(px, py); else ctx.moveTo(px, py);
      }
      ctx.closePath();
    };
    ctx.beginPath();
    if (shape === "square") ctx.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
    else if (shape === "diamond") around(4, 0, 1.25);
    else if (shape === "triangle") around(3, -Math.PI / 2, 1.3);
    else if (shape === "wedge") around(3, Math.PI / 2, 1.3);
    else if (shape === "hexagon") around(6, 0, 1.12);
    else if (shape === "cross") {
      const a = r * 0.42, b = r * 1.15;
      [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]
        .forEach((p, i) => (i ? ctx.lineTo(x + p[0], y + p[1]) : ctx.moveTo(x + p[0], y + p[1])));
      ctx.closePath();
    } else ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
  // What is open is full; shut in the chosen hours: hollow; hours unverified: hollow with a dot; out of service: crossed.
  const CLOSED = 0, OPEN = 1, SHUT = 2, ASKED = 3;
  function drawStation(ctx, symbol, look, x, y, r) {
    outline(ctx, symbol[1], x, y, r);
    ctx.lineJoin = "round";
    ctx.lineWidth = 4; ctx.strokeStyle = PAINTS.halo; ctx.stroke();
    ctx.fillStyle = look === OPEN ? twin(symbol[2]) : look === CLOSED ? PAINTS.off : PAINTS.hollow; ctx.fill();
    ctx.lineWidth = look === OPEN || look === CLOSED ? 1.3 : Math.max(1.5, r / 4);
    ctx.strokeStyle = look === OPEN ? PAINTS.rim : look === CLOSED ? PAINTS.off_ink : twin(symbol[2]); ctx.stroke();
    if (look === CLOSED) { ctx.beginPath(); ctx.moveTo(x - r, y + r); ctx.lineTo(x + r, y - r); ctx.stroke(); }
    if (look !== ASKED) return;
    outline(ctx, "circle", x, y, Math.max(1.3, r * 0.33));
    ctx.fillStyle = PAINTS.ink; ctx.fill();
  }
  function drawCandidate(ctx, x, y, r) {
    ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = PAINTS.candidate_in; ctx.fill();
    ctx.lineWidth = Math.max(1, r / 3); ctx.strokeStyle = r < 3 ? PAINTS.candidate_small : PAINTS.candidate; ctx.stroke();
  }
  function drawOwn(ctx, x, y, r) {
    outline(ctx, "circle", x, y, r);
    ctx.fillStyle = PAINTS.hollow; ctx.fill(); ctx.lineWidth = 2.5; ctx.strokeStyle = PAINTS.plan; ctx.stroke();
    outline(ctx, "circle", x, y, r * 0.36); ctx.fillStyle = PAINTS.plan; ctx.fill();
  }
  function drawPlan(ctx, order, x, y, r) {
    ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.lineWidth = 5; ctx.strokeStyle = PAINTS.halo; ctx.stroke();
    ctx.fillStyle = PAINTS.plan; ctx.fill();
    ctx.lineWidth = 1.2; ctx.strokeStyle = PAINTS.rim; ctx.stroke();
    ctx.fillStyle = PAINTS.on_plan; ctx.textAlign = "center"; ctx.textBaseline = "middle";
    ctx.font = "700 " + (order > 99 ? r * 0.8 : r * 1.15) + "px " + FONT;
    ctx.fillText(String(order), x, y + 0.5);
  }
  const MANY = 1500; // stations of a whole city: smaller until somebody looks closer
  const stationSize = (zoom) =>
    Math.max(4, Math.min(9, zoom - 6)) * (zoom < 13 && state.points.stations.length > MANY ? 0.6 : 1);
  const candidateSize = (zoom) => Math.max(2, Math.min(7, (zoom - 8) * 1.05));
  const PLAN_SIZE = 11, OWN_SIZE = 7;

  function unpackPoints(columns, layer, strings) {
    const looks = new Map([...columns.shut.map((i) => [i, SHUT]), ...columns.unverified.map((i) => [i, ASKED]),
      ...columns.closed.map((i) => [i, CLOSED])]);
    const versions = new Map(columns.version), lines = new Map(columns.lines);
    return columns.id.map((id, i) => ({
      layer: layer, id: id, name: columns.name[i], at: world(columns.x[i], columns.y[i], SCALE),
      latlng: L.latLng(columns.y[i] / SCALE, columns.x[i] / SCALE), symbol: columns.symbol[i] || 0,
      look: looks.has(i) ? looks.get(i) : OPEN, order: columns.order[i], version: versions.has(i) ? versions.get(i) : null,
      lines: (lines.get(i) || []).map((number) => strings[number])
    }));
  }
  const shows = (layer) => !state.hidden.has(layer);
  function eachOnSheet(points, view, margin, visit) {
    points.forEach((point) => {
      const x = point.at[0] * view.scale + view.dx, y = point.at[1] * view.scale + view.dy;
      if (x > -margin && y > -margin && x < view.width + margin && y < view.height + margin) visit(point, x, y);
    });
  }
  // One picture per look, stamped: 9,000 stations as paths would take a tenth of a second.
  function stamper(ctx, radius, draw) {
    const STAMP = 2 * Math.ceil(radius * 1.35 + 3);
    const pictures = new Map(), ratio = window.devicePixelRatio || 1;
    return (look, x, y) => {
      if (!pictures.has(look)) {
        const picture = element("canvas"), inside = picture.getContext("2d");
        picture.width = picture.height = STAMP * ratio;
        inside.scale(ratio, ratio);
        draw(inside, look, STAMP / 2, STAMP / 2);
        pictures.set(look, picture);
      }
      ctx.drawImage(pictures.get(look), Math.round(x - STAMP / 2), Math.round(y - STAMP / 2), STAMP, STAMP);
    };
  }
  function drawCandidates(ctx, view) {
    if (!state.points || !shows("candidates")) return;
    const r = candidateSize(view.zoom);
    const stamp = stamper(ctx, Math.max(r, OWN_SIZE), (inside, own, x, y) => (own ? drawOwn : drawCandidate)(inside, x, y, own ? OWN_SIZE : r));
    const own = (point) => point.version !== null;
    eachOnSheet(state.points.candidates, view, 20, (point, x, y) => { if (!own(point)) stamp(0, x, y); });
    // The live map has markers for those that can be dragged.
    if (state.standalone) eachOnSheet(state.points.candidates, view, 20, (point, x, y) => { if (own(point)) stamp(1, x, y); });
  }
  function drawStations(ctx, view) {
    if (!state.points) return;
    const symbols = state.data.symbols, r = stationSize(view.zoom);
    const stamp = stamper(ctx, r, (inside, look, x, y) => drawStation(inside, symbols[look >> 2], look & 3, x, y, r));
    if (shows("stations"))
      eachOnSheet(state.points.stations, view, 20, (p, x, y) => stamp(p.symbol * 4 + p.look, x, y));
  }
  // Streets and area within the cut-off of the picked point, until its card is closed or another is opened.
  function unpackReach(raw) {
    const lines = (list) => list.map((numbers) => unpackLine(numbers, 0, SCALE));
    return raw && { id: raw.id, lines: lines(raw.lines), rings: lines(raw.rings) };
  }
  function drawReach(ctx, view) {
    drawReached(ctx, view);
    drawTether(ctx, view);
  }
  function drawReached(ctx, view) {
    const reach = state.reach;
    if (!reach || reach.id === state.dismissed || (state.pick && state.pick.id !== reach.id)) return;
    ctx.beginPath();
    reach.rings.forEach((ring) => { trace(ctx, ring, view); ctx.closePath(); });
    ctx.fillStyle = PAINTS.reach_in;
    ctx.fill("evenodd");
    ctx.beginPath();
    reach.lines.forEach((line) => trace(ctx, line, view));
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.lineWidth = Math.max(1.6, 3 * Math.pow(1.3, view.zoom - 15)); ctx.strokeStyle = PAINTS.reach;
    ctx.stroke();
  }
  // Sets of streets over the others: what is served of main streets, and what is not.
  function unpackLines(sets) {
    return sets.map((set) => ({ colour: set.colour, width: set.width, dashed: set.dashed,
      lines: set.lines.map((numbers) => { const line = unpackLine(numbers, 0, SCALE); return { line: line, box: box(line) }; }) }));
  }
  function drawLines(ctx, view) {
    (state.lines || []).forEach((set) => {
      ctx.beginPath();
      set.lines.forEach((item) => { if (onSheet(item, view)) trace(ctx, item.line, view); });
      ctx.lineJoin = ctx.lineCap = "round";
      const width = Math.max(1.2, set.width * Math.pow(1.3, view.zoom - 13));
      if (set.dashed) { ctx.lineWidth = width + 3; ctx.strokeStyle = PAINTS.halo; ctx.stroke(); ctx.setLineDash([2 * width, 1.6 * width]); }
      ctx.lineWidth = width; ctx.strokeStyle = twin(set.colour);
      ctx.stroke();
      ctx.setLineDash([]);
    });
  }
  // Gap areas: their numbers in the list; the chosen one with its circle and its demand points.
  function unpackAreas(data) {
    const area = data.area;
    return {
      tags: data.tags.map((tag) => ({ at: world(tag[0], tag[1], SCALE), order: tag[2] })),
      chosen: area && { order: area.order, radius: area.radius, lat: area.y[0] / SCALE,
        points: area.x.map((x, i) => ({ at: world(x, area.y[i], SCALE) })) }
    };
  }
  // Pixels per metre at a latitude: 256 pixels at zoom 0 span the equator.
  const pixelsPerMetre = (lat, view) => (256 * view.scale) / (2 * Math.PI * L.CRS.Earth.R * Math.cos((lat * Math.PI) / 180));
  const TAG = [22, 17]; // pixels
  const TAG_ASIDE = [[0, 0], [0, -20], [0, 20], [22, 0], [-22, 0], [20, -18], [-20, -18], [20, 18], [-20, 18],
    [0, -28], [0, 28], [34, 0], [-34, 0], [30, -26], [-30, -26], [30, 26], [-30, 26]];
  // Numbers of the plan stay where they are; those of gaps step aside, for names too, and where two would overlap the worse gap keeps its own.
  function tagSpots(view, names) {
    if (!state.areas || !areasShown()) return [];
    const chosen = state.areas.chosen, placer = new Placer(), spots = [];
    if (state.points && shows("plan"))
      eachOnSheet(state.points.plan, view, 20, (p, x, y) => placer.take(x, y, 2 * PLAN_SIZE + 4, 2 * PLAN_SIZE + 4));
    eachOnSheet(state.areas.tags, view, 20, (tag, x, y) => {
      if (chosen && tag.order === chosen.order) return;
      const near = TAG_ASIDE.map((step) => [x + step[0], y + step[1]]).filter((at) => placer.free(at[0], at[1], TAG[0], TAG[1]));
      const spot = (names && near.find((at) => names.free(at[0], at[1], TAG[0], TAG[1]))) || near[0];
      if (!spot) return;
      placer.take(spot[0], spot[1], TAG[0], TAG[1]);
      spots.push({ order: tag.order, x: spot[0], y: spot[1] });
    });
    return spots;
  }
  function areasShown() {
    const told = state.data.surfaces.filter((s) => s.layer === "gap" || s.layer === "first" || s.layer === "second");
    return told.length ? told.some((s) => shows(s.layer)) : shows("gap");
  }
  function drawAreas(ctx, view, names) {
    if (!state.areas || !areasShown()) return;
    tagSpots(view, names).forEach((spot) => drawTag(ctx, spot.order, spot.x, spot.y, false));
    const chosen = state.areas.chosen;
    if (!chosen) return;
    const dots = [];
    eachOnSheet(chosen.points, view, 20, (point, x, y) => dots.push([x, y]));
    const centre = chosen.points[0].at, x = centre[0] * view.scale + view.dx, y = centre[1] * view.scale + view.dy;
    ctx.beginPath(); ctx.arc(x, y, chosen.radius * pixelsPerMetre(chosen.lat, view), 0, 2 * Math.PI);
    ctx.setLineDash([8, 5]); ctx.lineWidth = 5; ctx.strokeStyle = PAINTS.halo; ctx.stroke();
    ctx.lineWidth = 2.4; ctx.strokeStyle = PAINTS.area; ctx.stroke(); ctx.setLineDash([]);
    dots.forEach((dot) => {
      ctx.beginPath(); ctx.arc(dot[0], dot[1], 5, 0, 2 * Math.PI);
      ctx.lineWidth = 4; ctx.strokeStyle = PAINTS.halo; ctx.stroke();
      ctx.lineWidth = 2; ctx.strokeStyle = PAINTS.area; ctx.stroke();
    });
    drawTag(ctx, chosen.order, x, y - chosen.radius * pixelsPerMetre(chosen.lat, view), true);
  }
  function drawTag(ctx, order, x, y, chosen) {
    const text = String(order), size = chosen ? 13 : 11;
    ctx.font = "700 " + size + "px " + FONT;
    const w = Math.max(size + 5, ctx.measureText(text).width + 7), h = size + 5;
    ctx.beginPath(); ctx.rect(x - w / 2, y - h / 2, w, h);
    ctx.lineWidth = 3; ctx.strokeStyle = PAINTS.halo; ctx.stroke();
    ctx.fillStyle = chosen ? PAINTS.area : PAINTS.card; ctx.fill();
    ctx.lineWidth = 1.4; ctx.strokeStyle = PAINTS.area; ctx.stroke();
    ctx.fillStyle = chosen ? PAINTS.on_area : PAINTS.area; ctx.textAlign = "center"; ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + 0.5);
  }
  function drawPlanned(ctx, view) {
    if (!state.points || !shows("plan")) return;
    const firstOnTop = state.points.plan.slice().reverse();
    eachOnSheet(firstOnTop, view, 20, (p, x, y) => drawPlan(ctx, p.order, x, y, PLAN_SIZE));
  }
  // The nearest point whose edge is within reach; planned sites win ties, then stations.
  function pointAt(containerPoint, reach) {
    const zoom = state.map.getZoom(), scale = Math.pow(2, zoom), origin = state.map.getPixelOrigin();
    const at = state.map.containerPointToLayerPoint(containerPoint).add(origin);
    let best = null, least = Infinity;
    [["plan", PLAN_SIZE], ["stations", stationSize(zoom)], ["candidates", candidateSize(zoom)]].forEach((entry) => {
      if (!state.points || !shows(entry[0])) return;
      state.points[entry[0]].forEach((point) => {
        const away = Math.hypot(point.at[0] * scale - at.x, point.at[1] * scale - at.y) - entry[1];
        if (away < reach && away < least - 0.01) { least = away; best = point; }
      });
    });
    return best;
  }

  // ---------------------------------------------------------------- popups and tooltips, by textContent
  function card(point) {
    const root = element("div", "ws-card");
    const symbol = point.layer === "stations" ? state.data.symbols[point.symbol] : null;
    const title = element("div", "ws-card-title");
    title.append(icon(point.layer, symbol, point), element("b", "", point.name || point.id));
    root.append(title);
    point.lines.forEach((line) => root.append(element("div", "ws-card-line", line)));
    const grip = state.data.grip;
    if ((point.version !== null || grip && grip.id === point.id) && !state.standalone)
      root.append(element("div", "ws-card-hint", state.data.texts["popup.drag"]));
    return root;
  }
  function openCard(point, pan) {
    const narrow = state.map.getSize().x < 640, width = narrow ? 230 : 300;
    if (!state.popup) {
      state.popup = L.popup({ closeOnClick: false, className: "ws-popup", offset: [0, -9] });
      state.popup.on("remove", () => {
        state.dismissed = state.pick && state.pick.id;
        state.pick = null;
        state.canvases.reach.redraw();
      });
    }
    state.popup.options.maxWidth = width;
    state.popup.options.minWidth = 170;
    state.popup.options.autoPan = pan;
    state.popup.options.autoPanPaddingTopLeft = [narrow ? 10 : 60, 10];
    state.popup.options.autoPanPaddingBottomRight = [10 + legendRoom(), 10];
    state.popup.setContent(card(point)).setLatLng(point.latlng).openOn(state.map);
    const close = state.popup.getElement() && state.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (close) close.setAttribute("aria-label", state.data.texts["tool.close"]);
    state.pick = { id: point.id, layer: point.layer };
    state.dismissed = null;
    state.canvases.reach.redraw();
  }
  const closeCard = () => { if (state.popup) state.map.closePopup(state.popup); };
  function pick(point) {
    hideTip();
    openCard(point, true);
    state.fresh = true;
    send({ type: "pick", id: point.id, kind: KINDS[point.layer] });
  }
  const KINDS = { stations: "station", candidates: "candidate", plan: "plan" };
  function hideTip() { if (state.tip) { state.map.removeLayer(state.tip); state.tip = null; } }
  function hover(event) {
    if (!state.points || state.map.dragging.moving()) return; // thousands of points are not looked through while the map follows a hand
    const point = state.armed || state.draft.drawing || state.roads.busy() ? null : pointAt(event.containerPoint, 4);
    state.map.getContainer().classList.toggle("ws-over", Boolean(point));
    if (!point) { hideTip(); return; }
    if (state.tip && state.tip.point === point) return;
    hideTip();
    state.tip = L.tooltip({ direction: "top", offset: [0, -10], className: "ws-tip" })
      .setContent(element("span", "", point.name || point.id)).setLatLng(point.latlng).addTo(state.map);
    state.tip.point = point;
  }

  // ---------------------------------------------------------------- adding and moving candidates
  function arm(on) {
    state.armed = on;
    const texts = state.data.texts, button = state.controls.add;
    state.map.getContainer().classList.toggle("ws-armed", on);
    if (button) {
      button.setAttribute("aria-pressed", String(on));
      button.textContent = texts[on ? "tool.add_cancel" : "tool.add"];
    }
    if (on && state.draft.drawing) draw(false);
    if (on) state.roads.stop();
    state.controls.hint.textContent = on ? texts["tool.add_hint"] : "";
    if (on) closeCard();
  }
  function tapped(event) {
    if (state.roads.tapped(event)) return;
    if (state.draft.drawing) { addCorner(event); return; }
    if (!state.armed) { // while adding, every tap places a candidate, symbols or not
      const touch = event.originalEvent && event.originalEvent.pointerType === "touch";
      const point = pointAt(event.containerPoint, touch ? 16 : 6); // beyond the symbol's edge
      if (point) pick(point); else closeCard();
      return;
    }
    arm(false);
    state.controls.hint.textContent = state.data.texts["tool.saving"];
    haunt(event.latlng);
    const at = event.latlng.wrap();
    send({ type: "add", lat: at.lat, lng: at.lng });
  }
  function haunt(latlng) {
    state.ghost = L.marker(latlng, { icon: ownIcon("ws-ghost"), interactive: false, keyboard: false }).addTo(state.map);
  }
  /* The server has answered: what was pending is over, unless the form of a new candidate is still open. */
  function settle(data) {
    if (state.ghost) { state.map.removeLayer(state.ghost); state.ghost = null; }
    const open = data.tapped && !state.standalone;
    if (open) haunt([data.tapped[1], data.tapped[0]]);
    if (!state.armed && state.controls.hint) state.controls.hint.textContent = open ? data.texts["tool.fill"] : "";
  }
  const ownIcon = (extra) => L.divIcon({ className: "ws-own " + (extra || ""), html: element("i"), iconSize: [40, 40] });
  function showOwn() {
    const wanted = new Map();
    if (shows("candidates") && !state.standalone)
      state.points.candidates.filter((p) => p.version !== null).forEach((p) => wanted.set(p.id, p));
    state.own.forEach((marker, id) => {
      if (!wanted.has(id)) { state.map.removeLayer(marker); state.own.delete(id); }
    });
    wanted.forEach((point, id) => {
      let marker = state.own.get(id);
      if (!marker) {
        marker = L.marker(point.latlng, { icon: ownIcon(), draggable: true, autoPan: true });
        marker.on("click", () => pick(marker.point));
        dragged(marker, () => ({ id: marker.point.id, kind: "candidate", version: marker.point.version }));
        marker.addTo(state.map);
        state.own.set(id, marker);
      }
      marker.point = point;
      const node = marker.getElement();
      node.setAttribute("aria-label", point.name || point.id);
      if (state.dragging !== marker) marker.setLatLng(point.latlng);
    });
    showGrip();
  }
  /* While a hand holds still the server is asked what a place would bring; letting go moves a candidate.
     A station is only tried: its record is another button's. */
  const PAUSE_MS = 250;
  function dragged(marker, which) {
    let pause = 0;
    const tell = (type) => {
      const at = marker.getLatLng().wrap();
      send({ ...which(), type: type, lat: at.lat, lng: at.lng });
    };
    marker.on("dragstart", () => { state.dragging = marker; closeCard(); hideTip(); });
    marker.on("drag", () => {
      clearTimeout(pause);
      pause = setTimeout(() => tell("try"), PAUSE_MS);
      state.canvases.reach.redraw();
    });
    marker.on("dragend", () => {
      clearTimeout(pause);
      state.dragging = null;
      state.controls.hint.textContent = state.data.texts["tool.saving"];
      tell(which().kind === "station" ? "try" : "move");
    });
  }
  // The handle of the point that was picked; where it stands elsewhere, a line leads back to the point.
  function showGrip() {
    const grip = state.standalone ? null : state.data.grip, held = state.grip;
    if (held && (!grip || held.of.id !== grip.id) && state.dragging !== held) {
      state.map.removeLayer(held);
      state.grip = null;
    }
    if (!grip) return;
    const at = L.latLng(grip.y / SCALE, grip.x / SCALE);
    if (!state.grip) {
      const marker = state.grip = L.marker(at, { icon: ownIcon("ws-grip"), draggable: true, autoPan: true });
      dragged(marker, () => ({ id: marker.of.id, kind: marker.of.kind, version: marker.of.version }));
      marker.on("click", () => {
        const point = state.points[marker.of.kind + "s"].find((p) => p.id === marker.of.id);
        if (point) openCard(point, true);
      });
      marker.addTo(state.map);
    }
    state.grip.of = grip;
    state.grip.getElement().setAttribute("aria-label", grip.name);
    if (state.dragging !== state.grip) state.grip.setLatLng(at);
  }
  function drawTether(ctx, view) {
    if (!state.grip || !state.points) return;
    const of = state.grip.of, point = state.points[of.kind + "s"].find((p) => p.id === of.id);
    if (!point) return;
    const to = state.grip.getLatLng();
    ctx.beginPath();
    trace(ctx, [...point.at, ...world(to.lng, to.lat, 1)], view);
    ctx.setLineDash([6, 5]);
    ctx.lineWidth = 5; ctx.strokeStyle = PAINTS.halo; ctx.stroke();
    ctx.lineWidth = 2.2; ctx.strokeStyle = PAINTS.ink; ctx.stroke();
    ctx.setLineDash([]);
  }

  // ---------------------------------------------------------------- zones that are set, and one that is being drawn
  const FEWEST_CORNERS = 3;
  const unpackZones = (zones) => zones.map((zone) => {
    const rings = zone.rings.map((numbers) => unpackLine(numbers, 0, SCALE));
    const parts = rings.map(box);
    const widest = parts.reduce((best, b) => (b[2] - b[0] > best[2] - best[0] ? b : best), parts[0]);
    return { name: zone.name, rings: rings, width: widest[2] - widest[0], middle: [(widest[0] + widest[2]) / 2, (widest[1] + widest[3]) / 2] };
  });
  function drawZones(ctx, view) {
    ctx.lineJoin = "round";
    state.zones.forEach((zone) => {
      ctx.beginPath();
      zone.rings.forEach((ring) => { trace(ctx, ring, view); ctx.closePath(); });
      ctx.lineWidth = 5; ctx.strokeStyle = PAINTS.halo; ctx.stroke();
      ctx.lineWidth = 2.2; ctx.strokeStyle = PAINTS.ink; ctx.stroke();
      const x = zone.middle[0] * view.scale + view.dx, y = zone.middle[1] * view.scale + view.dy;
      ctx.font = "600 12.5px " + FONT; // a name is written where the zone has room for it
      if (ctx.measureText(zone.name).width < zone.width * view.scale) write(ctx, zone.name, x, y, 12.5, PAINTS.ink, "600", 0);
    });
    const corners = state.draft.corners.map((at) => world(at.lng, at.lat, 1));
    if (!corners.length) return;
    ctx.beginPath();
    trace(ctx, corners.flat(), view);
    if (!state.draft.drawing || corners.length >= FEWEST_CORNERS) ctx.closePath();
    ctx.fillStyle = PAINTS.draft; ctx.fill();
    ctx.setLineDash(state.draft.drawing ? [7, 4] : []);
    ctx.lineWidth = 2.6; ctx.strokeStyle = PAINTS.plan; ctx.stroke(); ctx.setLineDash([]);
  }
  // What the draft looks like now: corners to drag and, once it is closed, dots between them that become corners.
  function showDraft() {
    const draft = state.draft;
    draft.handles.forEach((marker) => state.map.removeLayer(marker));
    draft.handles = [];
    draft.corners.forEach((at, place) => {
      draft.handles.push(cornerAt(at, place, false));
      if (draft.drawing) return;
      const next = draft.corners[(place + 1) % draft.corners.length];
      draft.handles.push(cornerAt(L.latLng((at.lat + next.lat) / 2, (at.lng + next.lng) / 2), place + 1, true));
    });
    state.canvases.zones.redraw();
    furnishDraft();
  }
  function cornerAt(at, place, fresh) {
    const draft = state.draft, size = draft.drawing ? 22 : 34;
    const icon = L.divIcon({ className: "ws-corner" + (fresh ? " ws-between" : ""), html: element("i"), iconSize: [size, size] });
    const marker = L.marker(at, { icon: icon, draggable: true, keyboard: false, autoPan: true });
    marker.on("dragstart", () => { draft.held = true; if (fresh) draft.corners.splice(place, 0, at); });
    marker.on("drag", () => { draft.corners[place] = marker.getLatLng().wrap(); state.canvases.zones.redraw(); });
    marker.on("dragend", () => { draft.held = false; showDraft(); tellDraft(); });
    marker.on("click", () => {
      if (fresh) return;
      if (draft.drawing) { if (place === 0) finishDraft(); return; } // back at the first corner: closed
      if (draft.corners.length <= FEWEST_CORNERS) return;
      draft.corners.splice(place, 1);
      showDraft(); tellDraft();
    });
    return marker.addTo(state.map);
  }
  function addCorner(event) {
    const draft = state.draft, last = draft.corners[draft.corners.length - 1];
    // The second tap of a double one ends the drawing, as in other programs.
    const again = last && state.map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 8;
    if (again) { finishDraft(); return; }
    draft.corners.push(event.latlng.wrap());
    showDraft();
  }
  function draw(on) {
    state.draft.drawing = on;
    state.draft.corners = [];
    if (on) { arm(false); state.roads.stop(); closeCard(); hideTip(); }
    state.map.doubleClickZoom[on ? "disable" : "enable"]();
    showDraft();
  }
  function finishDraft() {
    if (state.draft.corners.length < FEWEST_CORNERS) return;
    state.draft.drawing = false;
    state.map.doubleClickZoom.enable();
    showDraft();
    tellDraft();
  }
  function tellDraft() {
    if (!state.draft.drawing)
      state.draft.sent = send({ type: "zone", corners: state.draft.corners.map((at) => [at.lng, at.lat]) });
  }
  // An answer to what was sent before the last change would take the change back.
  function takeDraft(data) {
    if (state.draft.drawing && !data.draw) draw(false);
    if (state.draft.drawing || state.draft.held || data.answered < state.draft.sent) { furnishDraft(); return; }
    state.draft.corners = state.standalone ? [] : data.draft.map((at) => L.latLng(at[1], at[0]));
    showDraft();
  }
  function furnishDraft() {
    const data = state.data, draft = state.draft, tools = state.controls.draw, texts = data.texts;
    const open = !draft.drawing && draft.corners.length > 0;
    tools.box.style.display = data.draw && !state.standalone && !open ? "" : "none";
    tools.start.textContent = texts[draft.drawing ? "tool.draw_cancel" : "tool.draw"];
    tools.start.setAttribute("aria-pressed", String(draft.drawing));
    [tools.back, tools.done].forEach((button) => { button.style.display = draft.drawing ? "" : "none"; });
    tools.back.textContent = texts["tool.draw_undo"]; tools.back.disabled = !draft.corners.length;
    tools.done.textContent = texts["tool.draw_done"]; tools.done.disabled = draft.corners.length < FEWEST_CORNERS;
    state.map.getContainer().classList.toggle("ws-drawing", draft.drawing);
    if (draft.drawing || open) state.controls.hint.textContent = texts[open ? "tool.draw_fix" : "tool.draw_hint"];
    else if (!data.tapped && !state.armed) state.controls.hint.textContent = "";
  }
  function drawTools(corner) {
    const box = element("div", "ws-draw"), tool = (act) => {
      const button = element("button", "ws-tool leaflet-bar ws-pen");
      button.type = "button";
      button.addEventListener("click", act);
      box.append(button);
      return button;
    };
    const back = tool(() => { state.draft.corners.pop(); showDraft(); });
    const done = tool(finishDraft), start = tool(() => draw(!state.draft.drawing));
    done.classList.add("ws-done");
    corner("bottomright", box);
    return { box: box, back: back, done: done, start: start };
  }

  // ---------------------------------------------------------------- legend, which is also the layer switch
  function icon(layer, symbol, point) {
    const size = 22, node = element("canvas", "ws-icon"), ratio = window.devicePixelRatio || 1;
    node.width = node.height = size * ratio;
    node.setAttribute("aria-hidden", "true");
    const ctx = node.getContext("2d"), middle = size / 2;
    ctx.scale(ratio, ratio);
    if (layer === "stations") drawStation(ctx, symbol, point ? point.look : OPEN, middle, middle, 6.5);
    else if (layer === "plan") drawPlan(ctx, point ? point.order : 1, middle, middle, 8);
    else if (layer === "candidates" && point && point.version !== null) {
      node.className = "ws-icon ws-own-icon";
      drawOwn(ctx, middle, middle, OWN_SIZE);
    } else if (layer === "candidates") drawCandidate(ctx, middle, middle, 5.5);
    return node;
  }
  function row(mark, text) {
    const node = element("div", "ws-row");
    node.append(mark, element("span", "", text));
    return node;
  }
  function toggle(layer, title) {
    const label = element("label", "ws-switch"), box = element("input");
    box.type = "checkbox"; box.checked = shows(layer); box.dataset.layer = layer;
    box.addEventListener("change", () => {
      if (box.checked) state.hidden.delete(layer); else state.hidden.add(layer);
      state.asked.delete(layer);
      const others = { gap: ["density"], unverified: ["density"], density: ["gap", "unverified"] }[layer] || [];
      if (box.checked) others.forEach((other) => state.hidden.add(other)); // two full surfaces over each other cannot be read
      legend(); showSurfaces(); redraw();
    });
    label.append(box);
    if (layer === "candidates" || layer === "plan") label.append(icon(layer, null));
    label.append(element("span", "", title));
    return label;
  }
  function legend() {
    const data = state.data, body = element("div", "ws-legend-body");
    data.surfaces.forEach((surface) => {
      body.append(toggle(surface.layer, surface.title));
      if (!shows(surface.layer)) return;
      if (surface.named) {
        surface.classes.forEach((entry) => {
          const chip = element("i", "ws-chip");
          chip.style.background = twin(entry[0]);
          chip.style.width = "16px";
          body.append(row(chip, entry[1]));
        });
        return;
      }
      const ramp = element("div", "ws-ramp");
      surface.classes.forEach((entry) => {
        const chip = element("i", "ws-chip");
        const colour = twin(entry[0]);
        chip.style.background = surface.hatched
          ? "repeating-linear-gradient(135deg," + colour + " 0 2px,transparent 2px 5px)" : colour;
        const cell = element("div", "ws-ramp-cell");
        cell.append(chip, element("span", "", entry[1]));
        ramp.append(cell);
      });
      body.append(ramp, element("div", "ws-unit", surface.unit));
    });
    ["stations", "candidates", "plan"].forEach((layer) => {
      if (!data.layers[layer]) return;
      body.append(toggle(layer, data.layers[layer]));
      if (!shows(layer)) return;
      if (layer === "stations") {
        data.symbols.forEach((symbol) => body.append(row(icon("stations", symbol), symbol[0])));
        [[SHUT, "legend.shut"], [ASKED, "legend.unverified_station"], [CLOSED, "legend.closed"]].forEach((entry) => {
          if (state.points.stations.some((p) => p.look === entry[0]))
            body.append(row(icon("stations", data.symbols[0], { look: entry[0] }), data.texts[entry[1]]));
        });
      }
      const own = layer === "candidates" && state.points.candidates.find((p) => p.version !== null);
      if (own) body.append(row(icon("candidates", null, own), data.texts[state.standalone ? "legend.own" : "legend.own_drag"]));
    });
    data.lines.forEach((set) => {
      const chip = element("i", "ws-line");
      chip.style.background = set.dashed ? "repeating-linear-gradient(90deg," + twin(set.colour) + " 0 6px,transparent 6px 10px)" : twin(set.colour);
      body.append(row(chip, set.title));
    });
    if (data.zones.length) body.append(row(element("i", "ws-zone"), data.texts["legend.zones"]));
    if (data.area) body.append(row(element("i", "ws-area"), data.area.title));
    if (data.reach) {
      const chip = element("i", "ws-reach");
      chip.style.background = PAINTS.reach_in; chip.style.borderColor = PAINTS.reach;
      body.append(row(chip, data.reach.title));
    }
    data.notes.forEach((note) => body.append(element("p", "ws-note", note)));
    const box = state.controls.legend, open = box.querySelector("button").getAttribute("aria-expanded") === "true";
    box.querySelector("button span").textContent = data.texts["legend.title"];
    const old = box.querySelector(".ws-legend-body"), scrolled = old ? old.scrollTop : 0;
    if (old) old.remove();
    body.hidden = !open;
    body.style.maxHeight = Math.max(120, state.map.getSize().y - 130) + "px";
    box.append(body);
    body.scrollTop = scrolled;
  }
  function buildControls() {
    const corner = (position, node) => {
      const control = L.control({ position: position });
      control.onAdd = () => {
        L.DomEvent.disableClickPropagation(node); L.DomEvent.disableScrollPropagation(node);
        return node;
      };
      control.addTo(state.map);
      return node;
    };
    const box = element("div", "ws-legend leaflet-bar"), head = element("button", "ws-legend-head");
    head.type = "button";
    head.append(element("span"), element("i", "ws-fold"));
    head.setAttribute("aria-expanded", String(state.map.getSize().x >= 640));
    head.addEventListener("click", () => {
      head.setAttribute("aria-expanded", String(head.getAttribute("aria-expanded") !== "true"));
      legend();
    });
    box.append(head);
    state.controls.legend = corner("topright", box);
    state.controls.zoom = L.control.zoom({ position: "topleft" }).addTo(state.map);
    const whole = element("button", "ws-tool leaflet-bar ws-whole");
    whole.type = "button";
    whole.addEventListener("click", fit);
    state.controls.whole = corner("topleft", whole);
    state.controls.credit = corner("bottomright", element("div", "ws-credit"));
    const add = element("button", "ws-tool leaflet-bar ws-add");
    add.type = "button";
    add.addEventListener("click", () => arm(!state.armed));
    state.controls.add = corner("bottomright", add);
    state.controls.draw = drawTools(corner);
    if (!state.standalone) state.roads = window.WarmStreets.tools({
      map: state.map, corner: corner, send: send, paints: PAINTS,
      begun: () => { arm(false); if (state.draft.drawing) draw(false); closeCard(); hideTip(); },
      told: (text) => { state.controls.hint.textContent = text; }
    });
    state.controls.badges = corner("bottomleft", element("div", "ws-badges"));
    state.controls.hint = element("div", "ws-hint");
    state.controls.hint.setAttribute("role", "status");
    state.map.getContainer().append(state.controls.hint);
    document.addEventListener("keydown", (event) => {
      const asked = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
      if (!asked || !state.data.undo || state.standalone || state.draft.drawing) return;
      event.preventDefault();
      send({ type: event.shiftKey ? "redo" : "undo" });
    });
    state.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (state.armed) arm(false);
      if (state.draft.drawing) draw(false);
      state.roads.stop();
    });
  }
  // Room that the open legend takes from the right edge, as long as it leaves most of the map.
  function legendRoom() {
    const open = state.controls.legend.querySelector("button").getAttribute("aria-expanded") === "true";
    return open && state.map.getSize().x >= 640 ? 250 : 0;
  }
  function fit() {
    state.map.fitBounds(state.bounds, { paddingTopLeft: [20, 10], paddingBottomRight: [10 + legendRoom(), 40] });
  }
  function scaleBar(texts) {
    if (state.controls.scale) state.controls.scale.remove();
    const Bar = L.Control.Scale.extend({
      _updateMetric: function (most) {
        const metres = this._getRoundNum(most);
        const text = metres < 1000 ? metres + " " + texts["tool.metre"] : metres / 1000 + " " + texts["tool.kilometre"];
        this._updateScale(this._mScale, text, metres / most);
      }
    });
    state.controls.scale = new Bar({ imperial: false, maxWidth: 110, position: "bottomleft" }).addTo(state.map);
  }
  function speak(data) {
    const texts = data.texts, controls = state.controls;
    scaleBar(texts);
    [[controls.zoom._zoomInButton, "tool.zoom_in"], [controls.zoom._zoomOutButton, "tool.zoom_out"]].forEach((pair) => {
      pair[0].title = texts[pair[1]];
      pair[0].setAttribute("aria-label", texts[pair[1]]);
    });
    controls.whole.textContent = texts["tool.whole"];
    state.map.getContainer().setAttribute("aria-label", texts["tool.map"]);
    document.documentElement.lang = data.lang === "zh" ? "zh-CN" : "en";
  }
  function furnish(data) {
    const controls = state.controls;
    controls.add.style.display = data.add && !state.standalone ? "" : "none";
    arm(state.armed && data.add);
    controls.badges.replaceChildren(...data.badges.map((text) => element("span", "ws-badge", text)));
    if (data.focus && data.focus.number !== state.focus) {
      state.focus = data.focus.number;
      state.touched = true;
      state.map.flyTo([data.focus.lat, data.focus.lon], data.focus.zoom, { duration: 0.8 });
    }
  }

  // Whose tiles these are, or that they do not come: the map's own drawing then shows in their place.
  function credit() {
    const box = state.controls.credit, failed = Boolean(state.tiled && state.failed);
    state.map.getContainer().classList.toggle("ws-untiled", failed);
    box.textContent = failed ? state.data.texts["tiles.failed"] : state.data.credit;
    box.style.display = box.textContent ? "" : "none";
  }

  // ---------------------------------------------------------------- surfaces
  function showSurfaces() {
    // A surface that nobody sees does not travel: who switches it on asks for it, once.
    state.data.surfaces.filter((s) => s.later && shows(s.layer) && !state.asked.has(s.layer)).forEach((s) => {
      state.asked.add(s.layer);
      send({ type: "want", id: s.layer });
    });
    const wanted = new Map(state.data.surfaces.filter((s) => shows(s.layer) && !s.later).map((s) => [s.layer, s]));
    state.overlays.forEach((overlay, layer) => {
      if (!wanted.has(layer)) { state.map.removeLayer(overlay); state.overlays.delete(layer); }
    });
    wanted.forEach((surface, layer) => {
      let overlay = state.overlays.get(layer);
      if (!overlay) {
        const className = surface.hatched ? "ws-hatched" : "";
        overlay = L.imageOverlay(surface.url, surface.bounds, { pane: "ws-" + layer, interactive: false, className: className });
        state.overlays.set(layer, overlay.addTo(state.map));
      } else {
        if (overlay._url !== surface.url) overlay.setUrl(surface.url);
        overlay.setBounds(L.latLngBounds(surface.bounds));
      }
      overlay.getElement().style.filter = window.WarmLooks.dark() ? window.WarmLooks.filterFor(surface.classes.map((entry) => entry[0])) : "";
    });
  }
  function redraw() {
    state.canvases.lines.redraw();
    state.canvases.zones.redraw();
    state.canvases.reach.redraw();
    state.canvases.candidates.redraw();
    state.canvases.labels.redraw();
    state.canvases.stations.redraw();
    state.canvases.top.redraw();
    showOwn();
  }

  /* Day has become night, or the other way round: the same things in other colours, the view as it is. */
  function redress() {
    if (!state.points) return;
    ["land", "streets", "edge"].forEach((name) => state.canvases[name].redraw());
    redraw();
    legend();
    showSurfaces();
    const open = state.pick && state.points[state.pick.layer].find((p) => p.id === state.pick.id);
    if (open) openCard(open, false);
  }

  // ---------------------------------------------------------------- maps beside each other
  /* Maps of one page that share a word show the same part of the ground: the one that is moved leads. */
  function link(word) {
    if (!word || state.channel || !window.BroadcastChannel) return;
    state.channel = new BroadcastChannel("warm-station-" + word);
    state.map.on("move", () => {
      if (!state.leading) return;
      const centre = state.map.getCenter();
      state.channel.postMessage([centre.lat, centre.lng, state.map.getZoom()]);
    });
    state.channel.onmessage = (told) => {
      const view = told.data;
      if (!Array.isArray(view) || view.length !== 3 || !view.every(Number.isFinite)) return;
      state.leading = false;
      state.touched = true; // somebody chose this view: a frame that finds its size keeps it
      state.map.setView([view[0], view[1]], view[2], { animate: false });
    };
  }

  // ---------------------------------------------------------------- the two doors
  /* Once per map: panes, base layer, controls. `config` = {base, bounds: [[south, west], [north, east]], standalone}. */
  function mount(map, config) {
    state.map = map; state.base = config.base; state.bounds = config.bounds; state.standalone = config.standalone;
    state.tiled = Boolean(config.tiles);
    window.WarmLooks.begin(window.WarmPaints, !config.standalone, redress);
    if (!state.standalone) document.documentElement.classList.add("ws-framed"); // the page around gives the height
    Object.keys(PANES).forEach((name) => {
      const pane = map.createPane("ws-" + name);
      pane.style.zIndex = PANES[name];
      pane.style.pointerEvents = "none";
    });
    const base = unpackBase(window.WS_BASE);
    delete window.WS_BASE;
    const sheet = (draw, pane) => new Sheet(draw, { pane: "ws-" + pane, padding: 0.25 });
    const canvases = state.canvases = {
      land: sheet((ctx, view) => drawLand(base, ctx, view), "base"),
      streets: sheet((ctx, view) => drawStreets(base, ctx, view), "roads"),
      edge: sheet((ctx, view) => drawEdge(base, ctx, view), "edge"),
      lines: sheet(drawLines, "lines"),
      zones: sheet(drawZones, "zones"),
      reach: sheet(drawReach, "reach"),
      candidates: sheet(drawCandidates, "candidates"),
      labels: sheet((ctx, view) => drawLabels(base, ctx, view), "labels"),
      stations: sheet(drawStations, "stations"),
      top: sheet((ctx, view) => { drawAreas(ctx, view, drawUnits(base, ctx, view)); drawPlanned(ctx, view); }, "top")
    };
    state.hidden = null;
    state.waiting = () => {
      const view = state.standalone ? null : remembered();
      buildControls();
      if (view) map.setView([view[0], view[1]], view[2]); else fit();
      Object.keys(canvases).forEach((name) => canvases[name].addTo(map));
      if (state.tiled) window.WarmTiles.lay(map, config.tiles, "ws-tiles", (failed) => { state.failed = failed; credit(); });
      map.on("click", tapped).on("mousemove", hover).on("mouseout", hideTip).on("moveend", remember);
      // Style sheets and frames find their sizes after the first fit, some long after it.
      ["pointerdown", "wheel", "keydown"].forEach((act) => {
        map.getContainer().addEventListener(act, () => { state.touched = state.leading = true; remember(); }, true);
      });
      map.on("resize", () => {
        if (!view && !state.touched) fit();
        if (state.data) legend();
      });
      new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
    };
  }
  /* What does not change travels once, under a mark of its content; later scenes name the mark alone. */
  const PARTS_KEPT = 128; // more than the server remembers to have sent
  function restore(data) {
    const holders = [data.words, data.stations, data.candidates, ...data.surfaces].filter((holder) => holder && holder.parts);
    const marks = holders.flatMap((holder) => holder.parts);
    Object.keys(data.parts).forEach((mark) => state.parts.set(mark, data.parts[mark]));
    if (!marks.every((mark) => state.parts.has(mark))) return false;
    marks.forEach((mark) => { const part = state.parts.get(mark); state.parts.delete(mark); state.parts.set(mark, part); });
    [...state.parts.keys()].slice(0, Math.max(0, state.parts.size - PARTS_KEPT)).forEach((mark) => state.parts.delete(mark));
    holders.forEach((holder) => {
      const pieces = holder.parts.map((mark) => state.parts.get(mark));
      Object.keys(pieces[0]).forEach((name) => {
        holder[name] = Array.isArray(pieces[0][name]) ? pieces.flatMap((piece) => piece[name]) : pieces[0][name];
      });
    });
    if (data.words) data.texts = data.words.texts;
    return true;
  }
  /* On every change: everything that is not the base layer. */
  function show(data) {
    const first = state.hidden === null;
    const spoken = !first && state.data.lang === data.lang;
    if (!restore(data)) { send({ type: "lost" }); return; } // what is on the screen stays until all of it is there
    state.data = data;
    if (first) {
      const all = ["areas", "gap", "unverified", "density", "first", "second", "stations", "candidates", "plan"];
      state.hidden = new Set(all.filter((layer) => data.visible.indexOf(layer) < 0));
    }
    state.points = {
      stations: unpackPoints(data.stations, "stations", data.strings),
      candidates: unpackPoints(data.candidates, "candidates", data.strings),
      plan: unpackPoints(data.plan, "plan", data.strings)
    };
    state.reach = unpackReach(data.reach);
    state.areas = unpackAreas(data);
    state.lines = unpackLines(data.lines);
    state.zones = unpackZones(data.zones);
    if (first) {
      state.map.invalidateSize({ animate: false });
      state.waiting();
    }
    if (!spoken) speak(data);
    furnish(data);
    credit();
    settle(data);
    link(data.linked);
    takeDraft(data);
    state.roads.take(data, state.standalone);
    legend();
    showSurfaces();
    hideTip();
    redraw();
    if (!state.pick) return;
    const again = state.points[state.pick.layer].find((p) => p.id === state.pick.id);
    if (again) openCard(again, state.fresh); else closeCard();
    state.fresh = false; // details of the point just picked may need room; later changes leave the view alone
  }
  window.WarmMap = { mount: mount, show: show };
})();
