"""Which kind of station suits a candidate: data/reference/kind_rules.toml, with the reason.

Cost, services and seats are those that the kind's list gives; all are proposals for what is to be
built, and the cost is an assumption until the record has its own.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.reference import read_list
from siting.candidates.defaults import host_defaults
from siting.candidates.drafts import places_of
from siting.candidates.surroundings import People
from siting.costs import default_cost_yuan
from words import Lang, count, distance, say, yuan

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Recommendation:
    """What suits one candidate.

    Attributes
    ----------
    kind
        A code of kinds.toml.
    cost_yuan
        Of such a station, whole yuan: an assumption.
    access, services
        Who may enter it; what it holds, the host's own services included.
    seats
        How many sit there at one time.
    workers
        In the busiest window, within `reach_m` on foot: of the groups that decided, else of all who
        may enter; None: nobody knows who is there.
    by_groups
        The groups that decided; () where the host alone did.
    reach_m
        Metres on foot, inclusive.
    reason_zh, reason_en
        Why this kind, with its figures.
    """

    kind: str
    cost_yuan: int
    access: tuple[str, ...]
    services: tuple[str, ...]
    seats: int
    workers: float | None
    by_groups: tuple[str, ...]
    reach_m: float
    reason_zh: str
    reason_en: str


@dataclass(frozen=True)
class KindRule:
    """One rule: a host of one of these types, and enough workers of these groups."""

    kind: str
    host_types: frozenset[str]
    groups: tuple[str, ...]
    at_least: float
    reason: str


def kind_rules() -> tuple[KindRule, ...]:
    """Return the rules in the order in which they are judged."""
    content: Mapping[str, Any] = read_list("reference/kind_rules")
    return tuple(
        KindRule(
            kind=rule["kind"],
            host_types=frozenset(rule["host_types"]),
            groups=tuple(rule.get("groups", ())),
            at_least=rule.get("at_least", 0.0),
            reason=rule["reason"],
        )
        for rule in content["rule"]
    )


def recommend(candidates: pd.DataFrame, people: People | None) -> tuple[Recommendation, ...]:
    """Return what suits each candidate, in the order of the table.

    Without demand rules that ask for workers fit nobody, and rooms have the fewest seats.
    """
    content, kinds = read_list("reference/kind_rules"), read_list("reference/kinds")
    reach_m: float = content["reach_m"]
    rules = kind_rules()
    groups = {rule.groups for rule in rules if rule.groups}
    groups |= {_admitted(entry["access"]) for entry in kinds.values()}
    around = _around(candidates, people, reach_m, groups)
    known = {code for rule in rules for code in rule.host_types}
    found = []
    for row, host_type in enumerate(candidates["host_type"]):
        here = {group: workers[row] for group, workers in around.items()}
        rule = _first(rules, host_type if host_type in known else "", here)
        found.append(_recommended(rule, host_type, here, reach_m, content["at_once"]))
    return tuple(found)


def _around(
    candidates: pd.DataFrame,
    people: People | None,
    reach_m: float,
    groups: Iterable[tuple[str, ...]],
) -> dict[tuple[str, ...], Float64]:
    if people is None:
        return {}
    places = places_of(candidates)
    return {part: people.busiest(places, reach_m, part) for part in groups}


def _first(
    rules: Iterable[KindRule], host_type: str, here: Mapping[tuple[str, ...], float]
) -> KindRule:
    return next(
        rule
        for rule in rules
        if host_type in rule.host_types
        and (not rule.groups or here.get(rule.groups, 0.0) >= rule.at_least)
    )


def _recommended(
    rule: KindRule,
    host_type: str,
    here: Mapping[tuple[str, ...], float],
    reach_m: float,
    at_once: float,
) -> Recommendation:
    entry = read_list("reference/kinds")[rule.kind]
    served = here.get(_admitted(entry["access"]))
    least, most = entry["seats"]
    wanted = 0 if served is None else math.ceil(round(served * at_once, 6))
    seats = min(max(wanted, least), most)
    services = (*entry["services"], *host_defaults(host_type).services)
    workers = here.get(rule.groups) if rule.groups else served
    cost = default_cost_yuan(rule.kind, host_type)

    def reason(lang: Lang) -> str:
        return _reason(rule, host_type, workers, reach_m, seats, cost, lang)

    return Recommendation(
        kind=rule.kind,
        cost_yuan=cost,
        access=tuple(entry["access"]),
        services=tuple(dict.fromkeys(services)),
        seats=seats,
        workers=None if workers is None else float(workers),
        by_groups=rule.groups,
        reach_m=reach_m,
        reason_zh=reason("zh"),
        reason_en=reason("en"),
    )


def _reason(
    rule: KindRule,
    host_type: str,
    workers: float | None,
    reach_m: float,
    seats: int,
    cost: int,
    lang: Lang,
) -> str:
    hosts = read_list("reference/host_types")
    facts = {
        "kind": read_list("reference/kinds")[rule.kind][lang],
        "host": hosts[host_type][lang] if host_type in hosts else "",
        "reach": distance(reach_m, lang),
    }
    parts = [say(f"candidates.kind.{'host' if facts['host'] else 'no_host'}", lang, **facts)]
    if workers is not None and rule.groups:
        names = read_list("reference/groups")
        separator = say("candidates.and", lang)
        parts.append(
            say(
                "candidates.kind.groups",
                lang,
                **facts,
                groups=separator.join(names[code][lang] for code in rule.groups),
                workers=count(workers, lang),
                least=count(rule.at_least, lang),
            )
        )
    elif workers is not None and seats:
        parts.append(say("candidates.kind.workers", lang, **facts, workers=count(workers, lang)))
    if seats:
        parts.append(say("candidates.kind.seats", lang, seats=seats))
    parts.append(say("candidates.kind.cost", lang, cost=yuan(cost, lang)))
    return say("candidates.kind.joint", lang).join(parts) + say("candidates.kind.stop", lang)


def _admitted(access: Iterable[str]) -> tuple[str, ...]:
    """Return the groups that access rights admit; `*`: everybody."""
    rights = read_list("reference/access")
    groups = [group for code in access for group in rights[code]["groups"]]
    return ("*",) if "*" in groups else tuple(dict.fromkeys(groups))
