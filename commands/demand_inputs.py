"""What the command `demand` makes demand of: files, or a register and heads from files beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.inputs import mapping_of
from commands.register_place import Place
from commands.usage import Misuse
from geo.findings import Finding

if TYPE_CHECKING:  # a second together: the commands that need them import them
    import pandas as pd

    from geo.intake.wishes import Wishes
    from geo.streets import Network
    from siting.demand.build import HeadSource, Official
    from siting.demand.presence import Profile


@dataclass(frozen=True, eq=False)
class Held:
    """What there is to make demand of; None: not given.

    Attributes
    ----------
    enterprises, needs, totals
        Each with what it is called.
    """

    enterprises: "tuple[str, pd.DataFrame] | None"
    needs: "tuple[str, pd.DataFrame] | None"
    totals: "pd.DataFrame | None"
    streets: "Network | None"
    profile: "Profile | None"


@dataclass(eq=False)
class Asked:
    """The options of the command, and the findings of the files that were read for them."""

    options: Mapping[str, Any]
    findings: list[Finding] = field(default_factory=list)

    def held(self, place: Place) -> Held:
        """Return what the files hold, or the register; a file that is named comes first.

        Raises
        ------
        InputError, PlannerError
            What cannot be read.
        """
        from geo.streets import load_streets  # noqa: PLC0415 -- start-up
        from siting.demand.presence import read_profile_file  # noqa: PLC0415 -- start-up

        options = self.options
        known = _held_by(place, self.options) if options["register"] else _NOTHING
        streets, profile = options["streets"], options["profile"]
        return Held(
            self._named("enterprises", "enterprises") or known.enterprises,
            self._named("needs", "needs") or known.needs,
            known.totals if options["calibrate"] is None else self._table("calibrate", "totals"),
            known.streets if streets is None else load_streets(streets),
            known.profile if profile is None else read_profile_file(profile),
        )

    def sources(self, held: Held) -> "tuple[list[HeadSource], dict[str, int]]":
        """Return each source of heads, and the records of need that are none; units filled in.

        Raises
        ------
        Misuse, InputError, PlannerError
        """
        from geo.zones import fill_towns, read_zones  # noqa: PLC0415 -- start-up
        from siting.demand.build import HeadSource  # noqa: PLC0415 -- start-up
        from siting.demand.sources import enterprise_heads, need_heads  # noqa: PLC0415 -- start-up

        options = self.options
        found: list[HeadSource] = []
        if held.enterprises is not None:
            name, listed = held.enterprises
            shifts = dict(_shift_of(given) for given in options["shift_of"])
            heads = enterprise_heads(listed, options["shift"], shifts)
            found.append(HeadSource(name, "enterprises", heads))
        for path in options["heads"]:
            heads = self._read(path, "demand")
            heads["group"] = heads["group"].where(heads["group"] != "", options["group"])
            found.append(HeadSource(path.name, "heads", heads, apart=bool(options["apart"])))
        if options["sweepers"] is not None:
            found.append(self._sweepers(held))
        left_out: dict[str, int] = {}
        if options["needs"] is not None and options["need_heads"] is None:
            raise Misuse("needs_need_heads")
        if held.needs is not None and options["need_heads"] is not None:
            heads, left_out = need_heads(held.needs[1], options["need_heads"])
            found.append(HeadSource(held.needs[0], "needs", heads))
        if not found:
            raise Misuse("needs_heads")
        if options["towns"] is None:
            return found, left_out
        zones = read_zones(options["towns"])
        return [replace(one, heads=fill_towns(one.heads, zones)) for one in found], left_out

    def official(self, held: Held, sources: "Sequence[HeadSource]") -> "Official":
        """Return the official totals; short names of units mean those that the heads have."""
        from siting.demand.build import Official  # noqa: PLC0415 -- start-up
        from siting.demand.calibration import official_by_unit  # noqa: PLC0415 -- start-up

        if held.totals is None:
            return Official()
        towns = {str(town) for source in sources for town in source.heads["town"].unique()}
        groups = tuple(self.options["calibrate_group"])
        return Official(official_by_unit(held.totals, towns), groups)

    def _sweepers(self, held: Held) -> "HeadSource":
        from siting.demand.build import HeadSource  # noqa: PLC0415 -- start-up
        from siting.demand.sources import SWEPT, street_heads  # noqa: PLC0415 -- start-up

        if held.streets is None:
            raise Misuse("needs_streets_sweepers")
        heads = street_heads(held.streets, self.options["sweepers"], SWEPT)
        return HeadSource("", "streets", heads)

    def _named(self, option: str, table: str) -> "tuple[str, pd.DataFrame] | None":
        path: Path | None = self.options[option]
        return None if path is None else (path.name, self._read(path, table))

    def _table(self, option: str, table: str) -> "pd.DataFrame":
        return self._read(self.options[option], table)

    def _read(self, path: Path, table: str) -> "pd.DataFrame":
        from geo.intake import read_table  # noqa: PLC0415 -- start-up

        mapping = mapping_of(self.options["mapping"]).get(table)
        intake = read_table(path, table, mapping=mapping, wishes=self._wishes())
        self.findings += intake.findings
        return intake.frame

    def _wishes(self) -> "Wishes":
        """Return what is asked of every file: of population grids, the cells of the district."""
        import shapely  # noqa: PLC0415 -- start-up

        from geo.intake.wishes import Wishes  # noqa: PLC0415 -- start-up
        from geo.zones import read_zones  # noqa: PLC0415 -- start-up

        if self.options["boundary"] is None:
            return Wishes()
        zones = read_zones(self.options["boundary"], named=False)
        return Wishes(area=shapely.union_all(zones.polygons))


_NOTHING = Held(None, None, None, None, None)


def _held_by(place: Place, options: Mapping[str, Any]) -> Held:
    """Return what a register holds; its official totals only where they are asked for."""
    from register.demand_layers import official_totals, own_profile  # noqa: PLC0415 -- start-up

    with place.opened() as register:
        inputs = register.inputs()
        return Held(
            ("", inputs.enterprises) if len(inputs.enterprises) else None,
            ("", inputs.needs) if len(inputs.needs) else None,
            official_totals(register) if options["calibrated"] else None,
            inputs.streets,
            own_profile(register),
        )


def _shift_of(given: str) -> tuple[str, str]:
    name, _, shift = given.rpartition("=")
    if not name or not shift:
        raise Misuse("shift_form", given=given)
    return name, shift
