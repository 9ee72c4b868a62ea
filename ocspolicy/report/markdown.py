"""Markdown for step summaries and comments: inert whatever a name holds, cut where a forge would refuse it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..finding import Severity
from .sanitize import guard, shown
from .wording import because, counted, last_line, ordered

if TYPE_CHECKING:
    from ..errors import Problem
    from ..finding import Finding, PositionRow, Report
    from ..place import Location
    from . import View

_MARK = "<!-- ocspolicy:check -->"
"""The first line, by which a bot finds its own comment again."""

_LONGEST = 60_000
"""GitHub refuses a comment of more than 65,536 characters."""

_LONGEST_CELL = 1_000
_POSITION_SHARE = 10_000
_NOWHERE = "-"

# An entity is never markup. What forges look for only after rendering (people, issues, addresses) is broken by
# an empty entity behind its first character.
_ESCAPES = str.maketrans(
    {char: f"&#{ord(char)};" for char in "\\`*_~[]<>&|$"} | {"\t": " ", "@": "@&#8203;", "#": "#&#8203;"}
)


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    """Give the verdict, then tables of problems, findings and the position; rows that do not fit are counted."""
    verdict, _, judged = last_line(report).partition(":")
    head = [_MARK, f"### ocspolicy: {inert(verdict)}", "", inert(judged.strip()), ""]
    tables: list[tuple[str, str, list[str]]] = [
        ("could not judge", "| problem | place |", [_problem(problem) for problem in report.problems]),
        (
            "findings",
            "| severity | rule | finding | deployment | place | help |",
            [_finding(found) for found in _gravest_first(report) if not found.waived],
        ),
        (
            "waived",
            "| rule | finding | deployment | place | waived |",
            [_waived(found) for found in ordered(report) if found.waived],
        ),
    ]
    position = _table("position", "| license | required | owned | balance |", _position(report), _POSITION_SHARE)
    room = _LONGEST - _size(head) - _size(position)
    lines = head
    for title, header, rows in tables:
        table = _table(title, header, rows, room)
        room -= _size(table)
        lines += table
    return "\n".join([*map(guard, [*lines, *position])]).rstrip("\n") + "\n"


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _table(title: str, header: str, rows: Sequence[str], room: int) -> list[str]:
    """Give a table with the rows that fit and a line that counts the rest; nothing where there is no row."""
    if not rows:
        return []
    lines = [f"**{title}**", "", header, "|" + " --- |" * (header.count("|") - 1)]
    left = room - _size(lines) - 100
    for number, row in enumerate(rows):
        left -= len(row) + 1
        if left < 0:
            return [*lines, "", f"{counted(len(rows) - number, 'more row')} left out; another format has all", ""]
        lines.append(row)
    return [*lines, ""]


def _gravest_first(report: Report) -> list[Finding]:
    return sorted(ordered(report), key=lambda found: found.severity.rank)


def _finding(found: Finding) -> str:
    open_terms = "" if found.certainty == "certain" else f" ({found.certainty})"
    mark = f"**{found.severity}**" if found.severity is Severity.ERROR else str(found.severity)
    return _row(
        mark,
        f"{_cell(found.rule)} {_cell(found.name)}",
        f"{_cell(found.message)}{open_terms}",
        _cell(found.deployment or _NOWHERE),
        _place(found.location),
        _cell(found.remedy),
    )


def _waived(found: Finding) -> str:
    return _row(
        f"{_cell(found.rule)} {_cell(found.name)}",
        _cell(found.message),
        _cell(found.deployment or _NOWHERE),
        _place(found.location),
        _cell(because(found.waived)) if found.waived else "",
    )


def _problem(problem: Problem) -> str:
    return _row(_cell(problem.message), _place(problem.location))


def _position(report: Report) -> list[str]:
    return [] if report.problems else [_position_row(row) for row in report.position]


def _position_row(row: PositionRow) -> str:
    balance = f"**{row.balance:,}**" if row.balance < 0 else f"{row.balance:,}"
    return _row(_cell(row.name), f"{row.required:,}", f"{row.owned:,}", balance)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _place(location: Location | None) -> str:
    return _cell(str(location)) if location else _NOWHERE


def _cell(text: str) -> str:
    text = shown(text)
    return inert(text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 3] + "...")


def inert(text: str) -> str:
    """Show a text in Markdown as nothing but itself."""
    return shown(text).translate(_ESCAPES).replace("://", ":&#8203;//").replace("www.", "www&#8203;.")
