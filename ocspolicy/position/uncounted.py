"""For what nothing is counted: ids that no catalog knows, and what the terms leave open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..estate import Estate
from ..need import counted_roles, holders_need, needs_cals, policy_decides


class Uncounted(NamedTuple):
    """Sorted ids: roles and features that no catalog knows; roles, features and `external-users` that stay open."""

    unknown: tuple[str, ...]
    open: tuple[str, ...]


def uncounted(estate: Estate | None) -> Uncounted:
    """Find for what a position counts nothing; nothing where there is no estate to look at."""
    if estate is None:
        return Uncounted((), ())
    return Uncounted(tuple(sorted(_unknown(estate))), tuple(sorted({*_roles(estate), *_features(estate)})))


def _unknown(estate: Estate) -> set[str]:
    roles = {name for server in estate.servers for name in server.unknown_roles}
    features = {name for group in estate.groups for name in group.unknown_features}
    # What another product knows is not offered here, which is another matter; the look-up reads every file.
    return roles.difference(estate.catalog.role_ids if roles else ()) | features.difference(
        estate.catalog.feature_ids if features else ()
    )


def _roles(estate: Estate) -> Iterator[str]:
    """Give the roles of which nobody says whether they are counted, unless another role's license covers them."""
    for server in estate.servers:
        if (server.counts or server.stands_by) and not any(counted_roles(server, estate.policy)):
            yield from (
                it.id for it in server.roles if it.licensing == "undetermined" and not estate.policy.decides(it)
            )


def _features(estate: Estate) -> Iterator[str]:
    """Give the features of those who ask for CALs of which nobody says what they need, and who is external."""
    policy = estate.policy
    for holders in estate.holders:
        groups = [it for it in holders.groups if it.by_device == holders.by_device]
        need = holders_need(holders, policy)
        asked = {ask.kind.product for ask in need.asks} if need is not None else set()
        features = (it for group in groups if group.product.id in asked for it in group.features)
        yield from (it.id for it in features if it.licensing == "undetermined" and not policy.decides(it))
        if not holders.internal and any(
            group.authenticated and policy_decides(group) and not needs_cals(group, policy) for group in groups
        ):
            yield "external-users"
