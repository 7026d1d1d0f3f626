"""The command that writes the register to files, without names, phones and few workers."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, print_answer
from commands.inputs import KINDS as READ_BACK
from commands.options import FILE, SMALLEST, as_of, speaking
from commands.register_place import Place, placed
from commands.usage import Misuse
from siting import district_time
from words import Lang, say

if TYPE_CHECKING:  # databases take their time
    import pandas as pd

    from geo.streets import Network
    from register import AsOf, Register

OTHERS = ("tasks", "users", "photos", "scenarios")
"""Kinds that are exported when they are asked for only: no file of them is read back."""

STREETS = "streets"
_MANIFEST = "export.json"


@dataclass(frozen=True)
class _Wanted:
    """What is to be exported, and what is to be hidden in it."""

    kinds: tuple[str, ...]
    moment: "AsOf | None"
    personal: bool
    smallest: float
    lang: Lang


@dataclass(frozen=True, eq=False)
class _Exported:
    """What leaves the house: tables, streets, and what is to be told of them."""

    tables: "Mapping[str, pd.DataFrame]"
    streets: "Network | None"
    title: str
    notes: tuple[str, ...]
    facts: dict[str, object]


@click.command()
@placed
@click.option(
    "--out",
    type=FILE,
    required=True,
    help="文件夹（CSV），或 .xlsx、.gpkg / folder of CSV, or a file",
)
@click.option(
    "--as-of", "moment", callback=as_of, help="日期、时间或变更号 / a day, a time, an event"
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice((*READ_BACK, STREETS, *OTHERS)),
    help="只导出这些 / only these",
)
@click.option(
    "--personal", is_flag=True, help="显示姓名电话，文件里注明 / show names and phones, and say so"
)
@SMALLEST
@speaking
def export(
    *,
    out: Path,
    moment: "AsOf | None",
    kinds: tuple[str, ...],
    personal: bool,
    smallest: float | None,
    lang: Lang,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Write tables, demand and streets to files, now or as of a day / 导出."""
    from siting.demand.small_cells import SMALLEST_SHOWN  # noqa: PLC0415 -- start-up

    fewest = SMALLEST_SHOWN if smallest is None else smallest
    wanted = _Wanted(kinds, moment, personal, fewest, lang)
    write = _writer(out)
    with Place.taken_from(options).opened() as register:
        found = _exported(register, wanted)
    files = write(found, out, lang)
    content = {"out": str(out), "files": files, **found.facts}
    rows = {name: len(frame) for name, frame in found.tables.items()}

    def lines() -> list[str]:
        from reports.listing import name_of  # noqa: PLC0415 -- start-up

        counted = [f"{name_of(name, lang)} {number:,}" for name, number in rows.items()]
        size = say(
            "cli.register_exported", lang, tables=("、" if lang == "zh" else ", ").join(counted)
        )
        return [size, *found.notes, *(say("cli.written", lang, file=file) for file in files)]

    print_answer(content, lines, as_json=as_json)
    return DONE


def _writer(out: Path) -> "Callable[[_Exported, Path, Lang], list[str]]":
    suffix = out.suffix.lower()
    if suffix in {".xlsx", ".gpkg"} and not out.is_dir():
        return _write_workbook if suffix == ".xlsx" else _write_package
    if suffix and not out.is_dir():
        raise Misuse("register_export_suffix", file=out.name)
    return _write_folder


