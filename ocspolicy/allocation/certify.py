"""Certificates: sets of asks that show by counting why so much stays uncovered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .component import Component
from .flow import bits, shortage
from .layered import Layered


class Shown(NamedTuple):
    """A set of nodes, and what its lots can serve of it at most."""

    nodes: frozenset[int]
    lots: tuple[int, ...]
    required: int
    owned: int


def count(component: Component, nodes: Iterable[int]) -> list[Shown]:
    """Count a set of nodes against its lots, apart for each part that shares no lot with another.

    A lot serves at most its units times the most nodes of the set that one member gets from a unit, and at
    most what the nodes in its reach can take. Both hold whatever the assignment.
    """
    inside = set(nodes)
    reach: list[tuple[int, set[int], int]] = []
    parent = {node: node for node in inside}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for lot, row in enumerate(component.links):
        served = [inside.intersection(link.nodes) for link in row]
        touched = set().union(*served)
        if touched:
            reach.append((lot, touched, max(map(len, served))))
            for node in touched:
                parent[root(node)] = root(next(iter(touched)))
    parts: dict[int, list[int]] = {}
    for node in sorted(inside):
        parts.setdefault(root(node), []).append(node)
    shown = []
    for key, members in parts.items():
        lots = [(lot, touched, most) for lot, touched, most in reach if root(next(iter(touched))) == key]
        required = sum(component.need[node] for node in members)
        owned = sum(
            min(component.supply[lot] * most, sum(component.need[node] for node in touched))
            for lot, touched, most in lots
        )
        shown.append(Shown(frozenset(members), tuple(lot for lot, _, _ in lots), required, min(required, owned)))
    return shown


def by_layer(component: Component, layered: Layered) -> list[Shown]:
    """Show what each layer alone lacks, from the smallest minimum cut of its flow."""
    return [
        shown
        for layer in layered.layers
        if any(layer.flow.open)
        for shown in count(component, bits(shortage(layer.flow, layer.arcs)))
    ]


def jointly(component: Component, layered: Layered, weights: list[int]) -> list[Shown]:
    """Choose the best of what the layers show alone and what the nodes above each weight show together.

    `weights` are the marginal values of the nodes in the relaxed problem; where they are all 0 or 1, the set
    of the ones shows as much as the relaxation does.
    """
    best = by_layer(component, layered)
    for weight in sorted({weight for weight in weights if weight > 0}):
        nodes = (node for node, value in enumerate(weights) if value >= weight)
        shown = [part for part in count(component, nodes) if part.required > part.owned]
        if _short(shown) > _short(best):
            best = shown
    return best


def _short(shown: list[Shown]) -> int:
    return sum(part.required - part.owned for part in shown)
