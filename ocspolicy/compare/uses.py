"""What here each differing fact touches: servers, people, licenses, lines, pools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from ..catalog import Product
from ..estate import Estate, Group, Line
from ..need import Need
from ..place import Location
from ..source import Node
from .servers import Pair, touched
from .terms import Difference


class Uses(NamedTuple):
    """How many servers (instances), people, licenses or pools a fact touches here, and their names and places."""

    number: int
    names: tuple[str, ...]
    locations: tuple[Location, ...]


Needs: TypeAlias = tuple[tuple[Need, ...], tuple[Need, ...]]


class Here(NamedTuple):
    """What is there under both products; `estate` is that of either, as far as both have it alike."""

    products: tuple[Product, Product]
    estate: Estate
    servers: tuple[Pair, ...]
    needs: Needs


def uses(of: Difference, here: Here) -> Uses:
    """Say what a differing fact touches."""
    return _READERS[of.kind](of.id, here)


def counted(name: str, count: int) -> str:
    """Name a server and how many instances it stands for, where those are several."""
    return name if count == 1 else f"{name} ({count:,})"


def _uses(number: int, named: Iterable[tuple[str, Node]]) -> Uses:
    found = {id(node): (name, node) for name, node in named}
    names = tuple(name for name, _ in found.values())
    return Uses(number, names, tuple(node.location for _, node in found.values()))


def _role(name: str, here: Here) -> Uses:
    found = [pair.before for pair in touched(name, here.servers, here.estate.policy)]
    return _uses(sum(it.count for it in found), ((counted(it.name, it.count), it.node) for it in found))


def _feature(name: str, here: Here) -> Uses:
    """Count the people and devices of all groups that use a feature, each once."""
    groups = [it for it in here.estate.groups if name in it.model.features]
    people = (
        holders.count
        for holders in here.estate.holders
        if any(name in it.model.features for it in holders.groups if it.by_device == holders.by_device)
    )
    return _uses(sum(people), _named(groups))


def _external(_name: str, here: Here) -> Uses:
    outside = [holders for holders in here.estate.people if not holders.internal]
    groups = [group for holders in outside for group in holders.groups]
    return _uses(sum(holders.count for holders in outside), _named(groups))


def _license(name: str, here: Here) -> Uses:
    """Count what is asked for at most, and what is owned."""
    lines = [it for it in here.estate.lines if it.suite is None and it.license == name]
    asked = (sum(it.count for it in needs for ask in it.asks if ask.kind.license == name) for needs in here.needs)
    return _uses(max(*asked, sum(it.quantity for it in lines)), _lines(lines))


def _tier(name: str, here: Here) -> Uses:
    asked = (
        sum(it.count for it in needs if it.holder != "instance" and any(ask.kind.edition == name for ask in it.asks))
        for needs in here.needs
    )
    return Uses(max(asked), (), ())


def _suite(name: str, here: Here) -> Uses:
    lines = [it for it in here.estate.lines if it.suite is not None and it.suite.id == name]
    return _uses(sum(it.quantity for it in lines), _lines(lines))


def _version(name: str, here: Here) -> Uses:
    lines = [it for it in here.estate.lines if it.product is not None and it.product.id == name]
    return _uses(sum(it.quantity for it in lines), _lines(lines))


def _limit(name: str, here: Here) -> Uses:
    editions = {it.edition for product in here.products for it in product.limits if it.id == name}
    pools = [it for deployment in here.estate.deployments for it in deployment.pools if it.edition in editions]
    return _uses(len(pools), ((it.name, it.node) for it in pools))


def _named(groups: Iterable[Group]) -> Iterator[tuple[str, Node]]:
    return ((it.name, it.node) for it in groups)


def _lines(lines: Iterable[Line]) -> Iterator[tuple[str, Node]]:
    return ((it.name, it.node) for it in lines)


_READERS: Mapping[str, Callable[[str, Here], Uses]] = {
    "role": _role,
    "feature": _feature,
    "external": _external,
    "license": _license,
    "tier": _tier,
    "suite": _suite,
    "version": _version,
    "limit": _limit,
}
