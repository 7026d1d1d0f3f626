"""The commands of the register: init, import, export, history, undo, backup, restore and so on."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, REFUSED, print_answer
from commands.options import FILE, moment, speaking
from commands.register_accounts import reset_admin
from commands.register_export import export
from commands.register_import import import_into
from commands.register_place import Place, named, placed, signed
from commands.register_plans import plans
from commands.usage import Misuse
from geo.reference import read_list
from siting import district_time
from words import Lang, has, say

if TYPE_CHECKING:  # databases take their time
    from geo.tables import Column
    from register import Event, Step
    from register.backup import Backup
    from register.verification import Verification

_MOST_SHOWN = 1000


@click.command()
@click.argument("name", required=False)
@placed
@click.option("--units", is_flag=True, help="收入大兴区的单位名单 / with the units of Daxing")
@click.option("--who", help="经办人，记入台账 / for the ledger")
@speaking
def init(
    name: str | None,
    who: str | None,
    *,
    units: bool,
    lang: Lang,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Make a district's register, empty, or the copy of the sample / 建立台账."""
    from register.shipped_units import put_shipped_units  # noqa: PLC0415 -- start-up

    place = Place.taken_from(options)
    if place.sample == (name is not None):
        raise Misuse("register_name_or_sample")
    home = place.at_home()
    register = home.open_sample() if name is None else home.create_district(name, who=named(who))
    with register:
        added = put_shipped_units(register, who=named(who)).added if units else 0
        content: dict[str, object] = {
            "name": register.name,
            "synthetic": register.synthetic,
            "revision": register.revision(),
            "units": added,
        }
    lines = [_said("made", lang, **content)]
    lines += [_said("units", lang, added=added, unchanged=0)] if units else []
    print_answer(content, lambda: lines, as_json=as_json)
    return DONE


