from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity


class ColdStandbyUncovered(Rule[NoOptions]):
    """A cold standby has no Software Assurance to cover it.

    Why: a server that is switched off until a disaster needs no license of its own, where the license that it
    stands in for, and the CALs of its users, have Software Assurance. One license stands behind one standby. The
    licenses with Software Assurance are looked for in every assignment that covers as many servers as can be
    covered.

    Remedy: say which server it stands in for, buy Software Assurance for that server's license and the CALs, or
    declare the standby as running and license it.
    """

    id = "ROL008"
    name = "cold-standby-uncovered"
    severity = Severity.ERROR
    sources = ("P 21",)
    message = "cold standby '{server}' is not covered: {reason}"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for server, short, reasons in context.position.standbys():
            yield self.finding(
                at=server.node,
                deployment=server.deployment,
                subject=server.name,
                facts={
                    "server": server.name,
                    "standsInFor": server.model.stands_in_for,
                    "required": server.count,
                    "short": short,
                    "reason": " and ".join(reasons),
                },
                remedy="name the server in standsInFor, and own its license and the CALs of its users with Software "
                "Assurance; or declare the standby as running, which needs a license of its own",
            )
