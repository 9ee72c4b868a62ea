"""The reasons of a position as values: what asks, what serves, what is left over, and which fact says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from .finding import Certainty, PositionRow
from .place import Location


class Fact(NamedTuple):
    """A fact of the catalog; `through` names the other groups of the same people that bring it.

    Of the kinds, role, feature, external-users, base-tier and tier say why something is asked for, and edition,
    license, suite and version why a unit can serve it.
    """

    kind: str
    id: str
    name: str
    certainty: Certainty
    source: tuple[str, ...]
    through: tuple[str, ...] = ()


class Served(NamedTuple):
    """How many of those who ask are served by units of a license kind, and the facts by which it can serve them."""

    license: str
    number: int
    facts: tuple[Fact, ...]


class Part(NamedTuple):
    """A `server` or `group` that a need of a whole deployment is made of: `number` instances or people."""

    kind: str
    name: str
    number: int
    location: Location


class Asking(NamedTuple):
    """A server, group or deployment that asks for a kind first: how many, by which facts, and how they are served.

    `holder` is instance, user, device or deployment. `parts` are the servers and groups that a deployment asks for as a
    whole; `people` are the identities of those who ask, where they were asked for and a list names them.
    """

    deployment: str
    subject: str
    holder: str
    number: int
    facts: tuple[Fact, ...]
    served: tuple[Served, ...]
    uncovered: int
    location: Location
    parts: tuple[Part, ...] = ()
    people: tuple[str, ...] = ()


class Use(NamedTuple):
    """Units of a line that go to a server or group: which kinds they serve there, and by which facts."""

    deployment: str
    subject: str
    number: int
    serves: tuple[str, ...]
    facts: tuple[Fact, ...]


class Serving(NamedTuple):
    """An inventory line: its units on the day, how many are used and for whom. `line` is its id, as FILE#POINTER."""

    line: str
    name: str
    units: int
    used: int
    to: tuple[Use, ...]


class Counted(NamedTuple):
    """A line of a certificate: how many of its needs the line can serve at most, None where that is not known.

    `apart` of its units are assigned to `servers` that are not among these needs.
    """

    line: str
    name: str
    serves: int | None
    apart: int = 0
    servers: tuple[str, ...] = ()


class Certificate(NamedTuple):
    """A set of needs and every line that could serve any of them: `short` is the size less what they can serve.

    `indivisible` is what stays uncovered beyond what the set shows, since suites cannot be split.
    """

    required: int
    owned: int
    short: int
    deployments: tuple[str, ...]
    lines: tuple[Counted, ...]
    indivisible: int = 0


Bridge: TypeAlias = tuple[tuple[str, ...], int]
"""License kinds, and a number of needs or units that stand between two kinds."""


class Reason(NamedTuple):
    """Why a row of the position is what it is.

    The row's `required` is what is `asked` for, less what `elsewhere` says other kinds serve of it, and what
    `stands_in` says units of this kind serve that is asked for as others. `waiting` are deployments that would need so
    many units at once and find fewer. `left_out` counts entries that were cut.
    """

    row: PositionRow
    asked: int
    elsewhere: tuple[Bridge, ...]
    stands_in: tuple[Bridge, ...]
    asking: tuple[Asking, ...]
    serving: tuple[Serving, ...]
    proof: Certificate | None = None
    waiting: tuple[tuple[str, int], ...] = ()
    left_out: int = 0


def cut(reasons: Iterable[Reason], most: int) -> tuple[Reason, ...]:
    """Keep at most so many entries of each list, and count the others."""
    return tuple(_cut(reason, most) for reason in reasons)


def _cut(reason: Reason, most: int) -> Reason:
    lists = [reason.asking, reason.serving, *(line.to for line in reason.serving[:most])]
    return reason._replace(
        asking=reason.asking[:most],
        serving=tuple(line._replace(to=line.to[:most]) for line in reason.serving[:most]),
        left_out=reason.left_out + sum(max(0, len(entries) - most) for entries in lists),
    )
