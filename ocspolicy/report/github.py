"""Annotations for GitHub Actions: workflow commands on standard output, then the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..finding import Severity
from .sanitize import Shown, shown
from .wording import because, counted, gravest_first, last_line, one_line, ordered, problem_at, problem_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding, Report
    from ..place import Location
    from . import View

_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MOST = 10
"""GitHub shows so many annotations of a kind for each step, and drops the rest."""

_MOST_RELATED = 10

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_ESCAPED_DATA = str.maketrans(_DATA)
_ESCAPED_PROPERTY = str.maketrans(_DATA | {":": "%3A", ",": "%2C"})


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    """Give at most ten annotations a kind, the gravest first; where there are more, the last one says how many.

    Those are lines of the log, before the verdict.
    """
    lines: list[str] = []
    rest: list[str] = []
    annotations = list(_annotations(report))
    for kind in ("error", "warning", "notice"):
        of_kind = [annotation for annotation in annotations if annotation.kind == kind]
        kept = of_kind if len(of_kind) <= _MOST else of_kind[: _MOST - 1]
        lines += [annotation.line() for annotation in kept]
        if len(kept) < len(of_kind):
            more = f"and {len(of_kind) - len(kept):,} more, named in the log of this step"
            lines.append(_Annotation(kind, None, "ocspolicy", [more]).line())
            rest += [annotation.log for annotation in of_kind[len(kept) :]]
    return "\n".join([*lines, *rest, last_line(report), ""])


class _Annotation(NamedTuple):
    """A workflow command that makes an annotation; `message` has a text for each line, `log` says it in one line."""

    kind: str
    location: Location | None
    title: str
    message: list[str]
    log: str = ""

    def line(self) -> str:
        """Give the command, with everything that could end or begin one escaped."""
        properties = [*_place(self.location), ("title", self.title)]
        given = ",".join(f"{name}={shown(value).translate(_ESCAPED_PROPERTY)}" for name, value in properties)
        message = "\n".join(map(shown, self.message)).translate(_ESCAPED_DATA)
        return f"::{self.kind} {given}::{message}"


def _place(location: Location | None) -> Iterator[tuple[str, str]]:
    if location is None:
        return
    yield "file", location.file
    if location.span is None:
        return
    line, column, end_line, end_column = location.span
    yield "line", str(line)
    yield "endLine", str(max(end_line, line))
    # GitHub refuses columns of a place of several lines.
    if line == end_line:
        yield "col", str(column)
        yield "endColumn", str(max(end_column, column))


def _annotations(report: Report) -> Iterator[_Annotation]:
    for problem in report.problems:
        yield _Annotation("error", problem.location, "could not judge", [problem_line(problem)], problem_at(problem))
    for found in (*gravest_first(report), *(one for one in ordered(report) if one.waived)):
        yield _annotation(found)


def _annotation(found: Finding) -> _Annotation:
    message = [found.message]
    if found.waived:
        message.append(Shown(f"waived {because(found.waived)}"))
    else:
        message += [f"see {place.location}: {place.message}" for place in found.related[:_MOST_RELATED]]
        more = len(found.related) - _MOST_RELATED
        message += [f"and {counted(more, 'more related place')}"] if more > 0 else []
        message += [f"help: {found.remedy}"] if found.remedy else []
    kind = "notice" if found.waived else _KINDS.get(found.severity, "notice")
    return _Annotation(kind, found.location, f"{found.rule} {found.name}", message, one_line(found))
