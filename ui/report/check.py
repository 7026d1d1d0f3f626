"""逐项核对: the figures of an earlier report made again from what the register held then."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from geo.errors import InputError, PlannerError
from register import Register
from siting.model import Inputs
from ui import keys, projects
from ui.exporting import Exported, draw_export
from ui.guard import show_error
from ui.identity import check_reader
from ui.language import current, tell
from ui.look import table_height
from ui.report.files import draw_file
from ui.report.making import zipped
from ui.report.words import word
from ui.safe import plain
from words import count, say

if TYPE_CHECKING:  # what reads replay files is not needed to start the app
    from reports.replaying import Comparison, Replay
    from reports.report import Report

MOST_MB: Final = 50
_SHOWN: Final = 200
_OF_STREETS: Final = "streets"
_NOT_THERE: Final = {"register_empty", "register_before_beginning", "register_no_event"}
_AGAIN: Final = ("docx", "xlsx", "pdf")


@dataclass(frozen=True, eq=False)
class Checked:
    """A replay file, and what its layers give today.

    Attributes
    ----------
    differing
        Layers that are not what they were.
    """

    asked: "Replay"
    made: "Report"
    now: Mapping[str, Any]
    comparison: "Comparison"
    differing: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every layer and every figure is what it was."""
        unscored = self.asked.origin.refused is not None
        return not (self.differing or self.comparison.differences or unscored)


def draw_upload() -> None:
    """Draw the field for a replay file, and what checking it found."""
    st.caption(word("check.help"))
    given = st.file_uploader(
        word("check.file"), type=["json"], key=keys.REPORT_REPLAY, max_upload_size=MOST_MB
    )
    if given is None:
        return
    pressed = st.button(word("check.button"), key="check_upload", icon=":material/fact_check:")
    _run(given.getvalue(), given.name, given.file_id, pressed=pressed)


def draw_kept(replay: bytes, name: str, key: str) -> None:
    """Draw the button that checks a replay file which the register kept, and what was found."""
    pressed = st.button(word("check.button"), key=f"check_{key}", icon=":material/fact_check:")
    _run(replay, name, key, pressed=pressed)


def check(content: bytes, name: str, reading: Register | None = None) -> Checked:
    """Return what the layers of a replay file give now; nothing is solved again.

    Parameters
    ----------
    content, name
        Of the file.
    reading
        The register to read; None: the sample or the district, as the file says.

    Raises
    ------
    PlannerError
        It is no replay file, was made of files and not of a register, or its layers are gone.
    """
    from reports.again import report_again  # noqa: PLC0415 -- start-up
    from reports.replay import replay_content  # noqa: PLC0415 -- start-up
    from reports.replay_layers import layer_hashes  # noqa: PLC0415 -- start-up
    from reports.replaying import as_json_has_it, compare, read_replay  # noqa: PLC0415 -- start-up

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "replay.json"
        path.write_bytes(content)
        try:
            asked = read_replay(path)
        except InputError as error:
            raise InputError(error.code, **{**error.facts, "file": name}) from error
    inputs = _inputs_of(asked, reading)
    now = layer_hashes(inputs)
    differing = sorted(n for n in {*asked.layers, *now} if asked.layers.get(n) != now.get(n))
    made = report_again(asked, inputs)
    again = as_json_has_it(replay_content(made))
    compared = compare(asked.content, again, scored=asked.origin.refused is None)
    return Checked(asked, made, again, compared, tuple(differing))


def _inputs_of(asked: "Replay", reading: Register | None) -> Inputs:
    """Return what the register held when the report was made."""
    from reports.again import with_changes_of, with_places_of  # noqa: PLC0415 -- start-up

    state = asked.origin.register
    if state is None:
        raise InputError("replay_of_files")
    register = reading or (projects.sample() if state.synthetic else projects.district())
    if register is None:
        raise InputError("replay_no_register", register=state.name)
    check_reader(register)
    try:
        inputs = register.inputs(as_of=state.event)
    except InputError as error:
        if error.code not in _NOT_THERE:
            raise
        raise InputError("replay_no_register", register=state.name) from error
    inputs = with_places_of(asked, inputs)
    if _OF_STREETS in asked.layers:
        inputs = with_changes_of(asked, inputs)
    return replace(inputs, sources=asked.credits, street_changes=asked.street_changes)


