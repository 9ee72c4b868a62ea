"""Who of a group asks for CALs, and who asks for none."""

from __future__ import annotations

from collections import Counter

from ocspolicy.api import Catalog, Estate, Group, Holders, Policy, Shortage, holders_need


def asking_groups(holders: Holders, policy: Policy) -> list[Group]:
    """Give the groups of these people or devices whose features count, since they ask for CALs of the product."""
    need = holders_need(holders, policy)
    asked = {ask.kind.product for ask in need.asks} if need else set()
    return [it for it in holders.groups if it.by_device == holders.by_device and it.product.id in asked]


def tier_sources(shortage: Shortage, catalog: Catalog) -> tuple[str, ...]:
    """Give the marks of the tier that is short; none where what is short is no CAL."""
    product = catalog.product(shortage.product)
    tier = product.tier(shortage.edition) if product and shortage.edition else None
    return tier.source if tier else ()


class Uncounted:
    """Counts in each group the people, or devices, for whom nothing is counted.

    Whoever is in another group of the same product that counts is counted there, with all features.
    """

    def __init__(self, estate: Estate) -> None:
        self._members: Counter[tuple[str, str]] = Counter()
        for holders in estate.holders:
            counted = asking_groups(holders, estate.policy)
            for group in holders.groups:
                if group.by_device == holders.by_device and group not in counted:
                    self._members[group.deployment, group.name] += holders.count

    def of(self, group: Group) -> int:
        """Give how many of a group are not counted."""
        return self._members[group.deployment, group.name]
