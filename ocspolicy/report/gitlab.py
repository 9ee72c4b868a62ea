"""A Code Quality report for GitLab: a JSON array, empty where nothing was found."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..finding import Severity
from .json import dumps
from .sanitize import shown
from .wording import because, ordered, problem_line

if TYPE_CHECKING:
    from ..errors import Problem
    from ..finding import Finding, Report
    from ..place import Location
    from . import View

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    """Give an item for each problem and finding; a waived finding is one of severity info that says why."""
    unwaivable = {rule.id for rule in report.rules if not rule.waivable}
    seen: dict[str, int] = {}
    items = [_problem(problem, seen) for problem in report.problems]
    items += [_item(found, unwaivable, seen) for found in ordered(report)]
    return dumps(items)


def _item(found: Finding, unwaivable: set[str], seen: dict[str, int]) -> dict[str, Any]:
    severity = _SEVERITIES.get(found.severity, "info")
    text = found.message
    if found.waived:
        severity = "info"
        text += f" (waived {because(found.waived)})"
    elif found.severity is Severity.ERROR and found.rule in unwaivable:
        severity = "blocker"
    return {
        # The widget does not show the name of the check.
        "description": shown(f"{found.rule}: {text}"),
        "check_name": shown(found.rule),
        "fingerprint": _unique(found.fingerprint, seen),
        "severity": severity,
        "location": _location(found.location),
    }


def _problem(problem: Problem, seen: dict[str, int]) -> dict[str, Any]:
    named = "\0".join((problem.kind, problem.message, problem.location.file if problem.location else ""))
    fingerprint = sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return {
        "description": shown(problem_line(problem)),
        "check_name": shown(problem.kind),
        "fingerprint": _unique(fingerprint, seen),
        "severity": "blocker",
        "location": _location(problem.location),
    }


def _location(place: Location | None) -> dict[str, Any]:
    """Give a place; GitLab needs one, so what stands nowhere is at the root."""
    line = place.span.line if place and place.span else 1
    return {"path": shown(place.file) if place else ".", "lines": {"begin": line}}


def _unique(fingerprint: str, seen: dict[str, int]) -> str:
    """Tell findings of the same fingerprint apart: GitLab shows only one of them."""
    seen[fingerprint] = seen.get(fingerprint, 0) + 1
    if seen[fingerprint] == 1:
        return fingerprint
    return sha256(f"{fingerprint}:{seen[fingerprint]}".encode()).hexdigest()[:32]
