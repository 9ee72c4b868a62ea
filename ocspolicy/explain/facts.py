"""The pages of what the catalog knows, by kind: what every product says of a role, feature, license, tier, edition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from . import wording
from .page import Block, Heading, Pairs, Prose
from .wording import all_of, capital, join, marks, proof, sources

if TYPE_CHECKING:
    from ..catalog import Catalog, Grant, Product

Rows = tuple[tuple[str, str], ...]


class Said(NamedTuple):
    """What one product says; products that say the same stand together."""

    text: str
    rows: Rows
    marks: tuple[str, ...]


def products(catalog: Catalog) -> list[Product]:
    """Give all products, those of a family from the oldest to the newest."""
    found = (catalog.product(name) for name in catalog.product_ids)
    return sorted((it for it in found if it is not None), key=lambda it: (it.family, it.version, it.id))


def role_page(name: str, catalog: Catalog) -> list[Block]:
    """Give the page of a server role, named by its id or an alias."""
    roles = [role for product in products(catalog) if (role := product.role(name)) is not None]
    names = dict.fromkeys(word for role in roles for word in (role.id, *role.aliases))
    others = [word for word in names if word != roles[0].id] if roles else []
    also = (f"It is also written {all_of(others)}.",) if others else ()
    return _page("a server role", [(role.id, role.name) for role in roles], also, lambda it: _role(it, name), catalog)


def _role(product: Product, name: str) -> Said | None:
    role = product.role(name)
    if role is None:
        return None
    license_ = product.license(role.license or "")
    rows, cited = proof(role), role.source
    if license_ is not None and license_.note and license_.note != role.note:
        rows += ((license_.name, f"{license_.note} ({marks(license_.source)})"),)
        cited += license_.source
    return Said(join(wording.role(role, license_), role.note), rows, cited)


def feature_page(name: str, catalog: Catalog) -> list[Block]:
    """Give the page of a feature."""
    features = [feature for product in products(catalog) if (feature := product.feature(name)) is not None]
    return _page("a feature", [(it.id, it.name) for it in features], (), lambda it: _feature(it, name), catalog)


def _feature(product: Product, name: str) -> Said | None:
    feature = product.feature(name)
    if feature is None:
        return None
    return Said(join(wording.feature(feature, product), feature.note), proof(feature), feature.source)


def license_page(name: str, catalog: Catalog) -> list[Block]:
    """Give the page of a kind of license."""
    kinds = [kind for product in products(catalog) if (kind := product.license(name)) is not None]
    return _page("a kind of license", [(it.id, it.name) for it in kinds], (), lambda it: _license(it, name), catalog)


def _license(product: Product, name: str) -> Said | None:
    kind = product.license(name)
    if kind is None:
        return None
    roles = [role.id for role in product.roles if role.license == name]
    features = [feature.id for feature in product.features if feature.license == name]
    rows: Rows = (("needed by roles", all_of(roles)),) if roles else ()
    rows += (("needed by features", all_of(features)),) if features else ()
    rows += (
        (("for external users", product.external_users.licensing),) if product.external_users.license == name else ()
    )
    rows += tuple((f"edition {it.id}", f"{it.name}: serves {all_of(it.serves)}") for it in kind.editions)
    redundant = "The terms already include what it buys." if kind.redundant else None
    text = join(f"Held by {wording.holders(kind)}.", redundant, kind.note)
    cited = (*kind.source, *(mark for edition in kind.editions for mark in edition.source))
    return Said(text, rows + proof(kind), cited)


def tier_page(name: str, catalog: Catalog) -> list[Block]:
    """Give the page of a CAL tier."""
    tiers = [tier for product in products(catalog) if (tier := product.tier(name)) is not None]
    return _page("a CAL tier", [(it.id, it.name) for it in tiers], (), lambda it: _tier(it, name, catalog), catalog)


def _tier(product: Product, name: str, catalog: Catalog) -> Said | None:
    tier = product.tier(name)
    if tier is None:
        return None
    covered = [feature.id for feature in product.features if feature.tier == name]
    suites = [suite for key in catalog.suite_ids if (suite := catalog.suite(key)) is not None]
    granted = [
        it.id for it in suites if any(grant.product == product.id and name in grant.tiers for grant in it.grants)
    ]
    rows: Rows = (("covers", all_of(covered)),) if covered else ()
    rows += (("granted by", all_of(granted)),) if granted else ()
    return Said(join(wording.tier(tier, product), tier.note), rows + proof(tier), tier.source)


def edition_page(name: str, catalog: Catalog) -> list[Block]:
    """Give the page of an edition of licenses that are no CALs, with the sizes that it is made for."""
    found = [
        edition
        for product in products(catalog)
        for kind in product.licenses
        if not kind.tiered and (edition := kind.edition(name)) is not None
    ]
    return _page("an edition", [(it.id, it.name) for it in found], (), lambda it: _edition(it, name), catalog)


def _edition(product: Product, name: str) -> Said | None:
    kinds = [(kind, it) for kind in product.licenses if not kind.tiered and (it := kind.edition(name)) is not None]
    if not kinds:
        return None
    texts = [f"{it.name} of the {kind.name}: serves {all_of(it.serves)}." for kind, it in kinds]
    limits = [limit for limit in product.limits if limit.edition == name]
    cited = [mark for _, it in kinds for mark in it.source]
    rows: Rows = (("sources", marks(cited)), *map(wording.limit, limits))
    return Said(join(*texts), rows, (*cited, *(mark for limit in limits for mark in limit.source)))


def suite_page(name: str, catalog: Catalog) -> list[Block]:
    """Give the page of a suite."""
    suite = catalog.suite(name)
    if suite is None:
        return []
    rows = tuple((grant.product, granted(grant)) for grant in suite.grants) or (("grants", "nothing"),)
    cited = (*suite.source, *(mark for grant in suite.grants for mark in grant.source))
    blocks: list[Block] = [Heading(1, f"{suite.id}: a suite of licenses"), Prose(join(f"{suite.name}.", suite.note))]
    return [*blocks, Heading(2, "What one unit gives its holder"), Pairs(rows + proof(suite)), *sources(cited, catalog)]


def granted(grant: Grant) -> str:
    """Say what a suite includes of a product, and from when."""
    start = f", from {grant.valid_from} on" if grant.valid_from else ""
    return f"the CALs {all_of(grant.tiers) or 'of no tier'}{start} ({marks(grant.source)})"


def _page(
    kind: str,
    names: Iterable[tuple[str, str]],
    more: tuple[str, ...],
    ask: Callable[[Product], Said | None],
    catalog: Catalog,
) -> list[Block]:
    """Put a page together; nothing where no product knows the thing."""
    groups: dict[Said, list[Product]] = {}
    for product in products(catalog):
        said = ask(product)
        if said is not None:
            groups.setdefault(said, []).append(product)
    if not groups:
        return []
    first, name = next(iter(names))
    blocks: list[Block] = [Heading(1, f"{first}: {kind}"), Prose(join(f"{capital(name)}.", *more))]
    for said, group in groups.items():
        blocks += [Heading(2, wording.named(group)), Prose(said.text), Pairs(said.rows)]
    return blocks + sources((mark for said in groups for mark in said.marks), catalog)


PAGES: Mapping[str, Callable[[str, Catalog], list[Block]]] = {
    "role": role_page,
    "feature": feature_page,
    "license": license_page,
    "suite": suite_page,
    "tier": tier_page,
    "edition": edition_page,
}
