"""One line a finding, `file:line:column: error[ROL001] message`, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .wording import last_line, one_line, ordered, problem_at

if TYPE_CHECKING:
    from ..finding import Report
    from . import View


def render(report: Report, view: View) -> str:
    """Give problems and findings as one line each, then the verdict; `quiet` leaves those that fail."""
    lines = [problem_at(problem) for problem in report.problems]
    lines += [one_line(found) for found in ordered(report) if not view.quiet or report.fails(found)]
    return "\n".join([*lines, last_line(report), ""])
