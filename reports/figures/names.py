"""What things are called: codes, columns, units and records, in the report's language."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.reference import read_list
from geo.tables import split_list
from reports.report import Report
from siting.results import plain
from words import Lang, has, say


def label(listing: str, code: str, lang: Lang) -> str:
    """Return the name of `code` in data/reference/<listing>.toml, the code itself if unknown."""
    entry = read_list(f"reference/{listing}").get(code)
    return str(entry[lang]) if entry else code


def labels(listing: str, codes: str, lang: Lang) -> str:
    """Return the names of a list cell, joined as the language joins them."""
    joint = "、" if lang == "zh" else ", "
    return joint.join(label(listing, code, lang) for code in split_list(codes))


def town_name(report: Report, name: str) -> str:
    """Return the name of a unit; "" is demand outside all units."""
    return name or report.say("outside_units")


def rule_name(report: Report, area_type: str) -> str:
    """Return the short name of a siting rule."""
    return say(f"siting.rule.{area_type}", report.lang)


def unit_name(report: Report, unit: str) -> str:
    """Return the name of a unit of measurement; an unknown one as it is."""
    key = f"reports.units.{unit}"
    return say(key, report.lang) if has(key, report.lang) else unit


def layer_name(report: Report, layer: str) -> str:
    """Return the name of a layer; an unknown one as it is."""
    key = f"reports.layers.{layer}"
    return say(key, report.lang) if has(key, report.lang) else layer


def measure_name(report: Report, measure: str) -> str:
    """Return the name of a rule's measure; one of a district's own rule file as it is."""
    key = f"siting.measure.{measure}"
    return say(key, report.lang) if has(key, report.lang) else measure


def parameter_name(report: Report, name: str) -> str:
    """Return the name of a parameter; an unknown one as it is."""
    key = f"reports.parameters.{name}"
    return say(key, report.lang) if has(key, report.lang) else name


def column_name(report: Report, key: str) -> str:
    """Return the heading of a column; over windows, workers are said to be an average."""
    return _named(report, "columns", key)


def item_name(report: Report, key: str) -> str:
    """Return the name of a line of the overview; over windows as `column_name`."""
    return _named(report, "overview", key)


def who(report: Report, *, before_figure: bool = False) -> str:
    """Return what is counted: workers, or average present workers."""
    group = "who_before" if before_figure else "who"
    return say(f"siting.{group}.{report.coverage.measure}", report.lang)


def _named(report: Report, group: str, key: str) -> str:
    averaged = f"{group}_averaged.{key}"
    if report.averaged and has(f"reports.{averaged}", report.lang):
        return report.say(averaged)
    return report.say(f"{group}.{key}")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def candidate_rows(report: Report) -> dict[str, dict[str, Any]]:
    """Return the candidates' records by id."""
    return _by_id(report.inputs.candidates)


def station_rows(report: Report) -> dict[str, dict[str, Any]]:
    """Return the stations' records by id."""
    return _by_id(report.inputs.stations)


def first_towns(demand: pd.DataFrame) -> dict[str, str]:
    """Return the unit of every demand point by id; "" is outside all units."""
    once = demand.drop_duplicates("id")
    return dict(zip(once["id"].astype(str), once["town"].fillna("").astype(str), strict=True))


def text(record: Mapping[str, Any], column: str) -> str:
    """Return a text of a record, "" where it is missing."""
    value = record.get(column, "")
    return "" if pd.isna(value) else str(value)


def number(record: Mapping[str, Any], column: str) -> float | int | None:
    """Return a number of a record as Python's own, None where it is missing."""
    value = record.get(column)
    if value is None or pd.isna(value):
        return None
    return plain(float(value))


def name_or_id(record: Mapping[str, Any], identity: str) -> str:
    """Return the name of a record, its id where it has none."""
    return text(record, "name") or identity


def _by_id(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(record["id"]): record for record in records(frame)}
