"""One line a finding, `file:line:column: error[ROL001] message`, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .sanitize import guard, shown
from .wording import label, last_line, ordered, problem_line

if TYPE_CHECKING:
    from ..finding import Report
    from ..place import Location
    from . import View


def render(report: Report, view: View) -> str:
    """Give problems and findings as one line each, then the verdict; `quiet` leaves those that fail."""
    lines = [f"{_place(problem.location)}error: {problem_line(problem)}" for problem in report.problems]
    lines += [
        f"{_place(found.location)}{label(found)} {shown(found.message)}"
        for found in ordered(report)
        if not view.quiet or report.fails(found)
    ]
    return "\n".join([*map(guard, lines), last_line(report), ""])


def _place(location: Location | None) -> str:
    return f"{shown(str(location))}: " if location else ""
