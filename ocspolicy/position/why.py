"""The reasons of a position: for every license kind, what asks, what serves, what is left over, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..catalog import ExternalUsers, Feature, Role
from ..estate import Line
from ..finding import PositionRow, kind_name
from ..need import Ask, Need, Subject
from ..place import folded
from ..supply import row_kind
from .question import Answer, raised_by
from .shortage import Proof

if TYPE_CHECKING:
    from . import Position


class Asking(NamedTuple):
    """A server or group that asks for a kind first: how many, by which facts, and how they are served.

    `by` counts those served by each license kind (its name), `uncovered` those served by none.
    """

    subject: Subject
    holder: str
    number: int
    facts: tuple[Role | Feature | ExternalUsers, ...]
    by: tuple[tuple[str, int], ...]
    uncovered: int


class Serving(NamedTuple):
    """An inventory line: its units on the day, how many are used and for whom."""

    line: Line
    units: int
    used: int
    to: tuple[tuple[Subject, int], ...]


class Reason(NamedTuple):
    """Why a row of the position is what it is; `proof` shows that no assignment leaves less uncovered."""

    row: PositionRow
    asking: tuple[Asking, ...]
    serving: tuple[Serving, ...]
    proof: Proof | None


def reasons(position: Position, answer: Answer) -> Iterator[Reason]:
    """Give the reason of each row."""
    served = _served(answer)
    for row in [*position.rows, *_met_otherwise(position, answer)]:
        kind = (row.product, row.license, row.edition, row.metric)
        asks = [
            (number, index)
            for number, need in enumerate(answer.question.needs)
            for index, ask in enumerate(need.asks)
            if (ask.first.product, ask.first.license, ask.first.edition, None) == kind
        ]
        lacking = [place for place in asks if answer.uncovered(*place)]
        yield Reason(
            row=row,
            asking=tuple(_asking(answer, asks, served)),
            serving=tuple(_serving(position, answer, kind)),
            proof=answer.proof(lacking) if lacking else None,
        )


def _met_otherwise(position: Position, answer: Answer) -> Iterator[PositionRow]:
    """Give a row of zeros for each kind that is asked for and wholly met by others, such as suites."""
    shown = {(row.product, row.license, row.edition) for row in position.rows}
    asked = {ask.first for need in answer.question.needs for ask in need.asks}
    for kind in sorted(asked - shown, key=lambda kind: tuple(part or "" for part in kind)):
        yield PositionRow(kind.product, kind.license, kind.edition, None, required=0, owned=0)


def _served(answer: Answer) -> dict[tuple[int, int], dict[str, int]]:
    """Count for each ask of each need how many units of which kind were given to it."""
    served: dict[tuple[int, int], dict[str, int]] = {}
    table = answer.question.table
    for grant in answer.allocation.grants:
        name = name_of(answer.question.supply[grant.lot].line)
        for index in table.serves(grant.lot, grant.asker).asks:
            by = served.setdefault((grant.asker, index), {})
            by[name] = by.get(name, 0) + grant.count
    return served


def name_of(line: Line) -> str:
    """Name the kind of a line: product, license, edition or metric."""
    return kind_name(*row_kind(line))


def _asking(
    answer: Answer, asks: list[tuple[int, int]], served: dict[tuple[int, int], dict[str, int]]
) -> Iterator[Asking]:
    """Join what the same server or group asks for through several needs."""
    joined: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for number, index in asks:
        subject = raised_by(answer.question.needs[number], index)
        joined.setdefault((folded(subject.deployment), folded(subject.name), subject.name), []).append((number, index))
    for key in sorted(joined):
        yield _joined(answer, joined[key], served)


def _joined(answer: Answer, places: list[tuple[int, int]], served: dict[tuple[int, int], dict[str, int]]) -> Asking:
    found = [(answer.question.needs[number], index) for number, index in places]
    needs: list[tuple[Need, Ask]] = [(need, need.asks[index]) for need, index in found]
    by: dict[str, int] = {}
    for number, index in places:
        covered = answer.question.needs[number].count - answer.uncovered(number, index)
        for name, count in served.get((number, index), {}).items():
            # Units that overlap serve one need once.
            by[name] = by.get(name, 0) + min(count, covered)
    facts = {fact.id: fact for _, ask in needs for fact in ask.facts}
    return Asking(
        subject=raised_by(needs[0][0], places[0][1]),
        holder=needs[0][0].holder,
        number=sum(need.count for need, _ in needs),
        facts=tuple(facts[fact_id] for fact_id in sorted(facts)),
        by=tuple(sorted(by.items())),
        uncovered=sum(answer.uncovered(*place) for place in places),
    )


def _serving(
    position: Position, answer: Answer, kind: tuple[str | None, str, str | None, str | None]
) -> Iterator[Serving]:
    units: dict[str, int] = {}
    used: dict[str, int] = {}
    to: dict[str, dict[tuple[str, str], tuple[Subject, int]]] = {}
    lines: dict[str, Line] = {}
    for number, lot in enumerate(answer.question.supply):
        if row_kind(lot.line) == kind:
            lines[lot.line.id] = lot.line
            units[lot.line.id] = units.get(lot.line.id, 0) + lot.count
            used[lot.line.id] = used.get(lot.line.id, 0) + answer.allocation.used[number]
    for grant in answer.allocation.grants:
        line = answer.question.supply[grant.lot].line
        if line.id in lines:
            # Of what a suite gives, the highest tier says best why it was needed.
            asks = answer.question.table.serves(grant.lot, grant.asker).asks
            subject = raised_by(answer.question.needs[grant.asker], asks[-1])
            holders = to.setdefault(line.id, {})
            key = folded(subject.deployment), subject.name
            holders[key] = subject, holders.get(key, (subject, 0))[1] + grant.count
    for lot, count in position.connectors_used:
        if lot.line.id in lines:
            used[lot.line.id] += count
    for line_id, line in sorted(lines.items()):
        given = to.get(line_id, {})
        yield Serving(line, units[line_id], used[line_id], tuple(given[key] for key in sorted(given)))
