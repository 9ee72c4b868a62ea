"""`kind: Catalog`: what the terms say about products, in the shape of the data that ships with the program.

An entry with a known id states only what it changes. Whatever states a fact names where it is written.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from .model import LARGEST_QUANTITY, ApiVersion, Day, Identifier, Labels, Model, Name, Quantity, Text, without_null

# Keys that say what a thing is called, and keys whose entries name their own sources.
NAMES = frozenset({"id", "name", "aliases", "note", "source"})
SECTIONS = frozenset({"licenses", "tiers", "roles", "features", "externalUsers", "limits", "grants"})
NO_FACTS = NAMES | SECTIONS

Version: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_QUANTITY)]


def _with_source(schema: dict[str, Any]) -> None:
    """Say in the JSON Schema that facts need a source, and a family a version."""
    without_null(schema)
    needing = {key: ["source"] for key in schema["properties"] if key not in NO_FACTS}
    if "family" in needing:
        needing["family"] = ["source", "version"]
    schema["dependentRequired"] = needing


class Fact(Model):
    """Something that the terms say."""

    model_config = ConfigDict(json_schema_extra=_with_source)

    source: list[Name] | None = Field(
        default=None,
        min_length=1,
        description="Where it is written: marks of `sources`, or any text; needed wherever a fact is stated.",
    )
    certainty: Literal["certain", "disputed", "undetermined"] | None = Field(
        default=None, description="Default: undetermined where the licensing is, else certain."
    )
    note: Text | None = Field(default=None, description="In plain words, for people.")

    @model_validator(mode="after")
    def _names_its_source(self) -> Fact:
        fields = type(self).model_fields
        stated = {fields[name].alias or name for name in self.model_fields_set}
        if self.source is None and stated - NO_FACTS:
            raise PydanticCustomError("missing", "no source", {"key": "source"})
        return self


class Edition(Model):
    """An edition in which a license is sold."""

    id: Identifier
    name: Text | None = None
    serves: list[Identifier] | None = Field(
        default=None, description="Editions, or CAL tiers, that it can serve, its own first; default: its own."
    )
    source: list[Name] | None = Field(default=None, min_length=1, description="Default: that of the license.")


class License(Fact):
    """A kind of license."""

    id: Identifier
    name: Text | None = None
    holders: list[Literal["instance", "user", "device", "deployment"]] | None = Field(
        default=None, min_length=1, description="Who holds one unit."
    )
    editions: list[Edition] | None = Field(
        default=None, description="Server editions; for what people or devices hold, CAL tiers."
    )
    redundant: bool = Field(default=False, description="Whether the terms already include what it buys.")


class Tier(Fact):
    """A CAL tier."""

    id: Identifier
    name: Text | None = None
    base: bool = Field(default=False, description="Whether every holder needs it; exactly one tier is the base.")
    requires: list[Identifier] | None = Field(default=None, description="Tiers that its holder needs as well.")


class Role(Fact):
    """A server role and how it is licensed."""

    id: Identifier
    name: Text | None = None
    aliases: list[Identifier] | None = Field(default=None, description="Other ids that mean the same role.")
    licensing: Literal["counted", "additional", "free", "outside", "undetermined", "not-offered"] | None = Field(
        default=None,
        description="counted: each running instance needs a license. additional: covered as long as the counted "
        "servers are licensed. free: needs nothing. outside: licensed under other terms. Default: undetermined.",
    )
    license: Identifier | None = Field(default=None, description="The kind that each instance needs; counted only.")
    edition: Literal["required", "optional", "none"] | None = Field(
        default=None,
        description="Whether the need is of an edition: required, that of the server or its pool; optional, any but "
        "where the server itself states one; none, the license has no editions. Default: none.",
    )


class Feature(Fact):
    """A feature and what its users need."""

    id: Identifier
    name: Text | None = None
    licensing: Literal["tier", "license", "undetermined", "not-offered"] | None = Field(
        default=None, description="tier: a CAL tier. license: a kind of its own. Default: undetermined."
    )
    tier: Identifier | None = Field(default=None, description="The CAL tier that it needs.")
    license: Identifier | None = Field(default=None, description="The kind of license that it needs.")


class ExternalUsers(Fact):
    """What external users need."""

    licensing: Literal["included", "included-unless-authenticated", "connector-or-cal", "undetermined"] | None = None
    license: Identifier | None = Field(default=None, description="The kind that covers those of a whole deployment.")


class Limit(Fact):
    """The size that an edition is made for: at most `most` of `of` for each `per`."""

    id: Identifier
    edition: Identifier
    of: Identifier = Field(description="`users`, or a role id.")
    per: Identifier = Field(description="`pool`, or a role id.")
    most: Quantity


class Product(Fact):
    """A product version, or what is changed of a known one."""

    id: Identifier
    name: Text | None = None
    family: Identifier | None = Field(
        default=None, description="Products of one family replace each other; default: a family of its own."
    )
    version: Version | None = Field(
        default=None, description="Orders the products of a family; a newer serves an older."
    )
    licenses: list[License] | None = None
    tiers: list[Tier] | None = None
    roles: list[Role] | None = None
    features: list[Feature] | None = None
    external_users: ExternalUsers | None = None
    limits: list[Limit] | None = None

    @model_validator(mode="after")
    def _orders_its_family(self) -> Product:
        if self.family is not None and self.version is None:
            raise PydanticCustomError("missing", "no version", {"key": "version"})
        return self


class Grant(Model):
    """CALs of one product that a suite includes."""

    product: Identifier
    tiers: list[Identifier]
    valid_from: Day | None = Field(default=None, description="First day on which the suite includes them.")
    source: list[Name] = Field(min_length=1)


class Suite(Fact):
    """A bundle that gives its one holder CALs of several tiers or products."""

    id: Identifier
    name: Text | None = None
    grants: list[Grant] | None = Field(
        default=None, description="What is stated for a product replaces what was granted for it before."
    )


class Source(Model):
    """Spells out whose word a source mark stands for."""

    id: Name
    meaning: Text


class Statement(Model):
    """Spells out what a number behind a source mark stands for."""

    id: Name
    text: Text


class Metadata(Model):
    """A catalog may have a name."""

    name: Name | None = None
    labels: Labels = {}


class Catalog(Model):
    """What an organization adds to the terms, or changes in them; named by `catalogs` in the configuration."""

    api_version: ApiVersion
    kind: Literal["Catalog"]
    metadata: Metadata | None = None
    products: list[Product] = []
    suites: list[Suite] = []
    sources: list[Source] = []
    statements: list[Statement] = []
