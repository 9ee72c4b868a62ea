"""Comments: what begins with `#` between the scalars of a file."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from typing import NamedTuple, overload

from .text import Text

_CANDIDATE = re.compile(r"(?<![^ \t\n])#")


class Comment(NamedTuple):
    """One comment.

    `text` runs from its `#` to the end of the line, without blanks at its end; `line` and `column`, from 1,
    are those of the `#`; `alone` says whether nothing but blanks stands before it.
    """

    line: int
    column: int
    text: str
    alone: bool


class Comments(Sequence[Comment]):
    """The comments of a file in order; only their offsets are kept."""

    __slots__ = ("_offsets", "_text")

    def __init__(self, text: Text, opaque_starts: Sequence[int], opaque_ends: Sequence[int], reached: int) -> None:
        """Find the comments.

        Args:
            text: the text of the file.
            opaque_starts: where scalars begin in which a `#` is no comment, ascending.
            opaque_ends: where they end.
            reached: the offset up to which the file could be read.
        """
        self._text = text
        self._offsets = array("I")
        content, opaque = text.content, zip(opaque_starts, opaque_ends, strict=True)
        start, end = next(opaque, (reached, reached))
        found = _CANDIDATE.search(content, 0, reached)
        while found:
            at = found.start()
            while end <= at < reached:
                start, end = next(opaque, (reached, reached))
            if at < start:
                self._offsets.append(at)
                line_end = content.find("\n", at)
                at = line_end if line_end >= 0 else reached
            else:
                at = end
            found = _CANDIDATE.search(content, at, reached)

    def __len__(self) -> int:
        return len(self._offsets)

    @overload
    def __getitem__(self, index: int) -> Comment: ...
    @overload
    def __getitem__(self, index: slice) -> list[Comment]: ...
    def __getitem__(self, index: int | slice) -> Comment | list[Comment]:
        if isinstance(index, slice):
            return [self._comment(offset) for offset in self._offsets[index]]
        return self._comment(self._offsets[index])

    def _comment(self, offset: int) -> Comment:
        content = self._text.content
        line, column = self._text.place(offset)
        end = content.find("\n", offset)
        text = content[offset : end if end >= 0 else None].rstrip(" \t")
        alone = not content[offset - column + 1 : offset].strip(" \t")
        return Comment(line, column, text, alone)
