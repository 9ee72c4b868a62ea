"""What is owned on the day, as lots: units of an inventory line that may serve the same needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .catalog import Suite
from .estate import Estate, Line
from .need import Kind, Need, cal
from .place import folded


class Lot(NamedTuple):
    """Units of a line; `servers` holds the folded names of those that they are assigned to, None if free."""

    line: Line
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a record for
    servers: frozenset[str] | None = None


def lots(estate: Estate) -> list[Lot]:
    """Divide the lines that count on the day into assigned and free units (P 18)."""
    instances: dict[str, list[tuple[str, int]]] = {}
    for server in estate.servers:
        instances.setdefault(folded(server.name), []).append((folded(server.deployment), server.count))
    bound: dict[tuple[object, ...], int] = {}
    found: list[Lot] = []
    for line in estate.lines:
        if counts(line, estate):
            found += _divide(line, instances, bound)
    return found


def alike(line: Line) -> tuple[object, ...]:
    """Give what lines have in common that differ in nothing but quantity and purchase: they count as one line."""
    product = line.product.id if line.product else None
    assurance = line.model.software_assurance
    return (product, line.license, line.edition, line.metric, line.scope, frozenset(line.assigned_to), assurance)


def _divide(
    line: Line, instances: dict[str, list[tuple[str, int]]], bound: dict[tuple[object, ...], int]
) -> Iterator[Lot]:
    """Bind units to the servers that a line names; `bound` carries what lines like it have still to bind."""
    if not line.assigned_to:
        yield Lot(line, line.quantity)
        return
    key = alike(line)
    if key not in bound:
        # A unit that is assigned to a server nobody declares is still bound to that name.
        bound[key] = sum(assigned_instances(line, name, instances) or 1 for name in line.assigned_to)
    units = min(bound[key], line.quantity)
    bound[key] -= units
    if units or not line.quantity:
        yield Lot(line, units, frozenset(line.assigned_to))
    if line.quantity > units:
        yield Lot(line, line.quantity - units)


def assigned_instances(line: Line, name: str, instances: dict[str, list[tuple[str, int]]]) -> int:
    """Count the instances in scope of a line that bear a name (folded)."""
    return sum(count for deployment, count in instances.get(name, ()) if line.reaches(frozenset([deployment])))


def counts(line: Line, estate: Estate) -> bool:
    """Tell whether a line counts on the day: in force, with a deployment left in scope, new enough."""
    return line.in_force and any(True for _ in in_scope(line, estate)) and not too_old(line, estate)


def in_scope(line: Line, estate: Estate) -> Iterator[str]:
    """Give the product ids of the deployments that a line reaches."""
    return (
        deployment.product.id for deployment in estate.deployments if line.reaches(frozenset([folded(deployment.name)]))
    )


def too_old(line: Line, estate: Estate) -> bool:
    """Tell whether a line is of an older version than the product of every deployment in scope (P 10)."""
    if line.product is None:
        return False
    products = [product for product_id in in_scope(line, estate) if (product := estate.catalog.product(product_id))]
    family = [product for product in products if product.family == line.product.family]
    return bool(family) and all(product.version > line.product.version for product in family)


def row_kind(line: Line) -> tuple[str | None, str, str | None, str | None]:
    """Give what a position row is of: product, license, edition, metric."""
    if line.suite is not None:
        return None, line.suite.id, None, line.metric
    return (line.product.id if line.product else None), line.license, line.edition, None


def serving(lot: Lot, need: Need, estate: Estate) -> tuple[int, ...]:
    """Give the indexes of a need's asks that one unit of a lot serves, for one of its members."""
    if lot.servers is not None and need.server not in lot.servers:
        return ()
    if not lot.line.reaches(need.reach):
        return ()
    return tuple(index for index, ask in enumerate(need.asks) if covers(lot.line, ask.kind, need.holder, estate))


def covers(line: Line, kind: Kind, holder: str, estate: Estate) -> bool:
    """Tell whether a unit of a line can serve a kind of need (P 9, 10, 11, 22)."""
    if line.suite is not None:
        return line.metric == holder and _grants(line.suite, holder, kind, estate)
    if line.license != kind.license or line.product is None:
        return False
    if not estate.catalog.serves_version(line.product.id, kind.product):
        return False
    license_ = line.product.license(line.license)
    return license_ is not None and holder in license_.holders and license_.can_serve(line.edition, kind.edition)


def _grants(suite: Suite, holder: str, kind: Kind, estate: Estate) -> bool:
    """Tell whether a suite includes a CAL of this tier and version, or of a newer version (P 11)."""
    product = estate.catalog.product(kind.product)
    license_ = cal(product, holder) if product else None
    if license_ is None or license_.id != kind.license:
        return False
    return any(
        kind.edition in grant.tiers
        and grant.in_force(estate.day)
        and estate.catalog.serves_version(grant.product, kind.product)
        for grant in suite.grants
    )
