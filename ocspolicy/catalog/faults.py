"""Find what is wrong in catalog documents beyond their shape: dangling references, doubles, rings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from ocspolicy.errors import near_misses

from . import Catalog
from .facts import DECLARABLE, Product, Raw, Role
from .merging import SECTIONS

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a value of a document: `("products", 0, "roles", 3, "license")`."""


class Fault(NamedTuple):
    """A mistake in one of the documents, given by its index, at a value of it."""

    document: int
    path: Path
    message: str


def faults(documents: Sequence[Raw], catalog: Catalog) -> tuple[Fault, ...]:
    """Check documents of the right shape against the catalog that already holds them.

    Returns:
        All mistakes, in the order of the documents.
    """
    found: list[Fault] = []
    stated: set[tuple[str, ...]] = set()
    for index, document in enumerate(documents):
        found += [Fault(index, path, text) for path, text in _doubles(document, stated)]
        found += [Fault(index, path, text) for path, text in _dangling(document, catalog)]
    return tuple(found)


def _doubles(document: Raw, stated: set[tuple[str, ...]]) -> Iterator[tuple[Path, str]]:
    """Say which entries were stated before, so that the order of the documents decides nothing."""
    for path, name in _entries(document):
        if name in stated:
            yield (*path, "id"), f"'{name[-1]}' is stated twice, state it once"
        stated.add(name)


def _entries(document: Raw) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for kind in ("suites", "sources", "statements"):
        for number, entry in enumerate(document.get(kind, ())):
            yield (kind, number), (kind, entry["id"])
    for number, product in enumerate(document.get("products", ())):
        path: Path = ("products", number)
        if product.keys() - {"id", *SECTIONS}:
            yield path, ("products", product["id"])
        for section in SECTIONS:
            for place, entry in enumerate(product.get(section, ())):
                yield (*path, section, place), ("products", product["id"], section, entry["id"])


def _dangling(document: Raw, catalog: Catalog) -> Iterator[tuple[Path, str]]:
    for number, raw in enumerate(document.get("products", ())):
        product = catalog.product(raw["id"])
        if product is not None:
            yield from _at(("products", number), _in_product(raw, product))
        for place, kind in enumerate(raw.get("licenses", ())):
            if catalog.suite(kind["id"]) is not None:
                yield ("products", number, "licenses", place, "id"), f"'{kind['id']}' is a suite, choose another id"
    kinds = catalog.kinds_of_products if "suites" in document else frozenset()
    for number, suite in enumerate(document.get("suites", ())):
        if suite["id"] in kinds:
            yield ("suites", number, "id"), f"'{suite['id']}' is a license kind, choose another id"
        for place, grant in enumerate(suite.get("grants", ())):
            for path, text in _in_grant(grant, catalog):
                yield ("suites", number, "grants", place, *path), text


