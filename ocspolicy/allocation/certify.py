"""Certificates: sets of nodes that show by counting why so much stays uncovered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .component import Component, Link, Merged, Outcome, kinds_of
from .flow import bits, shortage
from .layered import Layered
from .values import Certificate


class Shown(NamedTuple):
    """A set of nodes, its lots, what the set needs and what the lots can serve of it at most.

    `most` tells for each lot how much of the set one unit and the whole lot can serve.
    """

    nodes: frozenset[int]
    lots: tuple[int, ...]
    required: int
    owned: int
    most: tuple[tuple[int, int], ...]
    indivisible: int = 0


def count(component: Component, nodes: Iterable[int]) -> list[Shown]:
    """Count a set of nodes against its lots, apart for each part that shares no lot with another.

    A lot serves at most its units times the most nodes of the set that one member gets from a unit, and at
    most what the nodes in its reach can take. Both hold whatever the assignment.
    """
    inside = set(nodes)
    parent = {node: node for node in inside}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    reach: list[tuple[int, set[int], int]] = []
    for lot, row in enumerate(component.links):
        served = [inside.intersection(link.nodes) for link in row]
        touched = set().union(*served)
        if touched:
            reach.append((lot, touched, max(map(len, served))))
            one = next(iter(touched))
            for node in touched:
                parent[root(node)] = root(one)
    parts: dict[int, tuple[list[int], list[int], list[tuple[int, int]]]] = {}
    for node in sorted(inside):
        parts.setdefault(root(node), ([], [], []))[0].append(node)
    for lot, touched, most in reach:
        _, lots, owned = parts[root(next(iter(touched)))]
        lots.append(lot)
        owned.append((most, min(component.supply[lot] * most, sum(component.need[node] for node in touched))))
    shown = []
    for members, lots, owned in parts.values():
        required = sum(component.need[node] for node in members)
        total = min(required, sum(served for _, served in owned))
        shown.append(Shown(frozenset(members), tuple(lots), required, total, tuple(owned)))
    return shown


def by_layer(layered: Layered) -> list[Shown]:
    """Show what each layer alone lacks, from the smallest minimum cut of its flow."""
    return [
        shown
        for arcs, flow in layered.layers
        if any(flow.open)
        for shown in count(layered.component, bits(shortage(flow, arcs)))
    ]


def jointly(layered: Layered, weights: Sequence[int]) -> list[Shown]:
    """Choose the best of what the layers show alone and what the nodes above some weight show together.

    Sets without a common node may be added up, whatever lots they share: each bounds what its own nodes lack.
    `weights` are the marginal values of the nodes in the relaxed problem; where they are all 0 or 1, the set
    of the ones shows as much as the relaxation does.
    """
    component = layered.component
    alone = best = by_layer(layered)
    for weight in sorted({weight for weight in weights if weight > 0}):
        nodes = [node for node, value in enumerate(weights) if value >= weight]
        shown = [part for part in count(component, nodes) if part.required > part.owned]
        told = frozenset[int]().union(*(part.nodes for part in shown))
        shown += [part for part in alone if told.isdisjoint(part.nodes)]
        if _short(shown) > _short(best):
            best = shown
    return best


def complete(layered: Layered, shown: list[Shown], uncovered: Sequence[int]) -> list[Shown]:
    """Say what stays uncovered beyond what the sets show, and add sets for nodes that they leave out."""
    component = layered.component
    told = frozenset[int]().union(*(part.nodes for part in shown))
    for number in layered.numbers:
        rest = [node for node, layer in enumerate(component.layer) if layer == number and node not in told]
        if any(uncovered[node] for node in rest):
            parts = count(component, rest)
            shown = shown + [part for part in parts if any(uncovered[node] for node in part.nodes)]
    return [
        part._replace(indivisible=sum(uncovered[node] for node in part.nodes) - part.required + part.owned)
        for part in shown
    ]


def lacking(component: Component, outcome: Outcome) -> list[int]:
    """Count for each node the members whom nothing serves."""
    left = list(component.need)
    together: dict[Link, int] = {}
    for _, links, members in outcome.patterns:
        for node in frozenset[int]().union(*(link.nodes for link in links)):
            left[node] -= members
        for link in links:
            together[link] = together.get(link, 0) + members
    for kinds in kinds_of(component).values():
        for kind, places in kinds.items():
            units = sum(outcome.flows[lot][place] for lot, place in places) - together.get(kind, 0)
            for node in kind.nodes:
                left[node] -= units
    return left


def certificate(component: Component, merged: Merged, shown: Shown) -> Certificate:
    """Write a set of nodes in the numbers of the input."""
    places = [component.places[node] for node in shown.nodes]
    lots = sorted(_divided(component, merged, shown))
    return Certificate(
        asks=frozenset((asker, ask) for number, ask in places for asker, _ in merged.classes[number]),
        lots=tuple(lot for lot, _ in lots),
        required=shown.required,
        owned=shown.owned,
        short=shown.required - shown.owned,
        layers=tuple(sorted({component.layer[node] for node in shown.nodes})),
        indivisible=shown.indivisible,
        most=tuple(most for _, most in lots),
    )


def _divided(component: Component, merged: Merged, shown: Shown) -> Iterator[tuple[int, int]]:
    """Give each lot of the input its part of what equal lots together can serve."""
    for name, (each, most) in zip(shown.lots, shown.most, strict=True):
        left = most
        for lot, units in merged.stocks[component.names[name]]:
            part = min(units * each, left)
            left -= part
            yield lot, part


def _short(shown: list[Shown]) -> int:
    return sum(part.required - part.owned for part in shown)
