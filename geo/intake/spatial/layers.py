"""Which of several layers is meant: people say it, we do not guess."""

from collections.abc import Sequence

from geo.errors import FileRefusedError
from words import Lang, say


class LayersError(FileRefusedError):
    """A file has several layers; people can say which one is meant.

    Its facts hold `layers`, a list of their names in the order of the file.
    """

    @property
    def layers(self) -> tuple[str, ...]:
        """Return the names that may be stated."""
        names = self.facts["layers"]
        return tuple(map(str, names)) if isinstance(names, (list, tuple)) else ()

    def message(self, lang: Lang) -> str:
        """Return the sentence with the layers' names."""
        listed = say("intake.comma_list", lang).join(self.layers)
        return say(f"errors.{self.code}", lang, **{**self.facts, "layers": listed})


def choose_layer(names: Sequence[str], wanted: str | None, file: str) -> str:
    """Return the layer that was asked for, or the only one.

    Raises
    ------
    FileRefusedError
        `intake_sheet_missing`: no such layer.
    LayersError
        `intake_layers`: there are several, and none was asked for.
    """
    if wanted is not None:
        if wanted not in names:
            raise no_layer(file, wanted, names)
        return wanted
    if len(names) > 1:
        raise LayersError("intake_layers", file=file, layers=list(names))
    return names[0]


def no_layer(file: str, wanted: str, names: Sequence[str]) -> FileRefusedError:
    """Return the refusal of a sheet or layer that is not there."""
    return FileRefusedError(
        "intake_sheet_missing", file=file, sheet=wanted, sheets="、".join(names)
    )
