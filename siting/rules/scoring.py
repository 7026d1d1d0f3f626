"""Area types, evidence, points and rank of every candidate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siting.results import CandidateScore, Evidence
from siting.rules.files import Measure, Rule
from siting.rules.measures import MEASURES, Float64
from siting.rules.reach import Surroundings
from siting.rules.sentences import Said, Terms, sentence

_POINT_DIGITS = 1


@dataclass(frozen=True, eq=False)
class _Speech:
    """What one rule says of c candidates.

    Attributes
    ----------
    spoken
        int64[c]: which measure of the rule speaks; -1: none.
    figures, points, reach_m
        float64[c]; points include the rule's weight.
    subjects
        What each figure belongs to.
    """

    rule: Rule
    spoken: NDArray[np.int64]
    figures: Float64
    points: Float64
    reach_m: Float64
    subjects: list[str]


def score_candidates(around: Surroundings) -> tuple[CandidateScore, ...]:
    """Return a score per candidate, in the order of the table.

    A rule speaks for a candidate through the first of its measures that reaches its threshold;
    points are those of the rule that gives most, the earlier of `AREA_TYPES` where two give the
    same. Ranks follow points, then the order of the table.
    """
    speeches = [_listen(around, rule) for rule in around.book.rules]
    gained, ids = around.gained, around.candidates["id"].tolist()
    best = np.max([speech.points for speech in speeches], axis=0, initial=0.0)
    ranks = np.empty(len(best), dtype=np.int64)
    ranks[np.argsort(-best, kind="stable")] = np.arange(1, len(best) + 1)
    return tuple(
        _score(around, speeches, candidate, str(name), int(ranks[candidate]), float(gain))
        for candidate, (name, gain) in enumerate(zip(ids, gained, strict=True))
    )


def _listen(around: Surroundings, rule: Rule) -> _Speech:
    size = len(around.candidates)
    speech = _Speech(
        rule=rule,
        spoken=np.full(size, -1, dtype=np.int64),
        figures=np.full(size, np.nan),
        points=np.zeros(size),
        reach_m=np.full(size, rule.reach_m),
        subjects=[""] * size,
    )
    for place, measure in enumerate(rule.measures):
        _let_speak(around, speech, place, measure)
    # Whatever lies around it, nobody can walk there.
    off_streets = around.candidates["id"].isin(around.unattached.keys()).to_numpy()
    speech.spoken[off_streets], speech.points[off_streets] = -1, 0.0
    return speech


def _let_speak(around: Surroundings, speech: _Speech, place: int, measure: Measure) -> None:
    """Give the word to a measure where none before it had anything to say."""
    reading = MEASURES[measure.name](around, speech.rule)
    speaks = (speech.spoken < 0) & (reading.figures >= measure.at_least)
    speech.spoken[speaks] = place
    speech.figures[speaks] = reading.figures[speaks]
    points = measure.points(reading.figures) * speech.rule.weight
    speech.points[speaks] = np.round(points[speaks], _POINT_DIGITS)
    speech.reach_m[speaks] = reading.reach_m
    for candidate in np.flatnonzero(speaks):
        speech.subjects[candidate] = reading.subjects[candidate]


def _score(
    around: Surroundings,
    speeches: list[_Speech],
    candidate: int,
    name: str,
    rank: int,
    gained: float,
) -> CandidateScore:
    speaking = [speech for speech in speeches if speech.spoken[candidate] >= 0]
    speaking.sort(key=lambda speech: -speech.points[candidate])
    evidence = tuple(item for speech in speaking for item in _evidence(around, speech, candidate))
    points = float(speaking[0].points[candidate]) if speaking else 0.0
    terms = Terms(
        around.demand.measure, "straight_line" if around.inputs.streets is None else "street"
    )
    unattached = around.unattached.get(name)
    said = Said(evidence, points, rank, gained, around.parameters.cutoff_m, terms, unattached)
    return CandidateScore(
        id=name,
        area_types=tuple(speech.rule.area_type for speech in speaking),
        evidence=evidence,
        criteria={
            _measure(speech, candidate).name: float(speech.points[candidate]) for speech in speaking
        },
        points=points,
        rank=rank,
        sentence_zh=sentence(said, "zh"),
        sentence_en=sentence(said, "en"),
        workers_gained=gained,
        unattached=unattached,
        rules=around.book.name,
        rules_version=around.book.version,
    )


def _measure(speech: _Speech, candidate: int) -> Measure:
    return speech.rule.measures[int(speech.spoken[candidate])]


def _evidence(around: Surroundings, speech: _Speech, candidate: int) -> list[Evidence]:
    """Return the figure that speaks and, for a sparse place, how sparse it is."""
    measure = _measure(speech, candidate)
    area = speech.rule.area_type
    found = [
        Evidence(
            area_type=area,
            measure=measure.name,
            value=float(speech.figures[candidate]),
            unit=measure.unit,
            subject=speech.subjects[candidate],
            proxy=measure.proxy,
            reach_m=float(speech.reach_m[candidate]),
        )
    ]
    if area == "sparse":
        density = float(around.density_per_km2[candidate])
        radius_m = around.book.density_radius_m
        found.append(Evidence(area, "worker_density", density, "person/km2", reach_m=radius_m))
    return found
