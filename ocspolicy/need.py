"""Measures who or what asks for which license kinds; driven by the catalog alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .catalog import Feature, Product, Role
from .estate import Estate, Group, Holders, Policy, Server
from .place import folded
from .source import Node


class Kind(NamedTuple):
    """What a license is of: `license` such as `server` or `user-cal`, `edition` an edition or CAL tier.

    `edition` is None where the product has none, or where any edition serves.
    """

    product: str
    license: str
    edition: str | None


class Subject(NamedTuple):
    """A server or group that raises a need, and the deployment it belongs to."""

    deployment: str
    name: str
    node: Node


class Ask(NamedTuple):
    """One thing that every member of a need asks for.

    `deployment` is the one that it counts in. `first` is the kind asked for first, where several may serve.
    `facts` are the roles or features of the catalog that say so.
    """

    kind: Kind
    first: Kind
    deployment: str
    facts: tuple[Role | Feature, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """`count` instances, people or devices that ask for the same: `holder` is instance, user or device.

    `reach` are the deployments whose licenses can serve them, `server` the folded name of an instance's server.
    """

    count: int
    holder: str
    asks: tuple[Ask, ...]
    subjects: tuple[Subject, ...]
    reach: frozenset[str]
    server: str | None = None


def measure(estate: Estate) -> tuple[Need, ...]:
    """Measure the needs of an estate: of servers by deployment and name, then of holders."""
    needs = [need for server in estate.servers if server.counts and (need := server_need(server, estate.policy))]
    needs += [need for holders in estate.holders if (need := holders_need(holders, estate.policy))]
    return tuple(needs)


def counted_roles(server: Server, policy: Policy) -> Iterator[Role]:
    """Give the roles for which each instance needs a license of its own."""
    decided = policy.undetermined or {}
    for role in server.roles:
        counts = role.licensing == "counted" or (
            role.licensing == "undetermined" and decided.get(role.id) == "counted"
        )
        if counts and role.license is not None:
            yield role


def server_need(server: Server, policy: Policy) -> Need | None:
    """Measure one server, whatever its state: one license of each kind that its roles ask for (P 13, P 14)."""
    by_license: dict[tuple[str, str], list[Role]] = {}
    for role in counted_roles(server, policy):
        if role.license is not None:
            by_license.setdefault((role.license_product or server.product.id, role.license), []).append(role)
    asks = []
    for (product, license_id), roles in sorted(by_license.items()):
        own = product == server.product.id and any(role.edition != "none" for role in roles)
        edition = server.edition if own else None
        kind = Kind(product, license_id, edition)
        asks.append(Ask(kind, kind, server.deployment, tuple(roles)))
    if not asks:
        return None
    subject = Subject(server.deployment, server.name, server.node)
    reach = frozenset([folded(server.deployment)])
    return Need(server.count, "instance", tuple(asks), (subject,), reach, folded(server.name))


def holders_need(holders: Holders, policy: Policy) -> Need | None:
    """Measure people or devices: the base CAL, and each tier that their features need, of each product version."""
    if not holders.authenticated or not (holders.internal or policy.external_authenticated == "count"):
        return None
    groups = [group for group in holders.groups if group.by_device == holders.by_device]
    holder = "device" if holders.by_device else "user"
    asks: list[Ask] = []
    for product_id in sorted({group.product.id for group in groups}):
        of_product = [group for group in groups if group.product.id == product_id]
        asks += _asks(of_product, holder, policy)
    subjects = tuple(Subject(group.deployment, group.name, group.node) for group in groups)
    reach = frozenset(folded(group.deployment) for group in holders.groups)
    return Need(holders.count, holder, tuple(asks), subjects, reach)


def _asks(groups: list[Group], holder: str, policy: Policy) -> Iterator[Ask]:
    product = groups[0].product
    deployment = min((group.deployment for group in groups), key=lambda name: (folded(name), name))
    features = {feature.id: feature for group in groups for feature in group.features}
    for tier, because in tiers(product, features.values(), policy):
        kind = Kind(product.id, product.cal(holder), tier)
        yield Ask(kind, kind, deployment, because)
    for feature in features.values():
        if feature.licensing == "license" and feature.license is not None:
            kind = Kind(product.id, feature.license, None)
            yield Ask(kind, kind, deployment, (feature,))


def tiers(
    product: Product, features: Iterable[Feature], policy: Policy
) -> list[tuple[str, tuple[Feature, ...]]]:
    """Name the CAL tiers that a holder of these features needs, base first, each with the features that ask."""
    decided = policy.undetermined or {}
    asking: dict[str, list[Feature]] = {}
    for feature in sorted(features, key=lambda feature: feature.id):
        tier = feature.tier if feature.licensing == "tier" else decided.get(feature.id)
        if feature.licensing in {"tier", "undetermined"} and tier is not None and product.tier(tier) is not None:
            asking.setdefault(tier, []).append(feature)
    return [(tier.id, tuple(asking.get(tier.id, ()))) for tier in product.close_tiers(asking)]
