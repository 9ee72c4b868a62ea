"""From merged classes and lots back to those of the input: who gets what, in input order."""

from __future__ import annotations

from collections.abc import Sequence

from .component import Component, Link, Merged, Outcome, kinds_of
from .values import Asker, Grant

Span = tuple[int, int]
Block = tuple[tuple[Link, ...], int, bool]


class Spread:
    """Collects who gets what; the members of a merged class are numbered through its askers in input order."""

    def __init__(self, merged: Merged, askers: Sequence[Asker], lots: int) -> None:
        self.merged = merged
        self.stocks = [[[lot, units] for lot, units in reversed(stock)] for stock in merged.stocks]
        self.granted: dict[tuple[int, int], int] = {}
        self.used = [0] * lots
        self.uncovered = [[0] * len(asker.asks) for asker in askers]

    def add(self, component: Component, outcome: Outcome) -> None:
        """Hand out the units of one component, to the first members first."""
        unserved = [[(0, need)] for need in component.need]
        patterns: dict[int, list[Block]] = {}
        for number, links, members in outcome.patterns:
            patterns.setdefault(number, []).append((links, members, True))
        for number, kinds in kinds_of(component).items():
            given = {
                kind: [(lot, outcome.flows[lot][place]) for lot, place in places] for kind, places in kinds.items()
            }
            spans = _lay(unserved, _blocks(given, patterns.get(number, [])))
            for kind, where in spans.items():
                self._grant(component, given[kind], self._by_asker(number, where))
        for node, (number, ask) in enumerate(component.places):
            for asker, members in self._by_asker(number, unserved[node]):
                self.uncovered[asker][ask] += members

    @property
    def grants(self) -> tuple[Grant, ...]:
        """All that was handed out, sorted."""
        return tuple(Grant(lot, asker, units) for (lot, asker), units in sorted(self.granted.items()))

    def _by_asker(self, number: int, spans: list[Span]) -> list[tuple[int, int]]:
        counts, start = [], 0
        for asker, count in self.merged.classes[number]:
            end = start + count
            members = sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
            if members:
                counts.append((asker, members))
            start = end
        return counts

    def _grant(self, component: Component, given: list[tuple[int, int]], takers: list[tuple[int, int]]) -> None:
        """Hand the units of one kind, lot by lot, to the askers that take them, one after the other."""
        waiting = [[asker, members] for asker, members in reversed(takers)]
        for place, units in given:
            parts, left = self.stocks[component.names[place]], units
            while left:
                part, taker = parts[-1], waiting[-1]
                moved = min(left, part[1], taker[1])
                key = part[0], taker[0]
                self.granted[key] = self.granted.get(key, 0) + moved
                self.used[part[0]] += moved
                left -= moved
                part[1] -= moved
                taker[1] -= moved
                if not part[1]:
                    parts.pop()
                if not taker[1]:
                    waiting.pop()


def _blocks(given: dict[Link, list[tuple[int, int]]], patterns: list[Block]) -> list[Block]:
    """List what members get at once: the patterns, then each kind left by itself, the widest first."""
    rest = {kind: sum(units for _, units in lots) for kind, lots in given.items()}
    for links, members, _ in patterns:
        for link in links:
            rest[link] -= members
    widest_first = sorted(rest, key=lambda kind: -len(kind.nodes))
    return patterns + [((kind,), rest[kind], False) for kind in widest_first if rest[kind]]


def _lay(unserved: list[list[Span]], blocks: list[Block]) -> dict[Link, list[Span]]:
    """Choose members for each block, and take them from those that are still unserved, node by node.

    Patterns go to members of their own. What remains is nested, so all nodes of a kind are unserved in the
    same members when its turn comes.
    """
    spans: dict[Link, list[Span]] = {}
    taken = 0
    for links, members, apart in blocks:
        where = [(taken, taken + members)] if apart else _first(unserved[links[0].nodes[0]], members)
        taken += members if apart else 0
        for link in links:
            spans.setdefault(link, []).extend(where)
            for node in link.nodes:
                for span in where:
                    unserved[node] = _without(unserved[node], span)
    return spans


def _first(spans: list[Span], members: int) -> list[Span]:
    found = []
    for start, end in spans:
        if not members:
            break
        stop = min(end, start + members)
        found.append((start, stop))
        members -= stop - start
    return found


def _without(spans: list[Span], gone: Span) -> list[Span]:
    pieces = []
    for start, end in spans:
        pieces += [(a, b) for a, b in ((start, min(end, gone[0])), (max(start, gone[1]), end)) if a < b]
    return pieces
