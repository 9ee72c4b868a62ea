"""A component as an integer program, small because it counts members and not assignments to each of them.

Variables, all whole and not negative: units of a lot that go to a class as one kind (what they serve, and
whether as first choice); members of a class who get one *pattern*, which is a kind that serves several
nodes, or, where such kinds overlap, any set of them none of which is superfluous; members left unserved.
Rows: a lot gives no more than it has; each node is served by a unit of its own, by a pattern or not at all;
patterns of a kind need as many units of it; overlapping patterns go to different members. Once the patterns
are whole numbers the rest is a transportation problem, which has whole solutions by itself.
"""

from __future__ import annotations

from typing import NamedTuple

from .component import Component, Link, Outcome, kinds_of
from .layered import nested


class Column(NamedTuple):
    """A variable: its cost, the rows in which it counts 1, and the row (or -1) in which it counts -1."""

    cost: int
    rows: tuple[int, ...]
    minus: int = -1


class Weights(NamedTuple):
    """The objectives as one number each, so far apart that a lower one never outweighs a higher one."""

    unserved: int
    unit: int
    not_first: int
    group: dict[int, int]


class Program(NamedTuple):
    """Minimize cost; each row with its slack variable adds up to its `right` side.

    `slack` are the costs of the slack variables: those of a node are the members left unserved. `meaning`
    tells for each column the (lot, place) of its flow, or the (class, kinds) of its pattern, or both.
    """

    right: list[int]
    slack: list[int]
    columns: list[Column]
    meaning: list[tuple[tuple[int, tuple[Link, ...]] | None, tuple[tuple[int, int], ...]]]
    weights: Weights
    nodes_at: int


def weigh(component: Component) -> Weights:
    """Choose the weights: each greater than all that the objectives below it can add up to."""
    size: dict[int, int] = {}
    for need, group in zip(component.need, component.group, strict=True):
        size[group] = size.get(group, 0) + need
    weight, group_weight = 1, {}
    for group in sorted(size, reverse=True):
        group_weight[group] = weight
        weight *= size[group] + 1
    not_first = weight
    unit = not_first * (sum(component.need) + 1)
    return Weights(unit * (sum(component.supply) + 1), unit, not_first, group_weight)


def patterns_of(kinds: list[Link], most: int) -> list[tuple[Link, ...]]:
    """List the sets of kinds of which none is superfluous; at most `most` of them, or OverflowError."""
    if nested({kind.nodes for kind in kinds}):
        return [(kind,) for kind in kinds]
    found: list[tuple[Link, ...]] = []
    level: list[tuple[Link, ...]] = [()]
    while level:
        grown = []
        for pattern in level:
            after = kinds.index(pattern[-1]) + 1 if pattern else 0
            grown += [(*pattern, kind) for kind in kinds[after:] if _needed((*pattern, kind))]
            if len(found) + len(grown) > most:
                raise OverflowError
        found += grown
        level = grown
    return found


def _needed(pattern: tuple[Link, ...]) -> bool:
    """Tell whether each kind serves a node that no other kind of the pattern serves."""
    return all(
        set(kind.nodes).difference(*(other.nodes for other in pattern if other is not kind)) for kind in pattern
    )


def build(component: Component, most_patterns: int) -> Program:
    """Write a component as a program.

    Raises:
        OverflowError: if its kinds overlap in more than `most_patterns` ways.
    """
    weights = weigh(component)
    lots = len(component.supply)
    program = Program(
        right=[*component.supply, *component.need],
        slack=[0] * lots + [weights.unserved + weights.group[group] for group in component.group],
        columns=[],
        meaning=[],
        weights=weights,
        nodes_at=lots,
    )
    for number, kinds in kinds_of(component).items():
        for kind, places in kinds.items():
            if len(kind.nodes) == 1:
                cost = weights.unit + weights.not_first * (not kind.first[0])
                for lot, place in places:
                    _column(program, cost, (lot, lots + kind.nodes[0]), meaning=(None, ((lot, place),)))
        several = {kind: places for kind, places in kinds.items() if len(kind.nodes) > 1}
        if several:
            _patterns(program, component, number, several, most_patterns)
    return program


def _patterns(
    program: Program,
    component: Component,
    number: int,
    kinds: dict[Link, list[tuple[int, int]]],
    most: int,
) -> None:
    """Add the patterns of a class; a kind that only one lot has needs no row and no flow of its own."""
    weights, base = program.weights, program.nodes_at
    ports: dict[Link, int] = {}
    for kind, places in kinds.items():
        if len(places) > 1:
            ports[kind] = _row(program, 0)
            for lot, place in places:
                _column(program, weights.unit, (lot,), ports[kind], (None, ((lot, place),)))
    overlapping = not nested({kind.nodes for kind in kinds})
    members = component.need[next(iter(kinds)).nodes[0]]
    apart = (_row(program, members),) if overlapping else ()
    for pattern in patterns_of(list(kinds), most):
        served: dict[int, bool] = {}
        for kind in pattern:
            for node, first in zip(kind.nodes, kind.first, strict=True):
                served[node] = served.get(node, False) or first
        direct = tuple(kinds[kind][0] for kind in pattern if kind not in ports)
        rows = [ports[kind] if kind in ports else kinds[kind][0][0] for kind in pattern]
        cost = weights.unit * len(direct) + weights.not_first * list(served.values()).count(False)
        rows = (*rows, *(base + node for node in served), *apart)
        _column(program, cost, rows, meaning=((number, pattern) if overlapping else None, direct))


def _row(program: Program, right: int) -> int:
    program.right.append(right)
    program.slack.append(0)
    return len(program.right) - 1


def _column(program, cost, rows, minus=-1, meaning=None):
    program.columns.append(Column(cost, rows, minus))
    program.meaning.append(meaning)


def outcome(component: Component, program: Program, values: list[int]) -> Outcome:
    """Read the flows and patterns from the values of the columns."""
    flows = [[0] * len(row) for row in component.links]
    patterns = []
    for value, (pattern, places) in zip(values, program.meaning, strict=True):
        if value:
            for lot, place in places:
                flows[lot][place] += value
            if pattern:
                patterns.append((*pattern, value))
    return Outcome(tuple(map(tuple, flows)), tuple(patterns))