def _exported(register: "Register", wanted: _Wanted) -> _Exported:
    """Return what leaves the house, of one state of the register."""
    from register import KINDS  # noqa: PLC0415 -- start-up
    from register.privacy import masked_rows  # noqa: PLC0415 -- start-up
    from siting.demand.merging import merge_small  # noqa: PLC0415 -- start-up

    moment = register.revision() if wanted.moment is None else wanted.moment
    event = register.event_at(moment)
    stored = register.tables(as_of=event.id)
    inputs = register.inputs(as_of=event.id)
    kept = {"demand": merge_small(inputs.demand, wanted.smallest)}
    for kind in KINDS:
        frame = stored[kind]
        kept[kind] = frame if wanted.personal else masked_rows(kind, frame, "")
    kept["enterprises"] = _without_few(kept["enterprises"], wanted.smallest)
    chosen = wanted.kinds or tuple(kind for kind in READ_BACK if len(kept[kind]))
    tables = {kind: kept[kind] for kind in (*READ_BACK, *OTHERS) if kind in chosen}
    streets = inputs.streets if not wanted.kinds or STREETS in wanted.kinds else None
    merged = len(inputs.demand) - len(kept["demand"])
    facts = {
        "name": register.name,
        "synthetic": register.synthetic,
        "event": event.id,
        "at": event.at.isoformat(),
        "rows": {kind: len(frame) for kind, frame in tables.items()},
        "personal": "shown" if wanted.personal else "masked",
        "smallest_shown": wanted.smallest,
        "demand_rows_merged_away": merged,
        "sources": stored["layers"].to_dict("records"),
    }
    return _Exported(tables, streets, register.name, tuple(_notes(facts, tables, wanted)), facts)


def _without_few(enterprises: "pd.DataFrame", smallest: float) -> "pd.DataFrame":
    from siting.demand.small_cells import small  # noqa: PLC0415 -- start-up

    workers = enterprises["workers"]
    few = small(workers.fillna(0).to_numpy(dtype=float), smallest)
    return enterprises.assign(workers=workers.mask(few))


def _notes(
    facts: Mapping[str, object], tables: "Mapping[str, pd.DataFrame]", wanted: _Wanted
) -> Iterator[str]:
    """Say what was hidden, or that nothing was."""
    lang = wanted.lang
    if facts["synthetic"]:
        yield say("cli.synthetic", lang)
    when = district_time.to_the_minute(datetime.fromisoformat(str(facts["at"])))
    yield say("cli.register_state", lang, event=facts["event"], when=when)
    yield say(f"cli.register_personal_{facts['personal']}", lang)
    if "demand" in tables or "enterprises" in tables:
        key = "small_merged" if wanted.smallest else "small_shown"
        yield say(f"cli.register_{key}", lang, smallest=f"{wanted.smallest:g}")


def _write_folder(found: _Exported, out: Path, lang: Lang) -> list[str]:
    """Write a CSV for each table, the streets, and what there is to tell."""
    from geo.streets import save_network  # noqa: PLC0415 -- start-up
    from geo.tables import save_table  # noqa: PLC0415 -- start-up

    del lang  # columns have the schema's names in every language
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name, frame in found.tables.items():
        save_table(frame, out / f"{name}.csv")
        files.append(out / f"{name}.csv")
    if found.streets is not None:
        save_network(found.streets, out / "streets.wsn")
        files.append(out / "streets.wsn")
    told = {**found.facts, "notes": list(found.notes)}
    _replace(out / _MANIFEST, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())
    return [str(path) for path in (*files, out / _MANIFEST)]


def _write_workbook(found: _Exported, out: Path, lang: Lang) -> list[str]:
    from reports.listing import tables_workbook  # noqa: PLC0415 -- start-up

    today = district_time.today()
    content = tables_workbook(
        found.tables, title=found.title, notes=found.notes, made_on=today, lang=lang
    )
    return [_replace(out, content)]


def _write_package(found: _Exported, out: Path, lang: Lang) -> list[str]:
    from reports.listing import tables_package  # noqa: PLC0415 -- start-up

    return [_replace(out, tables_package(found.tables, notes=found.notes, lang=lang))]


def _replace(path: Path, content: bytes) -> str:
    from geo.whole import whole_file  # noqa: PLC0415 -- start-up

    with whole_file(path) as file:
        file.write(content)
    return str(path)
