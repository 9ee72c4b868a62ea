"""The transportation problem: lots serve nodes one unit for one, as many as possible, then at least cost.

A successive-shortest-path method. Few costs differ, so each lot keeps for each cost the set of nodes it can
serve as the bits of one integer: a search step then treats hundreds of arcs in one operation, and a dense
problem costs little more than a sparse one. Distances from the lots decide the cost; within one distance the
groups are filled in the order of their rank, which makes the outcome exact for the ranks as well, since
the distance to a group that can be filled no further never falls again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

Arcs = Sequence[Sequence[tuple[int, int]]]


class Flow(NamedTuple):
    """`into[node]` maps a lot to the units it gives; `open` is what each node still needs; `left` what lots have."""

    into: list[dict[int, int]]
    open: list[int]
    left: list[int]


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits set, from the lowest."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def transport(supply: Sequence[int], need: Sequence[int], arcs: Arcs, groups: Sequence[int]) -> Flow:
    """Serve the most of `need`, at the least cost, the nodes of earlier groups first.

    Args:
        supply: units of each lot.
        need: units that each node can take.
        arcs: for each lot the (cost, mask of nodes) it serves; costs are 0 or more.
        groups: masks of nodes in the order in which they are to be filled; together they are all nodes.
    """
    flow = Flow([{} for _ in need], list(need), list(supply))
    search = _Search(flow, arcs)
    while search.nearest():
        for group in groups:
            while search.layer(group):
                search.fill()
    return flow


def shortage(flow: Flow, arcs: Arcs) -> int:
    """Give the least set of nodes (a mask) that lacks as many units as the flow leaves open.

    It is the source side of the smallest minimum cut, so it is the same for every maximum flow: the nodes
    that some maximum flow leaves open.
    """
    servers: list[list[int]] = [[] for _ in flow.open]
    gives: list[int] = [0] * len(flow.left)
    for lot, costs in enumerate(arcs):
        for _, mask in costs:
            for node in bits(mask):
                servers[node].append(lot)
    for node, lots in enumerate(flow.into):
        for lot in lots:
            gives[lot] |= 1 << node
    found = sum(1 << node for node, lacking in enumerate(flow.open) if lacking)
    waiting, reached = found, set[int]()
    while waiting:
        grown = 0
        for node in bits(waiting):
            for lot in servers[node]:
                if lot not in reached:
                    reached.add(lot)
                    grown |= gives[lot]
        waiting = grown & ~found
        found |= grown
    return found


class _Search:
    def __init__(self, flow: Flow, arcs: Arcs) -> None:
        self.into, self.open, self.left = flow
        self.arcs = arcs
        self.lot_price = [0] * len(self.left)
        self.node_price = [0] * len(self.open)
        self.sink_price = 0
        self.tight: list[int] = []
        self.targets = 0

    def nearest(self) -> bool:
        """Raise the prices to the distances from the lots with units left; False when no need is in reach."""
        frontier = [lot for lot, units in enumerate(self.left) if units]
        lot_at, node_at = dict.fromkeys(frontier, 0), dict[int, int]()
        ahead: dict[int, int] = {}
        alike = self._by_price()
        seen, distance, end = 0, 0, -1
        while True:
            self._look_ahead(frontier, distance, ~seen, alike, ahead)
            distance = min(ahead, default=end)
            if not ahead or 0 <= end <= distance:
                break
            new = ahead.pop(distance) & ~seen
            seen |= new
            frontier = []
            for node in bits(new):
                node_at[node] = distance
                if self.open[node]:
                    to_sink = distance + self.node_price[node] - self.sink_price
                    end = to_sink if end < 0 else min(end, to_sink)
                frontier += [lot for lot in self.into[node] if lot not in lot_at]
                lot_at.update((lot, distance) for lot in frontier if lot not in lot_at)
        if end >= 0:
            self._raise(lot_at, node_at, end)
        return end >= 0

    def _look_ahead(
        self, frontier: list[int], distance: int, fresh: int, alike: dict[int, int], ahead: dict[int, int]
    ) -> None:
        """Note at which distances from the frontier fresh nodes are."""
        for lot in frontier:
            base = distance + self.lot_price[lot]
            for cost, mask in self.arcs[lot]:
                for price, nodes in alike.items():
                    if new := mask & nodes & fresh:
                        key = base + cost - price
                        ahead[key] = ahead.get(key, 0) | new

    def _by_price(self) -> dict[int, int]:
        alike: dict[int, int] = {}
        for node, price in enumerate(self.node_price):
            alike[price] = alike.get(price, 0) | 1 << node
        return alike

    def _raise(self, lot_at: dict[int, int], node_at: dict[int, int], end: int) -> None:
        for lot in range(len(self.left)):
            self.lot_price[lot] += min(lot_at.get(lot, end), end)
        for node in range(len(self.open)):
            self.node_price[node] += min(node_at.get(node, end), end)
        self.sink_price += end
        alike = self._by_price()
        self.tight = [
            sum(mask & alike.get(price + cost, 0) for cost, mask in costs)
            for price, costs in zip(self.lot_price, self.arcs, strict=True)
        ]
        nodes = alike.get(self.sink_price, 0)
        self.targets = sum(1 << node for node in bits(nodes) if self.open[node])

    def layer(self, group: int) -> bool:
        """Find by breadth how the group's open nodes can be reached on arcs of no reduced cost."""
        self.wanted = self.targets & group
        if not self.wanted:
            return False
        self.forward: dict[int, int] = {}
        self.back: dict[int, list[int]] = {}
        self.sources = [lot for lot, units in enumerate(self.left) if units]
        seen, frontier, reached = 0, self.sources, set(self.sources)
        while frontier:
            grown = 0
            for lot in frontier:
                self.forward[lot] = mask = self.tight[lot] & ~seen
                grown |= mask
            seen |= grown
            if grown & self.wanted:
                return True
            frontier = []
            for node in bits(grown):
                self.back[node] = lots = [lot for lot in self.into[node] if lot not in reached]
                frontier += lots
            frontier = list(dict.fromkeys(frontier))
            reached.update(frontier)
        return False

    def fill(self) -> None:
        """Send units by depth along the layers until none gets through (Dinic's blocking flow)."""
        for source in self.sources:
            path, nodes = [source], list[int]()
            while self.left[source]:
                lot = path[-1]
                mask = self.forward[lot]
                if mask:
                    node = (mask & -mask).bit_length() - 1
                    if self.wanted >> node & 1:
                        self._send(path, [*nodes, node])
                        path, nodes = [source], []
                    elif lots := self.back.get(node):
                        nodes.append(node)
                        path.append(lots[-1])
                    else:
                        self.forward[lot] ^= 1 << node
                elif nodes:
                    path.pop()
                    self.back[nodes.pop()].pop()
                else:
                    break

    def _send(self, path: list[int], nodes: list[int]) -> None:
        last = nodes[-1]
        units = min(self.left[path[0]], self.open[last])
        for node, lot in zip(nodes, path[1:], strict=False):
            units = min(units, self.into[node][lot])
        for node, lot in zip(nodes, path, strict=True):
            self.into[node][lot] = self.into[node].get(lot, 0) + units
        for node, lot in zip(nodes, path[1:], strict=False):
            self.into[node][lot] -= units
            if not self.into[node][lot]:
                del self.into[node][lot]
                self.back[node].remove(lot)
        self.left[path[0]] -= units
        self.open[last] -= units
        if not self.open[last]:
            self.wanted ^= 1 << last
            self.targets ^= 1 << last
