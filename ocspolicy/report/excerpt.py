"""Source lines with marks under the place that a finding is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .layout import width_of
from .sanitize import Shown, cells

if TYPE_CHECKING:
    from ..place import Span

_NARROWEST = 20
_TAB = "    "
_CUT = "..."
_LINES = 3
_CONTEXT = 12


class Row(NamedTuple):
    """A row below a place: a source line with its number, or marks under it without one."""

    number: int | None
    text: Shown


def source_rows(excerpt: str, span: Span, room: int) -> list[Row]:
    """Draw the source lines of a span in `room` columns, the first with marks under the span.

    Longer lines are cut around the span, and of a span of many lines the first few are shown. `excerpt` is
    what `source.text.excerpt` makes: lines from their first column on, very long ones cut before the span.
    """
    lines = [line.removesuffix("\r") for line in excerpt.split("\n", _LINES)]
    rows = _marked(lines[0], span, room)
    for offset, line in enumerate(lines[1:_LINES], start=1):
        rows.append(Row(span.line + offset, _Part.of(line, 0, 0, room).text))
    if len(lines) > _LINES:
        rows.append(Row(None, Shown(_CUT)))
    return rows


def _marked(line: str, span: Span, room: int) -> list[Row]:
    shift = _shift(line, span.column)
    start = min(max(span.column - 1 - shift, 0), len(line))
    end = span.end_column - 1 - shift if span.end_line == span.line else len(line.rstrip())
    end = min(max(end, start), len(line))
    part = _Part.of(line, start, end, room)
    before = part.width(start)
    marks = "^" * max(part.width(end) - before, 1)
    return [Row(span.line, part.text), Row(None, Shown(" " * before + marks))]


def _shift(line: str, column: int) -> int:
    """Tell by how many columns a line stands left of its true place, where its beginning was cut off."""
    if not line.startswith("… "):
        return 0
    from ..source.text import EXCERPT_WIDTH

    if column <= EXCERPT_WIDTH // 2:
        return 0
    return column - 1 - EXCERPT_WIDTH // 4 - len("… ")


class _Part(NamedTuple):
    """What is shown of a line: the drawn characters from index `left` on."""

    left: int
    drawn: list[str]
    cut: bool

    @classmethod
    def of(cls, line: str, start: int, end: int, room: int) -> _Part:
        """Choose the part that fits: from the line's beginning on when the span fits then."""
        room = max(room, _NARROWEST)
        # A character takes a column or two, marks none: more than this many are never looked at.
        most = 2 * room
        left = 0
        if end > most or width_of("".join(_draw(line[:end]))) > room - len(_CUT):
            left = max(start - min(_CONTEXT, room // 2), 0)
        drawn = _draw(line[left : left + most])
        room -= len(_CUT) if left else 0
        if left + most >= len(line) and width_of("".join(drawn)) <= room:
            return cls(left, drawn, cut=False)
        while drawn and width_of("".join(drawn)) > room - len(_CUT):
            drawn.pop()
        return cls(left, drawn, cut=True)

    @property
    def text(self) -> Shown:
        """Give the part with its cut ends shown as dots."""
        body = (_CUT if self.left else "") + "".join(self.drawn)
        return Shown(body + _CUT if self.cut else body.rstrip())

    def width(self, index: int) -> int:
        """Count the columns before the character at `index` of the line, or of the whole part."""
        return (len(_CUT) if self.left else 0) + width_of("".join(self.drawn[: max(index - self.left, 0)]))


def _draw(line: str) -> list[str]:
    return [_TAB if cell == "\t" else cell for cell in cells(line)]
