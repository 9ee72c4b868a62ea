"""JUnit XML: a test case for each rule and deployment, also those that pass, under names that stay the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from .sanitize import guard, shown
from .wording import because, counted, label, last_line, ordered, problem_line

if TYPE_CHECKING:
    from ..errors import Problem
    from ..finding import Finding, Report
    from . import View

_WHOLE_ESTATE = "the estate as a whole"
_JUDGEMENT = "judgement"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;"}
_ESCAPES = str.maketrans(_ENTITIES)


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    """Give a suite for each deployment and one for the estate; what fails the build is a failure.

    A waived finding skips its case; other findings stand in the output of a case that passes. With a problem
    nothing passes: it is an error, and a case that does not fail is skipped.
    """
    suites = [_problems(report.problems)] if report.problems else []
    suites += [_suite(name, report) for name in [*_deployments(report), None]]
    totals = [sum(suite.counts[index] for suite in suites) for index in range(4)]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="ocspolicy" {_counted(totals)}>',
        *(line for suite in suites for line in suite.lines),
        "</testsuites>",
    ]
    return "\n".join([*map(guard, lines), ""])


class _Suite(NamedTuple):
    """A suite's lines, and how many of its cases there are, failed, were in error, were skipped."""

    lines: list[str]
    counts: tuple[int, int, int, int]


class _Body(NamedTuple):
    """What a case says, and what that makes of it."""

    kind: Literal["passed", "failure", "skipped"]
    lines: list[str]


def _deployments(report: Report) -> list[str]:
    named = {found.deployment for found in report.findings if found.deployment is not None}
    return sorted({*report.deployments, *named})


def _suite(deployment: str | None, report: Report) -> _Suite:
    """Give the cases of one deployment, or of the estate where none is given."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for found in ordered(report):
        if found.deployment == deployment:
            by_rule[found.rule].append(found)
    names = {found.rule: found.name for found in ordered(report)} | {rule.id: rule.name for rule in report.rules}
    # The word in front keeps a deployment, whatever its name, apart from the suites that are ours.
    title = _WHOLE_ESTATE if deployment is None else f"deployment {deployment}"
    bodies = {rule: _body(by_rule[rule], report) for rule in sorted(names)}
    lines = [
        line
        for rule, body in bodies.items()
        for line in _case(title, f"{rule} {names[rule]}", by_rule[rule], body.lines)
    ]
    kinds = [body.kind for body in bodies.values()]
    counts = (len(kinds), kinds.count("failure"), 0, kinds.count("skipped"))
    return _Suite(_wrapped(title, counts, [*lines, *_output(report, deployment)]), counts)


def _wrapped(title: str, counts: tuple[int, int, int, int], lines: Sequence[str]) -> list[str]:
    return [f'<testsuite name="{_attribute(title)}" {_counted(counts)}>', *lines, "</testsuite>"]


def _counted(counts: Sequence[int]) -> str:
    tests, failures, errors, skipped = counts
    return f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}" time="0"'


def _case(suite: str, name: str, findings: Sequence[Finding], body: Sequence[str]) -> Iterator[str]:
    place = next((found.location for found in findings if found.location), None)
    where = ""
    if place:
        where = f' file="{_attribute(place.file)}"' + (f' line="{place.span.line}"' if place.span else "")
    case = f'<testcase classname="{_attribute(suite)}" name="{_attribute(name)}" time="0"{where}'
    if not body:
        yield f"{case}/>"
        return
    yield f"{case}>"
    yield from body
    yield "</testcase>"


def _body(findings: Sequence[Finding], report: Report) -> _Body:
    """Give what a case says: its failure, or why it was skipped, then the findings that do not fail."""
    failing = [found for found in findings if report.fails(found)]
    waived = [found.waived for found in findings if found.waived]
    rest = [line for found in findings if not report.fails(found) for line in _told(found)]
    output = ["<system-out>", *rest, "</system-out>"] if rest else []
    if failing:
        more = f" and {counted(len(failing) - 1, 'more finding')}" if len(failing) > 1 else ""
        head = f'<failure message="{_attribute(failing[0].message)}{more}" type="{_attribute(failing[0].severity)}">'
        told = [line for found in failing for line in _told(found)]
        return _Body("failure", [head, *told, "</failure>", *output])
    if waived and len(waived) == len(findings):
        return _Body("skipped", [f'<skipped message="waived {_text(because(waived[0]))}"/>', *output])
    if report.problems:
        return _Body("skipped", ['<skipped message="not judged in full"/>', *output])
    return _Body("passed", output)


def _told(found: Finding) -> Iterator[str]:
    """Give a finding as lines of text."""
    place = f"{shown(str(found.location))}: " if found.location else ""
    yield _text(f"{place}{label(found)} {shown(found.message)}")
    for also in found.related:
        yield _text(f"  see: {shown(str(also.location))}: {shown(also.message)}")
    if found.remedy:
        yield _text(f"  help: {shown(found.remedy)}")
    if found.waived:
        yield _text(f"  waived: {because(found.waived)}")


def _output(report: Report, deployment: str | None) -> list[str]:
    """Say the verdict once, with the estate."""
    return [f"<system-out>{_text(last_line(report))}</system-out>"] if deployment is None else []


def _problems(problems: Sequence[Problem]) -> _Suite:
    first = problems[0]
    more = f" and {counted(len(problems) - 1, 'more problem')}" if len(problems) > 1 else ""
    lines = [f'<error message="{_attribute(first.message)}{more}" type="{_attribute(first.kind)}">']
    for problem in problems:
        place = f"{shown(str(problem.location))}: " if problem.location else ""
        lines.append(_text(f"{place}{problem_line(problem)}"))
    counts = (1, 0, 1, 0)
    case = _case(_JUDGEMENT, "could judge", (), [*lines, "</error>"])
    return _Suite(_wrapped(_JUDGEMENT, counts, list(case)), counts)


def _attribute(text: str) -> str:
    return shown(text).translate(_ESCAPES)


def _text(line: str) -> str:
    return line.translate(_ESCAPES)
