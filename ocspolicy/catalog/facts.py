"""What the terms say, as values: each fact with its source, its certainty and a note in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from ocspolicy.finding import Certainty

Raw: TypeAlias = Mapping[str, Any]
"""A part of a catalog document as it was read: camelCase keys, JSON values."""

Holder: TypeAlias = Literal["instance", "user", "device", "deployment"]
RoleLicensing: TypeAlias = Literal["counted", "additional", "free", "outside", "undetermined", "not-offered"]
FeatureLicensing: TypeAlias = Literal["tier", "license", "undetermined", "not-offered"]
ExternalLicensing: TypeAlias = Literal["included", "included-unless-authenticated", "connector-or-cal", "undetermined"]
EditionUse: TypeAlias = Literal["required", "optional", "none"]

DECLARABLE = ("standard", "enterprise")
"""The editions that a manifest can state."""


class Edition(NamedTuple):
    """An edition in which a license is sold, and what it can serve, its own kind first.

    `serves` holds server editions, or CAL tiers where the license is held by people or devices.
    """

    id: str
    name: str
    serves: tuple[str, ...]
    source: tuple[str, ...]


class License(NamedTuple):
    """A kind of license of a product.

    One unit is held by an `instance` (a running server), a `user`, a `device`, or counts for a
    `deployment` (one for each of its counted instances); `holders` says by which. `redundant` is true where
    the terms already include what it buys. `editions` is empty where the kind has none.
    """

    id: str
    name: str
    holders: tuple[Holder, ...]
    editions: tuple[Edition, ...]
    redundant: bool
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None

    @property
    def tiered(self) -> bool:
        """Tell whether this is a CAL, whose editions are the tiers of the product."""
        return bool(self.editions) and ("user" in self.holders or "device" in self.holders)

    def edition(self, name: str) -> Edition | None:
        """Give an edition by its id."""
        return next((edition for edition in self.editions if edition.id == name), None)

    def can_serve(self, edition: str | None, needed: str | None) -> bool:
        """Tell whether a unit of an edition serves a need of an edition or tier.

        `needed` is None where any edition will do. A kind without editions serves every edition: so a newer
        license without editions serves an older server that has them (D 10).
        """
        if needed is None or not self.editions:
            return True
        found = self.edition(edition) if edition is not None else None
        return found is not None and needed in found.serves


class Tier(NamedTuple):
    """A CAL tier; `base` is what every holder needs, `requires` what a holder of this one needs as well."""

    id: str
    name: str
    base: bool
    requires: tuple[str, ...]
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None


class Role(NamedTuple):
    """A server role and how it is licensed.

    `counted`: each running instance needs one unit of the kind `license`. `additional`: covered as long as
    the counted roles are licensed. `free`: needs nothing, and no condition is stated. `outside`: licensed
    under another product's terms. `edition` says whether the need names an edition: `required` (its own or
    its pool's), `optional` (any, unless the server states one), `none`. `license` is None unless counted.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    licensing: RoleLicensing
    license: str | None
    edition: EditionUse
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None


class Feature(NamedTuple):
    """A feature and what its users need: a CAL tier (`tier`), or a unit of a kind of its own (`license`)."""

    id: str
    name: str
    licensing: FeatureLicensing
    tier: str | None
    license: str | None
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None


class ExternalUsers(NamedTuple):
    """What external users need; `license` is the kind that covers those of a whole deployment."""

    licensing: ExternalLicensing
    license: str | None
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None

    @property
    def id(self) -> str:
        """The id under which it stands among the facts that make a need."""
        return "external-users"

    @property
    def name(self) -> str:
        """What it is called there."""
        return "external people"


class Limit(NamedTuple):
    """The size an edition is made for: at most `most` of `of` for each `per`.

    `of` is `users` or a role id (its running instances); `per` is `pool` or a role id.
    """

    id: str
    edition: str
    of: str
    per: str
    most: int
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None


class Grant(NamedTuple):
    """CAL tiers of one product that a unit of a suite includes, from a day on (ISO date) or from ever."""

    product: str
    tiers: tuple[str, ...]
    valid_from: str | None
    source: tuple[str, ...]

    def in_force(self, day: object) -> bool:
        """Tell whether the suite includes this on a day: a `datetime.date` or an ISO date."""
        return self.valid_from is None or self.valid_from <= str(day)


class Suite(NamedTuple):
    """A bundle that gives its one holder CALs of several tiers or products."""

    id: str
    name: str
    grants: tuple[Grant, ...]
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None


class Source(NamedTuple):
    """A source mark spelled out: whose word it is, and what it says; `statement` is None without number."""

    mark: str
    meaning: str
    statement: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """A product version and all that its terms say; `version` orders the products of one `family`."""

    id: str
    name: str
    family: str
    version: int
    licenses: tuple[License, ...]
    tiers: tuple[Tier, ...]
    roles: tuple[Role, ...]
    features: tuple[Feature, ...]
    external_users: ExternalUsers
    limits: tuple[Limit, ...]
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None
    _roles: Mapping[str, Role] = field(repr=False)
    _features: Mapping[str, Feature] = field(repr=False)

    def role(self, name: str) -> Role | None:
        """Give a role by its id or one of its aliases."""
        return self._roles.get(name)

    def feature(self, name: str) -> Feature | None:
        """Give a feature by its id."""
        return self._features.get(name)

    def tier(self, name: str) -> Tier | None:
        """Give a CAL tier by its id."""
        return next((tier for tier in self.tiers if tier.id == name), None)

    def license(self, kind: str) -> License | None:
        """Give a kind of license of this product by its id; suites are the catalog's."""
        return next((license_ for license_ in self.licenses if license_.id == kind), None)

    def cal(self, holder: str) -> License | None:
        """Give the kind of CAL that a `user` or a `device` holds."""
        return next((kind for kind in self.licenses if kind.tiered and holder in kind.holders), None)

    @property
    def base_tier(self) -> Tier | None:
        """Give the tier that every holder needs; None where the product has no CALs."""
        return next((tier for tier in self.tiers if tier.base), None)

    def tiers_for(self, features: Iterable[str], also: Iterable[str] = ()) -> tuple[str, ...]:
        """Give the CAL tiers that a holder needs, in the order of the catalog.

        That is the base tier, those of the features, those named in `also` (what the policy decides about
        undetermined features), and all that these require. What the catalog does not know adds nothing.
        """
        known = {tier.id: tier for tier in self.tiers}
        found = (self._features.get(name) for name in features)
        pending = [tier.id for tier in self.tiers if tier.base] + [*also]
        pending += [feature.tier for feature in found if feature is not None and feature.tier is not None]
        wanted: set[str] = set()
        while pending:
            tier = known.get(pending.pop())
            if tier is not None and tier.id not in wanted:
                wanted.add(tier.id)
                pending += tier.requires
        return tuple(tier for tier in known if tier in wanted)
