"""Examples of what the catalog knows: for each id the smallest estate in which it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from ..finding import Certainty
from .facts import products
from .page import Block, Code, Heading, Prose
from .sample import DAY, FILE, PEOPLE, Sample, group, line, position, server

if TYPE_CHECKING:
    from ..catalog import Catalog, Feature, License, Product, Role

F = TypeVar("F", "Role", "Feature")

_OPEN = frozenset({"undetermined", "not-offered"})
"""How a fact is licensed of which a position shows nothing."""

_SURE = tuple(Certainty)


def example_blocks(kind: str, name: str, catalog: Catalog) -> list[Block]:
    """Show the example of an id of a kind, as `EXAMPLES` has them; nothing where no estate needs the thing."""
    sample = EXAMPLES[kind](name, catalog)
    printed = position(sample, catalog) if sample is not None else None
    if sample is None or printed is None:
        return []
    return [
        Heading(2, "An example"),
        Code(sample.text, "yaml"),
        Prose(f"Saved as {FILE}:"),
        Code(sample.command, "sh"),
        Prose("It prints this, and below it what was judged:"),
        Code(printed, "text"),
    ]


def _role(name: str, catalog: Catalog) -> Sample | None:
    best = _best((product, product.role(name)) for product in products(catalog))
    return _with_role(*best) if best else None


def _feature(name: str, catalog: Catalog) -> Sample | None:
    best = _best((product, product.feature(name)) for product in products(catalog))
    return _with_feature(*best) if best else None


def _license(name: str, catalog: Catalog) -> Sample | None:
    found = [(product, kind) for product in products(catalog) if (kind := product.license(name)) is not None]
    found.sort(key=lambda it: (_SURE.index(it[0].certainty), _SURE.index(it[1].certainty)))
    return next((sample for product, kind in found if (sample := _needing(product, kind)) is not None), None)


def _suite(name: str, catalog: Catalog) -> Sample | None:
    suite = catalog.suite(name)
    for grant in suite.grants if suite is not None else ():
        product = catalog.product(grant.product)
        feature = _of_tiers(product, grant.tiers) if product is not None else None
        if product is not None and feature is not None:
            owned = line(None, name, None, PEOPLE)
            return Sample(product.id, (), (group(feature.id, "user"),), (owned,), max(DAY, grant.valid_from or DAY))
    return None


def _tier(name: str, catalog: Catalog) -> Sample | None:
    best = _best((product, _of_tiers(product, (name,))) for product in products(catalog))
    return _with_feature(*best) if best else None


def _edition(name: str, catalog: Catalog) -> Sample | None:
    best = _best((product, _counted(product, name)) for product in products(catalog))
    if best is None:
        return None
    product, role = best
    return Sample(product.id, (server(1, role.id, name),), (), (line(product.id, str(role.license), name, 1),))


def _product(name: str, catalog: Catalog) -> Sample | None:
    product = catalog.product(name)
    if product is None:
        return None
    role, feature = _counted(product), _of_tiers(product, [tier.id for tier in product.tiers])
    servers = _with_role(product, role) if role is not None else Sample(name)
    people = _with_feature(product, feature) if feature is not None else Sample(name)
    return Sample(name, servers.servers, people.users, (*servers.lines, *people.lines))


EXAMPLES: Mapping[str, Callable[[str, Catalog], Sample | None]] = {
    "role": _role,
    "feature": _feature,
    "license": _license,
    "suite": _suite,
    "tier": _tier,
    "edition": _edition,
    "product": _product,
}


def _with_role(product: Product, role: Role) -> Sample:
    """Put a server of a role beside one that is counted, as many roles need."""
    counted = role if role.licensing == "counted" else _counted(product)
    roles = dict.fromkeys(it for it in (counted, role) if it is not None)
    servers = (server(number, it.id, _stated(product, it)) for number, it in enumerate(roles, 1))
    kind = product.license(counted.license or "") if counted is not None else None
    owned = (line(product.id, kind.id, _first(kind), 1),) if kind is not None else ()
    return Sample(product.id, tuple(servers), (), owned)


def _with_feature(product: Product, feature: Feature, holder: str = "user") -> Sample:
    """Let people use a feature, and own what that asks for."""
    cal, alone = product.cal(holder), product.license(feature.license or "")
    needs = [(cal, tier) for tier in product.tiers_for([feature.id])] + ([(alone, _first(alone))] if alone else [])
    owned = tuple(line(product.id, kind.id, edition, PEOPLE) for kind, edition in needs if kind is not None)
    return Sample(product.id, (), (group(feature.id, holder),), owned)


def _needing(product: Product, kind: License) -> Sample | None:
    """Give what needs a kind of license; nothing where the terms ask for it nowhere."""
    role = next((it for it in product.roles if it.license == kind.id), None)
    if role is not None:
        return _with_role(product, role)
    if product.external_users.license == kind.id:
        return _with_external(product, kind)
    feature = next((it for it in product.features if it.license == kind.id), None)
    if kind.tiered:
        feature = _of_tiers(product, [tier.id for tier in product.tiers if tier.base])
    holder = "user" if "user" in kind.holders else "device"
    return _with_feature(product, feature, holder) if feature is not None else None


def _with_external(product: Product, kind: License) -> Sample | None:
    role = _counted(product)
    if product.external_users.licensing != "connector-or-cal" or role is None:
        return None
    sample = _with_role(product, role)
    people = f"{{group: partners, count: {PEOPLE}, relationship: external}}"
    return sample._replace(users=(people,), lines=(*sample.lines, line(product.id, kind.id, _first(kind), 1)))


def _best(found: Iterable[tuple[Product, F | None]]) -> tuple[Product, F] | None:
    """Choose the product whose terms say something of a thing, and are surest of it."""
    known = [(product, fact) for product, fact in found if fact is not None]
    return min(known, key=lambda it: _rank(*it), default=None)


def _rank(product: Product, fact: Role | Feature) -> tuple[bool, int, int]:
    return fact.licensing in _OPEN, _SURE.index(fact.certainty), _SURE.index(product.certainty)


def _counted(product: Product, edition: str | None = None) -> Role | None:
    """Find a role that needs a license, of an edition if one is asked for."""
    for role in product.roles:
        kind = product.license(role.license or "")
        if kind is not None and (edition is None or kind.edition(edition) is not None):
            return role
    return None


def _of_tiers(product: Product, tiers: Sequence[str]) -> Feature | None:
    """Find a feature of the last of these tiers that has one."""
    features = (it for tier in reversed(tiers) for it in product.features if it.tier == tier)
    return next(features, None)


def _stated(product: Product, role: Role) -> str | None:
    """Choose the edition that a server of a role has to state."""
    kind = product.license(role.license or "")
    return _first(kind) if kind is not None and role.edition == "required" else None


def _first(kind: License) -> str | None:
    return kind.editions[0].id if kind.editions else None
