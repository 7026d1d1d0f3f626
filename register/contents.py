"""`ContentEdits`: whole tables and files taken in, put in use and out of use."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from geo.errors import InputError
from geo.streets import Network
from geo.tables import TABLES
from register import events, imports, layers
from register.events import Event, Ledger
from register.layers import Layer
from register.records import Batch
from register.sample import FileContent, TableContent, refuse_invented, refuse_invented_file
from register.tables import Kind
from register.values import conform, frame_of, rows
from register.writer import Writer
from siting.model import LayerSource


class ContentEdits(Writer):
    """A register that takes in tables and layer files, each as a whole or not at all."""

    def put_records(
        self,
        kind: Kind,
        frame: pd.DataFrame,
        source: LayerSource,
        *,
        who: str,
        why: str = "",
        replace_all: bool = False,
        key: str | None = None,
    ) -> Batch:
        """Take in a table as one batch: all rows or none.

        Known ids are changed, new ones added, equal rows left alone; with `replace_all` records
        that the table does not name are removed. The table is kept as a file, too.

        Raises
        ------
        InputError
            A row cannot be stored, an id stands twice, invented and real records would mix, or
            records of the kind are not taken in from tables.
        """
        if kind not in TABLES:
            raise InputError("register_own_door", table=kind)
        self._admit(source)
        take = self._taking(TableContent(kind, frame, source), replace_all=replace_all)

        def work(ledger: Ledger) -> Batch:
            done = ledger.done("import", "layers")
            if done is not None and done.after is not None:
                counts = ("id", "added", "changed", "removed", "unchanged")
                return Batch(**{name: done.after[name] for name in counts})
            return take(ledger)

        return self.write(work, who=who, why=why, key=key)

    def put_demand(
        self,
        frame: pd.DataFrame,
        source: LayerSource,
        *,
        who: str,
        why: str = "",
        key: str | None = None,
        made_of: str = "",
    ) -> Layer:
        """Store a demand table as a layer and put it in use.

        `made_of` says which sources it was made of (`siting.demand.build.Made`): its file carries
        it.

        Raises
        ------
        InputError
            The table lacks what demand needs, or invented and real data would mix.
        """
        table = conform("demand", frame)
        if not self.synthetic:
            refuse_invented(self._sample, table)
        content = layers.parquet(table, made_of)
        return self.put_layer(
            "demand", content, source, suffix=".parquet", who=who, why=why, key=key
        )

    def put_streets(
        self,
        network: Network,
        source: LayerSource,
        *,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Layer:
        """Store a street network as a layer and put it in use.

        Raises
        ------
        InputError
            Invented and real data would mix.
        """
        content = layers.streets_file(network)
        return self.put_layer("streets", content, source, suffix=".wsn", who=who, why=why, key=key)

    def put_layer(
        self,
        kind: str,
        content: Path | bytes,
        source: LayerSource,
        *,
        suffix: str,
        who: str,
        why: str = "",
        key: str | None = None,
    ) -> Layer:
        """Store a file as a layer and put it in use instead of the one of its kind.

        `source.layer` and `source.sha256` are set by us. `demand` must be Parquet and `streets`
        our own network file: `put_demand` and `put_streets` see to it.

        Raises
        ------
        InputError
            Invented and real data would mix.
        PlannerError
            The file cannot be stored.
        """
        self._admit(source)
        use = self._using(FileContent(kind, content, suffix, source))

        def work(ledger: Ledger) -> Layer:
            done = ledger.done("activate", "layers")
            if done is not None and done.after is not None:
                return layers.get(ledger.connection, int(done.after["id"]))
            return use(ledger)

        return self.write(work, who=who, why=why, key=key)

    def take_out(self, kind: str, *, who: str, why: str = "") -> Event | None:
        """Take a layer out of use; undoing puts it back. None: no layer of that kind is in use."""

        def work(ledger: Ledger) -> Event | None:
            done = ledger.done("activate", "layers")
            if done is not None or layers.active(ledger.connection, kind) is None:
                return done
            taken = ledger.next_id
            layers.activate(ledger.connection, ledger, kind, None)
            ledger.flush()
            return events.by_id(ledger.connection, taken)

        return self.write(work, who=who, why=why)

    def fill(self, contents: Sequence[TableContent | FileContent], *, who: str, why: str) -> None:
        """Make the sample's records and layers exactly `contents`, in one transaction.

        Raises
        ------
        InputError
            This is not the sample.
        """
        if not self.synthetic:
            raise InputError("register_synthetic_refused")
        steps = [
            self._taking(content, replace_all=True)
            if isinstance(content, TableContent)
            else self._using(content)
            for content in contents
        ]

        def work(ledger: Ledger) -> None:
            for step in steps:  # done a second time they find nothing to do
                step(ledger)

        self.write(work, who=who, why=why)

    def _admit(self, source: LayerSource) -> None:
        """Refuse to mix invented and real records."""
        if source.synthetic and not self.synthetic:
            raise InputError("register_synthetic_refused")
        if self.synthetic and not source.synthetic:
            raise InputError("register_sample_closed")

    def _taking(
        self, content: TableContent, *, replace_all: bool = False
    ) -> Callable[[Ledger], Batch]:
        """Check and store a table, so that the write lock is held for the records only."""
        found = rows(content.kind, content.frame)
        table = frame_of(content.kind, ({"id": name, **values} for name, values in found))
        if not self.synthetic:
            refuse_invented(self._sample, table)
        return partial(
            imports.take,
            kind=content.kind,
            rows=found,
            stored=layers.store(self.folder, layers.parquet(table), ".parquet"),
            source=content.source,
            replace=replace_all,
        )

    def _using(self, file: FileContent) -> Callable[[Ledger], Layer]:
        """Store a file, so that the write lock is held for its note only."""
        stored = layers.store(self.folder, file.content, file.suffix)
        if not self.synthetic:
            refuse_invented_file(self._sample, stored.sha256)
        return partial(layers.use, kind=file.kind, stored=stored, source=file.source)
