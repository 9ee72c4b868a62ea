"""Which source marks there are, and what a person may have meant by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .facts import products
from .product import marks_of

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..plugins import Registered


def known_marks(rules: Iterable[Registered], catalog: Catalog) -> tuple[str, ...]:
    """Give the origins, and all marks that rules and facts cite and a catalog spells out, sorted."""
    cited = {mark for mark in _cited(rules, catalog) if catalog.source(mark) is not None}
    return tuple(sorted({*catalog.source_ids, *cited}, key=_order))


def meant(name: str, marks: Sequence[str], catalog: Catalog) -> str | None:
    """Find the mark that differs in case and blanks at most.

    A statement that is cited is known by those marks alone, as another origin did not say it; one that nobody
    cites by any.
    """
    cited = {_number(mark) for mark in marks}
    free = [
        f"{origin} {number}" for number in catalog.statement_ids if number not in cited for origin in catalog.source_ids
    ]
    return _like(name, [*marks, *free])


def _like(name: str, words: Iterable[str]) -> str | None:
    wanted = _bare(name)
    return next((word for word in words if _bare(word) == wanted), None)


def of_same_origin(name: str, marks: Sequence[str], catalog: Catalog) -> list[str]:
    """Give the marks of the origin that a name states before a number; nothing where it is no mark by its form."""
    found = re.fullmatch(r"(.*?)[0-9]+", _bare(name))
    origin = _like(found[1], catalog.source_ids) if found else None
    numbered = (mark for mark in marks if mark not in catalog.source_ids)
    return [mark for mark in numbered if origin is not None and mark.rpartition(" ")[0] == origin]


def _cited(rules: Iterable[Registered], catalog: Catalog) -> Iterator[str]:
    for registered in rules:
        yield from registered.rule.sources
    for product in products(catalog):
        yield from marks_of(product)
    for name in catalog.suite_ids:
        suite = catalog.suite(name)
        if suite is not None:
            yield from (*suite.source, *(mark for grant in suite.grants for mark in grant.source))


def _bare(text: str) -> str:
    return "".join(text.split()).lower()


def _number(mark: str) -> str:
    return mark.rpartition(" ")[2]


def _order(mark: str) -> tuple[str, int, str]:
    origin, _, number = mark.rpartition(" ")
    return (origin, int(number), mark) if re.fullmatch("[0-9]{1,6}", number) else (mark, -1, mark)
