"""Where a header has the columns that are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..errors import near_misses
from .identity import fold_case
from .text import MalformedTextError

IDENTITY_COLUMNS = ("userPrincipalName", "sipAddress", "mail")
"""The columns that hold identities where none is named; the first that is there."""

_MOST_FAULTS = 20
_COMPARED_NAMES = 200
_SHOWN_NAMES = 8
_SHOWN_CHARACTERS = 60


class Columns(NamedTuple):
    """What is asked of a row: `width` fields, the identity at its place, `texts` at `places` to be kept."""

    width: int
    identity: int
    places: list[int]
    texts: list[str]


def find_columns(header: list[str], identity: str | None, where: Mapping[str, str]) -> Columns:
    """Find the columns by their names, without regard to case and to blanks around.

    Args:
        header: The names of all columns.
        identity: The name of the column with the identities, else the first of `IDENTITY_COLUMNS` is taken.
        where: The texts that columns must equal exactly.

    Raises:
        MalformedTextError: With a message for each column that is missing or there twice.
    """
    names = _Names(header)
    found = names.default() if identity is None else names.place(identity)
    places = [names.place(name) for name in where]
    if names.faults:
        raise MalformedTextError(*names.faults)
    return Columns(len(header), found, places, list(where.values()))


class _Names:
    """The names in a header, and the faults found in looking them up."""

    def __init__(self, header: list[str]) -> None:
        self._names = [name.strip() for name in header]
        self._places: dict[str, int] = {}
        self.faults: list[str] = []
        for place, name in enumerate(self._names):
            first = self._places.setdefault(fold_case(name), place) if name else place
            if first != place and len(self.faults) < _MOST_FAULTS:
                self.faults.append(
                    f"columns {first + 1} and {place + 1} are both named {_shown(name)}, "
                    "expected each name once; rename or remove one"
                )
        if not self._places:
            raise MalformedTextError("found no header, expected a line with the names of the columns")

    def default(self) -> int:
        for name in IDENTITY_COLUMNS:
            if fold_case(name) in self._places:
                return self._places[fold_case(name)]
        named = [name for name in self._names if name]
        more = ", ..." if len(named) > _SHOWN_NAMES else ""
        self.faults.append(
            f"found the columns {', '.join(map(_shown, named[:_SHOWN_NAMES]))}{more}, "
            f"expected one of {', '.join(IDENTITY_COLUMNS)}; name the one with identities as `identity`"
        )
        return -1

    def place(self, name: str) -> int:
        place = self._places.get(fold_case(name.strip()), -1)
        if place < 0:
            near = near_misses(name, [known[:_SHOWN_CHARACTERS] for known in self._names[:_COMPARED_NAMES]])
            self.faults.append(f"found no column {_shown(name)}, expected it in the header{near}")
        return place


def _shown(name: str) -> str:
    return f"'{name}'" if len(name) <= _SHOWN_CHARACTERS else f"'{name[:_SHOWN_CHARACTERS]}...'"
