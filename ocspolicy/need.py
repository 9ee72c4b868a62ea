"""Measures who or what asks for which license kinds; driven by the catalog alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .catalog import ExternalUsers, Feature, License, Product, Role, Tier
from .estate import Estate, Group, Holders, Policy, Server
from .finding import Certainty
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
    `facts` are the roles or features of the catalog that say so, and what it says of external people; `tier` is the CAL
    tier that is asked for.
    """

    kind: Kind
    first: Kind
    deployment: str
    facts: tuple[Role | Feature | ExternalUsers, ...]
    tier: Tier | None = None

    @property
    def disputed(self) -> bool:
        """Whether the need would not stand without disputed facts."""
        counted = [fact.certainty for fact in self.facts if isinstance(fact, ExternalUsers)]
        uses = [fact.certainty for fact in self.facts if not isinstance(fact, ExternalUsers)]
        # That someone external counts at all comes before what they use.
        return Certainty.DISPUTED in counted or (bool(uses) and all(it is Certainty.DISPUTED for it in uses))


class Need(NamedTuple):
    """`count` instances, people or devices that ask for the same: `holder` is instance, user or device.

    `reach` are the deployments whose licenses can serve them, `server` the folded name of an instance's server;
    `external` is whether they are external people only, `met` names all groups in which these people are met (folded
    names of deployment and group).
    """

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a record for
    holder: str
    asks: tuple[Ask, ...]
    subjects: tuple[Subject, ...]
    reach: frozenset[str]
    server: str | None = None
    external: bool = False
    met: frozenset[tuple[str, str]] = frozenset()


def measure(
    estate: Estate, connected: frozenset[str] = frozenset(), invited: frozenset[str] = frozenset()
) -> tuple[Need, ...]:
    """Measure the needs of an estate: of servers by deployment and name, then of holders.

    Args:
        connected: folded names of the deployments whose external people External Connectors cover.
        invited: folded names of those whose external people ask for the CALs that all others leave over (25, 26).
    """
    needs = [need for server in estate.servers if server.counts and (need := server_need(server, estate.policy))]
    needs += [need for holders in estate.holders if (need := holders_need(holders, estate.policy, connected, invited))]
    return tuple(needs)


def counted_roles(server: Server, policy: Policy) -> Iterator[tuple[Role, License]]:
    """Give the roles for which each instance needs a license of its own, and the kind it needs."""
    decided = policy.undetermined or {}
    for role in server.roles:
        if role.licensing == "counted" and role.license is not None:
            license_ = server.product.license(role.license)
        elif role.licensing == "undetermined" and decided.get(role.id) == "counted":
            license_ = main_license(server.product)
        else:
            continue
        if license_ is not None:
            yield role, license_


def main_license(product: Product) -> License | None:
    """Give the license kind of a product's servers: the first that a running instance holds."""
    return next((kind for kind in product.licenses if "instance" in kind.holders), None)


def cal(product: Product, holder: str) -> License | None:
    """Give the CAL kind of a product for a `user` or a `device`."""
    return product.cal(holder)


def server_need(server: Server, policy: Policy) -> Need | None:
    """Measure one server, whatever its state: one license of each kind that its roles ask for (P 13, P 14)."""
    by_license: dict[str, tuple[License, list[Role]]] = {}
    for role, license_ in counted_roles(server, policy):
        by_license.setdefault(license_.id, (license_, []))[1].append(role)
    asks = [
        _ask(
            server.product,
            license_,
            _edition(server, license_, roles),
            server.deployment,
            roles,
        )
        for _, (license_, roles) in sorted(by_license.items())
    ]
    if not asks:
        return None
    subject = Subject(server.deployment, server.name, server.node)
    reach = frozenset([folded(server.deployment)])
    return Need(server.count, "instance", tuple(asks), (subject,), reach, folded(server.name))


def _edition(server: Server, license_: License, roles: Iterable[Role]) -> str | None:
    """Give the edition that a license must serve: only a role that requires one takes it from the pool."""
    required = any(role.edition == "required" for role in roles)
    stated = server.edition if required else server.model.edition
    return stated if stated is not None and license_.edition(stated) is not None else None


