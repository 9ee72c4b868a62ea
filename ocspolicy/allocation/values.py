"""What goes into an assignment and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Ask(NamedTuple):
    """One thing that a member of a class asks for.

    `layer` keeps asks apart that one unit could serve together: a unit never serves two asks of one layer
    of the same member. `group` is a rank: of what must stay uncovered, the higher groups take it. All asks
    of a group have the same layer.
    """

    layer: int
    group: int


class Asker(NamedTuple):
    """A class of `count` members, each of whom has all of `asks`."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a record for
    asks: tuple[Ask, ...]


class Serves(NamedTuple):
    """What one unit of a lot serves at once when it goes to a member of a class.

    `asks` are indexes into the class's asks; `first` tells for each whether the lot is of its first choice.
    """

    asks: tuple[int, ...]
    first: tuple[bool, ...]


class Table(NamedTuple):
    """What units serve, said once for lots and askers that are alike.

    `lots` and `askers` number the rows and columns in the order of the input; `cells` has an entry for (row, column)
    where a unit of such a lot serves something of such an asker. Alike askers have the same asks.
    """

    lots: Sequence[int]
    askers: Sequence[int]
    cells: Mapping[tuple[int, int], Serves]

    def serves(self, lot: int, asker: int) -> Serves:
        """Give what a unit of a lot serves of an asker, each by its place in the input."""
        return self.cells.get((self.lots[lot], self.askers[asker]), _NOTHING)

    @classmethod
    def of(cls, lots: int, askers: int, serves: Mapping[tuple[int, int], Serves]) -> Table:
        """Make a table in which every lot and asker stands for itself."""
        return cls(range(lots), range(askers), serves)


_NOTHING = Serves((), ())


class Grant(NamedTuple):
    """`count` units of a lot, each given to a member of its own of one class (both by index)."""

    lot: int
    asker: int
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a record for


class Certificate(NamedTuple):
    """Why so much stays uncovered, in numbers that can be added up by hand.

    `asks` is a set of (asker, ask) indexes, `lots` are all lots that have units and could serve any of it,
    `most` tells for each of them how many of the set it can serve at most.
    `required` is the size of the set over all members, `owned` the most of it that those lots can serve
    (each unit counted with the most asks of the set that one member can get from it), `short` the
    difference. `layers` are the layers of the set, in order. `indivisible` is what stays uncovered of the
    set beyond `short`, because units that serve several asks cannot be split; nearly always 0.
    """

    asks: frozenset[tuple[int, int]]
    lots: tuple[int, ...]
    required: int
    owned: int
    short: int
    layers: tuple[int, ...]
    indivisible: int = 0
    most: tuple[int, ...] = ()


class Allocation(NamedTuple):
    """An assignment with its proof.

    `uncovered` has a row for each asker with a number for each of its asks; `used` a number for each lot.
    `grants` are sorted. The `short` and `indivisible` of all certificates add up to all that is uncovered.
    """

    grants: tuple[Grant, ...]
    uncovered: tuple[tuple[int, ...], ...]
    used: tuple[int, ...]
    certificates: tuple[Certificate, ...]


class NotProvenError(Exception):
    """The best assignment could not be proved within the stated limit of work."""