def _run(content: bytes, name: str, key: str, *, pressed: bool) -> None:
    if pressed:
        st.session_state.pop(keys.REPORT_CHECKED, None)
        with st.spinner(word("check.working"), show_time=True):
            try:
                st.session_state[keys.REPORT_CHECKED] = (key, check(content, name))
            except PlannerError as error:
                show_error(error)
                return
    held: tuple[str, Checked] | None = st.session_state.get(keys.REPORT_CHECKED)
    if held is not None and held[0] == key:
        _draw_checked(held[1], key)


def _draw_checked(found: Checked, key: str) -> None:
    asked, lang = found.asked, current()
    facts = {
        "compared": count(found.comparison.compared, lang),
        "differing": count(len(found.comparison.differences), lang),
    }
    if found.agrees:
        st.success(word("check.agrees", **facts), icon=":material/verified:")
    else:
        st.error(word("check.differs", **facts), icon=":material/error:")
    st.caption(
        word(
            "check.of",
            title=plain(asked.title),
            day=asked.made_on.isoformat(),
            hash=asked.scenario_hash[:12],
        )
    )
    headline = headline_table(found)
    st.dataframe(headline, hide_index=True, height=table_height(len(headline)))
    _draw_layers(found)
    refused = asked.origin.refused
    if refused is not None:
        st.warning(say("replay.rules", lang, why=plain(refused.message(lang))))
    _draw_differences(found, key)
    if asked.plan is not None:
        st.caption(say("replay.quoted", lang))
    _draw_again(found, key)


def headline_table(found: Checked) -> pd.DataFrame:
    """Return the figures that people look at first, then and now."""
    from reports.again import HEADLINE, figure_at  # noqa: PLC0415 -- start-up

    rows = []
    for name, path, written in HEADLINE:
        then, now = figure_at(found.asked.content, path), figure_at(found.now, path)
        if then is not None:
            rows.append(
                {
                    word("check.figure"): say(f"replay.names.{name}", current()),
                    word("check.then"): written(then),
                    word("check.now"): "—" if now is None else written(now),
                }
            )
    return pd.DataFrame(rows)


def _draw_layers(found: Checked) -> None:
    lang = current()
    between = "、" if lang == "zh" else ", "
    same = [layer for layer in found.asked.layers if layer not in found.differing]
    for key, layers in (("check.layers_same", same), ("check.layers_differ", found.differing)):
        if layers:
            st.caption(word(key, layers=between.join(_layer(layer) for layer in layers)))


def _layer(name: str) -> str:
    return say(f"reports.layers.{name}", current())


def _draw_differences(found: Checked, key: str) -> None:
    different = found.comparison.differences
    if not different:
        return
    table = pd.DataFrame(
        [
            {
                word("check.where"): item.path,
                word("check.then"): str(item.then),
                word("check.now"): str(item.now),
            }
            for item in different
        ]
    )
    st.dataframe(table.head(_SHOWN), hide_index=True, height=table_height(len(table)))
    draw_export(Exported(table, word("check.title")), key=f"differences_{key}")
    if not found.asked.same_code:
        st.caption(say("replay.code", current(), version=str(found.asked.product["version"])))
    changed = found.asked.changed_lists()
    if changed:
        st.caption(say("replay.lists", current(), lists="、".join(changed)))


def _draw_again(found: Checked, key: str) -> None:
    """Offer the files of then again: what the layers of then give with the program of today."""
    held: tuple[str, bytes] | None = st.session_state.get(keys.REPORT_AGAIN)
    if st.button(word("check.again"), key=f"again_{key}", icon=":material/replay:"):
        from reports.bundle import WRITERS  # noqa: PLC0415 -- the writers come late

        with st.spinner(word("check.writing"), show_time=True):
            files = {WRITERS[name][0]: WRITERS[name][1](found.made) for name in _AGAIN}
        held = (key, zipped(files))
        st.session_state[keys.REPORT_AGAIN] = held
    st.caption(word("check.again_help"))
    if held is not None and held[0] == key:
        title = f"{found.asked.title}{tell('download.file')}-{found.asked.made_on:%Y%m%d}"
        draw_file("zip", held[1], title, key=f"take_{key}", primary=True)