def _in_product(raw: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    for section, check in (
        ("licenses", _in_license),
        ("tiers", _in_tier),
        ("roles", _in_role),
        ("features", _in_feature),
        ("limits", _in_limit),
    ):
        for number, entry in enumerate(raw.get(section, ())):
            yield from _at((section, number), check(entry, product))
    if "externalUsers" in raw:
        yield from _at(("externalUsers",), _in_external_users(raw["externalUsers"], product))
    if "tiers" in raw and sum(tier.base for tier in product.tiers) != 1:
        yield ("tiers",), f"product '{product.id}' needs exactly one tier with 'base: true'"
    yield from _unsold(raw, product)


def _unsold(raw: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    """Say which tiers nobody can own: whoever needs one could never be covered, or would not be counted at all."""
    sold = {tier for kind in product.licenses if kind.tiered for edition in kind.editions for tier in edition.serves}
    stated = {entry["id"]: ("tiers", number, "id") for number, entry in enumerate(raw.get("tiers", ()))}
    kinds = (product.license(entry["id"]) for entry in raw.get("licenses", ()))
    sells = any(kind is not None and kind.tiered for kind in kinds)
    for tier in product.tiers:
        if tier.id not in sold and (tier.id in stated or sells):
            where: Path = stated.get(tier.id, ("licenses",))
            yield where, f"no license that a user or device holds serves tier '{tier.id}', add it to its editions"


def _in_license(entry: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    kind = product.license(entry["id"])
    if kind is None:
        return
    if not kind.holders:
        yield (), f"nobody holds license '{kind.id}', state 'holders'"
    tiers, editions = [tier.id for tier in product.tiers], [edition.id for edition in kind.editions]
    for number, edition in enumerate(entry.get("editions", ())):
        for place, served in enumerate(edition.get("serves", ())):
            if served not in (known := tiers if kind.tiered else editions):
                yield ("editions", number, "serves", place), _message(served, known)
        if kind.tiered and edition["id"] not in tiers:
            yield ("editions", number, "id"), _message(edition["id"], tiers)


def _in_tier(entry: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    known = [tier.id for tier in product.tiers]
    for place, required in enumerate(entry.get("requires", ())):
        if required not in known:
            yield ("requires", place), _message(required, known)
        elif entry["id"] in _reached(product, required):
            yield ("requires", place), f"tier '{entry['id']}' requires itself, leave this out"


def _reached(product: Product, start: str) -> set[str]:
    """Give a tier and all that it requires, over any number of steps."""
    reached: set[str] = set()
    pending = [start]
    while pending:
        tier = product.tier(pending.pop())
        if tier is not None and tier.id not in reached:
            reached.add(tier.id)
            pending += tier.requires
    return reached


def _in_role(entry: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    for place, alias in enumerate(entry.get("aliases", ())):
        owners = [role.id for role in product.roles if alias == role.id or alias in role.aliases]
        if owners != [entry["id"]]:
            yield ("aliases", place), f"'{alias}' also means role '{owners[0]}', choose another alias"
    known_as = [role.id for role in product.roles if entry["id"] in role.aliases]
    if known_as:
        yield ("id",), f"'{entry['id']}' also means role '{known_as[0]}', state that one, or choose another id"
    role = product.role(entry["id"])
    if role is not None and role.licensing == "counted":
        yield from _in_counted_role(entry, role, product)
    elif role is not None:
        yield from _idle(entry, ("license", "edition"), f"role '{role.id}' is not counted")


def _in_counted_role(entry: Raw, role: Role, product: Product) -> Iterator[tuple[Path, str]]:
    kinds = [kind.id for kind in product.licenses if "instance" in kind.holders]
    license_ = product.license(role.license or "")
    if license_ is None or license_.id not in kinds:
        yield _place(entry, "license"), _message(role.license, kinds)
    elif (role.edition == "none") == bool(license_.editions):
        has = "has" if license_.editions else "has no"
        yield _place(entry, "edition"), f"'{role.edition}' cannot be: license '{license_.id}' {has} editions"
    elif role.edition == "required":
        unsayable = next((edition.id for edition in license_.editions if edition.id not in DECLARABLE), None)
        if unsayable is not None:
            expected = f"expected {' and '.join(DECLARABLE)} only, or 'edition: optional'"
            yield (
                _place(entry, "edition"),
                f"no server can declare edition '{unsayable}' of '{license_.id}', {expected}",
            )


def _idle(entry: Raw, keys: Iterable[str], why: str) -> Iterator[tuple[Path, str]]:
    """Say what is stated in vain: whoever states it believes that it counts."""
    for key in keys:
        if entry.get(key, "none") != "none":
            yield (key,), f"found '{key}' though {why}, leave it out"


def _in_feature(entry: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    feature = product.feature(entry["id"])
    if feature is None:
        return
    others = [key for key in ("tier", "license") if key != feature.licensing]
    yield from _idle(entry, others, f"the licensing of feature '{feature.id}' is '{feature.licensing}'")
    if feature.licensing == "tier":
        tiers = [tier.id for tier in product.tiers]
        if feature.tier not in tiers:
            yield _place(entry, "tier"), _message(feature.tier, tiers)
    elif feature.licensing == "license":
        kinds = [kind.id for kind in product.licenses if {"user", "device"}.intersection(kind.holders)]
        if feature.license not in kinds:
            yield _place(entry, "license"), _message(feature.license, kinds)


def _in_external_users(entry: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    kinds = [kind.id for kind in product.licenses if "deployment" in kind.holders]
    if product.external_users.license is not None and product.external_users.license not in kinds:
        yield _place(entry, "license"), _message(product.external_users.license, kinds)


def _in_limit(entry: Raw, product: Product) -> Iterator[tuple[Path, str]]:
    editions = [edition.id for kind in product.licenses if not kind.tiered for edition in kind.editions]
    roles = [role.id for role in product.roles]
    for key, known in (("edition", editions), ("of", ["users", *roles]), ("per", ["pool", *roles])):
        if key in entry and entry[key] not in known:
            yield (key,), _message(entry[key], known)


def _in_grant(grant: Raw, catalog: Catalog) -> Iterator[tuple[Path, str]]:
    product = catalog.product(grant["product"])
    if product is None:
        yield ("product",), _message(grant["product"], catalog.product_ids)
        return
    known = [tier.id for tier in product.tiers]
    for place, tier in enumerate(grant.get("tiers", ())):
        if tier not in known:
            yield ("tiers", place), _message(tier, known)


def _at(path: Path, found: Iterable[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    return (((*path, *rest), text) for rest, text in found)


def _place(entry: Raw, key: str) -> Path:
    return (key,) if key in entry else ()


def _message(name: str | None, known: Iterable[str]) -> str:
    choice = list(known)
    expected = f"expected one of {', '.join(choice)}" if choice else "and there is none to name, add it first"
    if name is None:
        return f"nothing is named here, {expected}"
    return f"'{name}' is not known here" + (near_misses(name, choice) or f", {expected}")
