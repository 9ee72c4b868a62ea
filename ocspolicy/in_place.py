"""Waivers in place: comments beside what they are about.

`# ocspolicy: ignore[ROL001] expires=2009-12-31 reason="EA order 778 signed"` at the end of a line, or alone above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from .day import EXPECTED, read_day
from .documents.ownership import within_two_edits
from .errors import Problem, near_misses
from .place import Location, Span
from .source import Node, Source
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
    met: list[tuple[int, str, list[Waiver]]] = []
    problems: list[Problem] = []
    for comment, line in _aimed(source):
        span = Span(comment.line, comment.column, comment.line, comment.column + len(comment.text))
        stated = parse(comment.text, Location(source.file, span), line)
        if isinstance(stated, Problem):
            problems.append(stated)
        elif stated is not None:
            met.append((line, comment.text, stated))
    pointers = _pointers(source, (line for line, _, _ in met))
    return [InPlace(pointers.get(line, ""), text, tuple(stated)) for line, text, stated in met], problems


def _aimed(source: Source) -> Iterator[tuple[Comment, int]]:
    """Give each comment with the line that it is for: its own, or the first below that is no comment alone."""
    comments = list(source.comments)
    below: dict[int, int] = {}
    for comment in reversed(comments):
        if comment.alone:
            below[comment.line] = below.get(comment.line + 1, comment.line + 1)
    return ((comment, below.get(comment.line, comment.line)) for comment in comments)


def approved(revision: Revision, file: str, found: list[InPlace], *, in_line: bool = False) -> list[InPlace]:
    """Keep the waivers that a revision has too: the same comment at the same pointer of the same file, each once.

    One that stands at no value is not kept: wherever else it stood in the file, it would be the same. Where documents
    of the file come from the revision, lines are the revision's, and a waiver must be for the same one (`in_line`).

    Raises:
        JudgementError: git cannot give the file.
    """
    if not revision.has(file):
        return []
    before, _ = read(parse_source(revision.read(file), file))

    def place(it: InPlace) -> tuple[str, str, int | None]:
        return it.pointer, it.text, it.waivers[0].line if in_line else None

    known = Counter(place(it) for it in before if it.pointer)
    kept = []
    for it in found:
        if known[place(it)]:
            known[place(it)] -= 1
            kept.append(it)
    return kept


def _pointers(source: Source, lines: Iterable[int]) -> dict[int, str]:
    """Point for each line to the first value that begins on it, else to the innermost around it, if there is any.

    The number of the document stands in front. All lines are gone through once: there may be thousands.
    """
    wanted = sorted(set(lines))
    pointers: dict[int, str] = {}
    for number, document in enumerate(source.documents):
        begun = sorted(_begun(document.root), key=lambda it: it[0], reverse=True)
        around: list[Node] = []
        for line in wanted:
            first = None
            while begun and begun[-1][0] <= line:
                start, node = begun.pop()
                around.append(node)
                first = node if start == line and first is None else first
            while around and around[-1].end_line < line:
                around.pop()
            met = first or (around[-1] if around else None)
            if met is not None:
                pointers[line] = f"{number}:{met.pointer}"
    return pointers


def _begun(root: Node) -> list[tuple[int, Node]]:
    """List the values inside a node with the lines on which they begin: on one line the outermost comes last."""
    found: list[tuple[int, Node]] = []
    stack = [root]
    while stack:
        node = stack.pop()
        inner = [(node.keys[key].line, value) for key, value in node.items.items()]
        inner += [(element.line, element) for element in node.elements]
        found += inner
        stack += [value for _, value in inner]
    return found[::-1]


NEAR = re.compile(r"#+\s*(\w{4,16})\s*(:?)\s*(\w{0,12})\s*(\[?)", re.IGNORECASE)
FORM = re.compile(r"#+\s*ocspolicy\s*:\s*(ignore\[.*)", re.DOTALL)
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
    if form is None and not _is_meant(text.strip()):
        return None
    expected = "expected '# ocspolicy: ignore[RULE] expires=YYYY-MM-DD reason=\"…\"'"
    parsed = IGNORE.fullmatch(form[1]) if form is not None else None
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


def _is_meant(text: str) -> bool:
    """Tell whether a comment is likely to mean a waiver: a slip in its form must not pass it over in silence."""
    near = NEAR.match(text) if "[" in text or "ignor" in text.lower() else None
    if near is None or not within_two_edits(near[1].lower(), "ocspolicy"):
        return False
    verb = within_two_edits(near[3].lower(), "ignore")
    return bool((near[2] and near[4] and not near[3]) or (verb and (near[2] or near[4])))


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
