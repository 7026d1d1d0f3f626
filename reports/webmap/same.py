"""Tables and results as keys of what is kept of them: equal are those that are the same thing."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    """Something frozen by its identity.

    Holding it keeps its identity from being given to something else.
    """

    __slots__ = ("held",)

    def __init__(self, held: T) -> None:
        self.held = held

    def __hash__(self) -> int:
        """Return what is the same for the same thing."""
        return id(self.held)

    def __eq__(self, other: object) -> bool:
        """Tell whether the other holds the very same thing."""
        return isinstance(other, Same) and self.held is other.held
