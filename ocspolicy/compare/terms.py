"""In which facts the terms of two products differ, whatever is deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from ..catalog import Catalog, Feature, Product, Role, words
from ..catalog.words import Fact
from ..estate import Estate, Policy
from ..finding import Certainty

VERSIONS = ("P 10", "D 10")
"""Who says which versions a license serves."""


class Side(NamedTuple):
    """What one product says, in words; `mark` is inferred, disputed or open, empty for what is certain."""

    says: str
    certainty: Certainty
    source: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Mark what is not certain."""
        return words.mark(self.certainty, self.source)


class Difference(NamedTuple):
    """A fact that two products state in different ways.

    `kind` is role, feature, external, license, tier, suite, version (the product of an inventory line) or limit.
    """

    kind: str
    id: str
    name: str
    before: Side
    after: Side


class _Said(NamedTuple):
    """What a product says of a thing: `key` is equal where two say the same, `name` empty where it has none such."""

    key: object
    name: str
    side: Side


_Read = Callable[[str, Product], _Said]


def differences(before: Product, after: Product, estate: Estate) -> Iterator[Difference]:
    """Give every fact that differs, with what the policy of an estate says where the terms leave it open.

    Of the estate count the names that it has for roles (an alias may be known to one product alone), the products of
    its inventory lines, and the day, on which suites grant what they grant.
    """
    both, catalog = (before, after), estate.catalog
    names = [it.id for product in both for it in product.roles]
    names += (name for server in estate.servers for name in server.model.roles)
    owned = {line.product.id for line in estate.lines if line.product is not None}
    readers: list[tuple[str, Iterable[str], _Read]] = [
        ("role", _apart(names, *both), partial(_role, estate.policy)),
        ("feature", (it.id for product in both for it in product.features), partial(_feature, estate.policy)),
        ("external", ["external-users"], _external),
        ("license", (it.id for product in both for it in product.licenses), _license),
        ("tier", (it.id for product in both for it in product.tiers), _tier),
        ("suite", catalog.suite_ids, partial(_suite, catalog, estate.day)),
        ("version", sorted(owned), partial(_version, catalog)),
        ("limit", (it.id for product in both for it in product.limits), _limit),
    ]
    for kind, ids, read in readers:
        for name in dict.fromkeys(ids):
            one, other = read(name, before), read(name, after)
            if one.key != other.key:
                yield Difference(kind, name, one.name or other.name, one.side, other.side)


def _apart(names: Iterable[str], before: Product, after: Product) -> Iterator[str]:
    """Leave out names of a role that has been named before, as long as both products know them alike."""
    seen: set[tuple[str | None, str | None]] = set()
    for name in names:
        one, other = before.role(name), after.role(name)
        pair = (one.id if one else None, other.id if other else None)
        if pair not in seen:
            seen.add(pair)
            yield name


def _side(says: str, fact: Fact, *more: str) -> Side:
    return Side(says, fact.certainty, tuple(dict.fromkeys((*fact.source, *more))))


def _nothing(product: Product, says: str = words.NOT_OFFERED) -> _Said:
    """Say that a product has no such thing: its terms as a whole say so."""
    return _Said("not-offered", "", _side(says, product))


def _role(policy: Policy, name: str, product: Product) -> _Said:
    role = product.role(name)
    if role is None:
        return _nothing(product)
    key = role.licensing if role.licensing != "counted" else (role.license, role.edition)
    return _Said(
        key, role.name, _side(_decided(role, words.role(role, product.license(role.license or "")), policy), role)
    )


def _feature(policy: Policy, name: str, product: Product) -> _Said:
    feature = product.feature(name)
    if feature is None:
        return _nothing(product)
    key = feature.licensing if feature.licensing == "not-offered" else (feature.tier, feature.license)
    return _Said(key, feature.name, _side(_decided(feature, words.feature(feature, product), policy), feature))


def _decided(fact: Role | Feature, says: str, policy: Policy) -> str:
    """Add what the policy says where the terms leave it open."""
    if fact.licensing != "undetermined" or not policy.decides(fact):
        return says
    return f"{says}; the configuration says {(policy.undetermined or {})[fact.id]}"


def _external(_name: str, product: Product) -> _Said:
    fact = product.external_users
    return _Said((fact.licensing, fact.license), "external users", _side(words.external(fact, product), fact))


def _license(name: str, product: Product) -> _Said:
    kind = product.license(name)
    if kind is None:
        return _nothing(product, "no such license")
    key = (kind.holders, tuple((it.id, it.serves) for it in kind.editions), kind.redundant)
    marks = [mark for it in kind.editions for mark in it.source]
    return _Said(key, kind.name, _side(words.license_kind(kind), kind, *marks))


def _tier(name: str, product: Product) -> _Said:
    tier = product.tier(name)
    if tier is None:
        return _nothing(product)
    return _Said((tier.base, tier.requires), tier.name, _side(words.tier(tier, product), tier))


def _suite(catalog: Catalog, day: date, name: str, product: Product) -> _Said:
    suite = catalog.suite(name)
    if suite is None:
        return _nothing(product)
    grants = [it for it in suite.grants if it.in_force(day) and catalog.serves_version(it.product, product.id)]
    marks = tuple(mark for it in grants for mark in it.source) or suite.source
    key = frozenset(tier for it in grants for tier in it.tiers if product.tier(tier))
    return _Said(key, suite.name, Side(words.suite(grants, product), suite.certainty, tuple(dict.fromkeys(marks))))


def _version(catalog: Catalog, name: str, product: Product) -> _Said:
    line = catalog.product(name)
    serves = catalog.serves_version(name, product.id)
    older = line is not None and line.family == product.family
    why = "" if serves else ", which is newer" if older else ", which is another product"
    said = f"{'serve' if serves else 'do not serve'} {product.name}{why}"
    return _Said(serves, f"licenses of {line.name if line else name}", Side(said, Certainty.CERTAIN, VERSIONS))


def _limit(name: str, product: Product) -> _Said:
    limit = next((it for it in product.limits if it.id == name), None)
    if limit is None:
        return _nothing(product, "no size stated")
    return _Said(limit[1:5], f"size of the {limit.edition} edition", _side(words.limit(limit), limit))
