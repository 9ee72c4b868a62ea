"""Problems to be assigned, small and large, and brute force: every way to hand out the units of a small one is tried."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from hypothesis import strategies as st

from ocspolicy.allocation import Allocation, Ask, Asker, Serves, allocate


class Problem(NamedTuple):
    askers: list[Asker]
    lots: list[int]
    serves: dict[tuple[int, int], Serves]

    def solve(self) -> Allocation:
        return allocate(self.askers, self.lots, self.serves)


class Objectives(NamedTuple):
    """In their order, the least first."""

    uncovered: int
    units: int
    not_first: int
    groups: tuple[tuple[int, int], ...]


Member = tuple[int, int]
"""What a member has: the asks covered, and those covered by a unit of their first choice, as bits."""


def problem(
    askers: Iterable[tuple[int, Iterable[tuple[int, int]]]], lots: Iterable[tuple[int, dict[int, tuple[int, ...]]]]
) -> Problem:
    """Write a problem: askers as (count, (layer, group) ...), lots as (count, {asker: asks}), all first choice."""
    lots = list(lots)
    return Problem(
        [Asker(count, tuple(Ask(*ask) for ask in asks)) for count, asks in askers],
        [count for count, _ in lots],
        {
            (lot, asker): Serves(asks, (True,) * len(asks))
            for lot, (_, row) in enumerate(lots)
            for asker, asks in row.items()
        },
    )


def best(of: Problem) -> Objectives:
    states = {tuple(((0, 0),) * asker.count for asker in of.askers): 0}
    for lot, count in enumerate(of.lots):
        rows = [(asker, _bits(how)) for (one, asker), how in of.serves.items() if one == lot]
        for _ in range(count):
            states = _handed_out(states, rows)
    return min(_objectives(of, state, units) for state, units in states.items())


def _handed_out(
    states: dict[tuple[tuple[Member, ...], ...], int], rows: list[tuple[int, Member]]
) -> dict[tuple[tuple[Member, ...], ...], int]:
    """Give one more unit to anybody or to nobody; equal states are one, with the fewest units."""
    after = dict(states)
    for state, units in states.items():
        for asker, got in rows:
            for member in set(state[asker]):
                larger = member[0] | got[0], member[1] | got[1]
                members = sorted([*state[asker], larger])
                members.remove(member)
                new = (*state[:asker], tuple(members), *state[asker + 1 :])
                after[new] = min(after.get(new, units + 1), units + 1)
    return after


def _bits(how: Serves) -> Member:
    return (
        sum(1 << ask for ask in how.asks),
        sum(1 << ask for ask, first in zip(how.asks, how.first, strict=True) if first),
    )


def _objectives(of: Problem, state: tuple[tuple[Member, ...], ...], units: int) -> Objectives:
    groups = Counter({ask.group: 0 for asker in of.askers for ask in asker.asks})
    first = covered = 0
    for asker, members in zip(of.askers, state, strict=True):
        for has, firsts in members:
            covered += has.bit_count()
            first += firsts.bit_count()
            groups.update(ask.group for bit, ask in enumerate(asker.asks) if not has >> bit & 1)
    return Objectives(groups.total(), units, covered - first, tuple(sorted(groups.items())))


def reached(of: Problem, allocation: Allocation) -> Objectives:
    """Hand the grants out in the way that covers what the allocation says; there must be one."""
    used = Counter[int]()
    for grant in allocation.grants:
        assert grant.count > 0
        assert (grant.lot, grant.asker) in of.serves
        used[grant.lot] += grant.count
    assert tuple(used[lot] for lot in range(len(of.lots))) == allocation.used
    assert all(units <= count for units, count in zip(allocation.used, of.lots, strict=True))
    state = tuple(_distributed(of, allocation, asker) for asker in range(len(of.askers)))
    return _objectives(of, state, sum(allocation.used))


def _distributed(of: Problem, allocation: Allocation, asker: int) -> tuple[Member, ...]:
    ways = {((0, 0),) * of.askers[asker].count}
    for grant in allocation.grants:
        got = _bits(of.serves[grant.lot, asker]) if grant.asker == asker else (0, 0)
        for _ in range(grant.count if grant.asker == asker else 0):
            ways = {
                tuple(sorted([*way[:k], (way[k][0] | got[0], way[k][1] | got[1]), *way[k + 1 :]]))
                for way in ways
                for k in range(len(way))
            }
    asks = range(len(of.askers[asker].asks))
    fitting = [
        way
        for way in ways
        if tuple(sum(not has >> ask & 1 for has, _ in way) for ask in asks) == allocation.uncovered[asker]
    ]
    assert fitting, "no way to hand out the grants covers what the allocation says"
    return max(fitting, key=lambda way: sum(firsts.bit_count() for _, firsts in way))


def totals(of: Problem, allocation: Allocation) -> tuple[int, int, tuple[tuple[int, int], ...]]:
    """What can be told of a problem of any size: uncovered, units used, uncovered in each group."""
    groups = Counter[int]({ask.group: 0 for asker in of.askers for ask in asker.asks})
    for asker, row in zip(of.askers, allocation.uncovered, strict=True):
        for ask, units in zip(asker.asks, row, strict=True):
            groups[ask.group] += units
    return groups.total(), sum(allocation.used), tuple(sorted(groups.items()))


def only(of: Problem, asks: frozenset[tuple[int, int]]) -> int:
    """The fewest of some asks that any assignment leaves uncovered."""
    serves = {}
    for (lot, asker), how in of.serves.items():
        kept = [(ask, first) for ask, first in zip(how.asks, how.first, strict=True) if (asker, ask) in asks]
        serves[lot, asker] = Serves(tuple(ask for ask, _ in kept), tuple(first for _, first in kept))
    others = sum(
        asker.count
        for number, asker in enumerate(of.askers)
        for ask in range(len(asker.asks))
        if (number, ask) not in asks
    )
    return best(of._replace(serves=serves)).uncovered - others


@st.composite
def problems(draw: st.DrawFn, classes: int = 3, lots: int = 4, layers: int = 3) -> Problem:
    """Draw small problems: lots with a scope that serve some layers, now and then anything."""
    rank = draw(st.permutations(range(2 * layers)))
    bundles = st.sets(st.integers(0, layers - 1), min_size=1)
    askers = []
    for _ in range(draw(st.integers(1, classes))):
        asks = [Ask(layer, rank[2 * layer + draw(st.integers(0, 1))]) for layer in sorted(draw(bundles))]
        askers.append(Asker(draw(st.integers(0, 2)), tuple(asks)))
    counts = draw(st.lists(st.integers(0, 2), min_size=1, max_size=lots))
    serves = {}
    for lot in range(len(counts)):
        kind = draw(bundles)
        for number in draw(st.sets(st.integers(0, len(askers) - 1), min_size=1)):
            asks = [ask for ask, one in enumerate(askers[number].asks) if one.layer in kind]
            if draw(st.integers(0, 5)) == 0:
                asks = [ask for ask in range(len(askers[number].asks)) if draw(st.booleans())]
            serves[lot, number] = Serves(tuple(asks), tuple(draw(st.booleans()) for _ in asks))
    return Problem(askers, counts, serves)


def overlapping(seed: int, members: int = 2) -> Problem:
    """Members who ask for three things, and units that serve any of them in any combination."""
    draw = random.Random(seed)  # noqa: S311 -- cases, not secrets
    rank = draw.sample(range(6), 6)
    askers = [
        Asker(draw.randint(1, members), tuple(Ask(layer, rank[2 * layer + draw.randrange(2)]) for layer in range(3)))
        for _ in range(draw.randint(1, 3))
    ]
    lots = [draw.randint(1, 2) for _ in range(draw.randint(2, 5))]
    serves = {}
    for lot in range(len(lots)):
        for asker in range(len(askers)):
            asks = tuple(ask for ask in range(3) if draw.random() < 0.6)
            serves[lot, asker] = Serves(asks, tuple(draw.random() < 0.5 for _ in asks))
    return Problem(askers, lots, serves)


def estate(seed: int, size: int, tight: float = 0.9) -> Problem:
    """Classes in one or two of twenty places, lots for some places that serve one layer or both."""
    draw = random.Random(seed)  # noqa: S311 -- cases, not secrets
    places = [sorted({draw.randrange(20), draw.randrange(20)}) for _ in range(size)]
    askers = [
        Asker(draw.randint(1, 500), tuple(Ask(layer, 2 * at[0] + layer) for layer in range(draw.randint(1, 2))))
        for at in places
    ]
    asked = sum(asker.count * len(asker.asks) for asker in askers)
    lots, serves = [], {}
    for lot in range(size):
        kind = draw.choice([(0,), (1,), (0, 1)])
        scope = set(draw.sample(range(20), draw.randint(1, 4)))
        lots.append(draw.randint(1, int(2 * tight * asked / size / len(kind))))
        for number, at in enumerate(places):
            asks = tuple(ask for ask in kind if ask < len(askers[number].asks))
            if asks and not scope.isdisjoint(at):
                serves[lot, number] = Serves(asks, tuple(len(kind) == 1 for _ in asks))
    return Problem(askers, lots, serves)


def triangles(number: int, members: int = 1) -> Problem:
    """Triangles of classes that any two suites of three would cover; all triangles share the suites.

    In each triangle each layer has one lot that reaches two of the three classes. Half a suite for
    everybody covers everything; whole suites do so only where a triangle gets two of them.
    """
    askers, lots, serves = list[Asker](), list[int](), {}
    for triangle in range(number):
        at = 3 * triangle
        askers += [Asker(members, tuple(Ask(layer, layer) for layer in range(3)))] * 3
        for layer, (a, b, c) in enumerate([(at, at + 1, at + 2), (at + 1, at + 2, at), (at, at + 2, at + 1)]):
            for reach in ((a, b), (c,)):
                serves.update({(len(lots), asker): Serves((layer,), (True,)) for asker in reach})
                lots.append(members)
    serves.update({(len(lots), asker): Serves((0, 1, 2), (True,) * 3) for asker in range(3 * number)})
    return Problem(askers, [*lots, 3 * number * members // 2], serves)
