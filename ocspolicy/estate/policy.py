"""Whether what the policy names is in the catalog: a typing mistake in it must not decide anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..catalog import Catalog, Product
from ..errors import Problem, near_misses
from ..place import Location
from . import Policy

ROLE_DECISIONS = ("counted", "free")
NO_TIER = "none"


def policy_problems(policy: Policy, catalog: Catalog, deployed: Iterable[Product]) -> Iterator[Problem]:
    """Find ids in the policy that no product, tier or license kind of the catalog bears.

    Args:
        deployed: the products of the deployments; a tier that one of them does not have decides nothing there.
    """
    if not policy.undetermined and not policy.headroom:
        return
    products = [product for name in catalog.product_ids if (product := catalog.product(name)) is not None]
    found = [
        *(_decision(key, value, products, deployed) for key, value in sorted((policy.undetermined or {}).items())),
        *(_headroom(key, products, catalog) for key in sorted(policy.headroom or {})),
    ]
    where = Location(policy.file) if policy.file else None
    yield from (Problem("configuration", message, where) for message in found if message is not None)


def _decision(key: str, value: str, products: list[Product], deployed: Iterable[Product]) -> str | None:
    roles = sorted({role.id for product in products for role in product.roles})
    features = sorted({feature.id for product in products for feature in product.features})
    tiers = list(dict.fromkeys(tier.id for product in products for tier in product.tiers))
    known = [*roles, *features]
    if key not in known:
        return f"undetermined.{key}: found an unknown id, expected that of a role or feature{near_misses(key, known)}"
    allowed = [*(ROLE_DECISIONS if key in roles else ()), *((*tiers, NO_TIER) if key in features else ())]
    if value in allowed:
        return _without_tier(key, value, deployed)
    return (
        f"undetermined.{key}: found '{value[:60]}', expected one of {', '.join(allowed)}{near_misses(value, allowed)}"
    )


def _without_tier(key: str, value: str, deployed: Iterable[Product]) -> str | None:
    for product in sorted(deployed, key=lambda it: it.id):
        feature = product.feature(key)
        allowed = [*(tier.id for tier in product.tiers), NO_TIER]
        undetermined = feature is not None and feature.licensing == "undetermined"
        if undetermined and value not in {*allowed, *ROLE_DECISIONS}:
            return f"undetermined.{key}: found '{value}', expected for {product.id} one of {', '.join(allowed)}"
    return None


def _headroom(key: str, products: list[Product], catalog: Catalog) -> str | None:
    known = list(catalog.suite_ids)
    for product in products:
        for kind in product.licenses:
            names = [kind.id, *(f"{kind.id}/{edition.id}" for edition in kind.editions)]
            known += [*names, *(f"{product.id}/{name}" for name in names)]
    if key in known:
        return None
    near = near_misses(key, list(dict.fromkeys(known)))
    return f"headroom.{key}: found an unknown license kind, expected one such as user-cal/enterprise{near}"
