"""The reasons of a position as JSON values, in the position's own output and in the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .json import location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..reason import Asking, Bridge, Certificate, Fact, Reason, Serving


def as_data(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Give the trees, in the order of the position's rows."""
    return [_reason(reason) for reason in reasons]


def _reason(reason: Reason) -> dict[str, Any]:
    row = reason.row
    return {
        "product": row.product,
        "license": row.license,
        "edition": row.edition,
        "metric": row.metric,
        "required": row.required,
        "owned": row.owned,
        "asked": reason.asked,
        "elsewhere": _bridges(reason.elsewhere),
        "standsIn": _bridges(reason.stands_in),
        "asking": [_asking(it) for it in reason.asking],
        "serving": [_serving(it) for it in reason.serving],
        "waiting": [{"deployment": name, "number": number} for name, number in reason.waiting],
        "proof": _proof(reason.proof) if reason.proof is not None else None,
        "leftOut": reason.left_out,
    }


def _bridges(bridges: Iterable[Bridge]) -> list[dict[str, Any]]:
    return [{"kinds": list(names), "number": number} for names, number in bridges]


def _asking(asking: Asking) -> dict[str, Any]:
    return {
        "deployment": asking.deployment,
        "subject": asking.subject,
        "holder": asking.holder,
        "number": asking.number,
        "servedBy": [{"kind": it.license, "number": it.number, "facts": _facts(it.facts)} for it in asking.served],
        "uncovered": asking.uncovered,
        "facts": _facts(asking.facts),
        "location": location(asking.location),
        "parts": [
            {"kind": it.kind, "name": it.name, "number": it.number, "location": location(it.location)}
            for it in asking.parts
        ],
        # Nobody is named unless that was asked for, not even by an empty list.
        **({"people": list(asking.people)} if asking.people else {}),
    }


def _facts(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    return [
        {
            "kind": it.kind,
            "id": it.id,
            "name": it.name,
            "certainty": str(it.certainty),
            "source": list(it.source),
            "through": list(it.through),
        }
        for it in facts
    ]


def _serving(serving: Serving) -> dict[str, Any]:
    return {
        "line": serving.line,
        "name": serving.name,
        "units": serving.units,
        "used": serving.used,
        "left": serving.units - serving.used,
        "to": [
            {
                "deployment": it.deployment,
                "subject": it.subject,
                "number": it.number,
                "serves": list(it.serves),
                "facts": _facts(it.facts),
            }
            for it in serving.to
        ],
    }


def _proof(proof: Certificate) -> dict[str, Any]:
    return {
        "required": proof.required,
        "owned": proof.owned,
        "short": proof.short,
        "indivisible": proof.indivisible,
        "deployments": list(proof.deployments),
        "lines": [
            {"line": it.line, "name": it.name, "serves": it.serves, "apart": it.apart, "servers": list(it.servers)}
            for it in proof.lines
        ],
    }
