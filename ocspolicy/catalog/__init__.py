"""Look-up of what the terms say: products with their roles, features, tiers and licenses, and suites.

The facts are data: one file a product in `data/products`, read when the product is asked for, and what
organizations add in documents of `kind: Catalog`, which have the same shape. Nothing here knows a product,
role, feature or tier by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from .building import product_from, suite_from
from .facts import (
    Edition,
    ExternalUsers,
    Feature,
    Grant,
    Holder,
    License,
    Limit,
    Product,
    Raw,
    Role,
    Source,
    Suite,
    Tier,
)
from .merging import merge_entries, merge_product, merge_suite

__all__ = [
    "Catalog",
    "Edition",
    "ExternalUsers",
    "Feature",
    "Grant",
    "Holder",
    "License",
    "Limit",
    "Product",
    "Raw",
    "Role",
    "Source",
    "Suite",
    "Tier",
]

_DATA = Path(__file__).parent / "data"


@cache
def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_DATA / name).read_bytes())
    return document


@cache
def _built_in_ids() -> frozenset[str]:
    return frozenset(path.stem for path in (_DATA / "products").iterdir() if path.suffix == ".json")


def _built_in_product(name: str) -> Raw | None:
    # The listing decides, so that an id from a document never becomes a path.
    if name not in _built_in_ids():
        return None
    product: Raw = _read(f"products/{name}.json")["products"][0]
    return product


def _built_in_suite(name: str) -> Raw | None:
    return next((entry for entry in _read("suites.json")["suites"] if entry["id"] == name), None)


@cache
def _built_in(name: str) -> Product | None:
    raw = _built_in_product(name)
    return None if raw is None else product_from(raw)


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """All products and suites that are known: those built in, and what organizations add or change."""

    _products: Mapping[str, Raw] = field(default_factory=dict)
    _suites: Mapping[str, Raw] = field(default_factory=dict)
    _texts: Mapping[str, Raw] = field(default_factory=dict)
    _built: dict[str, Product] = field(default_factory=dict, repr=False)

    @classmethod
    def builtin(cls) -> Catalog:
        """Give the catalog that ships with the program; no file is read until something is asked for."""
        return cls()

    @staticmethod
    def builtin_documents() -> tuple[Raw, ...]:
        """Give all built-in documents as they were read, in the order of their file names."""
        products = [f"products/{name}.json" for name in sorted(_built_in_ids())]
        return tuple(_read(name) for name in [*products, "sources.json", "suites.json"])

    def with_documents(self, data: Iterable[Raw]) -> Catalog:
        """Add checked documents of `kind: Catalog`, given as plain dictionaries, in their order.

        An entry with a known id changes the keys that it states (aliases are added); a new `source` drops
        the `certainty` and `note` of the fact it replaces. An entry with a new id comes after the others.
        """
        products, suites, texts = dict(self._products), dict(self._suites), dict(self._texts)
        for document in data:
            _lay(products, document.get("products", ()), _built_in_product, merge_product)
            _lay(suites, document.get("suites", ()), _built_in_suite, merge_suite)
            for key in ("sources", "statements"):
                if key in document:
                    texts[key] = {"entries": merge_entries(self._entries(texts, key), document[key])}
        return replace(self, _products=products, _suites=suites, _texts=texts, _built={})

    @property
    def product_ids(self) -> tuple[str, ...]:
        """List the ids of all products, sorted; reads no file."""
        return tuple(sorted(_built_in_ids().union(self._products)))

    def product(self, name: str) -> Product | None:
        """Give a product by its id; reads its file when it is asked for first."""
        raw = self._products.get(name)
        if raw is None:
            return _built_in(name)
        if name not in self._built:
            self._built[name] = product_from(raw)
        return self._built[name]

    @property
    def suite_ids(self) -> tuple[str, ...]:
        """List the ids of all suites, sorted."""
        built_in = (entry["id"] for entry in _read("suites.json")["suites"])
        return tuple(sorted({*built_in, *self._suites}))

    def suite(self, name: str) -> Suite | None:
        """Give a suite by its id."""
        raw = self._suites.get(name) or _built_in_suite(name)
        return None if raw is None else suite_from(raw)

    @property
    def license_kinds(self) -> tuple[str, ...]:
        """List all license kinds of all products, and the suites, sorted; reads every file."""
        return tuple(sorted(self.kinds_of_products.union(self.suite_ids)))

    @property
    def kinds_of_products(self) -> frozenset[str]:
        """Give all license kinds of all products; reads every file."""
        return frozenset(kind.id for product in self._all() for kind in product.licenses)

    @property
    def role_ids(self) -> tuple[str, ...]:
        """List the ids and aliases of all roles of all products, sorted; reads every file."""
        return tuple(sorted({name for it in self._all() for role in it.roles for name in (role.id, *role.aliases)}))

    @property
    def feature_ids(self) -> tuple[str, ...]:
        """List the ids of all features of all products, sorted; reads every file."""
        return tuple(sorted({feature.id for it in self._all() for feature in it.features}))

    def serves_version(self, line_product: str, need_product: str) -> bool:
        """Tell whether licenses of one product serve a need of another: itself, or an older one (P 10)."""
        if line_product == need_product:
            return True
        line, need = self.product(line_product), self.product(need_product)
        if line is None or need is None:
            return False
        return line.family == need.family and line.version >= need.version

    @property
    def source_ids(self) -> tuple[str, ...]:
        """List the origins that source marks name, such as `S`."""
        return tuple(entry["id"] for entry in self._entries(self._texts, "sources"))

    @property
    def statement_ids(self) -> tuple[str, ...]:
        """List the numbers that source marks name, such as `12`."""
        return tuple(entry["id"] for entry in self._entries(self._texts, "statements"))

    def source(self, mark: str) -> Source | None:
        """Spell a source mark out, such as `S 12`; None for a mark that no catalog explains."""
        meanings = {entry["id"]: entry["meaning"] for entry in self._entries(self._texts, "sources")}
        origin, _, number = (mark, "", "") if mark in meanings else mark.rpartition(" ")
        if origin not in meanings:
            return None
        statements = self._entries(self._texts, "statements") if number else ()
        text = next((entry["text"] for entry in statements if entry["id"] == number), None)
        return Source(mark, meanings[origin], text)

    def _all(self) -> Iterable[Product]:
        found = (self.product(name) for name in self.product_ids)
        return [product for product in found if product is not None]

    @staticmethod
    def _entries(texts: Mapping[str, Raw], key: str) -> list[Raw]:
        entries: list[Raw] = texts[key]["entries"] if key in texts else _read("sources.json")[key]
        return entries


def _lay(
    shelf: dict[str, Raw],
    stated: Iterable[Raw],
    built_in: Callable[[str], Raw | None],
    merge: Callable[[Raw, Raw], Raw],
) -> None:
    for entry in stated:
        known = shelf.get(entry["id"]) or built_in(entry["id"])
        shelf[entry["id"]] = entry if known is None else merge(known, entry)
