"""What a shape cannot say: names that must be unique, keys that go together, references that must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..errors import Problem, near_misses
from ..place import folded
from ..source import Node

if TYPE_CHECKING:
    from . import Placed
    from .deployment import Deployment, Group
    from .inventory import LicenseInventory


def deployment_problems(placed: Placed[Deployment]) -> Iterator[Problem]:
    """Find what contradicts itself inside one deployment."""
    model, root = placed
    servers = [root.at(("servers", index)) for index in range(len(model.servers))]
    for index, pool in enumerate(model.pools):
        servers += [root.at(("pools", index, "servers", number)) for number in range(len(pool.servers))]
    pools = [root.at(("pools", index)) for index in range(len(model.pools))]
    groups = [root.at(("users", index)) for index in range(len(model.users))]
    yield from _doubled("server", "name", servers)
    yield from _doubled("pool", "name", pools)
    yield from _doubled("group", "group", groups)
    yield from _dangling("pool", groups, "pool", [pool.name for pool in model.pools])
    yield from _dangling("server", servers, "standsInFor", [node.items["name"].text for node in servers])
    for group, node in zip(model.users, groups, strict=True):
        yield from _group_problems(group, node)


def inventory_problems(placed: Placed[LicenseInventory]) -> Iterator[Problem]:
    """Find lines whose days are in the wrong order."""
    for index, line in enumerate(placed.model.licenses):
        if line.valid_from and line.valid_until and line.valid_from > line.valid_until:
            node = placed.node.at(("licenses", index, "validUntil"))
            found = f"found validUntil {line.valid_until} before validFrom {line.valid_from}"
            message = f"{found}, expected it on or after that day"
            yield Problem("input", message, node.location)


def doubled_deployments(deployments: Iterable[Placed[Deployment]]) -> Iterator[Problem]:
    """Find deployments of the same name, in whatever files; the problem stands at each name but the first."""
    yield from _doubled("deployment", "name", [placed.node.items["metadata"] for placed in deployments])


def doubled_lines(inventories: Iterable[Placed[LicenseInventory]]) -> Iterator[Problem]:
    """Find inventory lines of the same id, in whatever files."""
    lines = [line for placed in inventories for line in placed.node.items["licenses"].elements]
    yield from _doubled("inventory line", "id", [line for line in lines if "id" in line.items])


def _doubled(what: str, key: str, nodes: list[Node]) -> Iterator[Problem]:
    first: dict[str, Node] = {}
    for node in nodes:
        name = node.items[key]
        before = first.setdefault(folded(name.text), name)
        if before is not name:
            message = (
                f"found {what} '{name.text}' again, expected a unique {key}; the first stands at {before.location}"
            )
            yield Problem("input", message, name.location)


def _dangling(what: str, nodes: list[Node], key: str, names: list[str]) -> Iterator[Problem]:
    known = {folded(name) for name in names}
    for node in nodes:
        reference = node.items.get(key)
        if reference is not None and folded(reference.text) not in known:
            message = f"found {key} '{reference.text}', expected the name of a {what} of this deployment"
            yield Problem("input", message + near_misses(reference.text, names), reference.location)


def _group_problems(group: Group, node: Node) -> Iterator[Problem]:
    given = [key for key in ("count", "members", "from") if key in node.items]
    if len(given) != 1:
        found = "none of them" if not given else " and ".join(f"'{key}'" for key in given)
        message = f"found {found} in group '{group.group}', expected exactly one of count, members, from"
        yield Problem("input", message, node.location)
    if group.license_by == "device" and group.devices is None:
        message = (
            f"found 'licenseBy: device' without 'devices' in group '{group.group}', expected how many devices there are"
        )
        yield Problem("input", message, node.items["licenseBy"].location)
    if group.license_by == "user" and group.devices is not None:
        message = f"found 'devices' in group '{group.group}', expected 'licenseBy: device' with it"
        yield Problem("input", message, node.keys["devices"].location)
