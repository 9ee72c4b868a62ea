from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import (
    Context,
    Estate,
    Finding,
    Line,
    NoOptions,
    Rule,
    Severity,
    absent,
    covers,
    folded,
    old_cals,
    old_servers,
    redundant,
    server_need,
    unneeded_connector,
)


class InventoryLineUnused(Rule[NoOptions]):
    """An inventory line in force could serve no need of any deployment in its scope.

    Why: a line that can serve nothing is money to save, or a mistake in it: another product, tier or edition was
    meant, or its scope is too narrow. Lines of which another rule says why they serve nothing are left out.

    Remedy: correct the line, or do not renew it.
    """

    id = "INV002"
    name = "inventory-line-unused"
    severity = Severity.INFO
    sources = ("D",)
    message = "{quantity} {license} {quantity:license|licenses} could serve no need of any deployment in scope"
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for line in context.estate.lines:
            if line.in_force and context.position.idle(line) and not _is_explained(line, context):
                edition = {"edition": line.edition} if line.edition else {}
                yield self.finding(
                    at=line.node,
                    subject=line.name,
                    facts={"license": line.license, **edition, "quantity": line.quantity},
                    remedy="correct the line's product, license, edition or scope, or do not renew it",
                    key=line.key,
                )


def _is_explained(line: Line, context: Context[NoOptions]) -> bool:
    estate: Estate = context.estate
    return (
        bool(absent(line, estate))
        or old_cals(line, estate)
        or old_servers(line, estate)
        or redundant(line, estate)
        or unneeded_connector(line, estate)
        or bool(context.position.misassigned(line))
        or _waits(line, estate)
    )


def _waits(line: Line, estate: Estate) -> bool:
    """Tell whether a line is assigned to a server that will need its license from its start on."""
    named = (it for it in estate.servers if line.assigned_to and folded(it.name) in line.assigned_to)
    planned = (it for it in named if it.model.state == "planned" and line.reaches(frozenset([folded(it.deployment)])))
    needs = (need for it in planned if (need := server_need(it, estate.policy)) is not None)
    return any(covers(line, ask.kind, need.holder, estate) for need in needs for ask in need.asks)
