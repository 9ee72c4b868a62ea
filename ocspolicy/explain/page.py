"""A page for people: headings, prose, pairs, tables and code, shown on a screen or written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from ..report.layout import BOLD, CYAN, DIM, paint, width_of, wrap
from ..report.sanitize import guard, shown

KEEP = "\u00a0"
"""A blank at which no line ends; it is shown as an ordinary one."""

_GAP = 2
_WIDEST_LABEL = 46
_NARROWEST = 20


class Heading(NamedTuple):
    """A title; level 1 begins a page."""

    level: int
    text: str


class Prose(NamedTuple):
    """A paragraph."""

    text: str


class Pairs(NamedTuple):
    """Rows of a short label and what is said about it."""

    rows: tuple[tuple[str, str], ...]


class Table(NamedTuple):
    """Rows of cells under a header; the last column may be long."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Code(NamedTuple):
    """Text that stands as it is, in a language that Markdown knows by name."""

    text: str
    language: str


Block: TypeAlias = Heading | Prose | Pairs | Table | Code


def deeper(blocks: Iterable[Block], by: int = 1) -> list[Block]:
    """Put a page into another one: its headings go so many levels down."""
    return [Heading(it.level + by, it.text) if isinstance(it, Heading) else it for it in blocks]


def as_text(blocks: Sequence[Block], width: int, *, color: bool) -> str:
    """Give blocks as lines of at most `width` columns where their words allow it; code keeps its lines."""
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before is not None and not _joins(before, block):
            lines.append("")
        lines += _lines(block, width, color=color)
        before = block
    return "".join(f"{line}\n" for line in lines).replace(KEEP, " ")


def _joins(before: Block, block: Block) -> bool:
    """Tell whether no empty line stands between two blocks."""
    under = isinstance(before, Heading) and before.level > 1 and not isinstance(block, Code)
    return under or (isinstance(before, Prose) and isinstance(block, Pairs))


def _lines(block: Block, width: int, *, color: bool) -> Iterator[str]:
    match block:
        case Heading(level, text):
            for line in wrap(shown(text), width):
                yield paint(line, CYAN if level == 1 else BOLD, color=color)
        case Prose(text):
            yield from wrap("  " + shown(text), width, "  ")
        case Pairs(rows):
            yield from _pairs(rows, width, color=color)
        case Table(header, rows):
            yield from _table(header, rows, width, color=color)
        case Code(text):
            for line in text.rstrip("\n").split("\n"):
                yield paint(guard(shown(line)), DIM, color=color and line.lstrip().startswith("#"))


def _pairs(rows: Sequence[tuple[str, str]], width: int, *, color: bool) -> Iterator[str]:
    room = max((width_of(shown(label)) for label, _ in rows if width_of(shown(label)) <= _WIDEST_LABEL), default=0)
    indent = " " * (_GAP + room + _GAP)
    for label, text in rows:
        name = shown(label)
        padding = " " * (room - width_of(name))
        lead = f"  {name}{padding}  " if width_of(name) <= room else f"  {name}: "
        first, *rest = wrap(lead + shown(text), width, indent)
        yield first.replace(name, paint(name, BOLD, color=color), 1)
        yield from rest


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, color: bool) -> Iterator[str]:
    cells = [[shown(cell) for cell in row] for row in (header, *rows)]
    widths = [max(width_of(row[column]) for row in cells) for column in range(len(header) - 1)]
    left = _GAP + sum(size + _GAP for size in widths)
    room = max(width, left + _NARROWEST)
    for number, row in enumerate(cells):
        lead = "".join(cell + " " * (size - width_of(cell) + _GAP) for cell, size in zip(row, widths, strict=False))
        for line in wrap(f"  {lead}{row[-1]}", room, " " * left):
            yield paint(line.rstrip(), BOLD, color=color and number == 0)


# What a page of documentation takes for markup; a comment on a forge meets more (report.inert), and reads worse for it.
_ACTIVE = re.compile(r"[\\`*_\[\]|~]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_STARTS = re.compile(r"^(\d+)([.)])|^([-+=#])")


def as_markdown(blocks: Sequence[Block]) -> str:
    """Give blocks as Markdown, each paragraph on a line of its own; whatever a name holds is inert."""
    return "\n".join("".join(f"{line}\n" for line in _marked(block)) for block in blocks).replace(KEEP, " ")


def _marked(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {_inert(text)}"
        case Prose(text):
            yield _inert(text)
        case Pairs(rows):
            yield from (f"- **{_inert(label)}**: {_inert(text)}" for label, text in rows)
        case Table(header, rows):
            yield _row(header)
            yield "|" + " --- |" * len(header)
            yield from map(_row, rows)
        case Code(text, language):
            runs = re.findall(r"`+", text)
            fence = "`" * max(3, 1 + max(map(len, runs), default=0))
            yield fence + language
            yield from map(shown, text.rstrip("\n").split("\n"))
            yield fence


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(_inert, cells)) + " |"


def _inert(text: str) -> str:
    escaped = _ACTIVE.sub(lambda match: "\\" + match[0], shown(text)).translate(_ENTITIES)
    return _STARTS.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", escaped)
