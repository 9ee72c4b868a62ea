"""A component as an integer program, small because it counts members and does not tell them apart.

Variables, all whole and not negative: units of a lot that go to a class; members of a class who get one
*pattern*, which is one way to serve several nodes with one unit or, where such ways overlap, any set of
them none of which is superfluous; members whom nothing serves at a node. Rows: a lot gives no more than it
has; at each node every member is served by a unit that serves that node alone, by a pattern or not at all;
a pattern needs its units; overlapping patterns go to different members. Once the patterns are whole numbers
the rest is a transportation problem, whose corners are whole by themselves.
"""

from __future__ import annotations

from typing import NamedTuple

from .component import Component, Link, Outcome, kinds_of, nested

_MOST_PATTERNS = 50_000
_MOST_TRIED = 500_000
_LOT_AND_NODE = 2


class ProgramSizeError(Exception):
    """What can serve a class overlaps in too many ways to write them down."""


class Column(NamedTuple):
    """A variable: its cost, the rows in which it counts 1, the row (or -1) in which it counts -1.

    It stands for a unit at each of `flows`, (lot, place among the lot's links), and for a member of a class
    who gets the links of `pattern` at once, if they overlap.
    """

    cost: int
    rows: tuple[int, ...]
    minus: int
    flows: tuple[tuple[int, int], ...]
    pattern: tuple[int, tuple[Link, ...]] | None = None

    @property
    def decides(self) -> bool:
        """Whether it serves several nodes: once these are whole, all else can be."""
        return len(self.rows) > _LOT_AND_NODE


class Weights(NamedTuple):
    """The objectives as one cost, weighed so far apart that all of the lower never outweigh one of a higher."""

    uncovered: int
    unit: int
    not_first: int
    group: dict[int, int]


class Program(NamedTuple):
    """Minimize the cost; each row with its slack variable adds up to its `right` side.

    Rows are the lots, then the nodes (from row `nodes` on), then others. `slack` are the costs of the slack
    variables: those of a node are the members whom nothing serves there.
    """

    right: list[int]
    slack: list[int]
    columns: list[Column]
    nodes: int

    def row(self, right: int) -> int:
        """Add a row."""
        self.right.append(right)
        self.slack.append(0)
        return len(self.right) - 1


def weigh(component: Component) -> Weights:
    """Choose the weights."""
    size: dict[int, int] = {}
    for need, group in zip(component.need, component.group, strict=True):
        size[group] = size.get(group, 0) + need
    weight, groups = 1, {}
    for group in sorted(size, reverse=True):
        groups[group] = weight
        weight *= size[group] + 1
    unit = weight * (sum(component.need) + 1)
    return Weights(unit * (sum(component.supply) + 1), unit, weight, groups)


def build(component: Component, weights: Weights) -> Program:
    """Write a component as a program.

    Raises:
        ProgramSizeError: if it has too many patterns.
    """
    lots = len(component.supply)
    slack = [0] * lots + [weights.uncovered + weights.group[group] for group in component.group]
    program = Program([*component.supply, *component.need], slack, [], lots)
    patterns = 0
    for number, kinds in kinds_of(component).items():
        for kind, places in kinds.items():
            if len(kind.nodes) == 1:
                cost = weights.unit + weights.not_first * (not kind.first[0])
                program.columns.extend(
                    Column(cost, (lot, lots + kind.nodes[0]), -1, ((lot, place),)) for lot, place in places
                )
        several = {kind: places for kind, places in kinds.items() if len(kind.nodes) > 1}
        if several:
            patterns += _add_patterns(program, weights, number, several)
        if patterns > _MOST_PATTERNS:
            raise ProgramSizeError
    return program


def coverage(program: Program, nodes: int) -> Program:
    """Give the program that only asks for the fewest uncovered.

    Members may be served twice in it, which covers no more and keeps all prices of nodes between 0 and 1.
    """
    rows = range(program.nodes, program.nodes + nodes)
    columns = [column._replace(cost=0) for column in program.columns]
    columns += [Column(0, (), row, ()) for row in rows]
    return Program(program.right, [int(row in rows) for row in range(len(program.slack))], columns, program.nodes)


def outcome(component: Component, program: Program, values: dict[int, int]) -> Outcome:
    """Read how the component is served from the values of the columns that are not 0."""
    flows = [[0] * len(row) for row in component.links]
    patterns = []
    for number, value in sorted(values.items()):
        column = program.columns[number]
        for lot, place in column.flows:
            flows[lot][place] += value
        if column.pattern:
            patterns.append((*column.pattern, value))
    return Outcome(tuple(map(tuple, flows)), tuple(patterns))


def _add_patterns(program: Program, weights: Weights, number: int, kinds: dict[Link, list[tuple[int, int]]]) -> int:
    """Add the patterns of a class and count them; a kind that only one lot has needs no row of its own."""
    ports: dict[Link, int] = {}
    for kind, places in kinds.items():
        if len(places) > 1:
            ports[kind] = port = program.row(0)
            program.columns.extend(Column(weights.unit, (lot,), port, ((lot, place),)) for lot, place in places)
    overlapping = not nested(kind.nodes for kind in kinds)
    node = next(iter(kinds)).nodes[0]
    apart = (program.row(program.right[program.nodes + node]),) if overlapping else ()
    patterns = _patterns(list(kinds)) if overlapping else [(kind,) for kind in kinds]
    for pattern in patterns:
        first: dict[int, bool] = {}
        for kind in pattern:
            for node, is_first in zip(kind.nodes, kind.first, strict=True):
                first[node] = first.get(node, False) or is_first
        flows = tuple(kinds[kind][0] for kind in pattern if kind not in ports)
        program.columns.append(
            Column(
                cost=weights.unit * len(flows) + weights.not_first * list(first.values()).count(False),
                rows=(
                    *(ports.get(kind, kinds[kind][0][0]) for kind in pattern),
                    *(program.nodes + node for node in first),
                    *apart,
                ),
                minus=-1,
                flows=flows,
                pattern=(number, pattern) if overlapping else None,
            )
        )
    return len(patterns)


def _patterns(kinds: list[Link]) -> list[tuple[Link, ...]]:
    """List the sets of kinds of which none is superfluous; whatever is taken from such a set leaves one."""
    found: list[tuple[Link, ...]] = []
    waiting: list[tuple[int, tuple[Link, ...]]] = [(0, ())]
    tried = 0
    for after, pattern in waiting:
        for k in range(after, len(kinds)):
            larger = (*pattern, kinds[k])
            if _needed(larger):
                found.append(larger)
                waiting.append((k + 1, larger))
        tried += len(kinds) - after
        if len(found) > _MOST_PATTERNS or tried > _MOST_TRIED:
            raise ProgramSizeError
    return found


def _needed(pattern: tuple[Link, ...]) -> bool:
    """Tell whether each kind serves a node that no other kind of the pattern serves."""
    return all(set(kind.nodes).difference(*(other.nodes for other in pattern if other is not kind)) for kind in pattern)
