"""Logging commands for Azure Pipelines on standard output, plain lines for what is neither error nor warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Severity
from .sanitize import shown
from .wording import last_line, one_line, ordered, problem_line

if TYPE_CHECKING:
    from ..finding import Finding, Report
    from ..place import Location
    from . import View

_DATA = {"%": "%AZP25", "\r": "%0D", "\n": "%0A"}
_ESCAPED_DATA = str.maketrans(_DATA)
_ESCAPED_PROPERTY = str.maketrans(_DATA | {"]": "%5D", ";": "%3B"})


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    """Give an issue for each problem, error and warning, a line for each other finding, then the verdict."""
    lines = [_issue("error", problem.location, problem.kind, problem_line(problem)) for problem in report.problems]
    lines += map(_line, ordered(report))
    return "\n".join([*lines, last_line(report), ""])


def _line(found: Finding) -> str:
    if found.waived is None and found.severity in {Severity.ERROR, Severity.WARNING}:
        remedy = f"; help: {found.remedy}" if found.remedy else ""
        return _issue(found.severity, found.location, found.rule, f"{found.rule} {found.name}: {found.message}{remedy}")
    return one_line(found)


def _issue(kind: str, location: Location | None, code: str, message: str) -> str:
    properties = [("type", kind)]
    if location:
        properties.append(("sourcepath", location.file))
    if location and location.span:
        properties += [("linenumber", str(location.span.line)), ("columnnumber", str(location.span.column))]
    given = "".join(f"{name}={_property(value)};" for name, value in [*properties, ("code", code)])
    return f"##vso[task.logissue {given}]{shown(message).translate(_ESCAPED_DATA)}"


def _property(value: str) -> str:
    return shown(value).translate(_ESCAPED_PROPERTY)