@click.command()
@placed
@signed
@speaking
def units(*, who: str | None, why: str, lang: Lang, as_json: bool, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Take in the shipped list of Daxing's units / 收入大兴区的单位名单，可再修改."""
    from register.shipped_units import put_shipped_units  # noqa: PLC0415 -- start-up

    with Place.taken_from(options).opened() as register:
        batch = put_shipped_units(register, who=named(who), why=why)
    content = {"event": batch.id, "added": batch.added, "unchanged": batch.unchanged}
    print_answer(content, lambda: [_said("units", lang, **content)], as_json=as_json)
    return DONE


@click.command()
@placed
@click.option("--kind", "kinds", multiple=True, help="类别 / stations, layers, …")
@click.option("--id", "record_id", help="记录编号 / of a record")
@click.option("--who", help="经办人 / whose changes")
@click.option("--since", callback=moment, help="起始日期（含） / a day or a time, inclusive")
@click.option("--until", callback=moment, help="截止日期（含） / a day or a time, inclusive")
@click.option("--batch", type=click.IntRange(min=1), help="某次导入的各行 / rows of an import")
@click.option("--before", type=click.IntRange(min=1), help="接着上一页 / the page before's")
@click.option("--limit", type=click.IntRange(1, _MOST_SHOWN), default=50, show_default=True)
@click.option("--personal", is_flag=True, help="显示联系人姓名电话 / show names and phones")
@speaking
def history(  # noqa: PLR0913 -- click's
    *,
    kinds: tuple[str, ...],
    record_id: str | None,
    who: str | None,
    since: date | None,
    until: date | None,
    batch: int | None,
    before: int | None,
    limit: int,
    personal: bool,
    lang: Lang,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Tell who changed what, when and why, newest first / 变更记录，最新在前."""
    from register import WantedEvents  # noqa: PLC0415 -- start-up
    from register.privacy import masked_step  # noqa: PLC0415 -- start-up
    from register.steps import step  # noqa: PLC0415 -- start-up

    wanted = WantedEvents(
        who=who or "",
        kinds=kinds,
        record_id=record_id or "",
        since=since,
        until=until,
        batch=batch,
        rows=record_id is not None,  # a row that came with an import is part of its history
    )
    with Place.taken_from(options).opened() as register:
        page = register.event_page(wanted, limit=limit, before=before)
    steps = [step(event) for event in page.events]
    shown = steps if personal else [masked_step(each, "") for each in steps]
    content = {
        "total": page.total,
        "next_before": page.before,
        "personal": "shown" if personal else "masked",
        "events": [_told(each) for each in shown],
    }

    def lines() -> Sequence[str]:
        found = [line for each in shown for line in _step_lines(each, lang)]
        return [_said("events", lang, total=page.total, shown=len(shown)), *found]

    print_answer(content, lines, as_json=as_json)
    return DONE


@click.command()
@click.argument("event", type=click.IntRange(min=1))
@click.option("--batch", is_flag=True, help="连同整次导入 / the whole import that it is part of")
@placed
@signed
@speaking
def undo(
    event: int,
    *,
    batch: bool,
    who: str | None,
    why: str,
    lang: Lang,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Take a change back, or undo an undoing / 撤销一项变更（撤销“撤销”即重做）."""
    with Place.taken_from(options).opened() as register:
        heading = register.event_at(event).batch if batch else None
        undone = heading or event
        made = register.undo(undone, who=named(who), why=why)
    content = {"event": made.id, "undone": undone, "kind": made.kind, "id": made.record_id}
    print_answer(content, lambda: [_said("undone", lang, **content)], as_json=as_json)
    return DONE


@click.command()
@placed
@click.option("--out", type=FILE, help="备份文件夹 / folder, else that of the app")
@speaking
def backup(*, out: Path | None, lang: Lang, as_json: bool, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Write a backup while others go on working, and check it / 备份并校验."""
    place = Place.taken_from(options)
    with place.opened() as register:
        made = register.back_up(out or place.at_home().backups_folder)
    content = _told_backup(made)
    print_answer(content, lambda: [_said("backed_up", lang, **content)], as_json=as_json)
    return DONE


@click.command()
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="确认替换现有台账 / put it in the place of what is there")
@placed
@click.option("--who", help="经办人，记入台账 / for the ledger")
@speaking
def restore(
    file: Path,
    *,
    yes: bool,
    who: str | None,
    lang: Lang,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Put a backup in the register's place, which is set aside whole / 从备份恢复."""
    from register.backup import read  # noqa: PLC0415 -- start-up

    place = Place.taken_from(options)
    found = read(file)
    if not yes:
        raise Misuse("register_needs_yes", name=found.name, when=_when(found.made_at))
    done = place.at_home().restore(file, who=named(who), project=place.project)
    kept = None if done.aside is None else str(done.aside)
    content = {**_told_backup(done.backup), "set_aside": kept}
    words = [_said("restored", lang, name=found.name, when=_when(found.made_at))]
    words += [_said("set_aside", lang, folder=kept)] if kept is not None else []
    print_answer(content, lambda: words, as_json=as_json)
    return DONE


@click.command()
@placed
@speaking
def verify(*, lang: Lang, as_json: bool, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Compare everything with what the ledger says / 全面核对."""
    with Place.taken_from(options).opened() as register:
        found = register.verify()
        content = {
            "whole": found.whole,
            "revision": register.revision(),
            "head": register.head(),
            "faults": asdict(found),
        }
    print_answer(content, lambda: _verified(found, lang, content), as_json=as_json)
    return DONE if found.whole else REFUSED


@click.command()
@placed
@speaking
def migrate(*, lang: Lang, as_json: bool, **options: Any) -> int:  # noqa: ANN401 -- click's
    """Bring the tables up to date, as every opening does / 更新表结构."""
    place = Place.taken_from(options)
    before, after = place.at_home().migrate(place.project)
    content = {"before": before, "after": after, "changed": before != after}
    key = "migrated" if before != after else "up_to_date"
    print_answer(content, lambda: [_said(key, lang, **content)], as_json=as_json)
    return DONE


@click.group(
    name="register",
    commands=(
        init,
        units,
        import_into,
        export,
        history,
        undo,
        plans,
        backup,
        restore,
        verify,
        migrate,
        reset_admin,
    ),
)
def register_group() -> None:
    """Keep the register / 台账：建立、导入、导出、历史、撤销、方案、备份、恢复、核对、管理员."""


def _told(step: "Step") -> dict[str, object]:
    event = step.event
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "who": event.who,
        "action": event.action,
        "outcome": step.outcome,
        "kind": event.kind,
        "record_id": event.record_id,
        "why": event.why,
        "batch": event.batch,
        "undoes": event.undoes,
        "undone_by": event.undone_by,
        "changes": [asdict(difference) for difference in step.differences],
    }


def _step_lines(step: "Step", lang: Lang) -> list[str]:
    """Return an event as people read it, and what it changed of a record."""
    event = step.event
    why = _said("why", lang, why=event.why) if event.why else ""
    undone = _said("undone_by", lang, event=event.undone_by) if event.undone_by else ""
    line = _said(
        "event",
        lang,
        id=event.id,
        when=_when(event.at),
        who=event.who,
        action=say(f"register.action.{event.action}", lang),
        kind=_kind_name(event, lang),
        record=_subject(event, lang),
    )
    if event.action in {"import", "create"} or event.kind == "layers":
        return [line + why + undone]
    known = _columns(event.kind)
    changes = []
    for difference in step.differences:
        column = known.get(difference.column)
        changes.append(
            _said(
                "change",
                lang,
                column=difference.column if column is None else column.label(lang),
                before=_value(column, difference.before, lang),
                after=_value(column, difference.after, lang),
            )
        )
    return [line + why + undone, *changes]


def _kind_name(event: "Event", lang: Lang) -> str:
    return say(f"register.kind.{event.kind}", lang)


def _subject(event: "Event", lang: Lang) -> str:
    """Return what an event is about, by its name where it has one, with its id."""
    facts = event.after or event.before or {}
    if event.kind == "layers":
        key = f"register.kind.{event.record_id}"
        return say(key, lang) if has(key, lang) else event.record_id
    name = str(facts.get("name") or "")
    if event.kind == "register" or not name:
        return name or event.record_id
    return _said("named", lang, name=name, id=event.record_id)


def _columns(kind: str) -> "dict[str, Column]":
    from geo.tables import columns  # noqa: PLC0415 -- start-up
    from register import KINDS  # noqa: PLC0415 -- start-up

    return {column.name: column for column in columns(kind)} if kind in KINDS else {}


def _value(column: "Column | None", value: object, lang: Lang) -> object:
    """Return a value as people read it: codes by their names."""
    from geo.tables import split_list  # noqa: PLC0415 -- start-up

    if value is None:
        return _said("empty", lang)
    if column is None or not column.codes:
        return value
    names = read_list(f"reference/{column.codes}")
    joint = "、" if lang == "zh" else ", "
    return joint.join(names.get(code, {}).get(lang, code) for code in split_list(str(value)))


def _told_backup(made: "Backup") -> dict[str, object]:
    return {
        "file": str(made.path),
        "name": made.name,
        "synthetic": made.synthetic,
        "size_bytes": made.size_bytes,
        "made_at": made.made_at.isoformat(),
        "revision": made.revision,
        "head": made.head,
    }


def _verified(found: "Verification", lang: Lang, content: dict[str, object]) -> list[str]:
    if found.whole:
        return [_said("whole", lang, **content)]
    lines = [_said("not_whole", lang)]
    lines += [_said("fault_database", lang, what=what) for what in found.database]
    lines += [_said("fault_event", lang, id=number) for number in found.events]
    for kind, record_id in found.records:
        name = say(f"register.kind.{kind}", lang)
        lines.append(_said("fault_record", lang, kind=name, id=record_id))
    return lines + [_said("fault_file", lang, file=name) for name in found.layers]


def _when(at: Any) -> str:  # noqa: ANN401 -- a datetime
    return district_time.to_the_minute(at)


def _said(key: str, lang: Lang, /, **facts: object) -> str:
    return say(f"cli.register_{key}", lang, **facts)
