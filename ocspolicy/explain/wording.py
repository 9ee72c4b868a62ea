"""Facts of the catalog as sentences: how things are licensed, how certain that is, whose word it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from ..finding import Certainty
from ..report.wording import listed
from .page import KEEP, Block, Heading, Pairs

if TYPE_CHECKING:
    from ..catalog import Catalog, ExternalUsers, Feature, Holder, License, Limit, Product, Role, Tier

HOLDERS: dict[Holder, str] = {
    "instance": "a running server instance",
    "user": "a person",
    "device": "a device",
    "deployment": "a deployment: one for each of its servers that need a license",
}
EDITIONS = {
    "required": ", of its own edition or its pool's",
    "optional": ", of any edition unless the server states its own",
    "none": "",
}
ROLES = {
    "additional": "Additional software: needs no license of its own, as long as every server that needs one has it.",
    "free": "Needs no license.",
    "outside": "Licensed under the terms of another product: not judged here.",
    "undetermined": "The terms do not say whether it needs a license: nothing is counted for it",
    "not-offered": "Not offered by this product.",
}
EXTERNAL = {
    "included": "External users need no license of their own.",
    "included-unless-authenticated": "External users need no license of their own; for those who authenticate through "
    "the company's Active Directory the configuration decides (external-authenticated): nothing is counted for them, "
    "or they need CALs, or {license} for each server of their deployment that needs a license.",
    "connector-or-cal": "External users need CALs, or {license} for each server of their deployment that needs one.",
    "undetermined": "The terms do not say what external users need.",
}
CERTAINTY = {
    Certainty.DISPUTED: "disputed; inferred, or the sources can be read in two ways",
    Certainty.UNDETERMINED: "undetermined; the terms do not settle it",
}


class Fact(Protocol):
    """What every fact of the catalog carries."""

    @property
    def source(self) -> tuple[str, ...]:
        """Give the source marks."""

    @property
    def certainty(self) -> Certainty:
        """Tell how certain it is."""

    @property
    def note(self) -> str | None:
        """Give what a reader should know besides."""


def marks(source: Iterable[str]) -> str:
    """List source marks, each in one piece."""
    return ", ".join(mark.replace(" ", KEEP) for mark in dict.fromkeys(source)) or "none stated"


def all_of(words: Iterable[str]) -> str:
    """List words with commas and an `and`."""
    return listed(list(words), None)


def role(fact: Role, license_: License | None) -> str:
    """Say what a role needs."""
    if fact.licensing == "counted":
        kind = license_.name if license_ is not None else str(fact.license)
        return f"Needs a license: one {kind} for each running instance{EDITIONS[fact.edition]}."
    if fact.licensing == "undetermined":
        return f'{ROLES["undetermined"]} until the configuration says undetermined.{fact.id} = "counted" or "free".'
    return ROLES[fact.licensing]


def feature(fact: Feature, product: Product) -> str:
    """Say what the users of a feature need."""
    if fact.licensing == "tier":
        found = product.tier(fact.tier or "")
        return f"Its users need the {found.name}{_on_top(found, product)}." if found else f"Its users need {fact.tier}."
    if fact.licensing == "license":
        kind = product.license(fact.license or "")
        return f"Its users need a license for it alone: {kind.name if kind else fact.license}."
    if fact.licensing == "not-offered":
        return ROLES["not-offered"]
    tiers = " or ".join(f'"{tier.id}"' for tier in product.tiers)
    decide = f'until the configuration says undetermined.{fact.id} = {tiers} or "none"'
    return f"The terms do not say which CAL its users need: nothing is counted for it {decide}."


def _on_top(tier: Tier, product: Product) -> str:
    below = [found.name if (found := product.tier(name)) else name for name in tier.requires]
    return f", on top of the {all_of(below)}" if below else ""


def tier(fact: Tier, product: Product) -> str:
    """Say who needs a tier."""
    if fact.base:
        return f"{fact.name}: whoever needs a CAL needs it, whatever the features."
    return f"{fact.name}: needed by the users of its features{_on_top(fact, product)}."


def holders(fact: License) -> str:
    """Say who holds a license."""
    return " or ".join(HOLDERS[holder] for holder in fact.holders) or "nobody whom the catalog names"


def external(fact: ExternalUsers, product: Product) -> str:
    """Say what external users need."""
    kind = product.license(fact.license or "")
    return EXTERNAL[fact.licensing].replace("{license}", f"one {kind.name if kind else fact.license}")


def limit(fact: Limit) -> tuple[str, str]:
    """Say what size an edition is made for, in a row."""
    doubt = "" if fact.certainty is Certainty.CERTAIN else f"{fact.certainty}; "
    sizes = f"at most {fact.most:,} {fact.of} for each {fact.per}"
    return f"{fact.edition} edition", f"{sizes} ({doubt}{marks(fact.source)})"


def short(fact: Role | Feature) -> str:
    """Give a word or two for a table."""
    by = getattr(fact, "tier", None) or fact.license
    said = f"{fact.licensing}: {by}" if by else str(fact.licensing)
    doubt = fact.certainty is not Certainty.CERTAIN and str(fact.certainty) != fact.licensing
    return f"{said} ({fact.certainty})" if doubt else said


def proof(fact: Fact) -> tuple[tuple[str, str], ...]:
    """Give the rows that say how certain a fact is and whose word it is."""
    doubt = CERTAINTY.get(fact.certainty)
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


def capital(text: str) -> str:
    """Let a sentence begin with a capital."""
    return text[:1].upper() + text[1:]


def named(products: Sequence[Product]) -> str:
    """Name products in a heading: one with its full name, several by their ids."""
    if len(products) == 1:
        return f"{products[0].id}: {products[0].name}"
    return all_of(product.id for product in products)
