"""The estate on the day of judgement: servers, groups, holders and inventory lines, resolved in the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ..catalog import Catalog, Feature, Product, Role, Suite
from ..source import Node

if TYPE_CHECKING:
    from ..documents.deployment import Group as GroupModel
    from ..documents.deployment import Pool as PoolModel
    from ..documents.deployment import Server as ServerModel
    from ..documents.inventory import License


class Policy(NamedTuple):
    """What the organization has decided where the terms leave it a choice.

    `undetermined` maps a feature id to a tier id or `none`, a role id to `counted` or `free`.
    `headroom` maps `license/edition`, or `product/license/edition`, to a number or a percentage (`10%`).
    `file` is the configuration that says so.
    """

    external_authenticated: str = "warn"
    undetermined: Mapping[str, str] | None = None
    headroom: Mapping[str, int | str] | None = None
    file: str | None = None

    def decides(self, fact: Role | Feature) -> bool:
        """Whether it says how a role or feature counts of which the terms do not say it."""
        said = (self.undetermined or {}).get(fact.id)
        return said is not None and (said in {"counted", "free"}) == isinstance(fact, Role)


class Situation(NamedTuple):
    """What a judgement asks: on which day, under which product (or each deployment's own), planned or not."""

    day: date
    policy: Policy
    include_planned: bool = False
    product: str | None = None
    whole_root: bool = True


class Server(NamedTuple):
    """A server as declared: `count` identical instances.

    `edition` is the one that its license must serve, None where any does. `unknown_roles` are those that the
    catalog does not know.
    """

    deployment: str
    product: Product
    name: str
    roles: tuple[Role, ...]
    unknown_roles: Mapping[str, Node]
    role_nodes: Mapping[str, Node]
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a record for
    edition: str | None
    pool: str | None
    counts: bool
    model: ServerModel
    node: Node

    @property
    def stands_by(self) -> bool:
        """Whether it is a cold standby, which no rule counts as running."""
        return self.model.state == "cold-standby"


class Group(NamedTuple):
    """People or devices that use a deployment in the same way; `people` is how many people are in it."""

    key: int
    deployment: str
    product: Product
    name: str
    features: tuple[Feature, ...]
    unknown_features: Mapping[str, Node]
    feature_nodes: Mapping[str, Node]
    internal: bool
    authentication: str
    by_device: bool
    people: int
    model: GroupModel
    node: Node

    @property
    def authenticated(self) -> bool:
        """Whether these people reach the product through Active Directory."""
        return self.authentication == "active-directory"

    @property
    def size(self) -> int:
        """How many people the group has, or devices where those hold the licenses."""
        return (self.model.devices or 0) if self.by_device else self.people


class Pool(NamedTuple):
    """A pool and the servers in it that count on the day."""

    name: str
    edition: str | None
    servers: tuple[Server, ...]
    model: PoolModel
    node: Node


class Deployment(NamedTuple):
    """One deployment with all that it declares."""

    name: str
    product: Product
    pools: tuple[Pool, ...]
    servers: tuple[Server, ...]
    groups: tuple[Group, ...]
    node: Node

    @property
    def running(self) -> Iterator[Server]:
        """The servers that count on the day."""
        return (server for server in self.servers if server.counts)


class Holders(NamedTuple):
    """People, or devices, who are in exactly the same groups."""

    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a record for
    groups: tuple[Group, ...]
    by_device: bool

    @property
    def internal(self) -> bool:
        """Internal wins over external."""
        return any(group.internal for group in self.groups)


class Line(NamedTuple):
    """An inventory line. `scope` and `assigned_to` hold folded names; a suite has no product.

    `edition` is None where the product has only one; `in_force` is whether its days include the day of judgement.
    `key` names the line while it moves in its file and its quantity changes.
    """

    id: str
    key: tuple[str, ...]
    product: Product | None
    suite: Suite | None
    license: str
    edition: str | None
    metric: str
    quantity: int
    scope: frozenset[str] | None
    assigned_to: tuple[str, ...]
    in_force: bool
    model: License
    node: Node

    @property
    def name(self) -> str:
        """The line's own id, or where it stands."""
        return self.model.id or self.id

    def reaches(self, deployments: frozenset[str]) -> bool:
        """Whether the line counts in any of these deployments (folded names)."""
        return self.scope is None or not self.scope.isdisjoint(deployments)


class Estate(NamedTuple):
    """All that is judged. Deployments are sorted by name, lines by file and place.

    `names` are the folded names of the deployments. `people` are those of all groups; `holders` those whose
    licenses are their own, and the devices.
    """

    day: date
    catalog: Catalog
    policy: Policy
    deployments: tuple[Deployment, ...]
    names: frozenset[str]
    people: tuple[Holders, ...]
    holders: tuple[Holders, ...]
    lines: tuple[Line, ...]
    whole_root: bool
    look_alikes: tuple[tuple[str, str, Group], ...] = ()

    @property
    def groups(self) -> Iterator[Group]:
        """All groups, deployment by deployment."""
        return (group for deployment in self.deployments for group in deployment.groups)

    @property
    def servers(self) -> Iterator[Server]:
        """All servers, deployment by deployment."""
        return (server for deployment in self.deployments for server in deployment.servers)
