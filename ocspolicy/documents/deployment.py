"""`kind: Deployment`: servers, and the people who use them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .model import (
    LARGEST_QUANTITY,
    LONGEST_TEXT,
    ApiVersion,
    Day,
    Identifier,
    Labels,
    Model,
    Name,
    Quantity,
    Text,
)


class Metadata(Model):
    """Names the deployment."""

    name: Name = Field(description="Unique among all deployments that are judged together.")
    labels: Labels = {}


class Server(Model):
    """A server, or `count` identical running instances of it."""

    name: Name = Field(description="Unique in the deployment.")
    roles: list[Name] = Field(min_length=1, description="Role ids; duplicates are folded.")
    count: Annotated[int, Field(ge=1, le=LARGEST_QUANTITY)] = Field(
        default=1, description="That many identical running instances."
    )
    edition: Literal["standard", "enterprise"] | None = Field(
        default=None, description="A Front End needs one, here or on its pool; others only where stated here."
    )
    machine: Literal["physical", "virtual"] = "physical"
    host: Name | None = Field(default=None, description="The machine below a virtual one.")
    state: Literal["running", "cold-standby", "planned", "retired"] = "running"
    starts_on: Day | None = Field(default=None, description="A planned server counts from this day on.")
    stands_in_for: Name | None = Field(default=None, description="The server that a cold standby replaces.")
    labels: Labels = {}


class Pool(Model):
    """Servers that work together under one edition."""

    name: Name = Field(description="Unique in the deployment.")
    edition: Literal["standard", "enterprise"] | None = None
    servers: list[Server] = []
    labels: Labels = {}


class PeopleFile(Model):
    """People read from a CSV file, or from a text file with one identity a line."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)] = Field(
        description="Relative to this manifest, inside the root."
    )
    identity: Name | None = Field(
        default=None,
        description="CSV column; default: the first of userPrincipalName, sipAddress, mail that is there.",
    )
    where: dict[Name, Text] = Field(default={}, description="Keep the rows whose columns equal these texts.")


class Group(Model):
    """People who use the deployment in the same way: one of `count`, `members` or `from`."""

    group: Name = Field(description="Unique in the deployment.")
    pool: Name | None = Field(default=None, description="Where these users are homed; for sizing only.")
    count: Quantity | None = Field(default=None, description="People who are met nowhere else.")
    members: list[Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]] | None = Field(
        default=None, description="Identities, such as user principal names."
    )
    from_: PeopleFile | None = Field(default=None, alias="from")
    relationship: Literal["internal", "external"] = "internal"
    authentication: Literal["active-directory", "federated", "anonymous"] | None = Field(
        default=None, description="Default: active-directory for internal, federated for external people."
    )
    access: Literal["direct", "indirect"] = "direct"
    features: list[Name] = Field(default=["instant-messaging", "presence"], description="Feature ids.")
    license_by: Literal["user", "device"] = "user"
    devices: Quantity | None = Field(default=None, description="Needed with `licenseBy: device`.")
    labels: Labels = {}


class Deployment(Model):
    """One estate of servers and the people who use it."""

    api_version: ApiVersion
    kind: Literal["Deployment"]
    metadata: Metadata
    product: Identifier = Field(default="ocs-2007-r2", description="Product id of the catalog.")
    pools: list[Pool] = []
    servers: list[Server] = Field(default=[], description="Servers outside any pool.")
    users: list[Group] = []
