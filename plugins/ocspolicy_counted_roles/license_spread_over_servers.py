from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Doubled, Finding, NoOptions, Rule, Severity, Spread, folded


class LicenseSpreadOverServers(Rule[NoOptions]):
    """A line is assigned to more running instances than it has licenses, or one instance is assigned two.

    Why: a license is assigned to one server; it cannot be divided between boxes or roles. Two licenses on one
    instance cover no more than one does.

    Remedy: assign the line to as many instances as it has licenses, or buy the rest.
    """

    id = "ROL006"
    name = "license-spread-over-servers"
    severity = Severity.ERROR
    sources = ("P 13", "P 18")
    message = "{quantity} {license} {quantity:license is|licenses are} assigned to {instances} running instances"
    doubled = "server '{server}' ({instances} running) is assigned {quantity} {license} licenses"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for spread in context.position.spread():
            yield self._spread(spread)
        for doubled in context.position.doubled():
            yield self._doubled(doubled)

    def _spread(self, spread: Spread) -> Finding:
        first, *others = spread.lines
        more = spread.instances - spread.units
        return self.finding(
            at=first.node,
            subject=first.name,
            facts={"license": first.license, "quantity": spread.units, "instances": spread.instances},
            related=[line.node.note("assigned to the same servers") for line in others],
            remedy=f"take {more:,} of the instances out of assignedTo, or raise the quantity by {more:,}",
            key=("spread", *first.key),
        )

    def _doubled(self, doubled: Doubled) -> Finding:
        *others, last = doubled.lines
        server = doubled.server
        return self.finding(
            at=last.node,
            deployment=server.deployment,
            subject=last.name,
            facts={
                "license": doubled.license,
                "quantity": doubled.units,
                "instances": server.count,
                "server": server.name,
            },
            related=[line.node.note(f"assigned to {server.name} too") for line in others],
            message=self.doubled,
            remedy=f"take {server.name} out of one assignedTo, so that its license is free for another server",
            key=("doubled", folded(server.deployment), folded(server.name), doubled.license),
        )
