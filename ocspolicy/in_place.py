"""Waivers in place: comments beside what they are about.

`# ocspolicy: ignore[ROL001] expires=2009-12-31 reason="EA order 778 signed"` at the end of a line, or alone above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from .day import EXPECTED, read_day
from .errors import Problem, near_misses
from .place import Location, Span
from .source import Source
from .source import parse as parse_source
from .waivers import Waiver

if TYPE_CHECKING:
    from .revision import Revision
    from .source.comments import Comment


class InPlace(NamedTuple):
    """A comment that waives, at the pointer of what stands on its line: so it is found again in another revision."""

    pointer: str
    text: str
    waivers: tuple[Waiver, ...]


def read(source: Source) -> tuple[list[InPlace], list[Problem]]:
    """Read the waivers in the comments of a file, and what is malformed among them."""
    found: list[InPlace] = []
    problems: list[Problem] = []
    pointers: dict[int, str] | None = None
    for comment, line in _aimed(source):
        span = Span(comment.line, comment.column, comment.line, comment.column + len(comment.text))
        stated = parse(comment.text, Location(source.file, span), line)
        if isinstance(stated, Problem):
            problems.append(stated)
        elif stated is not None:
            pointers = _pointers(source) if pointers is None else pointers
            found.append(InPlace(pointers.get(line, ""), comment.text, tuple(stated)))
    return found, problems


def _aimed(source: Source) -> Iterator[tuple[Comment, int]]:
    """Give each comment with the line that it is for: its own, or the first below that is no comment alone."""
    comments = list(source.comments)
    below: dict[int, int] = {}
    for comment in reversed(comments):
        if comment.alone:
            below[comment.line] = below.get(comment.line + 1, comment.line + 1)
    return ((comment, below.get(comment.line, comment.line)) for comment in comments)


def approved(revision: Revision, file: str, found: list[InPlace]) -> list[InPlace]:
    """Keep the waivers that a revision has too: the same comment at the same pointer of the same file.

    Raises:
        JudgementError: git cannot give the file.
    """
    if not revision.has(file):
        return []
    before, _ = read(parse_source(revision.read(file), file))
    known = {(it.pointer, it.text) for it in before}
    return [it for it in found if (it.pointer, it.text) in known]


def _pointers(source: Source) -> dict[int, str]:
    """Point to the first value on each line, with the number of its document in front."""
    pointers: dict[int, str] = {}
    for number, document in enumerate(source.documents):
        stack = [document.root]
        while stack:
            node = stack.pop()
            begun = [(node.keys[key].line, value) for key, value in node.items.items()]
            begun += [(element.line, element) for element in node.elements]
            for line, value in begun:
                if line not in pointers:
                    pointers[line] = f"{number}:{value.pointer}"
            stack.extend(value for _, value in reversed(begun))
    return pointers


FORM = re.compile(r"#+\s*ocspolicy\s*:\s*(ignore.*|\[.*)", re.IGNORECASE | re.DOTALL)
IGNORE = re.compile(r"ignore\[([^\[\]]*)\](.*)", re.DOTALL)
PAIR = re.compile(r'\s+([a-z-]+)=("(?:[^"\\]|\\.)*"|[^\s"]+)')
KEYS = ("reason", "expires", "approved-by", "max-short")


def parse(text: str, location: Location, line: int) -> list[Waiver] | Problem | None:
    """Read a comment: the waivers that it states, a problem where it is malformed, None where it is no waiver.

    Args:
        text: the comment from its `#` on.
        location: where the comment stands.
        line: the line that it is for.
    """
    form = FORM.fullmatch(text.strip())
    if form is None:
        return None
    expected = "expected '# ocspolicy: ignore[RULE] expires=YYYY-MM-DD reason=\"…\"'"
    parsed = IGNORE.fullmatch(form[1])
    if parsed is None:
        return Problem("input", f"found a malformed waiver '{text[:60]}', {expected}", location)
    values: dict[str, str] = {}
    rest = parsed[2]
    while rest.strip():
        pair = PAIR.match(rest)
        if pair is None or pair[1] not in KEYS or pair[1] in values:
            near = near_misses(pair[1], list(KEYS)) if pair is not None else ""
            return Problem("input", f"found '{rest.strip()[:60]}' in a waiver, {expected}{near}", location)
        values[pair[1]] = re.sub(r"\\(.)", r"\1", pair[2][1:-1]) if pair[2].startswith('"') else pair[2]
        rest = rest[pair.end() :]
    return _stated(parsed[1], values, location, line)


def _stated(rules: str, values: Mapping[str, str], location: Location, line: int) -> list[Waiver] | Problem:
    expires, most = None, None
    if "expires" in values:
        expires = read_day(values["expires"])
        if expires is None:
            return Problem("input", f"found expires={values['expires'][:40]} in a waiver, {EXPECTED}", location)
    if "max-short" in values:
        if not re.fullmatch(r"0|[1-9][0-9]{0,9}", values["max-short"], re.ASCII):
            found = f"found max-short={values['max-short'][:40]} in a waiver"
            return Problem("input", f"{found}, expected a whole number", location)
        most = int(values["max-short"])
    return [
        Waiver(
            rule=rule.strip() or None,
            reason=values.get("reason"),
            expires=expires,
            location=location,
            approved_by=values.get("approved-by"),
            max_short=most,
            line=line,
        )
        for rule in rules.split(",")
    ]
