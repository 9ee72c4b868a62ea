"""Lists of people: CSV, or one identity a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from itertools import chain
from typing import BinaryIO

from ..errors import JudgementError, Problem, problem
from ..place import Location, Span
from .identity import LONGEST_IDENTITY, fold, identity_fault
from .text import MalformedTextError, blocks

_SHOWN_FAULTS = 20


def read_identities(
    stream: BinaryIO,
    file: str,
    *,
    identity: str | None = None,
    where: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[str]:
    """Read the identities of a list, folded, in its order, repeated where the list repeats them.

    A file whose name ends in `.csv` is CSV: UTF-8, or UTF-16 with a byte order mark; comma, semicolon or tab
    as the header line has it; a first line `#TYPE ...` is skipped. Any other file has one identity a line.
    Blank lines are allowed at the end only. Memory is bounded whatever the length.

    Args:
        stream: The bytes, read to the end and not closed.
        file: The file's name, as errors give it.
        identity: The column with the identities, else the first of userPrincipalName, sipAddress, mail that
            is there. Names of columns compare without regard to case and to blanks around.
        where: The texts that columns must equal exactly for a row to be kept; CSV only, as is `identity`.
        progress: Called with the number of lines read so far, not more often than every 65,536 lines.

    Raises:
        JudgementError: At the end, with the faults found, each at the line where its row starts; at most 20
            of them, and how many more there are.
    """
    faults = _Faults(file)
    lines = blocks(stream, progress)
    if file.lower().endswith(".csv"):
        from .table import identity_cells

        cells = identity_cells(lines, identity, where or {}, faults.add)
    elif identity is not None or where:
        raise problem(
            "input",
            "found `identity` or `where` for a list with one identity a line, expected them for CSV only; "
            "name the file .csv if it is CSV",
            Location(file),
        )
    else:
        cells = _lines(lines, faults.add)
    for line, text in cells:
        person = fold(text)
        # Nearly every identity passes here, for a quarter of the time of the whole check.
        if 0 < len(person) <= LONGEST_IDENTITY and person.isprintable():
            yield person
        elif fault := identity_fault(person):
            faults.add(line, fault)
        else:
            yield person
    faults.close()


def _lines(text: Iterator[str], complain: Callable[[int, str], None]) -> Iterator[tuple[int, str]]:
    """Give each line with its number, those from the last blank ones on left out."""
    blank = line = 0
    try:
        for line, found in enumerate(chain.from_iterable(map(StringIO, text)), 1):
            if found.isspace():
                blank = blank or line
                continue
            if blank:
                complain(blank, "found a blank line, expected an identity; remove the line")
                blank = 0
            yield line, found
    except MalformedTextError as error:
        complain(line + 1, str(error))


class _Faults:
    """What is wrong in a file, as problems at lines."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._shown: list[Problem] = []
        self._more = 0

    def add(self, line: int, message: str) -> None:
        if len(self._shown) < _SHOWN_FAULTS:
            self._shown.append(Problem("input", message, Location(self._file, Span(line, 1, line, 1))))
        else:
            self._more += 1

    def close(self) -> None:
        """Raise what was found."""
        if self._more:
            message = f"found {self._more} more faults in this file, which are not shown; mend those shown first"
            self._shown.append(Problem("input", message, Location(self._file)))
        if self._shown:
            raise JudgementError(*self._shown)
