"""Quotes in CSV text: each opens a field, closes one, or is one of two within quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .text import LONGEST_LINE, MalformedTextError

_LONE_RETURN = re.compile(r"\r(?!\n)")


def well_quoted(blocks: Iterable[str], delimiter: str) -> Iterator[str]:
    """Pass on a CSV text as far as its quotes are in place, since the csv module accepts `a"b` as a field.

    Args:
        blocks: The text, in blocks of whole lines.
        delimiter: The character between fields.

    Raises:
        MalformedTextError: A quote in the wrong place or left open, a carriage return that neither ends a
            line nor is quoted, too long a row; raised once all rows before it have been passed on.
    """
    edges = delimiter + "\r\n"
    inside = False
    length = 0
    for block in blocks:
        if inside or '"' in block or not _ends_lines(block):
            # Split at every quote, a text is outside and inside quotes in turn.
            stretches = (block if inside else "\n" + block).split('"')
            outside = set(stretches[inside::2])
            if not all(_in_place(stretch, edges) for stretch in outside):
                yield from _before_fault(stretches, edges, inside=inside)
            length = len(block) + (0 if any("\n" in stretch for stretch in outside) else length)
            inside ^= len(stretches) % 2 == 0
        if inside and length > LONGEST_LINE:
            raise MalformedTextError(
                f"the row has more than {LONGEST_LINE} characters, expected fewer; is a quote left open?"
            )
        yield block
    if inside:
        raise MalformedTextError("a quote is left open, expected another that closes it; close the quote")


def _in_place(stretch: str, edges: str) -> bool:
    """Tell whether what stands between two quotes, outside both, leaves them at the edges of fields."""
    return not stretch or (stretch[0] in edges and stretch[-1] in edges and _ends_lines(stretch))


def _ends_lines(text: str) -> bool:
    return "\r" not in text or text.count("\r") == text.count("\r\n")


def _before_fault(stretches: list[str], edges: str, *, inside: bool) -> Iterator[str]:
    """Give the lines before that of the first fault, then raise it."""
    text = '"'.join(stretches)
    place, message = _fault(stretches, edges, inside=inside)
    yield text[not inside : text.rfind("\n", 0, place) + 1]
    raise MalformedTextError(message)


def _fault(stretches: list[str], edges: str, *, inside: bool) -> tuple[int, str]:
    """Find the first fault: how many characters stand before it, and what it is."""
    place = 0
    for index, stretch in enumerate(stretches):
        if index % 2 == inside and not _in_place(stretch, edges):
            break
        place += len(stretch) + 1
    if stretch[0] in edges:
        if lone := _LONE_RETURN.search(stretch):
            return place + lone.start(), (
                "a carriage return ends no line, expected CRLF or LF; save the file with such line ends"
            )
        place += len(stretch)
    return place, "a quote is in the wrong place, expected it around a whole field; double it within quotes"
