"""Any order of changes, imports and undoings: every state of the past is what it was.

Two oracles: what the register itself said at the time, kept after every change; and the ledger
replayed event by event into plain dictionaries, which also knows the states within an import.
"""

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from pandas.testing import assert_frame_equal

from geo.errors import ConflictError, InputError
from register import Event, Kind, Record, Register
from siting.model import Inputs, LayerSource

IDS = st.sampled_from(["A", "B", "C", "D"])
KINDS_USED: tuple[Kind, ...] = ("stations", "candidates")
KIND = st.sampled_from(KINDS_USED)
TABLES = ("stations", "candidates", "enterprises", "hosts", "needs", "demand")


@dataclass(frozen=True)
class Said:
    """What the register said after a change."""

    records: Mapping[Kind, tuple[Record, ...]]
    inputs: Inputs


class Remembered(RuleBasedStateMachine):
    """Changes a register in every way; what it says is kept and asked for again at the end."""

    @initialize()
    def create(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.register = Register.create(
            self.folder / "r.db", self.folder / "layers", name="大兴区", sort="real", who="甲"
        )
        self.said: dict[int, Said] = {}
        self.keep()

    def keep(self) -> None:
        self.said[self.register.revision()] = Said(
            {kind: self.register.records(kind, deleted=True) for kind in KINDS_USED},
            self.register.inputs(),
        )

    @rule(kind=KIND, name=IDS, seats=st.integers(0, 3))
    def add(self, kind: Kind, name: str, seats: int) -> None:
        given = {"id": name, "lon": 116, "lat": 39, "seats": seats}
        with suppress(InputError):  # the id is taken
            self.register.add(kind, given, who="甲")
        self.keep()

    @rule(kind=KIND, name=IDS, state=st.sampled_from(["open", "rejected", "proposed", ""]))
    def change(self, kind: Kind, name: str, state: str) -> None:
        for record in self.register.records(kind):
            if record.id == name:
                self.register.update(
                    kind, name, {"state": state}, version=record.version, who="乙", why="核实"
                )
        self.keep()

    @rule(kind=KIND, name=IDS)
    def remove(self, kind: Kind, name: str) -> None:
        for record in self.register.records(kind):
            if record.id == name:
                self.register.remove(kind, name, version=record.version, who="乙")
        self.keep()

    @rule(kind=KIND, names=st.lists(IDS, max_size=4, unique=True), data=st.data())
    def take_in(self, kind: Kind, names: list[str], data: st.DataObject) -> None:
        seats = data.draw(st.lists(st.integers(0, 3), min_size=len(names), max_size=len(names)))
        frame = pd.DataFrame(
            {"id": names, "lon": [116.0] * len(names), "lat": 39.0, "seats": seats}
        )
        source = LayerSource(kind, data.draw(st.sampled_from(["台账一", "台账二"])))
        self.register.put_records(
            kind, frame, source, who="丙", replace_all=data.draw(st.booleans())
        )
        self.keep()

    @rule(workers=st.integers(1, 3))
    def put_demand(self, workers: int) -> None:
        frame = pd.DataFrame({"id": ["x"], "lon": [116.4], "lat": [39.7], "workers": [workers]})
        self.register.put_demand(frame, LayerSource("demand", "网格"), who="丙")
        self.keep()

    @rule()
    def take_out(self) -> None:
        self.register.take_out("demand", who="丁")
        self.keep()

    @precondition(lambda self: self.register.revision() > 1)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(2, self.register.revision()))
        with suppress(ConflictError, InputError):
            self.register.undo(number, who="戊")
        self.keep()

    @rule(who=st.sampled_from("甲乙丙丁戊"), back=st.booleans())
    def go_back_or_forth(self, who: str, back: bool) -> None:  # noqa: FBT001 - drawn
        found = self.register.last_change(who) if back else self.register.last_undoing(who)
        if found is not None and found.problem is None:
            self.register.undo(found.event.id, who=who)
        self.keep()

    def teardown(self) -> None:
        try:
            for number, said in self.said.items():
                self.is_what_was_said(number, said)
            self.is_what_the_ledger_tells()
            assert self.register.verify().whole
        finally:
            self.register.close()
            shutil.rmtree(self.folder)

    def is_what_was_said(self, number: int, said: Said) -> None:
        for kind in KINDS_USED:
            wanted = said.records[kind]
            assert self.register.records(kind, deleted=True, as_of=number) == wanted
        then = self.register.inputs(as_of=number)
        for table in TABLES:
            assert_frame_equal(getattr(then, table), getattr(said.inputs, table))
        assert then.sources == said.inputs.sources

    def is_what_the_ledger_tells(self) -> None:
        ledger = self.register.events(limit=10_000)[::-1]
        assert all(later.at >= earlier.at for earlier, later in pairwise(ledger))
        state: dict[tuple[str, str], Mapping[str, Any] | None] = {}
        for event in ledger:
            if event.action != "import":
                state[event.kind, event.record_id] = event.after
            for kind in KINDS_USED:
                held = {
                    record.id: record.facts()
                    for record in self.register.records(kind, deleted=True, as_of=event.id)
                }
                assert held == {name: facts for (k, name), facts in state.items() if k == kind}
            if event.kind == "layers":
                self.is_the_layer_in_use(event, state.get(("layers", "demand")))

    def is_the_layer_in_use(self, event: Event, facts: Mapping[str, Any] | None) -> None:
        then = self.register.inputs(as_of=event.id)
        assert len(then.demand) == (0 if facts is None else 1)
        hashes = {source.sha256 for source in then.sources if source.layer == "demand"}
        assert hashes == (set() if facts is None else {facts["sha256"]})


class RememberedLonger(Remembered):
    """The same with many more and longer lives."""


Remembered.TestCase.settings = settings(max_examples=8, stateful_step_count=14)
RememberedLonger.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestRemembered = Remembered.TestCase
TestRememberedLonger = pytest.mark.full(RememberedLonger.TestCase)
