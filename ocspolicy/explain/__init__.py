"""What there is to know of an id: rules and what the catalog says, as pages of blocks; no file is read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..errors import JudgementError, Problem, near_misses
from ..rule import summary
from .facts import PAGES
from .marks import known_marks, meant, of_same_origin
from .page import Block, Heading, Pairs, Prose, deeper
from .product import product_page
from .rules import Example, overview, rule_page
from .smallest import example_blocks
from .wording import marks, origins, sources

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..plugins import Registered

__all__ = ["Known", "explain", "handbook", "listing"]


class Known(NamedTuple):
    """All that can be explained: rules with their examples, and the catalog."""

    rules: tuple[Registered, ...]
    catalog: Catalog
    examples: Callable[[Registered], Sequence[Example]]


def explain(name: str, known: Known) -> list[Block]:
    """Give the pages of an id, one for each thing that it names.

    Raises:
        JudgementError: nothing has this id; near ones are named.
    """
    blocks = list(_pages(name, known)) or list(_pages(_canonical(name, known), known))
    if not blocks:
        raise JudgementError(Problem("usage", _unknown(name, known)))
    return blocks


def _unknown(name: str, known: Known) -> str:
    there = known_marks(known.rules, known.catalog)
    others = of_same_origin(name, there, known.catalog)
    if others:
        return f"found no source mark '{name[:60]}', expected one of {', '.join(others)}"
    near = near_misses(name, [*_ids(known), *there]) or "; 'ocspolicy explain' alone lists all"
    expected = "expected the id of a rule, role, feature, license, tier, suite or product, or a source mark"
    return f"found nothing named '{name[:60]}', {expected}{near}"


def listing(known: Known) -> list[Block]:
    """Give all that can be explained, by kind."""
    blocks: list[Block] = [Prose("'ocspolicy explain ID' explains one of these:")]
    rules = tuple((it.rule.id, f"{it.rule.name}: {summary(it.rule)}") for it in known.rules)
    blocks += [Heading(2, "Rules"), Pairs(rules)] if rules else []
    groups = {
        "Products": known.catalog.product_ids,
        "Server roles": known.catalog.role_ids,
        "Features": known.catalog.feature_ids,
        "Licenses and suites": known.catalog.license_kinds,
        "CAL tiers and editions": _tiers_and_editions(known.catalog),
    }
    for title, names in groups.items():
        blocks += [Heading(2, title), Prose(", ".join(names))]
    return [*blocks, Heading(2, "Source marks"), Prose(marks(known_marks(known.rules, known.catalog)))]


def handbook(known: Known) -> list[Block]:
    """Give one page with all rules."""
    lead = Prose("As 'ocspolicy explain --all --format markdown' writes them: not to be changed by hand.")
    blocks: list[Block] = [Heading(1, "Rules"), lead, *overview(known.rules)]
    for registered in known.rules:
        blocks += deeper(rule_page(registered, known.catalog, known.examples(registered), alone=False))
    return blocks + origins((mark for it in known.rules for mark in it.rule.sources), known.catalog)


def _pages(name: str, known: Known) -> Iterator[Block]:
    for registered in known.rules:
        if name in {registered.rule.id, registered.rule.name}:
            yield from rule_page(registered, known.catalog, known.examples(registered))
    for kind, page in {**PAGES, "product": product_page}.items():
        blocks = page(name, known.catalog)
        yield from blocks
        yield from example_blocks(kind, name, known.catalog) if blocks else ()
    if meant(name, known_marks(known.rules, known.catalog), known.catalog) == name:
        yield from [Heading(1, f"{name}: a source mark"), *sources([name], known.catalog)]


def _canonical(name: str, known: Known) -> str:
    """Find an id that differs in case only, or a source mark that differs in case and blanks."""
    found = next((it for it in _ids(known) if it.lower() == name.lower()), None)
    return found or meant(name, known_marks(known.rules, known.catalog), known.catalog) or name


def _ids(known: Known) -> list[str]:
    catalog = known.catalog
    rules = [name for it in known.rules for name in (it.rule.id, it.rule.name)]
    of_terms = [*catalog.role_ids, *catalog.feature_ids, *catalog.license_kinds, *_tiers_and_editions(catalog)]
    return [*rules, *of_terms, *catalog.product_ids]


def _tiers_and_editions(catalog: Catalog) -> list[str]:
    found = [product for name in catalog.product_ids if (product := catalog.product(name)) is not None]
    tiers = {tier.id for product in found for tier in product.tiers}
    editions = {edition.id for product in found for kind in product.licenses for edition in kind.editions}
    return sorted(tiers | editions)
