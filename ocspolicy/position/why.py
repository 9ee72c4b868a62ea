"""The reasons of a position: for every license kind, what asks, what serves, what is left over, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..estate import Line
from ..finding import PositionRow, kind_name
from ..need import Ask, Kind, Need, Subject
from ..place import folded
from ..reason import Asking, Bridge, Certificate, Fact, Part, Reason, Served, Serving, Use
from ..supply import row_kind
from .external import Connectors, counted_servers, wants
from .grounds import Grounds
from .question import Answer, raised_by
from .shortage import Proof

People = Mapping[frozenset[tuple[str, str]], Sequence[str]]
RowKind = tuple[str | None, str, str | None, str | None]


class _Grant(NamedTuple):
    """`count` units of a line that go to one need, and the indexes of the asks that each serves there."""

    line: Line
    need: Need
    asks: tuple[int, ...]
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a record for


class _Asked(NamedTuple):
    """One ask of one need: who raises it, why, and how many of its members which lines serve."""

    need: Need
    ask: Ask
    subject: Subject
    facts: tuple[Fact, ...]
    shares: tuple[tuple[Line, int], ...]
    uncovered: int
    place: tuple[int, int]


def reasons(rows: Iterable[PositionRow], everyone: Answer, connectors: Connectors, people: People) -> Iterator[Reason]:
    """Give the reason of each row, and of each kind that is asked for and wholly met by others."""
    yield from _Reasons(everyone, connectors, people).all(rows)


def name_of(line: Line) -> str:
    """Name the kind of a line: product, license, edition or metric."""
    return kind_name(*row_kind(line))


def _row_kind(first: Kind) -> RowKind:
    return (*first, None)


class _Reasons:
    """Looks once at all asks and grants, then tells each row its own."""

    def __init__(self, everyone: Answer, connectors: Connectors, people: People) -> None:
        self.everyone = everyone
        self.connectors = connectors
        self.people = people
        self.estate = everyone.question.estate
        self.grounds = Grounds(self.estate)
        self.grants: dict[RowKind, list[_Grant]] = {}
        self.asked: dict[RowKind, list[_Asked]] = {}
        answers = [everyone, *([connectors.answer] if connectors.answer else [])]
        for answer in answers:
            self._read(answer)

    def _read(self, answer: Answer) -> None:
        table = answer.question.table
        mine: dict[int, list[_Grant]] = {}
        for grant in answer.allocation.grants:
            line = answer.question.supply[grant.lot].line
            need = answer.question.needs[grant.asker]
            found = _Grant(line, need, table.serves(grant.lot, grant.asker).asks, grant.count)
            self.grants.setdefault(row_kind(line), []).append(found)
            mine.setdefault(grant.asker, []).append(found)
        for number, need in enumerate(answer.question.needs):
            for index, ask in enumerate(need.asks):
                uncovered = answer.uncovered(number, index)
                shares = _shares(need.count - uncovered, index, ask, mine.get(number, ()))
                subject = raised_by(need, index)
                facts = self.grounds.asked(need, ask, subject)
                found_ask = _Asked(need, ask, subject, facts, tuple(shares), uncovered, (number, index))
                self.asked.setdefault(_row_kind(ask.first), []).append(found_ask)

    def all(self, rows: Iterable[PositionRow]) -> Iterator[Reason]:
        met = set(self.asked)
        for row in rows:
            met.discard((row.product, row.license, row.edition, None))
            yield self._reason(row)
        for kind in sorted(met, key=lambda kind: tuple(part or "" for part in kind)):
            yield self._reason(PositionRow(*kind, required=0, owned=0))

    def _reason(self, row: PositionRow) -> Reason:
        kind = (row.product, row.license, row.edition, row.metric)
        asked = self.asked.get(kind, [])
        elsewhere: Counter[tuple[str, ...]] = Counter()
        for it in asked:
            for line, count in it.shares:
                if row_kind(line) != kind:
                    elsewhere[name_of(line),] += count
        lacking = [it.place for it in asked if it.uncovered]
        serving = tuple(self._serving(kind))
        return Reason(
            row=row,
            asked=sum(it.need.count for it in asked),
            elsewhere=_bridges(elsewhere),
            stands_in=_bridges(self._standing_in(kind)),
            asking=tuple(self._asking(asked)),
            serving=serving,
            proof=_certificate(self.everyone.proof(lacking)) if lacking else None,
            waiting=tuple(self._waiting(kind)) if serving else (),
        )

    def _standing_in(self, kind: RowKind) -> Counter[tuple[str, ...]]:
        """Count the units of a kind that serve only what is asked for as others."""
        found: Counter[tuple[str, ...]] = Counter()
        for grant in self.grants.get(kind, ()):
            firsts = [_row_kind(grant.need.asks[index].first) for index in grant.asks]
            if kind not in firsts:
                found[tuple(sorted({kind_name(*first) for first in firsts}))] += grant.count
        return found

    def _waiting(self, kind: RowKind) -> Iterator[tuple[str, int]]:
        for need in self.connectors.waiting():
            if _row_kind(need.asks[0].first) == kind:
                yield need.subjects[0].deployment, need.count

    def _asking(self, asked: Sequence[_Asked]) -> Iterator[Asking]:
        """Join what the same server or group asks for through several needs, for the same facts."""
        joined: dict[tuple[str, str, str, tuple[tuple[str, str, tuple[str, ...]], ...]], list[_Asked]] = {}
        for it in asked:
            subject = it.subject
            why = tuple((fact.kind, fact.id, fact.through) for fact in it.facts)
            key = (folded(subject.deployment), folded(subject.name), subject.name, why)
            joined.setdefault(key, []).append(it)
        return (self._joined(joined[key]) for key in sorted(joined))

    def _joined(self, asked: Sequence[_Asked]) -> Asking:
        first = asked[0]
        numbers: Counter[str] = Counter()
        facts: dict[str, dict[tuple[str, str], Fact]] = {}
        for it in asked:
            for line, count in it.shares:
                name = name_of(line)
                numbers[name] += count
                for fact in self.grounds.serving(line, it.ask):
                    facts.setdefault(name, {})[fact.kind, fact.id] = fact
        named = sorted(person for it in asked for person in self.people.get(it.need.met, ()))
        return Asking(
            deployment=first.subject.deployment,
            subject=first.subject.name,
            holder=first.need.holder,
            number=sum(it.need.count for it in asked),
            facts=first.facts,
            served=tuple(Served(name, numbers[name], tuple(facts[name].values())) for name in sorted(numbers)),
            uncovered=sum(it.uncovered for it in asked),
            location=first.subject.node.location,
            parts=tuple(self._parts(first.subject.deployment)) if first.need.holder == "deployment" else (),
            people=tuple(named) if first.need.holder == "user" else (),
        )

    def _parts(self, name: str) -> Iterator[Part]:
        """Give the servers that a connector each is needed for, and the external people whom they cover."""
        deployment = next(it for it in self.estate.deployments if it.name == name)
        for server in counted_servers(deployment, self.estate):
            yield Part("server", server.name, server.count, server.node.location)
        external = [holders for holders in self.estate.holders if not holders.internal]
        for group in sorted(deployment.groups, key=lambda group: (folded(group.name), group.name)):
            if not group.internal and wants(group, self.estate):
                number = sum(it.count for it in external if any(met is group for met in it.groups))
                yield Part("group", group.name, number, group.node.location)

    def _serving(self, kind: RowKind) -> Iterator[Serving]:
        units: Counter[str] = Counter()
        lines: dict[str, Line] = {}
        for lot in self.everyone.question.supply:
            if row_kind(lot.line) == kind:
                lines[lot.line.id] = lot.line
                units[lot.line.id] += lot.count
        given: dict[str, list[_Grant]] = {}
        for grant in self.grants.get(kind, ()):
            given.setdefault(grant.line.id, []).append(grant)
        for line_id, line in sorted(lines.items()):
            grants = given.get(line_id, [])
            used = sum(grant.count for grant in grants)
            yield Serving(line_id, line.name, units[line_id], used, tuple(self._uses(grants)))

    def _uses(self, grants: Sequence[_Grant]) -> Iterator[Use]:
        joined: dict[tuple[str, str, str, tuple[str, ...]], Use] = {}
        for grant in grants:
            asks = [grant.need.asks[index] for index in grant.asks]
            # Of what a suite gives, the highest tier says best why it was needed.
            subject = raised_by(grant.need, grant.asks[-1])
            serves = tuple(sorted({kind_name(*_row_kind(ask.first)) for ask in asks}))
            facts = {(it.kind, it.id): it for ask in asks for it in self.grounds.serving(grant.line, ask)}
            key = (folded(subject.deployment), folded(subject.name), subject.name, serves)
            before = joined[key].number if key in joined else 0
            number = before + grant.count
            joined[key] = Use(subject.deployment, subject.name, number, serves, tuple(facts.values()))
        return (joined[key] for key in sorted(joined))


def _shares(covered: int, index: int, ask: Ask, grants: Iterable[_Grant]) -> Iterator[tuple[Line, int]]:
    """Share those who are covered among the lines; where units overlap, one member is served once."""
    own = _row_kind(ask.first)
    mine = (grant for grant in grants if index in grant.asks)
    for grant in sorted(mine, key=lambda grant: (row_kind(grant.line) != own, name_of(grant.line), grant.line.id)):
        count = min(grant.count, covered)
        covered -= count
        if count:
            yield grant.line, count


def _bridges(counts: Counter[tuple[str, ...]]) -> tuple[Bridge, ...]:
    return tuple(sorted(counts.items()))


def _certificate(proof: Proof) -> Certificate:
    return Certificate(proof.required, proof.owned, proof.short, proof.deployments, proof.counted, proof.indivisible)
