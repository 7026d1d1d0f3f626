"""Stored plans: `register plans` lists them, opens one, and writes out the rules it rests on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.answers import DONE, print_answer
from commands.options import FILE, speaking
from commands.register_place import Place, placed
from siting import district_time
from words import Lang, percent, say

if TYPE_CHECKING:  # databases take their time
    from register import Plan, Register
    from siting.plan_results import PlanResult

_MOST_SHOWN = 1000


@click.command()
@click.argument("number", type=click.IntRange(min=1), required=False)
@placed
@click.option("--before", type=click.IntRange(min=1), help="接着上一页 / the page before's last")
@click.option("--limit", type=click.IntRange(1, _MOST_SHOWN), default=50, show_default=True)
@click.option("--out", type=FILE, help="把所依据的规则、标准写入文件夹 / its rules into a folder")
@speaking
def plans(
    number: int | None,
    *,
    before: int | None,
    limit: int,
    out: Path | None,
    lang: Lang,
    as_json: bool,
    **options: Any,  # noqa: ANN401 -- click's
) -> int:
    """List the stored plans, or open one: what it rests on / 已存方案：列出、打开、所依据的规则."""
    with Place.taken_from(options).opened() as register:
        if number is None:
            found = register.plans(limit=limit, before=before)
            content: dict[str, object] = {"plans": [_told(plan) for plan in found]}
            lines = [_line(plan, lang) for plan in found] or [_said("no_plans", lang)]
        else:
            content, lines = _opened(register, register.plan(number), out, lang)
    print_answer(content, lambda: lines, as_json=as_json)
    return DONE


def _opened(
    register: "Register", plan: "Plan", out: Path | None, lang: Lang
) -> tuple[dict[str, object], list[str]]:
    from register.plan_records import basis_of  # noqa: PLC0415 -- start-up
    from siting.plans.goals.lines import goal_sentence  # noqa: PLC0415 -- start-up

    basis = basis_of(register, plan)
    result = _result(plan)
    written = [] if out is None else _write(register, plan, out)
    names = {record.id: str(record["name"]) for record in basis.candidates.values()}
    content = {
        **_told(plan),
        "plan": result.as_dict(lang),
        "basis": {
            "event": basis.event.id,
            "at": basis.event.at.isoformat(),
            "changed_since": basis.changed,
            "layers": {layer.kind: layer.sha256 for layer in basis.layers},
        },
        "written": written,
    }
    when = district_time.to_the_minute(basis.event.at)
    lines = [_line(plan, lang), _said("plan_basis", lang, event=basis.event.id, when=when)]
    lines += [] if result.goal is None else [goal_sentence(result, result.goal, lang)]
    lines += [_said("plan_changed", lang)] if basis.changed else []
    lines += [
        _said("plan_edition", lang, name=name, sha256=digest)
        for name, digest in plan.editions.items()
    ]
    lines += [
        _said(
            "plan_site",
            lang,
            order=site.order,
            name=names.get(site.id) or site.id,
            id=site.id,
            reason=site.reason_zh if lang == "zh" else site.reason_en,
        )
        for site in result.selected
    ]
    return content, lines + [_said("plan_written", lang, file=file) for file in written]


def _write(register: "Register", plan: "Plan", out: Path) -> list[str]:
    from register.editions import edition  # noqa: PLC0415 -- start-up

    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, digest in plan.editions.items():
        sort, _, base = name.partition("/")
        target = out / f"{sort}-{Path(base).stem}.toml"
        target.write_bytes(edition(register, digest))
        written.append(str(target))
    return written


def _told(plan: "Plan") -> dict[str, object]:
    result = _result(plan)
    return {
        "number": plan.id,
        "name": plan.name,
        "scenario": plan.scenario,
        "at": plan.created_at.isoformat(),
        "who": plan.created_by,
        "revision": plan.revision,
        "sites": len(result.selected),
        "workers_covered_before": result.workers_covered_before,
        "workers_covered_after": result.workers_covered_after,
        "cost_yuan": result.cost_yuan,
        "objective": "coverage" if result.goal is None else result.goal.objective,
        "editions": dict(plan.editions),
    }


def _line(plan: "Plan", lang: Lang) -> str:
    result = _result(plan)
    total = result.workers_total or 1.0
    return _said(
        "plan",
        lang,
        number=plan.id,
        name=plan.name,
        when=district_time.to_the_minute(plan.created_at),
        who=plan.created_by,
        sites=len(result.selected),
        before=percent(result.workers_covered_before / total),
        after=percent(result.workers_covered_after / total),
    )


def _result(plan: "Plan") -> "PlanResult":
    from register.plan_records import from_record  # noqa: PLC0415 -- start-up

    return from_record(plan.result)


def _said(key: str, lang: Lang, /, **facts: object) -> str:
    return say(f"cli.register_{key}", lang, **facts)
