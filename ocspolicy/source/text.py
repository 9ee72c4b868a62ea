"""A file's text: decoded, its lines counted, every place in it known by offset."""

from __future__ import annotations

import codecs
import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

from ..errors import Problem
from ..place import Location, Span

MAX_BYTES = 8 * 1024 * 1024
EXCERPT_LINES = 3
EXCERPT_WIDTH = 160

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# What YAML does not call printable; line separators, on which parsers disagree; a byte order mark inside the file.
_REFUSED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NAMES = {
    "\0": "a NUL character",
    "\x85": "the line separator U+0085",
    "\u2028": "the line separator U+2028",
    "\u2029": "the paragraph separator U+2029",
    "\ufeff": "a byte order mark inside the file",
}
_WIDE = "found UTF-32, or UTF-16 without its byte order mark, expected UTF-8; save the file as UTF-8"


class Lines(Sequence[str]):
    """The lines of a text without their ends, cut out when they are asked for."""

    __slots__ = ("_content", "starts")

    def __init__(self, content: str) -> None:
        self._content = content
        self.starts = array("I", [0])
        self.starts.extend(found.end() for found in re.finditer("\n", content))

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        last = number + 1 == len(self)
        return self._content[self.starts[number] : None if last else self.starts[number + 1] - 1]


class Text:
    """What a file says, with line feeds as its only line ends.

    Attributes:
        file: the file's name in places.
        content: the text; offsets into it count Unicode characters from 0.
    """

    __slots__ = ("_lines", "content", "file")

    def __init__(self, file: str, content: str) -> None:
        self.file = file
        self.content = content
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines:
        """Give the lines, counted once they are needed."""
        if self._lines is None:
            self._lines = Lines(self.content)
        return self._lines

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column, from 1, of the character at an offset."""
        starts = self.lines.starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Give the stretch between two offsets."""
        return Span(*self.place(start), *self.place(end))

    def location(self, start: int, end: int, pointer: str = "") -> Location:
        """Give the place of a stretch between two offsets."""
        return Location(self.file, self.span(start, end), pointer)


def decode(data: bytes, file: str) -> tuple[Text, Problem | None]:
    """Decode a file: UTF-8, or UTF-16 by its byte order mark, which is left out.

    Returns:
        The text, and why it cannot be read: it is too large, then the text is empty; it is encoded otherwise, then
        `U+FFFD` stands for what is no text; or it holds a character that no YAML may hold.
    """
    if len(data) > MAX_BYTES:
        found = f"found a file of {len(data):,} bytes, expected at most {MAX_BYTES:,}"
        step = "move people into CSV files or split it"
        return Text(file, ""), Problem("limit", f"{found}; {step}", Location(file))
    mark, codec, name = next((known for known in _ENCODINGS if data.startswith(known[0])), (b"", "utf-8", "UTF-8"))
    body = data[len(mark) :]
    try:
        text = Text(file, _unify(body.decode(codec)))
    except UnicodeDecodeError as invalid:
        text = Text(file, _unify(body.decode(codec, "replace")))
        return text, _undecodable(text, body, invalid, name)
    refused = _REFUSED.search(text.content)
    if refused:
        message = _WIDE if _is_wide(data) else f"found {_name(refused[0])}, expected text; remove it"
        return text, Problem("input", message, text.location(refused.start(), refused.end()))
    return text, None


def _unify(content: str) -> str:
    return content.replace("\r\n", "\n").replace("\r", "\n") if "\r" in content else content


def _undecodable(text: Text, body: bytes, invalid: UnicodeDecodeError, name: str) -> Problem:
    at = len(_unify(body[: invalid.start].decode(invalid.encoding)))
    found = f"found the byte 0x{body[invalid.start]:02X}, which is no {name} here"
    message = _WIDE if name == "UTF-8" and _is_wide(body) else f"{found}, expected {name}; save the file as UTF-8"
    return Problem("input", message, text.location(at, at + 1))


def _is_wide(data: bytes) -> bool:
    return b"\0" in data[:2] or data.startswith(codecs.BOM_UTF32_LE)


def _name(character: str) -> str:
    return _NAMES.get(character) or f"the character U+{ord(character):04X}, which is not printable"


def excerpt(lines: Sequence[str], place: Location | Span | None) -> str:
    """Give the source lines that a place touches, at most three; `…` stands where something is cut.

    Args:
        lines: the lines of the file, without their ends.
        place: where to look; a place without a span, or outside the lines, gives an empty text.
    """
    span = place.span if isinstance(place, Location) else place
    if span is None:
        return ""
    first, last = max(span.line, 1), min(span.end_line, len(lines))
    shown = [
        _around(lines[number - 1], span.column if number == span.line else 1)
        for number in range(first, min(last, first + EXCERPT_LINES - 1) + 1)
    ]
    return "\n".join(shown) + (" …" if last >= first + EXCERPT_LINES else "")


def _around(line: str, column: int) -> str:
    if len(line) <= EXCERPT_WIDTH:
        return line
    start = 0 if column <= EXCERPT_WIDTH // 2 else column - 1 - EXCERPT_WIDTH // 4
    end = start + EXCERPT_WIDTH
    return ("… " if start else "") + line[start:end] + (" …" if end < len(line) else "")
