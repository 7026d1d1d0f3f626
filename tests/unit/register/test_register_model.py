"""Any order of changes and undoings against a plain model of what should be there."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from geo.errors import ConflictError, InputError
from register import Register
from tests.many import many

State = tuple[int, int | None]
"""Version and seats; seats None stands for a deleted record here."""


class Ledgered(RuleBasedStateMachine):
    """Adds, changes, removes and undoes; the model keeps the states and who made them."""

    ids: Bundle[str] = Bundle("ids")

    @initialize()
    def create(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.register = Register.create(
            self.folder / "register.db", self.folder, name="大兴区", sort="real", who="张三"
        )
        self.now: dict[str, State] = {}
        self.events: dict[int, tuple[str, State | None, State]] = {}
        self.undone: set[int] = set()
        self.ways: dict[int, tuple[int, int]] = {}  # the ways a record was before and after
        self.way: dict[str, int] = {}

    def teardown(self) -> None:
        self.register.close()
        shutil.rmtree(self.folder)

    def note(self, record_id: str, state: State, undoes: int | None = None) -> None:
        number = self.register.revision()
        self.events[number] = (record_id, self.now.get(record_id), state)
        self.now[record_id] = state
        way = number if undoes is None else self.ways[undoes][0]
        self.ways[number] = (self.way.get(record_id, 0), way)
        self.way[record_id] = way

    @rule(target=ids, seats=st.integers(0, 9))
    def add(self, seats: int) -> str:
        record = self.register.add("stations", {"lon": 1, "lat": 2, "seats": seats}, who="张三")
        self.note(record.id, (1, seats))
        return record.id

    @rule(record_id=ids, seats=st.integers(0, 9), behind=st.integers(0, 1))
    def change(self, record_id: str, seats: int, behind: int) -> None:
        version, held = self.now[record_id]
        seen = version - behind
        changes = {"seats": seats}
        if behind or held is None:
            with pytest.raises(ConflictError if behind else InputError):
                self.register.update("stations", record_id, changes, version=seen, who="李四")
        else:
            self.register.update("stations", record_id, changes, version=seen, who="李四")
            if seats != held:
                self.note(record_id, (version + 1, seats))

    @rule(record_id=ids)
    def remove(self, record_id: str) -> None:
        version, held = self.now[record_id]
        if held is None:
            with pytest.raises(InputError):
                self.register.remove("stations", record_id, version=version, who="李四")
        else:
            self.register.remove("stations", record_id, version=version, who="李四")
            self.note(record_id, (version + 1, None))

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if not self.events:
            return
        number = data.draw(st.sampled_from(sorted(self.events)))
        record_id, before, _after = self.events[number]
        version, _held = self.now[record_id]
        if number in self.undone:
            with pytest.raises(InputError):
                self.register.undo(number, who="王五")
        elif self.way[record_id] != self.ways[number][1]:
            with pytest.raises(ConflictError):
                self.register.undo(number, who="王五")
        else:
            self.register.undo(number, who="王五")
            self.undone.add(number)
            self.note(record_id, (version + 1, None if before is None else before[1]), number)

    @invariant()
    def the_register_holds_what_the_model_holds(self) -> None:
        held = {
            record.id: (record.version, None if record.deleted else record["seats"])
            for record in self.register.records("stations", deleted=True)
        }
        assert held == self.now
        assert self.register.revision() == len(self.events) + 1

    @invariant()
    def the_ledger_is_whole(self) -> None:
        assert self.register.verify().whole


Ledgered.TestCase.settings = settings(max_examples=many(30), stateful_step_count=20)
TestLedgered = Ledgered.TestCase
