"""`kind: LicenseInventory`: what the company owns."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .model import ApiVersion, Day, Identifier, Labels, Model, Name, Quantity, Text


class Scope(Model):
    """Where an inventory line counts."""

    deployments: list[Name] = Field(min_length=1, description="Deployment names.")


class License(Model):
    """One line: so many units of one license kind."""

    product: Identifier | None = Field(default=None, description="Product id; needed except for suites.")
    license: Identifier = Field(description="License kind or suite id.")
    edition: Identifier | None = Field(
        default=None, description="Server edition or CAL tier; needed where the product has several."
    )
    metric: Literal["user", "device"] | None = Field(
        default=None, description="Who holds a suite; suites only, default user."
    )
    quantity: Quantity
    valid_from: Day | None = Field(default=None, description="First day on which the line counts.")
    valid_until: Day | None = Field(default=None, description="Last day on which the line counts.")
    software_assurance: bool = False
    assigned_to: list[Name] | None = Field(
        default=None, min_length=1, description="Server licenses only: the servers that these units serve."
    )
    scope: Scope | None = Field(default=None, description="Default: all deployments.")
    id: Name | None = Field(default=None, description="Unique among all inventories.")
    agreement: Text | None = None
    purchase_order: Text | None = None
    note: Text | None = None
    labels: Labels = {}


class Metadata(Model):
    """An inventory may have a name."""

    name: Name | None = None
    labels: Labels = {}


class LicenseInventory(Model):
    """What the company owns."""

    api_version: ApiVersion
    kind: Literal["LicenseInventory"]
    metadata: Metadata | None = None
    licenses: list[License]