def _ask(
    product: Product,
    license_: License,
    edition: str | None,
    deployment: str,
    facts: Iterable[Role | Feature | ExternalUsers],
) -> Ask:
    lowest = license_.editions[0].id if license_.editions else None
    first = Kind(product.id, license_.id, edition or lowest)
    tier = product.tier(edition) if edition is not None and license_.tiered else None
    return Ask(Kind(product.id, license_.id, edition), first, deployment, tuple(facts), tier)


def policy_decides(group: Group) -> bool:
    """Tell whether it is the policy that says if external people of a group count (4)."""
    return group.product.external_users.licensing in {"included-unless-authenticated", "undetermined"}


def terms_decide(product: Product) -> bool:
    """Tell whether the terms themselves ask CALs or External Connectors for external people (25, 26)."""
    return product.external_users.licensing == "connector-or-cal"


def needs_cals(group: Group, policy: Policy) -> bool:
    """Tell whether the people or devices of a group ask for CALs at all."""
    counted = group.internal or (policy_decides(group) and policy.external_authenticated == "count")
    return counted and group.authenticated


def holders_need(
    holders: Holders, policy: Policy, connected: frozenset[str] = frozenset(), invited: frozenset[str] = frozenset()
) -> Need | None:
    """Measure people or devices: the base CAL, and each tier that their features need, of each product version."""
    met = holders.groups
    if not holders.internal:
        counted = policy.external_authenticated == "count"
        asking = (it for it in met if folded(it.deployment) not in connected)
        met = tuple(it for it in asking if (counted and policy_decides(it)) or _is_invited(it, invited))
    groups = [group for group in met if group.by_device == holders.by_device]
    holder = "device" if holders.by_device else "user"
    asks: list[Ask] = []
    for product_id in sorted({group.product.id for group in groups}):
        mine = [group for group in groups if group.product.id == product_id]
        if not holders.internal and terms_decide(mine[0].product):
            asks += _external_asks(mine, holder)
            continue
        # Access that nobody authenticates asks for nothing, whatever the same person does elsewhere (S 3).
        if any(group.authenticated for group in mine):
            terms = () if holders.internal else (mine[0].product.external_users,)
            asks += (ask._replace(facts=(*ask.facts, *terms)) for ask in _holder_asks(mine, holder, policy))
    if not asks:
        return None
    subjects = tuple(Subject(group.deployment, group.name, group.node) for group in groups)
    reach = frozenset(folded(group.deployment) for group in holders.groups)
    names = frozenset((folded(group.deployment), folded(group.name)) for group in holders.groups)
    return Need(holders.count, holder, tuple(asks), subjects, reach, external=not holders.internal, met=names)


def _is_invited(group: Group, invited: frozenset[str]) -> bool:
    return folded(group.deployment) in invited and terms_decide(group.product)


def _external_asks(groups: list[Group], holder: str) -> Iterator[Ask]:
    """Ask for the base CAL alone, in the first deployment by name."""
    product = groups[0].product
    kind, tier = cal(product, holder), product.base_tier
    if kind is not None and tier is not None:
        deployment = min((group.deployment for group in groups), key=lambda name: (folded(name), name))
        yield _ask(product, kind, tier.id, deployment, (product.external_users,))


def _holder_asks(groups: list[Group], holder: str, policy: Policy) -> Iterator[Ask]:
    product = groups[0].product
    deployment = min((group.deployment for group in groups), key=lambda name: (folded(name), name))
    features = sorted({feature.id: feature for group in groups for feature in group.features}.items())
    kind = cal(product, holder)
    if kind is not None:
        for tier, because in tiers(product, [feature for _, feature in features], policy):
            yield _ask(product, kind, tier, deployment, because)
    for _, feature in features:
        own = product.license(feature.license) if feature.licensing == "license" and feature.license else None
        if own is not None:
            yield _ask(product, own, None, deployment, (feature,))


def tiers(product: Product, features: Iterable[Feature], policy: Policy) -> list[tuple[str, tuple[Feature, ...]]]:
    """Name the CAL tiers that a holder of these features needs, base first, each with the features that ask."""
    decided = policy.undetermined or {}
    asking: dict[str, list[Feature]] = {}
    for feature in features:
        tier = decided.get(feature.id) if feature.licensing == "undetermined" else feature.tier
        if tier is not None:
            asking.setdefault(tier, []).append(feature)
    return [(tier, tuple(asking.get(tier, ()))) for tier in product.tiers_for((), also=sorted(asking))]
