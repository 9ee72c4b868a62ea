"""The input made small: equal lots and equal askers merged, what is unconnected taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .values import Ask, Asker, Serves, Table

_SHIFT = 40


class Link(NamedTuple):
    """What a unit of a lot serves of a class, and for each whether as its first choice.

    Links of a component number the component's nodes; links of merged classes the asks of the class.
    """

    nodes: tuple[int, ...]
    first: tuple[bool, ...]


class Component(NamedTuple):
    """A connected part of the problem.

    Nodes are the asks of merged classes, lots are merged lots, both numbered from 0 in input order.
    `places` tells for each node its class and the ask's index there, `names` for each lot its number among
    the merged lots. `links[lot]` has a link for each class that the lot serves, in order.
    """

    places: tuple[tuple[int, int], ...]
    need: tuple[int, ...]
    layer: tuple[int, ...]
    group: tuple[int, ...]
    names: tuple[int, ...]
    supply: tuple[int, ...]
    links: tuple[tuple[Link, ...], ...]


Parts = tuple[tuple[int, int], ...]
Row = list[tuple[int, Link]]


class Merged(NamedTuple):
    """The whole problem; `classes` and `stocks` hold for each class and lot its (index, count) in the input."""

    classes: tuple[Parts, ...]
    stocks: tuple[Parts, ...]
    components: tuple[Component, ...]


class Outcome(NamedTuple):
    """How a component is served.

    `flows[lot]` tells for each of the lot's links how many units go there. `patterns` lists for the classes
    whose links overlap how many members get several of them at once: (class, links, members).
    """

    flows: tuple[tuple[int, ...], ...]
    patterns: tuple[tuple[int, tuple[Link, ...], int], ...] = ()


def merge(askers: Sequence[Asker], lots: Sequence[int], given: Table) -> Merged:
    """Merge equal lots and askers and split the rest into its connected components.

    Raises:
        ValueError: if a number is negative, or a unit would serve what its class does not ask for or two
            asks of one layer.
    """
    if any(count < 0 for count in lots) or any(asker.count < 0 for asker in askers):
        raise ValueError("a count is negative; counts start at 0")
    rows, kinds = _rows(askers, lots, given)
    alike: dict[tuple[int, ...], int] = {}
    signatures = {row: alike.setdefault(tuple(pairs), len(alike)) for row, pairs in rows.items()}
    nothing = alike.setdefault((), len(alike))
    classes = _alike(
        (index, asker.count, (asker.asks, signatures.get(given.askers[index], nothing)))
        for index, asker in enumerate(askers)
        if asker.count
    )
    columns: dict[int, list[tuple[int, int]]] = {}
    for number, members in enumerate(classes):
        for pair in rows.get(given.askers[members[0][0]], ()):
            columns.setdefault(pair >> _SHIFT, []).append((number, pair & (1 << _SHIFT) - 1))
    shown = {row: tuple(column) for row, column in columns.items()}
    stocks = _alike(
        (lot, units, shown[given.lots[lot]]) for lot, units in enumerate(lots) if units and given.lots[lot] in shown
    )
    merged = [Asker(_total(members), askers[members[0][0]].asks) for members in classes]
    table: list[Row] = [[] for _ in classes]
    for name, stock in enumerate(stocks):
        for number, kind in columns[given.lots[stock[0][0]]]:
            table[number].append((name, kinds[kind]))
    for asker, row in zip(merged, table, strict=True):
        _check(asker.asks, row)
    return Merged(classes, stocks, _split(merged, [_total(stock) for stock in stocks], table))


def kinds_of(component: Component) -> dict[int, dict[Link, list[tuple[int, int]]]]:
    """Group the links of each class by what they are: class -> link -> [(lot, place among its links)]."""
    kinds: dict[int, dict[Link, list[tuple[int, int]]]] = {}
    for lot, row in enumerate(component.links):
        for place, link in enumerate(row):
            of_class = kinds.setdefault(component.places[link.nodes[0]][0], {})
            of_class.setdefault(link, []).append((lot, place))
    return kinds


def nested(kinds: Iterable[tuple[int, ...]]) -> bool:
    """Tell whether any two sets of nodes are disjoint or one within the other.

    Then units can be handed out node by node: no node served more often than there are members means that
    no member is served twice. Overlapping sets have no such rule: {1,2}, {2,3} and {1,3} fit no two members.
    """
    several = [set(kind) for kind in set(kinds) if len(kind) > 1]
    return all(a.isdisjoint(b) or a <= b or b <= a for i, a in enumerate(several) for b in several[:i])


def _rows(askers: Sequence[Asker], lots: Sequence[int], given: Table) -> tuple[dict[int, list[int]], list[Link]]:
    """List for alike askers the lots and kinds as one number each, in order; a kind numbers equal ways to serve."""
    by_value: dict[Serves, int] = {}
    known: dict[Link, int] = {}
    rows: dict[int, list[int]] = {}
    wanted = {given.askers[index] for index, asker in enumerate(askers) if asker.count}
    stocked = {given.lots[index] for index, units in enumerate(lots) if units}
    for (lot, asker), how in given.cells.items():
        if lot not in stocked or asker not in wanted or not how.asks:
            continue
        if how not in by_value:
            pairs = sorted(zip(how.asks, how.first, strict=True))
            link = Link(tuple(ask for ask, _ in pairs), tuple(first for _, first in pairs))
            by_value[how] = known.setdefault(link, len(known))
        rows.setdefault(asker, []).append(lot << _SHIFT | by_value[how])
    for row in rows.values():
        row.sort()
    return rows, list(known)


def _alike(items: Iterable[tuple[int, int, object]]) -> tuple[Parts, ...]:
    """Group (index, count, signature) by signature, in the order of the first of each."""
    alike: dict[object, list[tuple[int, int]]] = {}
    for index, count, signature in items:
        alike.setdefault(signature, []).append((index, count))
    return tuple(map(tuple, alike.values()))


def _total(parts: Parts) -> int:
    return sum(count for _, count in parts)


def _check(bundle: Sequence[Ask], row: Row) -> None:
    for link in {link for _, link in row}:
        if link.nodes[0] < 0 or link.nodes[-1] >= len(bundle):
            raise ValueError("a lot serves an ask that its asker does not have")
        if len({bundle[node].layer for node in link.nodes}) < len(link.nodes):
            raise ValueError("a unit serves two asks of one layer of the same member")


def _split(askers: list[Asker], supply: list[int], table: list[Row]) -> tuple[Component, ...]:
    """Join each lot with all asks that it serves; what is joined makes a component."""
    starts = [0]
    for asker in askers:
        starts.append(starts[-1] + len(asker.asks))
    total = starts[-1]
    parent = list(range(total + len(supply)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = item = parent[parent[item]]
        return item

    for start, row in zip(starts, table, strict=False):
        for lot, link in row:
            for node in link.nodes:
                parent[root(total + lot)] = root(start + node)
    nodes: dict[int, list[tuple[int, int]]] = {}
    for number, asker in enumerate(askers):
        for ask in range(len(asker.asks)):
            nodes.setdefault(root(starts[number] + ask), []).append((number, ask))
    names: dict[int, list[int]] = {}
    for lot in range(len(supply)):
        names.setdefault(root(total + lot), []).append(lot)
    return tuple(_component(places, names.get(key, []), askers, supply, table) for key, places in nodes.items())


def _component(
    places: list[tuple[int, int]],
    names: list[int],
    askers: list[Asker],
    supply: list[int],
    table: list[Row],
) -> Component:
    index = {place: node for node, place in enumerate(places)}
    local = {name: lot for lot, name in enumerate(names)}
    links: list[list[Link]] = [[] for _ in names]
    for number in dict.fromkeys(number for number, _ in places):
        here: dict[Link, Link] = {}
        for name, link in table[number]:
            if name in local:
                if link not in here:
                    here[link] = Link(tuple(index[number, ask] for ask in link.nodes), link.first)
                links[local[name]].append(here[link])
    asks = [askers[number].asks[ask] for number, ask in places]
    return Component(
        places=tuple(places),
        need=tuple(askers[number].count for number, _ in places),
        layer=tuple(ask.layer for ask in asks),
        group=tuple(ask.group for ask in asks),
        names=tuple(names),
        supply=tuple(supply[name] for name in names),
        links=tuple(map(tuple, links)),
    )
