"""CSV as RFC 4180 has it, read strictly: what another reader might take differently is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from itertools import chain
from operator import itemgetter
from typing import TypeAlias

from .columns import Columns, find_columns
from .quotes import well_quoted
from .text import MalformedTextError

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}

Complain: TypeAlias = Callable[[int, str], None]
"""Takes the line, from 1, and what is wrong there."""


def identity_cells(
    blocks: Iterator[str], identity: str | None, where: Mapping[str, str], complain: Complain
) -> Iterator[tuple[int, str]]:
    """Read the identity column of a CSV text.

    Args:
        blocks: The text, in blocks of whole lines.
        identity: The column's name, else the first of `columns.IDENTITY_COLUMNS` that is there.
        where: The texts that columns must equal exactly for a row to be kept.
        complain: Is told of each fault; reading goes on where it can.

    Yields:
        The line on which a kept row starts, and its identity as it stands there.
    """
    table = _Table(blocks)
    try:
        columns = find_columns(table.header(), identity, where)
        yield from table.cells(columns, complain)
    except MalformedTextError as error:
        for fault in error.args:
            complain(table.line, fault)
    except csv.Error as error:
        complain(table.line, f"the row is no valid CSV ({error}); is a quote left open?")


class _Table:
    """The rows of a CSV text; `line` is where the row starts that is being read."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks = blocks
        self._skipped = 0
        self.line = 1

    def header(self) -> list[str]:
        """Read the names of the columns; `line` stays there until a row is asked for."""
        first = next(self._blocks, "")
        if first.startswith("#TYPE"):
            first = first.partition("\n")[2] or next(self._blocks, "")
            self._skipped = 1
            self.line = 2
        delimiter = _delimiter(first)
        lines = chain.from_iterable(map(StringIO, well_quoted(chain((first,), self._blocks), delimiter)))
        self._rows = csv.reader(lines, delimiter=delimiter, strict=True)
        return next(self._rows, [])

    def cells(self, columns: Columns, complain: Complain) -> Iterator[tuple[int, str]]:
        """Read the rows after the header."""
        rows, skipped = self._rows, self._skipped
        width, identity, places, texts = columns
        cells_of = itemgetter(*places) if places else None
        wanted = texts[0] if len(texts) == 1 else tuple(texts)
        self.line = skipped + rows.line_num + 1
        blank = 0
        for row in rows:
            line = self.line
            self.line = skipped + rows.line_num + 1
            if not row:
                blank = blank or line
                continue
            if blank:
                complain(blank, "found a blank line, expected a row; remove the line")
                blank = 0
            if len(row) != width:
                fields = "1 field" if len(row) == 1 else f"{len(row)} fields"
                complain(line, f"the row has {fields}, expected {width} as in the header")
            elif cells_of is None or cells_of(row) == wanted:
                yield line, row[identity]


def _delimiter(text: str) -> str:
    header = "".join(text.split('"')[::2]).partition("\n")[0]
    found = [delimiter for delimiter in _DELIMITERS if delimiter in header]
    if len(found) > 1:
        names = " and ".join(_DELIMITERS[delimiter] for delimiter in found)
        raise MalformedTextError(f"the header has {names}, expected one delimiter; quote the names that hold another")
    return found[0] if found else ","
