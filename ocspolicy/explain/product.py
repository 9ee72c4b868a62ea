"""The page of a product: all that its terms say, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..catalog import words
from . import wording
from .facts import granted, products
from .page import Block, Heading, Pairs, Prose, Table
from .wording import all_of, join, proof, sources

if TYPE_CHECKING:
    from ..catalog import Catalog, Feature, Product, Role


def product_page(name: str, catalog: Catalog) -> list[Block]:
    """Give the page of a product; nothing for what is none."""
    product = catalog.product(name)
    if product is None:
        return []
    blocks: list[Block] = [
        Heading(1, f"{product.id}: a product"),
        Prose(join(f"{product.name}.", _older(product, catalog), product.note)),
        Pairs(proof(product)),
        *_licenses(product),
        *_tiers(product, catalog),
        *_table("Server roles", "role", "licensing", product.roles),
        *_table("Features", "feature", "needs", product.features),
        Heading(2, "External users"),
        Prose(join(wording.external(product.external_users, product), product.external_users.note)),
        Pairs(proof(product.external_users)),
    ]
    if product.limits:
        blocks += [Heading(2, "Made for"), Pairs(tuple(map(wording.limit, product.limits)))]
    return blocks + sources(_shown_marks(product), catalog)


def _older(product: Product, catalog: Catalog) -> str:
    older = [it.id for it in products(catalog) if it.id != product.id]
    served = [name for name in older if catalog.serves_version(product.id, name)]
    return f"Its licenses also serve {all_of(served)}." if served else ""


def _licenses(product: Product) -> list[Block]:
    rows = tuple(
        (kind.id, ", ".join(kind.holders), ", ".join(it.id for it in kind.editions) or "-", wording.marks(kind.source))
        for kind in product.licenses
    )
    return [Heading(2, "Kinds of license"), Table(("license", "held by", "editions", "sources"), rows)] if rows else []


def _tiers(product: Product, catalog: Catalog) -> list[Block]:
    rows = [(tier.id, join(wording.tier(tier, product), tier.note)) for tier in product.tiers]
    for key in catalog.suite_ids:
        suite = catalog.suite(key)
        grants = [grant for grant in suite.grants if grant.product == product.id] if suite else []
        rows += [(f"suite {key}", f"gives {granted(grant)}") for grant in grants]
    return [Heading(2, "CAL tiers"), Pairs(tuple(rows))] if rows else []


def _table(title: str, name: str, says: str, facts: Iterable[Role | Feature]) -> list[Block]:
    rows = tuple((fact.id, wording.short(fact), wording.marks(fact.source)) for fact in facts)
    return [Heading(2, title), Table((name, says, "sources"), rows)] if rows else []


def marks_of(product: Product) -> list[str]:
    """List the source marks of all facts of a product."""
    editions = [edition for kind in product.licenses for edition in kind.editions]
    return [*_shown_marks(product), *(mark for edition in editions for mark in edition.source)]


def _shown_marks(product: Product) -> list[str]:
    facts: list[words.Fact] = [product, product.external_users, *product.licenses, *product.tiers]
    facts += [*product.roles, *product.features, *product.limits]
    return [mark for fact in facts for mark in fact.source]
