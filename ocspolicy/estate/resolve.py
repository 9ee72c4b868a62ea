"""Resolves documents in the catalog, for one situation: ids become roles, features, editions; people become holders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..catalog import Catalog, Product, Role
from ..catalog import License as LicenseKind
from ..errors import Problem, near_misses
from ..place import folded
from ..source import Node
from . import Deployment, Estate, Group, Holders, Line, Pool, Server, Situation
from .policy import policy_problems

if TYPE_CHECKING:
    from ..documents import Placed
    from ..documents import deployment as documents
    from ..documents.inventory import License, LicenseInventory

GroupKey = tuple[str, str]


def resolve(  # noqa: PLR0913 -- an estate is made of all that was read
    deployments: Sequence[Placed[documents.Deployment]],
    inventories: Sequence[Placed[LicenseInventory]],
    people: Mapping[frozenset[GroupKey], int],
    catalog: Catalog,
    situation: Situation,
    *,
    look_alikes: Iterable[tuple[str, str, GroupKey]] = (),
) -> tuple[Estate, list[Problem]]:
    """Build the estate of a situation, and say what the catalog does not know.

    Args:
        people: how many people are in exactly these groups (folded names of deployment and group);
            groups with a plain `count` are not among them.
        look_alikes: two identities that look alike, and the group in which the first of them was met.
    """
    problems: list[Problem] = []
    resolver = _Resolver(catalog, situation, problems, _sizes(people))
    ordered = sorted(deployments, key=_name)
    resolved = tuple(found for placed in ordered if (found := resolver.deployment(placed)) is not None)
    problems += policy_problems(situation.policy, catalog, [deployment.product for deployment in resolved])
    lines = tuple(line for placed in inventories for line in resolver.lines(placed))
    groups = {
        (folded(group.deployment), folded(group.name)): group for deployment in resolved for group in deployment.groups
    }
    everyone = tuple(_people(groups, people))
    estate = Estate(
        day=situation.day,
        catalog=catalog,
        policy=situation.policy,
        deployments=resolved,
        names=frozenset(folded(deployment.name) for deployment in resolved),
        people=everyone,
        holders=tuple(_holders(groups, everyone)),
        lines=lines,
        whole_root=situation.whole_root,
        look_alikes=tuple((first, second, groups[key]) for first, second, key in look_alikes if key in groups),
    )
    return estate, problems


def _name(placed: Placed[documents.Deployment]) -> tuple[str, str]:
    return folded(placed.model.metadata.name), placed.model.metadata.name


def _sizes(people: Mapping[frozenset[GroupKey], int]) -> Counter[GroupKey]:
    """Count the people of each group that names them."""
    sizes: Counter[GroupKey] = Counter()
    for keys, count in people.items():
        for key in keys:
            sizes[key] += count
    return sizes


def _people(groups: Mapping[GroupKey, Group], people: Mapping[frozenset[GroupKey], int]) -> Iterator[Holders]:
    """Merge people met in several groups, and add those who are met nowhere else."""
    classes: list[tuple[list[GroupKey], int]] = [(sorted(keys), count) for keys, count in people.items()]
    classes += [([key], group.people) for key, group in groups.items() if group.model.count is not None]
    for keys, count in sorted(classes):
        met = tuple(groups[key] for key in keys if key in groups)
        if count and met:
            yield Holders(count, met, by_device=False)


def _holders(groups: Mapping[GroupKey, Group], people: Iterable[Holders]) -> Iterator[Holders]:
    """Give those who hold licenses: people but for those met at shared devices only, and these devices."""
    yield from (holders for holders in people if any(not group.by_device for group in holders.groups))
    for key in sorted(groups):
        group = groups[key]
        if group.by_device and group.model.devices:
            yield Holders(group.model.devices, (group,), by_device=True)


class _Resolver:
    """Carries the catalog and the situation through the documents, and collects what is wrong."""

    def __init__(
        self, catalog: Catalog, situation: Situation, problems: list[Problem], sizes: Mapping[GroupKey, int]
    ) -> None:
        self.catalog = catalog
        self.situation = situation
        self.problems = problems
        self.sizes = sizes
        self.alike: Counter[tuple[str, ...]] = Counter()

    def deployment(self, placed: Placed[documents.Deployment]) -> Deployment | None:
        model, root = placed
        name = model.metadata.name
        product = self.product(self.situation.product or model.product, root.at(("product",)))
        if product is None:
            return None
        pools = []
        servers = [
            self.server(name, product, server, root.at(("servers", index)), None)
            for index, server in enumerate(model.servers)
        ]
        for index, pool in enumerate(model.pools):
            node = root.at(("pools", index))
            members = tuple(
                self.server(name, product, server, node.at(("servers", number)), pool)
                for number, server in enumerate(pool.servers)
            )
            servers += members
            counted = tuple(server for server in members if server.counts)
            pools.append(Pool(pool.name, pool.edition, counted, pool, node))
        groups = tuple(
            self.group(name, product, group, root.at(("users", index)), index)
            for index, group in enumerate(model.users)
        )
        ordered = tuple(sorted(servers, key=lambda server: (folded(server.name), server.name)))
        return Deployment(name, product, tuple(pools), ordered, groups, root)

    def product(self, wanted: str, node: Node) -> Product | None:
        found = self.catalog.product(wanted)
        if found is None:
            known = list(self.catalog.product_ids)
            message = f"found product '{wanted}', expected one of {', '.join(known)}"
            self.problems.append(Problem("input", message + near_misses(wanted, known), node.location))
        return found

    def server(
        self,
        deployment: str,
        product: Product,
        model: documents.Server,
        node: Node,
        pool: documents.Pool | None,
    ) -> Server:
        roles: dict[str, Role] = {}
        unknown: dict[str, Node] = {}
        nodes: dict[str, Node] = {}
        for index, written in enumerate(model.roles):
            place = node.at(("roles", index))
            role = product.role(written)
            if role is None:
                unknown.setdefault(written, place)
            else:
                roles[role.id] = role
                nodes.setdefault(role.id, place)
        return Server(
            deployment=deployment,
            product=product,
            name=model.name,
            roles=tuple(roles[role_id] for role_id in sorted(roles)),
            unknown_roles=unknown,
            role_nodes=nodes,
            count=model.count,
            edition=self.edition(product, roles.values(), model, pool, node),
            pool=pool.name if pool else None,
            counts=self.counts(model),
            model=model,
            node=node,
        )

    def counts(self, model: documents.Server) -> bool:
        """Tell whether a server counts on the day: running, or planned and asked for or begun."""
        if model.state == "planned":
            begun = model.starts_on is not None and model.starts_on <= self.situation.day
            return begun or self.situation.include_planned
        return model.state == "running"

    def edition(
        self,
        product: Product,
        roles: Iterable[Role],
        model: documents.Server,
        pool: documents.Pool | None,
        node: Node,
    ) -> str | None:
        """Give the edition that the server's license must serve, None where any does."""
        needing = [role for role in roles if role.edition == "required" and role.license]
        editions = [
            kind for role in needing if (kind := product.license(role.license or "")) and len(kind.editions) > 1
        ]
        stated = model.edition or (pool.edition if pool and editions else None)
        self.problems += _unsold_editions(model, stated, product, roles, node)
        if not editions or stated is not None:
            return stated
        if self.situation.product is not None:
            return editions[0].editions[0].id
        message = (
            f"found no edition for server '{model.name}' with role {needing[0].id}, "
            "expected 'edition: standard' or 'edition: enterprise' on the server or its pool"
        )
        self.problems.append(Problem("input", message, node.location))
        return None

    def group(self, deployment: str, product: Product, model: documents.Group, node: Node, index: int) -> Group:
        features = {}
        unknown: dict[str, Node] = {}
        nodes: dict[str, Node] = {}
        for number, written in enumerate(model.features):
            place = node.at(("features", number)) if "features" in node.items else node
            feature = product.feature(written)
            if feature is None:
                unknown.setdefault(written, place)
            else:
                features[feature.id] = feature
                nodes.setdefault(feature.id, place)
        internal = model.relationship == "internal"
        if product.tiers and product.cal(model.license_by) is None:
            message = (
                f"found 'licenseBy: {model.license_by}', but {product.id} has no CAL that a {model.license_by} holds"
            )
            self.problems.append(Problem("input", message, node.at(("licenseBy",)).location))
        return Group(
            key=index,
            deployment=deployment,
            product=product,
            name=model.group,
            features=tuple(features[feature_id] for feature_id in sorted(features)),
            unknown_features=unknown,
            feature_nodes=nodes,
            internal=internal,
            authentication=model.authentication or ("active-directory" if internal else "federated"),
            by_device=model.license_by == "device",
            people=self.sizes.get((folded(deployment), folded(model.group)), 0) if model.count is None else model.count,
            model=model,
            node=node,
        )

    def lines(self, placed: Placed[LicenseInventory]) -> Iterator[Line]:
        for index, model in enumerate(placed.model.licenses):
            node = placed.node.at(("licenses", index))
            line = self.line(model, node)
            if line is not None:
                yield line

    def line(self, model: License, node: Node) -> Line | None:
        suite = self.catalog.suite(model.license)
        product = None if model.product is None else self.product(model.product, node.at(("product",)))
        problem = self.line_problem(model, product, node)
        if problem is not None:
            self.problems.append(problem)
        if problem is not None or (product is None and suite is None):
            return None
        kind = product.license(model.license) if product else None
        only = kind.editions[0].id if kind and len(kind.editions) == 1 else None
        return Line(
            id=f"{node.file}#{node.pointer}",
            key=self.line_key(model),
            product=product,
            suite=suite,
            license=model.license,
            edition=model.edition or only,
            metric=model.metric or "user",
            quantity=model.quantity,
            scope=frozenset(map(folded, model.scope.deployments)) if model.scope else None,
            assigned_to=tuple(dict.fromkeys(map(folded, model.assigned_to or ()))),
            in_force=(model.valid_from or self.situation.day)
            <= self.situation.day
            <= (model.valid_until or self.situation.day),
            model=model,
            node=node,
        )

    def line_key(self, model: License) -> tuple[str, ...]:
        """Name a line by its own id, or by all that it says but its quantity; the same said again is numbered."""
        if model.id is not None:
            return (folded(model.id),)
        scope = sorted(map(folded, model.scope.deployments)) if model.scope else []
        said = (
            *(model.license, model.product or "", model.edition or "", model.metric or ""),
            *(str(model.valid_from or ""), str(model.valid_until or "")),
            *(model.agreement or "", model.purchase_order or ""),
            *(",".join(scope), ",".join(sorted(map(folded, model.assigned_to or ())))),
        )
        self.alike[said] += 1
        return (*said, str(self.alike[said]))

    def line_problem(self, model: License, product: Product | None, node: Node) -> Problem | None:
        """Say what is wrong with a line under the catalog, None where nothing is."""
        if self.catalog.suite(model.license) is not None:
            return _suite_problem(model, node)
        if model.product is None:
            message = f"found license '{model.license}' without 'product', expected a product id"
            return Problem("input", message, node.location)
        if product is None:
            return None
        kind = product.license(model.license)
        place = node.at(("license",)).location
        if kind is None:
            known = sorted({*(kind.id for kind in product.licenses), *self.catalog.suite_ids})
            found = f"found license '{model.license}', expected one of {', '.join(known)}"
            return Problem("input", found + near_misses(model.license, known), place)
        return _line_problem(model, kind, product, node)


