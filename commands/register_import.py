"""The command that takes a file into the register, as one change that can be undone."""

from dataclasses import replace as dataclass_replace
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import click

from commands.answers import DONE, REFUSED, as_json_finding, print_answer, tell_findings
from commands.checking import Asked, Checked, checked, checking
from commands.inputs import KINDS
from commands.options import speaking
from commands.register_place import Place, named, placed, signed
from commands.trouble import reading
from commands.usage import Misuse
from words import Lang, say

if TYPE_CHECKING:  # databases take their time
    import pandas as pd

    from geo.findings import Finding
    from register import Register
    from siting.model import LayerSource

STREETS = "streets"
Stored = dict[str, object]


@click.command("import")
@checking
@click.option(
    "--as", "kind", type=click.Choice((*KINDS, STREETS)), required=True, help="种类 / table"
)
@click.option("--source", default="", help="数据来源 / where it comes from, else the file's name")
@click.option("--licence", default="", help="许可 / licence")
@click.option("--date", "dated", default="", help="数据日期 / date of the data")
@click.option("--replace", is_flag=True, help="文件里没有的记录删除 / remove what it does not name")
@placed
@signed
@speaking
def import_into(
    *,
    source: str,
    licence: str,
    dated: str,
    replace: bool,
    check: bool,
    who: str | None,
    why: str,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Take a file into the register, one undoable change / 导入台账，可整批撤销."""
    from siting.model import LayerSource  # noqa: PLC0415 -- start-up

    place = Place.taken_from(options)
    asked = Asked.taken_from(options)
    told = LayerSource(asked.kind, source or asked.file.name, licence, dated)
    signed_by = {"who": named(who), "why": why}
    if replace and asked.kind == STREETS:
        raise Misuse("register_replace_layer")
    if asked.kind == STREETS:
        content = _put_streets(place, asked, told, signed_by, check=check)
        lines = [say("cli.register_streets", asked.lang, **content)]
        print_answer(
            content, lambda: [*lines, *_stored_lines(content, asked.lang)], as_json=as_json
        )
        return DONE
    found = checked(asked, place.units())
    stored: Stored = {"event": None, "added": 0, "changed": 0, "removed": 0, "unchanged": 0}
    frame = found.frame
    stepped: tuple[Finding, ...] = ()
    stepping = asked.kind == "candidates"  # what a file may say of a state, the register knows
    if not found.stopped and len(found.frame) and (stepping or not check):
        with place.opened() as register:
            frame, stepped = _in_steps(register, asked, found, signed_by["who"])
            if not check:
                stored = _put(register, frame, told, signed_by, replace=replace)
    tell_findings(stepped, asked.lang)
    listed = [as_json_finding(finding, asked.lang) for finding in stepped]
    findings = cast("list[dict[str, object]]", found.content["findings"])
    content = {**found.content, "findings": [*findings, *listed], **stored}
    print_answer(
        content, lambda: [*found.lines, *_stored_lines(stored, asked.lang)], as_json=as_json
    )
    return REFUSED if found.refused else DONE


def _in_steps(
    register: "Register", asked: Asked, found: Checked, who: str
) -> "tuple[pd.DataFrame, tuple[Finding, ...]]":
    """Return the rows with the states that whoever signs may give, and what to tell of them."""
    from geo.reference import read_list  # noqa: PLC0415 -- start-up
    from register.candidate_steps import (  # noqa: PLC0415 -- start-up
        TABLE,
        keep_to_steps,
        said,
        speaks_for_district,
        states_of,
    )

    if asked.kind != TABLE:
        return found.frame, ()
    held = keep_to_steps(
        found.frame,
        states_of(register),
        asks=speaks_for_district(register, who),
        rows=found.rows,
        column=found.columns.get("state"),
    )
    names = {code: str(told[asked.lang]) for code, told in read_list("reference/states").items()}
    told = (dataclass_replace(one, file=asked.file.name) for one in said(held.findings, names))
    return held.frame, tuple(told)


def _put(
    register: "Register",
    frame: "pd.DataFrame",
    source: "LayerSource",
    signed_by: dict[str, str],
    *,
    replace: bool,
) -> Stored:
    """Store a table as one change, and return what became of its rows."""
    if source.layer == "demand":
        if not replace:
            _refuse_coarser(register, frame)
        key = uuid4().hex
        register.put_demand(frame, source, key=key, **signed_by)
        counts = {"added": len(frame), "changed": 0, "removed": 0, "unchanged": 0}
        return {"event": _event_of(register, key), **counts}
    from register import KINDS as STORED  # noqa: PLC0415 -- start-up

    kind = next(kind for kind in STORED if kind == source.layer)
    batch = register.put_records(kind, frame, source, replace_all=replace, **signed_by)
    return {
        "event": batch.id,
        "added": batch.added,
        "changed": batch.changed,
        "removed": batch.removed,
        "unchanged": batch.unchanged,
    }


def _refuse_coarser(register: "Register", frame: "pd.DataFrame") -> None:
    """Refuse to put an export's merged rows in the place of the rows that they were made of.

    Raises
    ------
    InputError
        `register_demand_merged`.
    """
    from geo.errors import InputError  # noqa: PLC0415 -- start-up
    from siting.demand.merging import MERGED  # noqa: PLC0415 -- start-up

    merged = int(frame["id"].str.startswith(MERGED).sum())
    if not merged:
        return
    held = register.inputs().demand["id"]
    if len(held) and not held.str.startswith(MERGED).any():
        raise InputError("register_demand_merged", rows=merged)


def _put_streets(
    place: Place, asked: Asked, source: "LayerSource", signed_by: dict[str, str], *, check: bool
) -> Stored:
    from dataclasses import replace  # noqa: PLC0415 -- start-up

    from geo.intake.streets import read_street_file  # noqa: PLC0415 -- start-up
    from geo.streets import summary  # noqa: PLC0415 -- start-up

    with reading(asked.lang):
        net = read_street_file(asked.file)
    found, meta = summary(net), net.meta
    stated = replace(source, licence=source.licence or meta.licence, date=source.date or meta.date)
    event = None
    if not check:
        with place.opened() as register:
            key = uuid4().hex
            register.put_streets(net, stated, key=key, **signed_by)
            event = _event_of(register, key)
    return {
        "nodes": found.nodes,
        "edges": found.edges,
        "street_km": found.street_km,
        "event": event,
    }


def _event_of(register: "Register", key: str) -> int | None:
    """Return the event that a write of ours left; None: all was there already."""
    return next((event.id for event in register.events() if event.key == key), None)


def _stored_lines(stored: Stored, lang: Lang) -> list[str]:
    if stored["event"] is None:
        return [say("cli.register_nothing_stored", lang)]
    key = "stored_layer" if "added" not in stored else "stored"
    return [say(f"cli.register_{key}", lang, **stored)]
