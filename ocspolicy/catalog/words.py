"""Facts of the catalog in words: clauses without capital and full stop, which fit into any sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from ocspolicy.finding import Certainty

if TYPE_CHECKING:
    from . import Edition, ExternalUsers, Feature, Grant, Holder, License, Limit, Product, Role, Tier

INFERENCE = "D 25"
"""The statement that says what is only inferred from other statements; disputed facts that rest on it are."""

NOT_OFFERED = "not offered by this product"

_HOLDERS: dict[Holder, str] = {
    "instance": "a running server instance",
    "user": "a person",
    "device": "a device",
    "deployment": "a deployment: one for each of its servers that need a license",
}
_EDITIONS = {
    "required": ", of its own edition or its pool's",
    "optional": ", of any edition unless the server states its own",
    "none": "",
}
_ROLES = {
    "additional": "additional software: needs no license of its own, as long as every server that needs one has it",
    "free": "needs no license",
    "outside": "licensed under the terms of another product: not judged here",
    "undetermined": "the terms do not say whether it needs a license",
    "not-offered": NOT_OFFERED,
}
_EXTERNAL = {
    "included": "external users need no license of their own",
    "included-unless-authenticated": "external users need no license of their own; for those who authenticate through "
    "the company's Active Directory the configuration decides (external-authenticated): nothing is counted for them, "
    "or they need CALs, or {license} for each server of their deployment that needs a license",
    "connector-or-cal": "external users need CALs, or {license} for each server of their deployment that needs one",
    "undetermined": "the terms do not say what external users need",
}
_DOUBT = {
    "inferred": "disputed; inferred from what other statements say",
    "disputed": "disputed; the sources can be read in two ways",
    "open": "undetermined; the terms do not settle it",
}


class Fact(Protocol):
    """What every fact of the catalog carries."""

    @property
    def source(self) -> tuple[str, ...]:
        """Give the source marks."""

    @property
    def certainty(self) -> Certainty:
        """Tell how certain it is."""


def mark(certainty: Certainty, source: Iterable[str]) -> str:
    """Mark in a word what is not certain: `inferred`, `disputed` or `open`; empty for what is."""
    if certainty is Certainty.DISPUTED:
        return "inferred" if INFERENCE in source else "disputed"
    return "open" if certainty is Certainty.UNDETERMINED else ""


def doubt(fact: Fact) -> str | None:
    """Say why a fact is not certain; None for one that is."""
    return _DOUBT.get(mark(fact.certainty, fact.source))


def role(fact: Role, license_: License | None) -> str:
    """Say what a role needs; `license_` is the kind that it names, where its product has it."""
    if fact.licensing == "counted":
        kind = license_.name if license_ is not None else str(fact.license)
        return f"needs a license: one {kind} for each running instance{_EDITIONS[fact.edition]}"
    return _ROLES[fact.licensing]


def feature(fact: Feature, product: Product) -> str:
    """Say what the users of a feature need."""
    match fact.licensing:
        case "tier":
            found = product.tier(fact.tier or "")
            name = found.name if found else fact.tier
            return f"included in the {name}, which its users need{_on_top(found, product) if found else ''}"
        case "license":
            kind = product.license(fact.license or "")
            return f"its users need a license for it alone: {kind.name if kind else fact.license}"
        case "not-offered":
            return NOT_OFFERED
    return "the terms do not say which CAL its users need"


def tier(fact: Tier, product: Product) -> str:
    """Say who needs a tier."""
    if fact.base:
        return "whoever needs a CAL needs it, whatever the features"
    above = _on_top(fact, product)
    return f"needed by the users of its features{',' if above else ''}{above}"


def _on_top(fact: Tier, product: Product) -> str:
    below = [found.name if (found := product.tier(name)) else name for name in fact.requires]
    return f" on top of the {' and '.join(below)}" if below else ""


def external(fact: ExternalUsers, product: Product) -> str:
    """Say what external users need."""
    kind = product.license(fact.license or "")
    return _EXTERNAL[fact.licensing].replace("{license}", f"one {kind.name if kind else fact.license}")


def holders(fact: License) -> str:
    """Say who holds a license."""
    return " or ".join(_HOLDERS[holder] for holder in fact.holders) or "nobody whom the catalog names"


def license_kind(fact: License) -> str:
    """Say who holds a license, in which editions it is sold, and whether it buys anything."""
    sold = f"sold as {', '.join(map(_edition, fact.editions))}" if fact.editions else "sold without editions"
    redundant = "; the terms already include what it buys" if fact.redundant else ""
    return f"held by {holders(fact)}; {sold}{redundant}"


def _edition(fact: Edition) -> str:
    more = [name for name in fact.serves if name != fact.id]
    return f"{fact.name} (serves {' and '.join(more)} too)" if more else fact.name


def suite(grants: Iterable[Grant], product: Product) -> str:
    """Say which CALs of a product a unit of a suite gives its holder, by these grants."""
    tiers = dict.fromkeys(name for grant in grants for name in grant.tiers)
    names = [found.name for name in tiers if (found := product.tier(name))]
    given = f"the {' and the '.join(names)}" if names else "no CAL of this product"
    return f"one unit gives its holder {given}"


def limit(fact: Limit) -> str:
    """Say what size an edition is made for."""
    return f"at most {fact.most:,} {fact.of} for each {fact.per}"
