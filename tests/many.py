"""How many examples a property tries: some on every run, all of them by hand."""

from hypothesis import settings

ALL = "all"
"""The profile of all examples: `pytest --hypothesis-profile=all`."""
_ONE_IN = 5
_FEW = 8


def many(examples: int) -> int:
    """Return a fifth of `examples`, eight at least; under the profile `all`, all of them."""
    if settings.get_current_profile_name() == ALL:
        return examples
    return min(examples, max(_FEW, examples // _ONE_IN))
