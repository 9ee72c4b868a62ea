"""The input made small: equal lots and equal askers merged, what is unconnected taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .values import Asker, Serves


class Link(NamedTuple):
    """What a unit of a lot serves of a class: nodes of the component, and whether as their first choice."""

    nodes: tuple[int, ...]
    first: tuple[bool, ...]


class Component(NamedTuple):
    """A connected part of the problem.

    Nodes are the asks of merged classes, lots are merged lots, both numbered from 0 in input order.
    `places` tells for each node its class and the ask's index there, `names` for each lot its number among
    the merged lots. `links[lot]` has the classes that the lot serves, in order.
    """

    places: tuple[tuple[int, int], ...]
    need: tuple[int, ...]
    layer: tuple[int, ...]
    group: tuple[int, ...]
    names: tuple[int, ...]
    supply: tuple[int, ...]
    links: tuple[tuple[Link, ...], ...]


class Merged(NamedTuple):
    """The whole problem; `classes` and `stocks` hold for each class and lot its (index, count) in the input."""

    classes: tuple[tuple[tuple[int, int], ...], ...]
    stocks: tuple[tuple[tuple[int, int], ...], ...]
    components: tuple[Component, ...]


class Outcome(NamedTuple):
    """How a component is served.

    `flows[lot]` tells for each of the lot's links how many units go there. `patterns` lists for the classes
    whose links overlap how many members get which links' kinds at once: (class, kinds, members).
    """

    flows: tuple[tuple[int, ...], ...]
    patterns: tuple[tuple[int, tuple[Link, ...], int], ...] = ()


def merge(askers: Sequence[Asker], lots: Sequence[int], serves: Mapping[tuple[int, int], Serves]) -> Merged:
    """Merge equal lots and askers and split the rest into its connected components.

    Raises:
        ValueError: if a number is negative, or a unit would serve what its class does not ask for or two
            asks of one layer.
    """
    if any(count < 0 for count in lots) or any(asker.count < 0 for asker in askers):
        raise ValueError("a count is negative; counts start at 0")
    rows, kinds = _rows(askers, lots, serves)
    columns: list[list[tuple[int, int]]] = [[] for _ in lots]
    for asker, row in enumerate(rows):
        for lot, kind in row:
            columns[lot].append((asker, kind))
    stocks = _alike((lot, lots[lot], tuple(column)) for lot, column in enumerate(columns) if column)
    classes = _alike(
        (i, asker.count, (asker.asks, tuple(rows[i]))) for i, asker in enumerate(askers) if asker.count
    )
    kept = {stock[0][0]: name for name, stock in enumerate(stocks)}
    asks = [askers[members[0][0]].asks for members in classes]
    table = [[(kept[lot], kinds[kind]) for lot, kind in rows[members[0][0]] if lot in kept] for members in classes]
    for bundle, row in zip(asks, table, strict=True):
        _check(bundle, row)
    counts = [sum(count for _, count in members) for members in classes]
    merged = [Asker(count, bundle) for count, bundle in zip(counts, asks, strict=True)]
    supply = [sum(count for _, count in stock) for stock in stocks]
    return Merged(classes, stocks, _split(merged, supply, table))


def kinds_of(component: Component) -> dict[int, dict[Link, list[tuple[int, int]]]]:
    """Group the links of each class by what they serve: class -> kind -> [(lot, place among its links)]."""
    kinds: dict[int, dict[Link, list[tuple[int, int]]]] = {}
    for lot, row in enumerate(component.links):
        for place, link in enumerate(row):
            of_class = kinds.setdefault(component.places[link.nodes[0]][0], {})
            of_class.setdefault(link, []).append((lot, place))
    return kinds


def _rows(
    askers: Sequence[Asker], lots: Sequence[int], serves: Mapping[tuple[int, int], Serves]
) -> tuple[list[list[tuple[int, int]]], list[Link]]:
    """List for each asker its (lot, kind) in order of lots; a kind is a number for equal ways to serve."""
    known: dict[Serves, int] = {}
    kinds: list[Link] = []
    rows: list[list[tuple[int, int]]] = [[] for _ in askers]
    for (lot, asker), how in serves.items():
        if not how.asks or not lots[lot] or not askers[asker].count:
            continue
        kind = known.get(how)
        if kind is None:
            kind = known[how] = len(kinds)
            pairs = sorted(zip(how.asks, how.first, strict=True))
            kinds.append(Link(tuple(ask for ask, _ in pairs), tuple(first for _, first in pairs)))
        rows[asker].append((lot, kind))
    for row in rows:
        row.sort()
    return rows, kinds


def _alike(items: Iterable[tuple[int, int, object]]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Group (index, count, signature) by signature, in the order of the first of each."""
    alike: dict[object, list[tuple[int, int]]] = {}
    for index, count, signature in items:
        alike.setdefault(signature, []).append((index, count))
    return tuple(map(tuple, alike.values()))


def _check(bundle: Sequence[object], row: list[tuple[int, Link]]) -> None:
    for link in {link for _, link in row}:
        if link.nodes[0] < 0 or link.nodes[-1] >= len(bundle):
            raise ValueError("a lot serves an ask that its asker does not have")
        if len({bundle[node].layer for node in link.nodes}) < len(link.nodes):  # type: ignore[attr-defined]
            raise ValueError("a unit serves two asks of one layer of the same member")


def _split(askers: list[Asker], supply: list[int], table: list[list[tuple[int, Link]]]) -> tuple[Component, ...]:
    start = [0]
    for asker in askers:
        start.append(start[-1] + len(asker.asks))
    total = start[-1]
    parent = list(range(total + len(supply)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = item = parent[parent[item]]
        return item

    for base, row in zip(start, table, strict=False):
        for lot, link in row:
            for node in link.nodes:
                parent[root(total + lot)] = root(base + node)
    nodes: dict[int, list[tuple[int, int]]] = {}
    for i, asker in enumerate(askers):
        for ask in range(len(asker.asks)):
            nodes.setdefault(root(start[i] + ask), []).append((i, ask))
    stock: dict[int, list[int]] = {}
    for lot in range(len(supply)):
        stock.setdefault(root(total + lot), []).append(lot)
    return tuple(
        _component(places, stock.get(key, []), askers, supply, table) for key, places in nodes.items()
    )


def _component(
    places: list[tuple[int, int]],
    names: list[int],
    askers: list[Asker],
    supply: list[int],
    table: list[list[tuple[int, Link]]],
) -> Component:
    index = {place: node for node, place in enumerate(places)}
    local = {name: lot for lot, name in enumerate(names)}
    links: list[list[Link]] = [[] for _ in names]
    known: dict[tuple[int, Link], Link] = {}
    for i in dict.fromkeys(i for i, _ in places):
        for name, link in table[i]:
            if name not in local:
                continue
            here = known.get((i, link))
            if here is None:
                here = known[i, link] = Link(tuple(index[i, ask] for ask in link.nodes), link.first)
            links[local[name]].append(here)
    asks = [askers[i].asks[ask] for i, ask in places]
    return Component(
        places=tuple(places),
        need=tuple(askers[i].count for i, _ in places),
        layer=tuple(ask.layer for ask in asks),
        group=tuple(ask.group for ask in asks),
        names=tuple(names),
        supply=tuple(supply[name] for name in names),
        links=tuple(map(tuple, links)),
    )
