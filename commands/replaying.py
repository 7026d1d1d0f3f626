"""The command that makes a report's figures again from its layers: replay."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, REFUSED, print_answer
from commands.ground import ground_of
from commands.options import FILE, speaking
from commands.register_place import Place, placed
from commands.replay_inputs import Found, Places, find_inputs
from commands.trouble import reading
from geo.errors import InputError
from words import Lang, say

if TYPE_CHECKING:  # a second together: the commands that need them import them
    from reports.replaying import Comparison, Replay
    from reports.report import Report
    from reports.webmap import BaseLayer

_SHOWN = 20


@dataclass(frozen=True, eq=False)
class _Replayed:
    """A replay file, the layers that were found, and what they give now."""

    asked: "Replay"
    found: Found
    now: Mapping[str, Any]
    comparison: "Comparison"
    written: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every layer and every figure is what it was."""
        unscored = self.asked.origin.refused is not None
        return not (self.found.differing or self.comparison.differences or unscored)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--files", type=FILE, help="当时的数据文件所在文件夹 / folder of the files it was made from"
)
@click.option("--out", type=FILE, help="按原数据重写报告到文件夹 / write the report again")
@click.option("--format", "formats", help="docx,pdf,xlsx,html,gpkg,geojson,kml,csv,json")
@placed
@speaking
def replay(
    file: Path,
    *,
    files: Path | None,
    out: Path | None,
    formats: str | None,
    lang: Lang,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """Make a report's figures again from its layers, and compare / 按原数据重放报告并核对."""
    from reports.again import report_again  # noqa: PLC0415 -- start-up
    from reports.replay import replay_content  # noqa: PLC0415 -- start-up
    from reports.replaying import as_json_has_it, compare, read_replay  # noqa: PLC0415 -- start-up

    with reading(lang):
        asked = read_replay(file)
        places = Places(file.parent, files, Place.taken_from(options), lang)
        found = find_inputs(asked, places)
    made = report_again(asked, found.inputs)
    now = as_json_has_it(replay_content(made))
    result = _Replayed(
        asked=asked,
        found=found,
        now=now,
        comparison=compare(asked.content, now, scored=asked.origin.refused is None),
        written=_write(made, out, formats, places.register),
    )
    print_answer(_content(result), lambda: _lines(result, lang), as_json=as_json)
    return DONE if result.agrees else REFUSED


def _write(made: "Report", out: Path | None, formats: str | None, place: Place) -> tuple[str, ...]:
    from reports.bundle import DEFAULT_FORMATS, write_bundle  # noqa: PLC0415 -- start-up

    if out is None:
        return ()
    chosen = tuple(formats.split(",")) if formats else DEFAULT_FORMATS
    made = replace(made, base=_ground(made, place))
    return tuple(str(path) for path in write_bundle(made, out, chosen))


def _ground(made: "Report", place: Place) -> "BaseLayer | None":
    """Return what lay under the map: the register's outline and names, where it is still there."""
    state = made.origin.register
    if state is None:
        return ground_of(made.inputs, None)
    try:
        return ground_of(made.inputs, replace(place, sample=place.sample or state.synthetic))
    except InputError:  # only its bundle is left
        return ground_of(made.inputs, None)


def _content(result: _Replayed) -> dict[str, object]:
    """Return the command line's JSON."""
    from reports.again import HEADLINE, figure_at  # noqa: PLC0415 -- start-up

    asked, found = result.asked, result.found
    return {
        "agrees": result.agrees,
        "scenario_hash": asked.scenario_hash,
        "made_on": asked.made_on.isoformat(),
        "layers": [
            {
                "layer": layer,
                "sha256": content,
                "found": found.where[layer],
                "agrees": layer not in found.differing,
            }
            for layer, content in asked.layers.items()
        ],
        "layers_differing": list(found.differing),
        "compared": result.comparison.compared,
        "differences": [asdict(item) for item in result.comparison.differences],
        "headline": [
            {
                "name": name,
                "then": figure_at(asked.content, path),
                "now": figure_at(result.now, path),
            }
            for name, path, _ in HEADLINE
        ],
        "rules_refused": None if asked.origin.refused is None else str(asked.origin.refused),
        "quoted": _quoted(asked),
        "product": {
            "version": asked.product["version"],
            "same_code": asked.same_code,
            "lists_changed": asked.changed_lists(),
        },
        "written": list(result.written),
        "synthetic": bool(asked.content["synthetic"]),
    }


def _quoted(asked: "Replay") -> list[str]:
    from siting.plans.chosen_set import QUOTED  # noqa: PLC0415 -- start-up

    return [] if asked.plan is None else [f"plan.{name}" for name in QUOTED]


def _lines(result: _Replayed, lang: Lang) -> list[str]:
    """Return what people read: layers, headline figures, what differs and what may explain it."""
    asked, differing = result.asked, result.comparison.differences
    lines = [say("cli.synthetic", lang)] if asked.content["synthetic"] else []
    lines.append(
        _said("of", lang, title=asked.title, day=asked.made_on, hash=asked.scenario_hash[:12])
    )
    lines += _layer_lines(result.found, lang)
    lines += _headline(result, lang)
    lines += [
        _said("difference", lang, path=item.path, then=item.then, now=item.now)
        for item in differing[:_SHOWN]
    ]
    if len(differing) > _SHOWN:
        lines.append(say("cli.more", lang, count=len(differing) - _SHOWN))
    counted = {"compared": f"{result.comparison.compared:,}", "differing": f"{len(differing):,}"}
    lines.append(_said("differ" if differing else "agree", lang, **counted))
    refused = asked.origin.refused
    lines += [] if refused is None else [_said("rules", lang, why=refused.message(lang))]
    lines += _why(asked, lang) if not result.agrees else []
    lines += [] if asked.plan is None else [_said("quoted", lang)]
    lines += [_said("alone", lang)] if result.written and asked.beside else []
    return lines + [say("cli.written", lang, file=file) for file in result.written]


def _layer_lines(found: Found, lang: Lang) -> list[str]:
    told = {**found.where, **dict.fromkeys(found.differing, "differs")}
    return [
        _said(f"layer_{where}", lang, layer=say(f"reports.layers.{layer}", lang))
        for layer, where in told.items()
    ]


def _headline(result: _Replayed, lang: Lang) -> list[str]:
    """Return a line for each of the first figures that there are."""
    from reports.again import HEADLINE, figure_at  # noqa: PLC0415 -- start-up

    lines = []
    for name, path, written in HEADLINE:
        then, now = figure_at(result.asked.content, path), figure_at(result.now, path)
        if then is not None:
            told = {"then": written(then), "now": "?" if now is None else written(now)}
            key = "figure" if told["then"] == told["now"] else "figure_now"
            lines.append(_said(key, lang, name=_said(f"names.{name}", lang), **told))
    return lines


def _why(asked: "Replay", lang: Lang) -> list[str]:
    """Say what of the product is not what it was: it may explain what differs."""
    changed = asked.changed_lists()
    lines = [] if asked.same_code else [_said("code", lang, version=asked.product["version"])]
    return lines + ([_said("lists", lang, lists="、".join(changed))] if changed else [])


def _said(key: str, lang: Lang, /, **facts: object) -> str:
    return say(f"replay.{key}", lang, **facts)
