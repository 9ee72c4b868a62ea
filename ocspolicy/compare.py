"""The same estate under the terms of two products: what each needs, and which facts make the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .catalog import ExternalUsers, Feature, Product, Role
from .estate import Estate, Group, Server
from .finding import Certainty, Report
from .place import Location
from .position import Position
from .verdict import Judgement


@dataclass(frozen=True, slots=True)
class NeedRow:
    """How many units of a license kind are asked for first under each product, whatever is owned."""

    license: str
    edition: str | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that differs: what it is about, how each product reads it, and what here it touches.

    `kind` is role, feature or external; `uses` counts servers (instances) or people, `names` says which.
    """

    kind: str
    id: str
    name: str
    before: str
    after: str
    uses: int
    names: tuple[str, ...]
    locations: tuple[Location, ...]
    certainty: Certainty
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both judgements side by side. `assumed` names the servers whose edition nobody states."""

    before: Product
    after: Product
    needs: tuple[NeedRow, ...]
    reports: tuple[Report, Report]
    changes: tuple[Change, ...]
    assumed: tuple[str, ...]


def compare(before: Judgement, after: Judgement, products: tuple[Product, Product]) -> Comparison | None:
    """Compare two judgements of the same documents; None where either could not judge at all."""
    if before.estate is None or after.estate is None or before.position is None or after.position is None:
        return None
    changes = [*_roles(before.estate, *products), *_features(before.estate, *products)]
    changes += _external(before.estate, *products)
    assumed = {*_assumed(before.estate), *_assumed(after.estate)}
    return Comparison(
        before=products[0],
        after=products[1],
        needs=tuple(_needs(before.position, after.position)),
        reports=(before.report, after.report),
        changes=tuple(changes),
        assumed=tuple(sorted(assumed)),
    )


def _needs(before: Position, after: Position) -> Iterator[NeedRow]:
    counts = [_asked(before), _asked(after)]
    for license_, edition in sorted({*counts[0], *counts[1]}, key=lambda kind: (kind[0], kind[1] or "")):
        yield NeedRow(license_, edition, counts[0][license_, edition], counts[1][license_, edition])


def _asked(position: Position) -> Counter[tuple[str, str | None]]:
    asked: Counter[tuple[str, str | None]] = Counter()
    for need in position.all_needs:
        for ask in need.asks:
            asked[ask.first.license, ask.first.edition] += need.count
    return asked


def _assumed(estate: Estate) -> Iterator[str]:
    """Name the servers that count under the lowest edition because neither they nor their pool state one."""
    for deployment in estate.deployments:
        editions = {pool.name: pool.edition for pool in deployment.pools}
        for server in deployment.servers:
            stated = server.model.edition or editions.get(server.pool or "")
            if server.edition is not None and stated is None:
                yield f"{server.name} ({deployment.name})"


def _roles(estate: Estate, before: Product, after: Product) -> Iterator[Change]:
    using: dict[str, list[Server]] = {}
    for server in estate.servers:
        for written in server.model.roles:
            role = before.role(written) or after.role(written)
            if server.counts and role is not None:
                using.setdefault(role.id, []).append(server)
    for role_id in _ids(before.roles, after.roles):
        one, other = before.role(role_id), after.role(role_id)
        said = _role_says(one), _role_says(other)
        if said[0] != said[1]:
            servers = list({id(it.node): it for it in using.get(role_id, ())}.values())
            uses = sum(server.count for server in servers)
            names = tuple(_counted(server.name, server.count) for server in servers)
            places = tuple(server.node.location for server in servers)
            yield _change("role", role_id, (one, other), said, uses, names, places)


def _counted(name: str, count: int) -> str:
    return name if count == 1 else f"{name} ({count:,})"


def _role_says(role: Role | None) -> str:
    if role is None or role.licensing == "not-offered":
        return "not offered"
    match role.licensing:
        case "counted":
            return f"each running instance needs a {role.license} license"
        case "additional":
            return "no license of its own, as long as the counted servers are licensed"
        case "free":
            return "no license of its own"
        case "outside":
            return "licensed outside these terms"
    return "the terms do not say"


def _features(estate: Estate, before: Product, after: Product) -> Iterator[Change]:
    using: dict[str, list[Group]] = {}
    for group in estate.groups:
        for written in dict.fromkeys(group.model.features):
            using.setdefault(written, []).append(group)
    for feature_id in _ids(before.features, after.features):
        one, other = before.feature(feature_id), after.feature(feature_id)
        said = _feature_says(one, before), _feature_says(other, after)
        if said[0] != said[1]:
            groups = using.get(feature_id, [])
            names = tuple(group.name for group in groups)
            places = tuple(group.node.location for group in groups)
            yield _change("feature", feature_id, (one, other), said, _people(estate, feature_id), names, places)


def _people(estate: Estate, feature: str) -> int:
    """Count the people and devices of all groups that use a feature, each once."""
    return sum(
        holders.count
        for holders in estate.holders
        if any(feature in group.model.features for group in holders.groups if group.by_device == holders.by_device)
    )


def _feature_says(feature: Feature | None, product: Product) -> str:
    if feature is None or feature.licensing == "not-offered":
        return "not offered"
    if feature.licensing == "tier" and feature.tier is not None:
        tier = product.tier(feature.tier)
        return f"included in the {tier.name if tier else feature.tier}"
    if feature.licensing == "license":
        return f"each user needs a {feature.license} license"
    return "the terms do not say"


def _external(estate: Estate, before: Product, after: Product) -> Iterator[Change]:
    said = _external_says(before.external_users), _external_says(after.external_users)
    if said[0] != said[1]:
        outside = [holders for holders in estate.people if not holders.internal]
        groups = list({id(group.node): group for holders in outside for group in holders.groups}.values())
        facts = before.external_users, after.external_users
        yield _change(
            "external",
            "external-users",
            facts,
            said,
            sum(holders.count for holders in outside),
            tuple(group.name for group in groups),
            tuple(group.node.location for group in groups),
        )


def _external_says(fact: ExternalUsers) -> str:
    match fact.licensing:
        case "connector-or-cal":
            return "need CALs, or an External Connector for each counted server"
        case "included":
            return "need no license"
        case "included-unless-authenticated":
            return "need no license; where they sign in through Active Directory, the terms can be read in two ways"
    return "the terms do not say"


def _ids(one: tuple[Role, ...] | tuple[Feature, ...], other: tuple[Role, ...] | tuple[Feature, ...]) -> list[str]:
    return list(dict.fromkeys([fact.id for fact in (*one, *other)]))


def _change(  # noqa: PLR0913, PLR0917 -- what a change is made of
    kind: str,
    fact_id: str,
    facts: tuple[Role | Feature | ExternalUsers | None, Role | Feature | ExternalUsers | None],
    said: tuple[str, str],
    uses: int,
    names: tuple[str, ...],
    locations: tuple[Location, ...],
) -> Change:
    known = [fact for fact in facts if fact is not None]
    order = list(Certainty)
    certainty = max((fact.certainty for fact in known), key=order.index, default=Certainty.CERTAIN)
    source = tuple(dict.fromkeys(mark for fact in known for mark in fact.source))
    name = next((fact.name for fact in known if not isinstance(fact, ExternalUsers)), "external users")
    return Change(kind, fact_id, name, said[0], said[1], uses, names, locations, certainty, source)
