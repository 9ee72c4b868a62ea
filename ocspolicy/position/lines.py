"""Questions about inventory lines: what they reach, and why one can serve nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..estate import Deployment, Estate, Line, Server
from ..need import main_license, server_need
from ..place import folded
from ..source import Node
from ..supply import too_old


class Misassigned(NamedTuple):
    """A server name to which units of a line are assigned in vain; `declared` is whether a server bears it."""

    name: str
    declared: bool
    node: Node


def reached(line: Line, estate: Estate) -> tuple[Deployment, ...]:
    """Give the deployments in which a line counts."""
    return tuple(it for it in estate.deployments if line.reaches(frozenset([folded(it.name)])))


def absent(line: Line, estate: Estate) -> tuple[Node, ...]:
    """Give the names in a line's scope that no judged deployment bears."""
    if line.scope is None or line.scope <= estate.names:
        return ()
    names = line.node.at(("scope", "deployments")).elements
    return tuple(name for name in names if folded(name.text) not in estate.names)


def beyond(line: Line, estate: Estate) -> bool:
    """Tell whether a line may also count in deployments that are not judged, since only part of the root is."""
    return not estate.whole_root and (line.scope is None or bool(absent(line, estate)))


def old_cals(line: Line, estate: Estate) -> bool:
    """Tell whether a line in force holds CALs that are too old for every deployment in scope (P 10)."""
    kind = line.product.license(line.license) if line.product else None
    return line.in_force and kind is not None and kind.tiered and too_old(line, estate)


def old_servers(line: Line, estate: Estate) -> bool:
    """Tell whether a line in force holds server licenses that are too old for every deployment in scope (D 10)."""
    main = main_license(line.product) if line.product else None
    return line.in_force and main is not None and main.id == line.license and too_old(line, estate)


def redundant(line: Line, estate: Estate) -> bool:
    """Tell whether the terms of the deployments in scope include what a line buys, and no other needs it."""
    terms = [deployment.product.license(line.license) for deployment in reached(line, estate)]
    known = [kind.redundant for kind in terms if kind is not None]
    return line.product is not None and bool(known) and all(known)


def is_connector(line: Line) -> bool:
    """Tell whether a line holds licenses that cover the external users of a deployment."""
    kind = line.product.license(line.license) if line.product else None
    return kind is not None and "deployment" in kind.holders


def unneeded_connector(line: Line, estate: Estate) -> bool:
    """Tell whether a line holds External Connectors that no deployment in scope has a use for (4, 25 to 27)."""
    return is_connector(line) and not any(_wants(deployment, line) for deployment in reached(line, estate))


def _wants(deployment: Deployment, line: Line) -> bool:
    terms = deployment.product.external_users
    if terms.license != line.license or terms.licensing == "included":
        return False
    external = (group for group in deployment.groups if not group.internal)
    return any(group.authenticated or terms.licensing == "connector-or-cal" for group in external)


def misassigned(
    line: Line, estate: Estate, named: Mapping[str, Sequence[Server]], lacking: Collection[tuple[str, str]]
) -> Iterator[Misassigned]:
    """Give the servers to which a line is assigned though none in scope bears the name, or none needs it.

    Args:
        named: the servers of each folded name.
        lacking: deployment and name (both folded) of the cold standbys that would need a license (P 21).
    """
    if not line.assigned_to or not line.in_force or not reached(line, estate):
        return
    # Where only part of a tree is judged, the scope names what may declare the server.
    elsewhere = not estate.whole_root and bool(absent(line, estate))
    written = line.node.at(("assignedTo",)).elements
    for name in line.assigned_to:
        node = next(it for it in written if folded(it.text) == name)
        bearers = [it for it in named.get(name, ()) if line.reaches(frozenset([folded(it.deployment)]))]
        if not bearers and not elsewhere:
            yield Misassigned(node.text, declared=False, node=node)
        elif bearers and not any(_may_need(server, line, estate, lacking) for server in bearers):
            yield Misassigned(node.text, declared=True, node=node)


def _may_need(server: Server, line: Line, estate: Estate, lacking: Collection[tuple[str, str]]) -> bool:
    """Tell whether a server needs a license of a line's kind, today or from its start on, or it is unsettled."""
    if server.model.state == "retired":
        return False
    if server.stands_by and (folded(server.deployment), folded(server.name)) not in lacking:
        return False
    need = server_need(server, estate.policy)
    if need is not None:
        return any(ask.kind.license == line.license for ask in need.asks)
    return any(role.licensing == "undetermined" and not estate.policy.decides(role) for role in server.roles)
