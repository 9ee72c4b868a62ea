"""The reasons of a position as a tree: from each balance down to servers, groups and inventory lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import reasons_in_words as words
from .layout import BOLD, DIM, RED, paint, wrap
from .sanitize import guard, shown
from .wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..reason import Asking, Reason, Serving
    from . import View


def as_text(reasons: Sequence[Reason], view: View) -> str:
    """Give a tree for each license kind."""
    return "\n".join("\n".join([*_tree(reason, view), ""]) for reason in reasons)


def _tree(reason: Reason, view: View) -> Iterator[str]:
    yield paint(guard(words.head(reason)), RED if reason.row.balance < 0 else BOLD, color=view.color)
    for said in (words.bridge(reason), words.left_out(reason)):
        if said is not None:
            yield from _wrapped(said, view, 2)
    if reason.asking:
        yield "  asked for by"
        for deployment, asking in words.deployments(reason.asking):
            yield guard(f"    {shown(deployment)}: {sum(it.number for it in asking):,}")
            yield from _cut([line for it in asking for line in _asking(it, view)], view, "      ")
    if reason.serving:
        yield "  served from"
        yield from _cut([line for it in reason.serving for line in _serving(it, view)], view, "    ")
    for said in words.waits(reason):
        yield from _wrapped(said, view, 2)
    for said in words.proof(reason):
        yield from _wrapped(f"proof: {said}", view, 2)


def _wrapped(text: str, view: View, indent: int) -> list[str]:
    return wrap(guard(" " * indent + text), view.width, " " * (indent + 2))


def _dim(text: str, view: View, indent: int) -> Iterator[str]:
    return (paint(line, DIM, color=view.color) for line in _wrapped(text, view, indent))


def _cut(lines: list[str], view: View, indent: str) -> Iterator[str]:
    most = len(lines) if view.verbose else words.BRIEF * 4
    yield from lines[:most]
    if len(lines) > most:
        yield f"{indent}… {counted(len(lines) - most, 'line')} more, all with --verbose"


def _asking(asking: Asking, view: View) -> Iterator[str]:
    most = None if view.verbose else words.BRIEF
    yield from _wrapped(words.asks(asking), view, 6)
    people = words.people(asking, most)
    for said in (words.because(asking), *words.covers(asking, most), *([people] if people else [])):
        yield from _dim(said, view, 8)


def _serving(serving: Serving, view: View) -> Iterator[str]:
    yield from _wrapped(words.serves(serving, None if view.verbose else words.BRIEF), view, 4)
    facts = words.by_which_facts(serving)
    if facts is not None:
        yield from _dim(facts, view, 6)
