"""A Code Quality report for GitLab: a JSON array, empty where nothing was found."""

from __future__ import annotations

import re
from hashlib import sha256
from posixpath import join, normpath
from typing import TYPE_CHECKING, Any, NamedTuple

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
_NUMBER = re.compile(r"\b[0-9]+\b")


def render(report: Report, view: View) -> str:
    """Give an item for each problem and finding; a waived finding is one of severity info that says why.

    Paths are relative to the project, in which the root is `view.base`.
    """
    unwaivable = {rule.id for rule in report.rules if not rule.waivable}
    seen: dict[str, int] = {}
    items = [_problem(problem, seen, view.base) for problem in report.problems]
    items += [_item(found, unwaivable, seen, view.base) for found in ordered(report)]
    return dumps(items)


def _item(found: Finding, unwaivable: set[str], seen: dict[str, int], base: str) -> dict[str, Any]:
    severity = _SEVERITIES.get(found.severity, "info")
    waived = f" (waived {because(found.waived)})" if found.waived else ""
    if found.waived:
        severity = "info"
    elif found.severity is Severity.ERROR and found.rule in unwaivable:
        severity = "blocker"
    where = _Where.of(found.location, base)
    return {
        # The widget does not show the name of the check.
        "description": f"{shown(f'{found.rule}: {found.message}')}{waived}{where.aside}",
        "check_name": shown(found.rule),
        "fingerprint": _unique(found.fingerprint, seen),
        "severity": severity,
        "location": where.location,
    }


def _problem(problem: Problem, seen: dict[str, int], base: str) -> dict[str, Any]:
    # Nothing that says where or how much, so that it stays the same problem when lines move and numbers change.
    message = _NUMBER.sub("", problem.message)
    named = "\0".join((problem.kind, message, problem.location.file if problem.location else ""))
    fingerprint = sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    where = _Where.of(problem.location, base)
    return {
        "description": f"{problem_line(problem)}{where.aside}",
        "check_name": shown(problem.kind),
        "fingerprint": _unique(fingerprint, seen),
        "severity": "blocker",
        "location": where.location,
    }


class _Where(NamedTuple):
    """A place as GitLab takes it, and for the description what that leaves out."""

    location: dict[str, Any]
    aside: str = ""

    @classmethod
    def of(cls, place: Location | None, base: str) -> _Where:
        """Place something in the project; GitLab needs a place there, so all else is at its root."""
        nowhere: dict[str, Any] = {"path": ".", "lines": {"begin": 1}}
        if place is None:
            return cls(nowhere)
        path = normpath(join(base, place.file)) if base or place.file.startswith("../") else place.file
        if path.startswith(("../", "/")):
            return cls(nowhere, f" ({shown(str(place))})")
        return cls({"path": shown(path), "lines": {"begin": place.span.line if place.span else 1}})


def _unique(fingerprint: str, seen: dict[str, int]) -> str:
    """Tell findings of the same fingerprint apart: GitLab shows only one of them."""
    seen[fingerprint] = seen.get(fingerprint, 0) + 1
    if seen[fingerprint] == 1:
        return fingerprint
    return sha256(f"{fingerprint}:{seen[fingerprint]}".encode()).hexdigest()[:32]
