"""Sentences and rows, read from one `Report`: what the workbook and the document print alike.

Nothing is decided here, and nothing is computed apart from quotients of two printed figures.

names     what codes, columns and records are called
reach     nominal coverage, and what streets miss
sites     the plan and the candidates
settings  parameters and sources
"""

from reports.figures.names import (
    candidate_rows,
    column_name,
    first_towns,
    item_name,
    label,
    labels,
    layer_name,
    measure_name,
    name_or_id,
    number,
    parameter_name,
    records,
    rule_name,
    station_rows,
    text,
    town_name,
    unit_name,
    who,
)
from reports.figures.reach import (
    bracket_sentences,
    headline,
    measure_sentence,
    method_sentence,
    scope_sentence,
    unreached_sentences,
)
from reports.figures.settings import licence_text, parameter_rows, source_text
from reports.figures.sites import (
    TOP_CANDIDATES,
    CandidateLine,
    PlanLine,
    at_most_points,
    bound_sentence,
    candidate_lines,
    evidence_text,
    plan_brief,
    plan_lines,
    plan_sentences,
    printed_candidates,
    unattached_names,
)

__all__ = [
    "TOP_CANDIDATES",
    "CandidateLine",
    "PlanLine",
    "at_most_points",
    "bound_sentence",
    "bracket_sentences",
    "candidate_lines",
    "candidate_rows",
    "column_name",
    "evidence_text",
    "first_towns",
    "headline",
    "item_name",
    "label",
    "labels",
    "layer_name",
    "licence_text",
    "measure_name",
    "measure_sentence",
    "method_sentence",
    "name_or_id",
    "number",
    "parameter_name",
    "parameter_rows",
    "plan_brief",
    "plan_lines",
    "plan_sentences",
    "printed_candidates",
    "records",
    "rule_name",
    "scope_sentence",
    "source_text",
    "station_rows",
    "text",
    "town_name",
    "unattached_names",
    "unit_name",
    "unreached_sentences",
    "who",
]
