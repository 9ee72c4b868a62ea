from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ocspolicy.api import Catalog, Context, Finding, Line, Location, NoOptions, Rule, Severity, Spare


class HeadroomUsedUp(Rule[NoOptions]):
    """Fewer licenses of a kind stay free than the policy's headroom asks for.

    Why: an organization that grows wants to know before the last license is given out. The policy names a license
    kind, such as "user-cal/enterprise", with the product in front where several are owned, and how many of what is
    owned must stay free: a number, or a percentage, rounded up.

    Remedy: order licenses, or lower headroom in the configuration.
    """

    id = "HDR001"
    name = "headroom-used-up"
    severity = Severity.WARNING
    sources = ("D",)
    message = (
        "{free} of {owned} {kind} {owned:license|licenses} {free:stays|stay} free, and the policy asks for {asked}"
    )
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        headroom: Mapping[str, int | str] = context.policy.headroom or {}
        for key in sorted(headroom):
            wanted = _parse(key, context.catalog)
            kinds = [spare for spare in context.position.spare() if wanted.matches(spare)]
            for spare in kinds or [Spare(wanted.product, wanted.license, wanted.edition, None, 0, 0)]:
                asked = _asked(headroom[key], spare.owned)
                if spare.free < asked:
                    yield self._found(context, key, spare, asked)

    def _found(self, context: Context[NoOptions], key: str, spare: Spare, asked: int) -> Finding:
        kind = "/".join(part for part in (spare.product, spare.license, spare.edition) if part)
        lines = [line.node for line in context.estate.lines if _holds(line, spare)]
        file = context.policy.file
        return self.finding(
            at=lines[0] if lines else Location(file) if file is not None else None,
            subject=kind,
            facts={"kind": kind, "headroom": key, "owned": spare.owned, "free": spare.free, "asked": asked},
            remedy=f"order {asked - spare.free:,} {kind}, or lower headroom in the configuration",
            key=(kind, spare.metric or ""),
        )


class _Wanted(NamedTuple):
    product: str | None
    license: str
    edition: str | None

    def matches(self, spare: Spare) -> bool:
        """Tell whether a license kind is meant; what the key leaves out matches all."""
        return (
            spare.license == self.license
            and self.product in {None, spare.product}
            and self.edition in {None, spare.edition}
        )


def _parse(key: str, catalog: Catalog) -> _Wanted:
    parts = key.split("/")
    product = parts.pop(0) if parts[0] in catalog.product_ids else None
    license_, edition = (*parts, "", "")[:2]
    return _Wanted(product, license_, edition or None)


def _asked(value: int | str, owned: int) -> int:
    """Give how many must stay free; a percentage is rounded up."""
    return value if isinstance(value, int) else -(-owned * int(value.removesuffix("%")) // 100)


def _holds(line: Line, spare: Spare) -> bool:
    product = line.product.id if line.product is not None else None
    return line.in_force and (product, line.license, line.edition) == (spare.product, spare.license, spare.edition)
