"""Both sides of the optimum from transportation problems alone, which nearly always meet.

From below: each layer alone, where a unit that serves several layers costs each of them its share of one
unit. Any assignment costs every layer at least that, so the sum is a bound, for all objectives at once
because they are compared one after the other. From above: layer after layer, where what a unit serves of
later layers is taken from their need. Where the two are equal, the assignment is proved best.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from math import lcm
from typing import NamedTuple

from .component import Component, Outcome
from .flow import Arcs, Flow, transport

_ALL_ORDERS = 3


class Score(NamedTuple):
    """The objectives in their order, the least first; `cost` weighs units against units not of first choice."""

    uncovered: int
    cost: int
    groups: tuple[int, ...]


class Layer(NamedTuple):
    """A layer alone: the lots' arcs into it and its best flow."""

    number: int
    arcs: Arcs
    flow: Flow


class Layered:
    """A component seen layer by layer."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self.numbers = sorted(set(component.layer))
        self.whole = lcm(*range(1, 1 + max((len(link.nodes) for row in component.links for link in row), default=1)))
        self.heavy = self.whole * (sum(component.need) + 1)
        self.ranks = sorted(set(component.group))
        self.masks = [
            sum(1 << node for node, group in enumerate(component.group) if group == rank) for rank in self.ranks
        ]
        self.layers = [self._alone(number) for number in self.numbers]

    def _alone(self, number: int) -> Layer:
        arcs = self._arcs({number}, set(self.numbers))
        need = [
            units if layer == number else 0
            for units, layer in zip(self.component.need, self.component.layer, strict=True)
        ]
        return Layer(number, arcs, transport(self.component.supply, need, arcs, self.masks))

    def _arcs(self, into: set[int], sharing: set[int]) -> Arcs:
        """Give the arcs into some layers, where the layers of `sharing` share the cost of a unit."""
        layer = self.component.layer
        arcs = []
        for row in self.component.links:
            costs: dict[int, int] = {}
            for link in row:
                share = self.heavy // (sum(layer[node] in sharing for node in link.nodes) or 1)
                for node, first in zip(link.nodes, link.first, strict=True):
                    if layer[node] in into:
                        cost = share + (not first)
                        costs[cost] = costs.get(cost, 0) | 1 << node
            arcs.append(sorted(costs.items()))
        return arcs

    @property
    def deficit(self) -> int:
        """Uncovered needs that the layers show when each is looked at alone."""
        return sum(sum(layer.flow.open) for layer in self.layers)

    def bound(self) -> Score:
        """Give what no assignment can go below."""
        cost = 0
        for layer in self.layers:
            for lot, costs in enumerate(layer.arcs):
                given = {node: into[lot] for node, into in enumerate(layer.flow.into) if lot in into}
                for price, mask in costs if given else ():
                    cost += price * sum(units for node, units in given.items() if mask >> node & 1)
        left = [sum(flow) for flow in zip(*(layer.flow.open for layer in self.layers), strict=True)]
        return Score(sum(left), cost, self._by_group(left))

    def _by_group(self, left: list[int]) -> tuple[int, ...]:
        total = dict.fromkeys(self.ranks, 0)
        for units, group in zip(left, self.component.group, strict=True):
            total[group] += units
        return tuple(total.values())

    def assignments(self) -> Iterator[tuple[Score, Outcome]]:
        """Yield assignments that are likely to be good."""
        if len(self.numbers) <= _ALL_ORDERS:
            orders = list(permutations(self.numbers))
        else:
            turns = [self.numbers[k:] + self.numbers[:k] for k in range(len(self.numbers))]
            orders = [tuple(turn) for turn in turns] + [tuple(turn[::-1]) for turn in turns]
        for order in orders:
            if found := self._in_order(order):
                yield found

    def _in_order(self, order: tuple[int, ...]) -> tuple[Score, Outcome] | None:
        component = self.component
        left, supply = list(component.need), list(component.supply)
        places = [{node: k for k, link in enumerate(row) for node in link.nodes} for row in component.links]
        flows = [[0] * len(row) for row in component.links]
        for position, number in enumerate(order):
            arcs = self._arcs({number}, set(order[position:]))
            need = [units if at == number else 0 for units, at in zip(left, component.layer, strict=True)]
            flow = transport(supply, need, arcs, self.masks)
            supply = flow.left
            for node, into in enumerate(flow.into):
                for lot, units in into.items():
                    place = places[lot][node]
                    flows[lot][place] += units
                    for served in component.links[lot][place].nodes:
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
                    cost += count * (self.heavy + link.first.count(False))
                    used.setdefault(self.component.places[link.nodes[0]][0], set()).add(link.nodes)
        if not all(nested(kinds) for kinds in used.values()):
            return None
        return Score(sum(left), cost, self._by_group(left)), Outcome(tuple(map(tuple, flows)))


def nested(kinds: set[tuple[int, ...]]) -> bool:
    """Tell whether any two sets of nodes are disjoint or one within the other.

    Then units can be handed out node by node: no node served more often than there are members means that
    no member is served twice. Overlapping sets have no such rule: {1,2}, {2,3} and {1,3} fit no two members.
    """
    several = [set(kind) for kind in kinds if len(kind) > 1]
    return all(a.isdisjoint(b) or a <= b or b <= a for i, a in enumerate(several) for b in several[:i])
