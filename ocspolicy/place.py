"""Where something stands: in which file, on which lines, at which JSON pointer."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text; lines and columns start at 1 and count Unicode characters.

    `end_column` is one past the last character.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """A place that a person can be sent to.

    `file` is relative to the root with `/` between its parts, `pointer` a JSON Pointer (RFC 6901)
    into the document. `span` is None for a place that is a whole file.
    """

    file: str
    span: Span | None = None
    pointer: str = ""

    def __str__(self) -> str:
        """Give `file:line:column`, as editors and terminals make it a link."""
        if self.span is None:
            return self.file
        return f"{self.file}:{self.span.line}:{self.span.column}"


def escape_pointer(token: str) -> str:
    """Escape one reference token of a JSON Pointer (RFC 6901, section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def folded(name: str) -> str:
    """Fold a name for comparison: the names of servers, pools, groups and deployments ignore case."""
    return name.casefold()
