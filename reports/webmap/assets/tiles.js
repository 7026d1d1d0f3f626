/* Tiles of other people's maps under ours, and the shift that one of them has.
   L.CRS.Gcj02 is Mercator of shifted positions: the map is drawn where the tiles are, while every
   position that Leaflet takes in or tells (points, taps, drags, views) stays WGS-84. */
(function () {
  "use strict";
  const L = window.L;

  // ---------------------------------------------------------------- GCJ-02, as geo/datum.py has it
  const AXIS_M = 6378245.0, ECCENTRICITY_2 = 0.00669342162296594323;
  const WEST = 72.004, EAST = 137.8347, SOUTH = 0.8293, NORTH = 55.8271;
  const ITERATIONS = 30, CONVERGED_DEGREE = 1e-13;
  const swell = (t, short, a, long, b, longest) =>
    (20 * Math.sin(Math.PI * t) + 40 * Math.sin((Math.PI * t) / short) +
      a * Math.sin((Math.PI * t) / long) + b * Math.sin((Math.PI * t) / longest)) * 2 / 3;
  function toGcj(lng, lat) {
    if (!(lng >= WEST && lng <= EAST && lat >= SOUTH && lat <= NORTH)) return [lng, lat];
    const x = lng - 105, y = lat - 35, root = Math.sqrt(Math.abs(x));
    const waves = (20 * Math.sin(6 * Math.PI * x) + 20 * Math.sin(2 * Math.PI * x)) * 2 / 3;
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves + swell(y, 3, 160, 12, 320, 30);
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves + swell(x, 3, 150, 12, 300, 30);
    const phi = (lat * Math.PI) / 180, flat = 1 - ECCENTRICITY_2 * Math.sin(phi) * Math.sin(phi);
    const meridian = (AXIS_M * (1 - ECCENTRICITY_2)) / Math.pow(flat, 1.5), parallel = (AXIS_M / Math.sqrt(flat)) * Math.cos(phi);
    return [lng + ((east / parallel) * 180) / Math.PI, lat + ((north / meridian) * 180) / Math.PI];
  }
  // The exact way back, by fixed-point iteration: one step of it errs by metres.
  function fromGcj(lng, lat) {
    let x = lng, y = lat;
    for (let i = 0; i < ITERATIONS; i++) {
      const reached = toGcj(x, y), stepX = lng - reached[0], stepY = lat - reached[1];
      x += stepX; y += stepY;
      if (!(Math.max(Math.abs(stepX), Math.abs(stepY)) > CONVERGED_DEGREE)) break;
    }
    return [x, y];
  }
  const plain = L.Projection.SphericalMercator;
  L.CRS.Gcj02 = L.extend({}, L.CRS.EPSG3857, {
    code: "GCJ-02",
    projection: L.extend({}, plain, {
      project: (at) => { const to = toGcj(at.lng, at.lat); return plain.project(L.latLng(to[1], to[0])); },
      unproject: (point) => { const at = plain.unproject(point), back = fromGcj(at.lng, at.lat); return L.latLng(back[1], back[0]); }
    })
  });

  // ---------------------------------------------------------------- the tiles
  const FAILURES = 3; // tiles in a row that do not come before the map says so
  /* Lays the tiles of `config` under the map; `tell(failed)` is called when they stop or begin to come. */
  function lay(map, config, pane, tell) {
    let missed = 0, failed = false;
    const now = (state) => { if (state !== failed) { failed = state; tell(failed); } };
    map.getContainer().classList.add("ws-tiled");
    config.urls.forEach((url) => {
      const layer = L.tileLayer(url, { pane: pane, subdomains: config.subdomains, maxNativeZoom: config.closest, maxZoom: config.closest, updateWhenIdle: true });
      layer.on("tileerror", () => { missed += 1; if (missed >= FAILURES) now(true); });
      layer.on("tileload", () => { missed = 0; now(false); });
      layer.addTo(map);
    });
  }
  window.WarmTiles = { lay: lay };
})();
