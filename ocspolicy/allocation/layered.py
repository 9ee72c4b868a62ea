"""Both sides of the optimum from transportation problems alone, which often meet.

From below: each layer alone, where a unit that serves several layers costs each of them its share of one
unit. Any assignment costs every layer at least that, so the sum is a bound, for all objectives at once
because they are compared one after the other. From above: layer after layer, in several orders, where what
a unit serves of later layers is taken from their need. Where the two are equal, the assignment is proved
best. Where each unit serves one node only they always are, and one transportation problem is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from math import lcm
from typing import NamedTuple

from .component import Component, Outcome, nested
from .flow import Arcs, Flow, bits, transport

_ALL_ORDERS = 3


class Score(NamedTuple):
    """The objectives in their order, the least first; `cost` weighs units against those not of first choice."""

    uncovered: int
    cost: int
    groups: tuple[int, ...]


class Layer(NamedTuple):
    """A layer alone: the lots' arcs into it and its best flow."""

    arcs: Arcs
    flow: Flow


class Layered:
    """A component seen layer by layer.

    `ranks` are its groups in order, `unit` is the weight of a unit in a score's cost, `layers` hold each
    layer alone.
    """

    def __init__(self, component: Component) -> None:
        self.component = component
        self.numbers = sorted(set(component.layer))
        widest = max((len(link.nodes) for row in component.links for link in row), default=1)
        self.unit = lcm(*range(1, 1 + widest)) * (sum(component.need) + 1)
        self.ranks = sorted(set(component.group))
        by_rank = dict.fromkeys(self.ranks, 0)
        for node, group in enumerate(component.group):
            by_rank[group] |= 1 << node
        self.groups = list(by_rank.values())
        self.single = widest == 1
        sets = [set(self.numbers)] if self.single else [{number} for number in self.numbers]
        self.layers = [self._alone(numbers) for numbers in sets]

    def _alone(self, numbers: set[int]) -> Layer:
        arcs = self._arcs(numbers, set(self.numbers))
        need = self._need(self.component.need, numbers)
        return Layer(arcs, transport(self.component.supply, need, arcs, self.groups))

    def _need(self, need: list[int] | tuple[int, ...], numbers: set[int]) -> list[int]:
        return [units if layer in numbers else 0 for units, layer in zip(need, self.component.layer, strict=True)]

    def _arcs(self, into: set[int], sharing: set[int]) -> Arcs:
        """Give the arcs into some layers, where the layers of `sharing` share the cost of a unit."""
        layer = self.component.layer
        arcs = []
        for row in self.component.links:
            costs: dict[int, int] = {}
            for link in row:
                share = 0
                for node, first in zip(link.nodes, link.first, strict=True):
                    if layer[node] in into:
                        share = share or self.unit // sum([layer[other] in sharing for other in link.nodes])
                        cost = share + (not first)
                        costs[cost] = costs.get(cost, 0) | 1 << node
            arcs.append(sorted(costs.items()))
        return arcs

    @property
    def deficit(self) -> int:
        """What the layers lack when each is looked at alone; no assignment leaves less uncovered."""
        return sum(sum(layer.flow.open) for layer in self.layers)

    def bound(self) -> Score:
        """Give what no assignment can go below."""
        cost = 0
        for arcs, flow in self.layers:
            for node, into in enumerate(flow.into):
                for lot, units in into.items():
                    cost += units * next(price for price, mask in arcs[lot] if mask >> node & 1)
        left = [sum(units) for units in zip(*(layer.flow.open for layer in self.layers), strict=True)]
        return Score(sum(left), cost, self._by_group(left))

    def _by_group(self, left: list[int]) -> tuple[int, ...]:
        return tuple(sum(left[node] for node in bits(mask)) for mask in self.groups)

    def assignments(self) -> Iterator[tuple[Score, Outcome]]:
        """Yield assignments that are likely to be good, or the best if units serve one node only."""
        if self.single:
            flow = self.layers[0].flow
            rows = enumerate(self.component.links)
            flows = tuple(tuple(flow.into[link.nodes[0]].get(lot, 0) for link in row) for lot, row in rows)
            yield self.bound(), Outcome(flows)
            return
        for order in self._orders():
            if found := self._in_order(order):
                yield found

    def _orders(self) -> list[tuple[int, ...]]:
        if len(self.numbers) <= _ALL_ORDERS:
            return list(permutations(self.numbers))
        turns = [tuple(self.numbers[k:] + self.numbers[:k]) for k in range(len(self.numbers))]
        return turns + [turn[::-1] for turn in turns]

    def _in_order(self, order: tuple[int, ...]) -> tuple[Score, Outcome] | None:
        links = self.component.links
        left, supply = list(self.component.need), list(self.component.supply)
        places = [{node: place for place, link in enumerate(row) for node in link.nodes} for row in links]
        flows = [[0] * len(row) for row in links]
        for position, number in enumerate(order):
            arcs = self._arcs({number}, set(order[position:]))
            flow = transport(supply, self._need(left, {number}), arcs, self.groups)
            supply = flow.left
            for node, into in enumerate(flow.into):
                for lot, units in into.items():
                    place = places[lot][node]
                    flows[lot][place] += units
                    for served in links[lot][place].nodes:
                        left[served] -= units
            if min(left) < 0:
                return None
        return self._scored(flows, left)

    def _scored(self, flows: list[list[int]], left: list[int]) -> tuple[Score, Outcome] | None:
        cost = 0
        used: dict[int, set[tuple[int, ...]]] = {}
        for row, units in zip(self.component.links, flows, strict=True):
            for link, count in zip(row, units, strict=True):
                if count:
                    cost += count * (self.unit + link.first.count(False))
                    used.setdefault(self.component.places[link.nodes[0]][0], set()).add(link.nodes)
        if not all(nested(kinds) for kinds in used.values()):
            return None
        return Score(sum(left), cost, self._by_group(left)), Outcome(tuple(map(tuple, flows)))
