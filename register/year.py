"""A year's work as a register tells it: for the report that is signed and sent upwards."""

from datetime import date

import pandas as pd

from register.moments import AsOf
from register.reader import Reader
from register.reporting import changes_since, last_report
from register.tables import Kind
from register.values import frame_of
from siting.model import Inputs, Parameters
from siting.planning import BUILT_IN_RULES, Rules
from siting.progress import LastReport, YearWork, year_work
from siting.progress.year import REGISTERED


def year_work_of(
    register: Reader,
    inputs: Inputs,
    parameters: Parameters,
    *,
    until: date,
    rules: Rules = BUILT_IN_RULES,
    as_of: AsOf | None = None,
) -> YearWork:
    """Return what a register tells of a year's work up to a day.

    Parameters
    ----------
    register
        Its targets, checks, tasks and, of today, the last report.
    inputs, parameters, rules
        Those of the report: inputs of the same moment as `as_of`.
    until
        The last day that counts.
    as_of
        A moment of the past, as in `Reader.inputs`; the last report is not told of it.

    Raises
    ------
    InputError
        As `year_work` and `Reader.event_at`.
    PlannerError
        A row or a file is not what was written.
    """
    return year_work(
        inputs,
        parameters,
        {kind: _table(register, kind, as_of) for kind in REGISTERED},
        until=until,
        rules=rules,
        last=_last(register, until) if as_of is None else None,
    )


def _table(register: Reader, kind: Kind, as_of: AsOf | None) -> pd.DataFrame:
    rows = [{"id": r.id, **r.fields} for r in register.records(kind, as_of=as_of)]
    return frame_of(kind, rows)


def _last(register: Reader, until: date) -> LastReport | None:
    last = last_report(register, today=until)
    if last is None:
        return None
    return LastReport(last.made_on, dict(last.figures), dict(changes_since(register, last)))
