"""The reasons of a saved result back as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Certainty, PositionRow
from ..place import Location, Span
from ..reason import Asking, Certificate, Counted, Fact, Part, Reason, Served, Serving, Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from . import shape_base, why_shape


def location(found: shape_base.Location) -> Location:
    """Give a place."""
    if found.line is None or found.column is None or found.end_line is None or found.end_column is None:
        return Location(found.file, None, found.path)
    return Location(found.file, Span(found.line, found.column, found.end_line, found.end_column), found.path)


def reason(found: why_shape.Reason) -> Reason:
    """Give the reason of a row."""
    return Reason(
        PositionRow(found.product, found.license, found.edition, found.metric, found.required, found.owned),
        asked=found.asked,
        elsewhere=tuple((tuple(it.kinds), it.number) for it in found.elsewhere),
        stands_in=tuple((tuple(it.kinds), it.number) for it in found.stands_in),
        asking=tuple(map(_asking, found.asking)),
        serving=tuple(map(_serving, found.serving)),
        proof=_proof(found.proof) if found.proof is not None else None,
        waiting=tuple((it.deployment, it.number) for it in found.waiting),
        left_out=found.left_out,
    )


def _asking(found: why_shape.Asking) -> Asking:
    return Asking(
        found.deployment,
        found.subject,
        found.holder,
        found.number,
        facts=_facts(found.facts),
        served=tuple(Served(it.kind, it.number, _facts(it.facts)) for it in found.served_by),
        uncovered=found.uncovered,
        location=location(found.location),
        parts=tuple(Part(it.kind, it.name, it.number, location(it.location)) for it in found.parts),
    )


def _facts(found: Iterable[why_shape.Fact]) -> tuple[Fact, ...]:
    return tuple(
        Fact(it.kind, it.id, it.name, Certainty(it.certainty), tuple(it.source), tuple(it.through)) for it in found
    )


def _serving(found: why_shape.Serving) -> Serving:
    uses = (Use(it.deployment, it.subject, it.number, tuple(it.serves), _facts(it.facts)) for it in found.to)
    return Serving(found.line, found.name, found.units, found.used, tuple(uses))


def _proof(found: why_shape.Proof) -> Certificate:
    return Certificate(
        found.required,
        found.owned,
        found.short,
        tuple(found.deployments),
        tuple(Counted(it.line, it.name, it.serves, it.apart, tuple(it.servers)) for it in found.lines),
        found.indivisible,
    )
