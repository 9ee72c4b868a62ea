"""Facts of the catalog as sentences: how things are licensed, how certain that is, whose word it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..catalog import words
from ..catalog.words import Fact
from ..finding import Certainty
from ..report.wording import listed
from .page import KEEP, Block, Heading, Pairs

if TYPE_CHECKING:
    from ..catalog import Catalog, ExternalUsers, Feature, License, Limit, Product, Role, Tier

_UNTIL = "nothing is counted for it until the configuration says"


def marks(source: Iterable[str]) -> str:
    """List source marks, each in one piece."""
    return ", ".join(mark.replace(" ", KEEP) for mark in dict.fromkeys(source)) or "none stated"


def all_of(words: Iterable[str]) -> str:
    """List words with commas and an `and`."""
    return listed(list(words), None)


def role(fact: Role, license_: License | None) -> str:
    """Say what a role needs."""
    said = words.role(fact, license_)
    if fact.licensing == "undetermined":
        return sentence(f'{said}: {_UNTIL} undetermined.{fact.id} = "counted" or "free"')
    return sentence(said)


def feature(fact: Feature, product: Product) -> str:
    """Say what the users of a feature need."""
    said = words.feature(fact, product)
    if fact.licensing == "undetermined":
        tiers = " or ".join(f'"{tier.id}"' for tier in product.tiers)
        return sentence(f'{said}: {_UNTIL} undetermined.{fact.id} = {tiers} or "none"')
    return sentence(said)


def tier(fact: Tier, product: Product) -> str:
    """Say who needs a tier."""
    return f"{fact.name}: {words.tier(fact, product)}."


def holders(fact: License) -> str:
    """Say who holds a license."""
    return words.holders(fact)


def external(fact: ExternalUsers, product: Product) -> str:
    """Say what external users need."""
    return sentence(words.external(fact, product))


def limit(fact: Limit) -> tuple[str, str]:
    """Say what size an edition is made for, in a row."""
    doubt = "" if fact.certainty is Certainty.CERTAIN else f"{fact.certainty}; "
    return f"{fact.edition} edition", f"{words.limit(fact)} ({doubt}{marks(fact.source)})"


def short(fact: Role | Feature) -> str:
    """Give a word or two for a table."""
    by = getattr(fact, "tier", None) or fact.license
    said = f"{fact.licensing}: {by}" if by else str(fact.licensing)
    doubt = fact.certainty is not Certainty.CERTAIN and str(fact.certainty) != fact.licensing
    return f"{said} ({fact.certainty})" if doubt else said


def proof(fact: Fact) -> tuple[tuple[str, str], ...]:
    """Give the rows that say how certain a fact is and whose word it is."""
    doubt = words.doubt(fact)
    rows = [("certainty", doubt)] if doubt else []
    return (*rows, ("sources", marks(fact.source)))


def sources(cited: Iterable[str], catalog: Catalog) -> list[Block]:
    """Spell source marks out: each statement once, then whose words they are."""
    cited = list(cited)
    return [*statements(cited, catalog), *origins(cited, catalog)]


def statements(cited: Iterable[str], catalog: Catalog) -> list[Block]:
    """Say what stands at source marks: each statement once, and whose word a mark without a statement is."""
    said: dict[str, list[str]] = {}
    for mark in sorted(dict.fromkeys(cited), key=_order):
        source = catalog.source(mark)
        text = (source.statement or source.meaning) if source else "as it is stated here; no catalog spells it out"
        said.setdefault(text, []).append(mark)
    rows = tuple((marks(found), text) for text, found in said.items())
    return [Heading(2, "Sources"), Pairs(rows)] if rows else []


def origins(cited: Iterable[str], catalog: Catalog) -> list[Block]:
    """Say whose words the statements at source marks are."""
    found: dict[str, str] = {}
    for mark in dict.fromkeys(cited):
        source = catalog.source(mark)
        if source is not None and source.statement is not None:
            found[mark.rpartition(" ")[0]] = source.meaning
    return [Heading(2, "Whose words these are"), Pairs(tuple(found.items()))] if found else []


def _order(mark: str) -> tuple[int, str]:
    """Sort marks by the number of their statement; those without one come last."""
    number = mark.rpartition(" ")[2]
    return (int(number) if number.isascii() and number.isdigit() else 10**6, "")


def join(*parts: str | None) -> str:
    """Join sentences, leaving out those that are not there."""
    return " ".join(part for part in parts if part)


def sentence(clause: str) -> str:
    """Make a clause a sentence."""
    return f"{capital(clause)}."


def capital(text: str) -> str:
    """Let a sentence begin with a capital."""
    return text[:1].upper() + text[1:]


def named(products: Sequence[Product]) -> str:
    """Name products in a heading: one with its full name, several by their ids."""
    if len(products) == 1:
        return f"{products[0].id}: {products[0].name}"
    return all_of(product.id for product in products)