def _unsold_editions(
    model: documents.Server, stated: str | None, product: Product, roles: Iterable[Role], node: Node
) -> Iterator[Problem]:
    """Say which licenses of a server are not sold in the edition that is stated for it."""
    for role in roles:
        kind = product.license(role.license) if role.license else None
        said = stated if role.edition == "required" else model.edition
        if said is not None and kind is not None and kind.editions and kind.edition(said) is None:
            editions = " or ".join(f"'{edition.id}'" for edition in kind.editions)
            found = f"found edition '{said}' for server '{model.name}', expected {editions} for its role {role.id}"
            yield Problem("input", found, node.at(("edition",)).location)


def _suite_problem(model: License, node: Node) -> Problem | None:
    for key, given in (
        ("product", model.product),
        ("edition", model.edition),
        ("assignedTo", model.assigned_to),
    ):
        if given is not None:
            message = f"found '{key}' on suite '{model.license}', expected none: the catalog says what a suite grants"
            return Problem("input", message, node.keys[key].location)
    return None


def _line_problem(model: License, kind: LicenseKind, product: Product, node: Node) -> Problem | None:
    editions = [edition.id for edition in kind.editions]
    choice = " or ".join(f"'{edition}'" for edition in editions)
    if model.edition is None and len(editions) > 1:
        message = f"found no 'edition' on a {kind.name} of {product.id}, expected {choice}"
        return Problem("input", message, node.location)
    if model.edition is not None and model.edition not in editions:
        expected = choice or "none: this kind has no editions"
        message = f"found edition '{model.edition}', expected {expected}" + near_misses(model.edition, editions)
        return Problem("input", message, node.at(("edition",)).location)
    if model.metric is not None:
        message = "found 'metric' on a license that is no suite, expected it on suites only"
        return Problem("input", message, node.keys["metric"].location)
    if model.assigned_to is not None and "instance" not in kind.holders:
        message = f"found 'assignedTo' on a {kind.name}, expected it on server licenses only"
        return Problem("input", message, node.keys["assignedTo"].location)
    return None
