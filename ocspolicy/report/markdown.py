"""Markdown for step summaries and comments: verdict first, details folded, cut by rows to what a forge takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..finding import Severity
from .headline import verdict_of
from .inert import code, prose
from .sanitize import Shown, guard, shown
from .wording import because, counted, last_line, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..errors import Problem
    from ..finding import Finding, PositionRow, Report
    from ..place import Location
    from . import View

_MARK = "<!-- ocspolicy:check -->"
"""The first line, by which a bot finds its own comment again."""

_SIGNS = {"covered": "✅", "failed": "❌", "unjudged": "⚠️"}
_LONGEST_TEXT = 1_000
_LONGEST_SENTENCE = 1_200
_LAST_WORD = 120
"""More than the line takes that counts what is left out."""

_FINDING = "| finding | where | what helps |\n| :--- | :--- | :--- |"
_WAIVED = "| finding | where | waived |\n| :--- | :--- | :--- |"
_POSITION = "| license kind | required | owned | balance |\n| :--- | ---: | ---: | ---: |"
_PROBLEM = "| problem | where |\n| :--- | :--- |"


class _Table(NamedTuple):
    """A table with a title, folded or not; `share` is the part of the room that its rows may take, in percent."""

    title: str
    header: str
    rows: Sequence[str]
    folded: bool = True
    share: int = 100

    def frame(self) -> int:
        """Give the bytes that the table takes without its rows, the line that counts the rest included."""
        return _size(self.lines(0)) + _LAST_WORD

    def fitting(self, room: int) -> int:
        """Count the rows, from the first, that go into so many bytes."""
        left = room * self.share // 100
        for number, row in enumerate(self.rows):
            left -= _size([row])
            if left < 0:
                return number
        return len(self.rows)

    def lines(self, kept: int) -> list[str]:
        """Give the table with its first rows, and the number of the others."""
        titles = [*self.header.split("\n"), *self.rows[:kept], ""]
        rest = len(self.rows) - kept
        count = f"and {rest:,} more" if kept else f"{rest:,} in all"
        more = [f"{count}, left out for want of room; another format has all", ""] if rest else []
        if not self.folded:
            return [*([f"**{self.title}**", ""] if self.title else []), *titles, *more]
        return ["<details>", f"<summary><b>{self.title}</b></summary>", "", *titles, *more, "</details>", ""]


def render(report: Report, view: View) -> str:
    """Give the verdict, the position, and the findings folded by severity.

    Rows that do not go into `view.limit` bytes are counted; the verdict is never cut.
    """
    head, foot = _head(report), [f"<sub>{_sentence(last_line(report))}</sub>"]
    tables = list(_tables(report))
    room = view.limit - _size(head) - _size(foot) - sum(table.frame() for table in tables)
    lines = head
    for table in tables:
        kept = table.fitting(room)
        room -= _size(table.rows[:kept])
        lines += table.lines(kept)
    return "\n".join(map(guard, [*lines, *foot])) + "\n"


def _head(report: Report) -> list[str]:
    verdict = verdict_of(report)
    title = f"### {_SIGNS[verdict.kind]} ocspolicy: {prose(verdict.title[0].lower() + verdict.title[1:])}"
    return [_MARK, title, "", " ".join(map(_sentence, verdict.sentences)), ""]


def _tables(report: Report) -> Iterator[_Table]:
    if report.problems:
        problems = [_problem(problem) for problem in report.problems]
        yield _Table("What stands in the way", _PROBLEM, problems, folded=False, share=50)
    elif report.position:
        position = [_position(row) for row in sorted(report.position, key=lambda row: row.balance >= 0)]
        yield _Table("", _POSITION, position, folded=False, share=50)
    for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO):
        found = [_finding(one) for one in ordered(report) if one.severity is severity and not one.waived]
        if found:
            yield _Table(counted(len(found), severity), _FINDING, found)
    waived = [_waived(one) for one in ordered(report) if one.waived]
    if waived:
        yield _Table(counted(len(waived), "waived finding"), _WAIVED, waived)


def _size(lines: Sequence[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _finding(found: Finding) -> str:
    doubt = "" if found.certainty == "certain" else f" ({found.certainty})"
    return _row(f"{_what(found)}{doubt}", _where(found.location, found.deployment), _text(found.remedy))


def _waived(found: Finding) -> str:
    why = because(found.waived) if found.waived else ""
    return _row(_what(found), _where(found.location, found.deployment), _text(why))


def _problem(problem: Problem) -> str:
    return _row(_text(problem.message), _where(problem.location))


def _position(row: PositionRow) -> str:
    balance = f"**{row.balance:,}**" if row.balance < 0 else f"{row.balance:,}"
    return _row(code(_short(row.name)), f"{row.required:,}", f"{row.owned:,}", balance)


def _what(found: Finding) -> str:
    return f"{code(_short(f'{found.rule} {found.name}'))}<br>{_text(found.message)}"


def _where(location: Location | None, deployment: str | None = None) -> str:
    names = (deployment, str(location) if location else None)
    return "<br>".join(shown_name for name in names if (shown_name := code(_short(name or ""))))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: str) -> str:
    return prose(_short(text))


def _short(text: str, longest: int = _LONGEST_TEXT) -> str:
    text = shown(text)
    return text if len(text) <= longest else Shown(f"{text[: longest - 3]}...")


def _sentence(text: str) -> str:
    """Give a sentence of ours that may stand as a line of its own."""
    return prose(_short(text, _LONGEST_SENTENCE))
