"""One draw of a rank range, made again: its factors in the tables themselves, then all anew."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.areas.drawing import drawn_polygon, with_zone
from siting.areas.zones import NO_ZONES
from siting.model import Inputs, Parameters
from siting.planning import evaluate, with_rank_ranges
from siting.rules import RuleBook, read_rules
from tests.unit.siting.tables import main_street_town, place, table

SPREAD = 0.2
WINDOWS = ("workday_noon", "workday_evening")
# Without 特色, which figures alone may add to a zone's areas, the zones say where all lies.
SHIPPED = read_rules("daxing")
BOOK = replace(SHIPPED, rules=tuple(r for r in SHIPPED.rules if r.area_type != "special"))


def town() -> Inputs:
    """Return a street of firms, venues and needs, its halves in zones that no shaking moves."""
    spots = range(0, 1001, 200)
    demand = [
        {"id": f"d{x}", **place(x, 5), "workers": 200 + x, "group": "courier", "window": window}
        for x in spots
        for window in WINDOWS
    ]
    ids = [{"id": f"c{x}", "name": f"单位{x}", **place(x + 30, 8)} for x in spots]
    firms = [{"id": f"e{x}", "name": f"单位{x}", **place(x, 40), "workers": x} for x in spots[1::2]]
    venues = [
        {"id": "m", "name": "商场", **place(800, 20), "host_type": "mall", "visits_per_day": 9000}
    ]
    needs = [
        {"id": f"n{x}", **place(x, 0), "topic": "water", "group": "courier", "records": 3}
        for x in spots[::3]
    ]
    zones = NO_ZONES
    for x, areas in ((-100, ("enterprise_cluster", "sparse")), (500, ("function_zone", "sparse"))):
        ring = [place(*at) for at in ((x, -500), (x + 600, -500), (x + 600, 500), (x, 500))]
        shape = drawn_polygon([(spot["lon"], spot["lat"]) for spot in ring])
        zones = with_zone(zones, None, "", areas, shape)
    return Inputs(
        demand=table("demand", demand),
        stations=table("stations", [{"id": "s", "name": "甲站", **place(0, 5)}]),
        candidates=table("candidates", ids),
        enterprises=table("enterprises", firms),
        hosts=table("hosts", venues),
        needs=table("needs", needs),
        streets=main_street_town(),
        area_zones=zones,
    )


def shaken(inputs: Inputs, book: RuleBook, seed: int) -> tuple[Inputs, RuleBook]:
    """Return tables and weights with the factors of the first draw in them."""
    random = np.random.default_rng(seed)

    def factors(size: int) -> NDArray[np.float64]:
        return np.asarray(np.exp(SPREAD * random.standard_normal(size)))

    rules = []
    for rule in book.rules:
        own = np.array([one.weight for one in rule.criteria]) * factors(len(rule.criteria))
        pairs = zip(rule.criteria, own / own.sum(), strict=True)
        criteria = tuple(replace(one, weight=float(weight)) for one, weight in pairs)
        rules.append(replace(rule, criteria=criteria))
    share = book.common.rule_weight * float(factors(1)[0])
    held = book.common.criteria
    own = np.array([one.weight for one in held]) * factors(len(held))
    total = share + own.sum()
    pairs = zip(held, own / total, strict=True)
    common = replace(
        book.common,
        rule_weight=float(share / total),
        criteria=tuple(replace(one, weight=float(weight)) for one, weight in pairs),
    )
    points = inputs.demand["id"].drop_duplicates().tolist()
    of_point = dict(zip(points, factors(len(points)), strict=True))

    def counts(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        return frame.assign(**{column: frame[column].astype("Float64") * factors(len(frame))})

    heads = inputs.demand["workers"].astype(float) * inputs.demand["id"].map(of_point)
    tables = replace(
        inputs,
        demand=inputs.demand.assign(workers=heads),
        enterprises=counts(inputs.enterprises, "workers"),
        hosts=counts(inputs.hosts, "visits_per_day"),
        needs=counts(inputs.needs, "records"),
    )
    return tables, replace(book, rules=tuple(rules), common=common)


def test_a_draw_is_what_its_factors_make_of_the_tables() -> None:
    seed = 4
    inputs, parameters = town(), Parameters()
    now = evaluate(inputs, parameters, rules=BOOK)
    drawn = with_rank_ranges(inputs, parameters, now, rules=BOOK, draws=1, seed=seed)
    tables, book = shaken(inputs, BOOK, seed)
    anew = evaluate(tables, parameters, rules=book).scores
    told = [item.rank_range.best for item in drawn if item.rank_range is not None]
    assert told == [item.rank for item in anew]
    assert told != [item.rank for item in now.scores]
    assert {area for item in anew for area in item.area_types} == {
        *("enterprise_cluster", "function_zone", "sparse")
    }
