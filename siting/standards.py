"""Standards in force: named cut-offs with their sources, from data/standards."""

from dataclasses import dataclass

from geo.errors import InputError
from geo.reference import DATA_FOLDER, read_list

_SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Standard:
    """A named service radius.

    Attributes
    ----------
    name
        What `--standard` takes.
    zh, en
        What screens call it.
    cutoff_m
        Metres along streets, inclusive (<=); for a walking time: time x stated pace.
    source, sentence
        Where the figure comes from, and its words.
    """

    name: str
    zh: str
    en: str
    cutoff_m: float
    source: str
    sentence: str


def standard_names() -> tuple[str, ...]:
    """Return the names of all standards."""
    return tuple(sorted(file.stem for file in (DATA_FOLDER / "standards").glob("*.toml")))


def standard(name: str) -> Standard:
    """Return the standard `name`.

    Raises
    ------
    InputError
        There is no such standard.
    """
    if name not in standard_names():
        raise InputError(
            "siting_unknown_standard", standard=name, known="、".join(standard_names())
        )
    entry = read_list(f"standards/{name}")
    seconds = entry.get("minutes", 0.0) * _SECONDS_PER_MINUTE
    return Standard(
        name=name,
        zh=entry["zh"],
        en=entry["en"],
        cutoff_m=entry.get("cutoff_m") or seconds * entry["speed_m_per_s"],
        source=entry["source"],
        sentence=entry["sentence"],
    )
