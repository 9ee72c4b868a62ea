"""The report as a person reads it: findings with their source lines, the position, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ..finding import Severity
from .layout import BLUE, BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint, width_of, wrap
from .sanitize import guard, shown
from .wording import because, counted, label, last_line, open_terms, ordered, problem_line

if TYPE_CHECKING:
    from ..errors import Problem
    from ..finding import Finding, PositionRow, Report
    from ..place import Location
    from . import View

_STYLES = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}
_WHOLE_ESTATE = "the estate as a whole"


def render(report: Report, view: View) -> str:
    """Give the report in blocks with blank lines between them; `quiet` leaves one line for what fails.

    `verbose` adds facts, the source lines of waived findings, the position of a covered estate, the traces
    of problems, and cuts no list.
    """
    if view.quiet:
        from .concise import render as render_concise

        blocks = render_concise(report, view).splitlines()[:-1]
        return "\n".join([*blocks, _last(report, view), ""])
    lines: list[str] = []
    for problem in report.problems:
        lines += [*_problem(problem, view), ""]
    for group, findings in _groups(report):
        if group:
            lines += [paint(guard(group), BOLD, color=view.color), ""]
        for found in findings:
            lines += [*_finding(found, view), ""]
    for info in report.waivers:
        if info.state == "exceeded":
            said = (
                f"note: the waiver for {shown(info.rule)} at {shown(str(info.location))} accepts fewer than are short"
            )
            lines += [*wrap(said, view.width, "  "), ""]
    if _shows_position(report, view):
        lines += [*_position(report, view), ""]
    return "\n".join([*lines, _last(report, view), ""])


def problems(found: Sequence[Problem], view: View) -> str:
    """Give what prevented a judgement, each problem with its place, with a blank line between two."""
    return "\n".join("\n".join([*_problem(problem, view), ""]) for problem in found)


def table(report: Report, view: View) -> str:
    """Give the license position as an aligned table."""
    return "\n".join(_position(report, view))


def _last(report: Report, view: View) -> str:
    line = last_line(report)
    verdict, colon, rest = line.partition(":")
    fine = report.status == 0 and not report.count(Severity.ERROR)
    return paint(verdict + colon, GREEN if fine else RED, color=view.color) + rest


def _groups(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    """Group by deployment, each group with a heading where there are several; places sort in a group."""
    groups = {
        name: list(found)
        for name, found in groupby(
            sorted(ordered(report), key=lambda found: (found.deployment is None, found.deployment or "")),
            key=lambda found: found.deployment,
        )
    }
    for name, findings in groups.items():
        title = shown(name) if name is not None else _WHOLE_ESTATE
        heading = f"== {title}: {counted(len(findings), 'finding')} =="
        yield (heading if len(groups) > 1 or len(report.deployments) > 1 else "", findings)


class _Block(NamedTuple):
    """A block below its first line: all rows share the width of the line numbers."""

    view: View
    gutter: int

    @classmethod
    def at(cls, location: Location | None, excerpt: str | None, view: View) -> _Block:
        """Make room for the numbers of the source lines that will be shown."""
        if location is None or location.span is None or not excerpt:
            return cls(view, 1)
        return cls(view, len(str(location.span.line + min(excerpt.count("\n"), 2))))

    def place(self, location: Location) -> str:
        """Point to a place."""
        return f"{' ' * self.gutter}{self._line('-->')} {shown(str(location))}"

    def source(self, location: Location, excerpt: str, style: str) -> Iterator[str]:
        """Show the source lines of a place with marks in a style."""
        from .excerpt import source_rows

        if location.span is None:
            return
        empty = f"{' ' * self.gutter} {self._line('|')}"
        yield empty
        for row in source_rows(excerpt, location.span, self.view.width - self.gutter - 3):
            if row.number is None:
                yield f"{empty} {paint(row.text, style, color=self.view.color)}"
            else:
                number = self._line(str(row.number).rjust(self.gutter))
                yield f"{number} {self._line('|')} {row.text}".rstrip()

    def note(self, name: str, texts: Iterable[str]) -> Iterator[str]:
        """Say something more, each text on lines of its own below the first, at its indent."""
        start = f"{' ' * self.gutter} = {name}: "
        for number, text in enumerate(texts):
            lead = " " * len(start) if number else start
            for count, line in enumerate(wrap(lead + text, self.view.width, " " * len(start))):
                if number or count:
                    yield line
                else:
                    sign, bold = self._line("="), paint(f"{name}:", BOLD, color=self.view.color)
                    yield f"{' ' * self.gutter} {sign} {bold}{line[len(start) - 1 :]}"

    def _line(self, text: str) -> str:
        return paint(text, BLUE, color=self.view.color)


def _finding(found: Finding, view: View) -> list[str]:
    """Give a finding: what, where, the source, and why."""
    if found.waived:
        lines = list(_waived(found, view._replace(color=False)))
        return [paint(line, DIM, color=view.color) for line in lines]
    return [*_title(found, view), *_body(found, view)]


def _title(found: Finding, view: View) -> list[str]:
    tag = label(found)
    lines = wrap(f"{tag} {shown(found.name)}: {shown(found.message)}", view.width, "  ")
    style = DIM if found.waived else _STYLES.get(found.severity, BOLD)
    rest = paint(lines[0][len(tag) :], BOLD, color=view.color)
    return [
        paint(tag, style, color=view.color) + rest,
        *(paint(line, BOLD, color=view.color) for line in lines[1:]),
    ]


def _waived(found: Finding, view: View) -> Iterator[str]:
    """Give a waived finding in short: it is settled for today."""
    yield from _title(found, view)
    if view.verbose:
        yield from _body(found, view)
    block = _Block.at(found.location, found.excerpt if view.verbose else None, view)
    if found.location and not view.verbose:
        yield block.place(found.location)
    if found.waived:
        yield from block.note("waived", [f"{because(found.waived)} ({shown(str(found.waived.location))})"])


def _body(found: Finding, view: View) -> Iterator[str]:
    from .reasons import certificate, facts, related

    block = _Block.at(found.location, found.excerpt, view)
    if found.location:
        yield block.place(found.location)
        if found.excerpt:
            yield from block.source(found.location, found.excerpt, _STYLES.get(found.severity, BOLD))
    terms = open_terms(found)
    yield from block.note("see", related(found, verbose=view.verbose))
    yield from block.note("proof", certificate(found, verbose=view.verbose))
    yield from block.note("certainty", [terms] if terms else [])
    yield from block.note("facts", facts(found) if terms or view.verbose else [])
    yield from block.note("help", [shown(found.remedy)] if found.remedy else [])
    yield from block.note("source", [shown(", ".join(found.source))] if found.source else [])


def _problem(problem: Problem, view: View) -> Iterator[str]:
    """Give what prevented the judgement, with its place and, on request, its trace."""
    lines = wrap(f"error: {problem_line(problem)}", view.width, "  ")
    yield paint("error:", RED, color=view.color) + paint(lines[0][6:], BOLD, color=view.color)
    yield from (paint(line, BOLD, color=view.color) for line in lines[1:])
    block = _Block.at(problem.location, problem.excerpt, view)
    if problem.location:
        yield block.place(problem.location)
        if problem.excerpt:
            yield from block.source(problem.location, problem.excerpt, RED)
    if problem.trace and view.verbose:
        yield from block.note("trace", [shown(line) for line in problem.trace.rstrip("\n").split("\n")])


def _shows_position(report: Report, view: View) -> bool:
    """Show the position where it explains the verdict: a partial one explains nothing."""
    if report.problems or not report.position:
        return False
    return view.verbose or any(row.balance < 0 for row in report.position)


def _position(report: Report, view: View) -> Iterator[str]:
    """Give the license position as an aligned table."""
    rows = [("license", "required", "owned", "balance"), *map(_cells, report.position)]
    widths = [max(width_of(row[column]) for row in rows) for column in range(4)]
    for number, row in enumerate(rows):
        name = row[0] + " " * (widths[0] - width_of(row[0]))
        line = "  ".join([name, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])
        style = BOLD if number == 0 else RED if row[3].startswith("-") else ""
        yield paint(guard(line), style, color=view.color and bool(style))


def _cells(row: PositionRow) -> tuple[str, str, str, str]:
    return shown(row.name), f"{row.required:,}", f"{row.owned:,}", f"{row.balance:,}"
