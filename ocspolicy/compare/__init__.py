"""The same estate under the terms of two products: what each needs, and which facts make the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..catalog import Product
from ..estate import Estate
from ..finding import Report
from ..place import Location
from ..position import Position
from ..position.uncounted import Uncounted, uncounted
from ..verdict import Judgement
from .rows import BalanceRow, NeedRow, Reference, balances, needs
from .servers import Asked, Pair, pairs
from .terms import Difference, Side, differences
from .uses import Here, Uses, counted, uses

__all__ = ["Asked", "BalanceRow", "Change", "Comparison", "NeedRow", "Reference", "ServerChange", "Side", "compare"]


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that differs, and what here it touches: nothing where `uses` is 0 and `names` empty."""

    of: Difference
    uses: Uses

    @property
    def here(self) -> bool:
        """Whether it touches anything that is there."""
        return bool(self.uses.number or self.uses.names)


@dataclass(frozen=True, slots=True)
class ServerChange:
    """Servers that need other licenses under the other product, all alike; `number` counts their instances."""

    before: tuple[Asked, ...]
    after: tuple[Asked, ...]
    number: int
    names: tuple[str, ...]
    locations: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both judgements side by side. `assumed` names the servers whose edition nobody states."""

    before: Product
    after: Product
    needs: tuple[NeedRow, ...]
    balances: tuple[BalanceRow, ...]
    servers: tuple[ServerChange, ...]
    changes: tuple[Change, ...]
    assumed: tuple[str, ...]
    uncounted: tuple[Uncounted, Uncounted]
    reports: tuple[Report, Report]


def compare(before: Judgement, after: Judgement, products: tuple[Product, Product]) -> Comparison | None:
    """Compare two judgements of the same documents; None where either could not judge at all."""
    if before.estate is None or after.estate is None or before.position is None or after.position is None:
        return None
    here = _here(before.estate, after.estate, before.position, after.position, products)
    changes = tuple(_changes(here))
    rows = needs(here, [it.of for it in changes if it.here])
    return Comparison(
        before=products[0],
        after=products[1],
        needs=rows,
        balances=balances((before.report, after.report), rows, [it.of for it in changes if it.here], here),
        servers=tuple(_servers(here.servers)),
        changes=changes,
        assumed=tuple(sorted({*_assumed(before.estate), *_assumed(after.estate)})),
        uncounted=(uncounted(before.estate), uncounted(after.estate)),
        reports=(before.report, after.report),
    )


def _here(before: Estate, after: Estate, one: Position, other: Position, products: tuple[Product, Product]) -> Here:
    return Here(products, before, pairs(before, after), (one.all_needs, other.all_needs))


def _changes(here: Here) -> Iterator[Change]:
    for of in differences(*here.products, here.estate):
        yield Change(of, uses(of, here))


def _servers(found: tuple[Pair, ...]) -> Iterator[ServerChange]:
    """Put together the servers whose need changes in the same way."""
    alike: dict[tuple[tuple[Asked, ...], tuple[Asked, ...]], list[Pair]] = {}
    for pair in found:
        if pair.changes:
            alike.setdefault((pair.asked_before, pair.asked_after), []).append(pair)
    for (before, after), mine in alike.items():
        servers = [pair.before for pair in mine]
        names = tuple(counted(it.name, it.count) for it in servers)
        places = tuple(it.node.location for it in servers)
        yield ServerChange(before, after, sum(it.count for it in servers), names, places)


def _assumed(estate: Estate) -> Iterator[str]:
    """Name the servers that count under the lowest edition because neither they nor their pool state one."""
    for deployment in estate.deployments:
        editions = {pool.name: pool.edition for pool in deployment.pools}
        for server in deployment.servers:
            stated = server.model.edition or editions.get(server.pool or "")
            if server.edition is not None and stated is None:
                yield f"{server.name} ({deployment.name})"
