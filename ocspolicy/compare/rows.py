"""Needs and balances under both products, each changed row with the facts that change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ..catalog import ExternalUsers, Feature, Product, Role
from ..finding import PositionRow, Report
from ..need import Need
from .terms import Difference
from .uses import Here

_Kind: TypeAlias = tuple[str, str | None]

# What decides how many people connectors cover, where nothing says of itself that they need CALs.
_INDIRECT = frozenset({"external", "version", "role", "suite", "license"})


class Reference(NamedTuple):
    """Names a fact that differs: its kind, such as role, and its id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """How many units of a license kind are asked for first under each product, and why that changes."""

    license: str
    edition: str | None
    before: int
    after: int
    because: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """The balance of a license kind under each product, None where it is neither owned nor short, and why it changes.

    `product` is None for suites, and for a kind of which nothing is owned: each product then asks for its own.
    """

    product: str | None
    license: str
    edition: str | None
    metric: str | None
    owned: int
    before: int | None
    after: int | None
    because: tuple[Reference, ...] = ()


def needs(here: Here, changes: Sequence[Difference]) -> tuple[NeedRow, ...]:
    """Give a row for each license kind that is asked for under either product."""
    before, after = map(_asked, here.needs)
    return tuple(
        NeedRow(*kind, before[kind], after[kind], _because(kind, here, changes) if before[kind] != after[kind] else ())
        for kind in sorted({*before, *after}, key=lambda kind: (kind[0], kind[1] or ""))
    )


def _asked(found: Iterable[Need]) -> Counter[_Kind]:
    asked: Counter[_Kind] = Counter()
    for need in found:
        for ask in need.asks:
            asked[ask.first.license, ask.first.edition] += need.count
    return asked


def _because(kind: _Kind, here: Here, changes: Sequence[Difference]) -> tuple[Reference, ...]:
    """Name what of the differing facts makes somebody ask for a kind, or no longer."""
    asking = {_reference(fact) for needs in here.needs for need in needs for fact in _facts(need, kind)}
    found = [it for it in changes if _is_direct(it, kind, asking, here.products)]
    # A license line or a role may decide whether connectors cover external people.
    found = found or [it for it in changes if it.kind in _INDIRECT]
    return tuple(Reference(it.kind, it.id) for it in found)


def _facts(need: Need, kind: _Kind) -> Iterator[Role | Feature | ExternalUsers]:
    for ask in need.asks:
        if (ask.first.license, ask.first.edition) == kind:
            yield from ask.facts


def _reference(fact: Role | Feature | ExternalUsers) -> Reference:
    what = "role" if isinstance(fact, Role) else "feature" if isinstance(fact, Feature) else "external"
    return Reference(what, fact.id)


def _is_direct(of: Difference, kind: _Kind, asking: Collection[Reference], products: Sequence[Product]) -> bool:
    if of.kind == "license":
        return of.id == kind[0]
    if of.kind == "tier":
        return any(_is_cal(kind, product) and kind[1] in _brought(of.id, product) for product in products)
    if of.kind == "role":
        known = {role.id for product in products if (role := product.role(of.id)) is not None}
        return any(Reference("role", name) in asking for name in known)
    return Reference(of.kind, of.id) in asking


def _is_cal(kind: _Kind, product: Product) -> bool:
    license_ = product.license(kind[0])
    return license_ is not None and license_.tiered


def _brought(tier: str, product: Product) -> set[str]:
    """Give the tiers that who needs one needs besides what everybody needs."""
    return {tier, *product.tiers_for((), also=[tier])}.difference(set(product.tiers_for(())) - {tier})


def balances(
    reports: tuple[Report, Report], rows: Sequence[NeedRow], changes: Sequence[Difference], here: Here
) -> tuple[BalanceRow, ...]:
    """Give a row for each license kind that is owned, or short, under either product."""
    owned = {_whole(row) for report in reports for row in report.position if row.owned}
    before, after = ({_kind(row, owned): row for row in report.position} for report in reports)
    return tuple(
        _balance(kind, before.get(kind), after.get(kind), rows, changes, here)
        for kind in sorted({*before, *after}, key=lambda kind: tuple(part or "" for part in kind))
    )


_Whole: TypeAlias = tuple[str | None, str, str | None, str | None]


def _kind(row: PositionRow, owned: Collection[_Whole]) -> _Whole:
    """Name a row; each product asks for its own licenses, so where nothing is owned the product makes no difference."""
    whole = _whole(row)
    return whole if whole in owned else (None, *whole[1:])


def _whole(row: PositionRow) -> _Whole:
    return row.product, row.license, row.edition, row.metric


def _balance(  # noqa: PLR0913, PLR0917 -- a row is made of both sides, and of all that may have changed it
    kind: _Whole,
    before: PositionRow | None,
    after: PositionRow | None,
    rows: Sequence[NeedRow],
    changes: Sequence[Difference],
    here: Here,
) -> BalanceRow:
    one, other = (None if row is None else row.balance for row in (before, after))
    owned = max(row.owned for row in (before, after) if row is not None)
    because = _because_of_balance(kind, rows, changes, here) if one != other else ()
    return BalanceRow(*kind, owned, one, other, because)


def _because_of_balance(
    kind: _Whole, rows: Sequence[NeedRow], changes: Sequence[Difference], here: Here
) -> tuple[Reference, ...]:
    """Name what changes which lines serve, and what is asked of them: kinds stand in for one another."""
    product, license_, _, _ = kind
    suites = {it.id for it in changes if it.kind == "suite"}
    connectors = {it.external_users.license for it in here.products}
    found = [
        Reference(it.kind, it.id) for it in changes if (it.kind, it.id) in {("version", product), ("license", license_)}
    ]
    found += (Reference("suite", name) for name in sorted(suites))
    found += (it for row in rows if row.license == license_ or license_ in suites for it in row.because)
    if license_ in connectors or not found:
        found += (Reference(it.kind, it.id) for it in changes if it.kind in _INDIRECT)
    return tuple(dict.fromkeys(found))
