from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Policy, Rule, Server, Severity, counted_roles, folded

# Group Chat servers are judged by GCH001.
APART = "group-chat"


class AdditionalSoftwareUncovered(Rule[NoOptions]):
    """Additional software runs though a Front End or Edge has no license.

    Why: Communicator Web Access, Web Components, Archiving, Mediation, Director, Monitoring and the conferencing
    servers need no license of their own, as long as the Front Ends and Edges are licensed. That is a condition:
    where it is not met in a deployment, the additional software there is not covered either. A deployment without
    Front End and Edge of its own leans on those of the others.

    Remedy: license the Front Ends and Edges named here; nothing needs to be bought for the additional software.
    """

    id = "ROL003"
    name = "additional-software-uncovered"
    severity = Severity.ERROR
    sources = ("S 12", "S 16", "D 16")
    message = "additional software on {count} {count:server|servers} is not covered: {reason}"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for deployment in context.estate.deployments:
            servers = [server for server in deployment.running if _additional(server, context.policy)]
            unmet = context.position.unmet(deployment) if servers else None
            # That no such server runs at all, an unread document could take back.
            if unmet is not None and (unmet.unlicensed or not context.unread):
                roles = sorted({role for server in servers for role in _additional(server, context.policy)})
                yield self.finding(
                    at=servers[0].node,
                    deployment=deployment.name,
                    subject=servers[0].name,
                    facts={**unmet.facts(servers), "roles": roles},
                    related=unmet.related(servers),
                    remedy=unmet.remedy,
                    key=(folded(deployment.name),),
                    sources=tuple(dict.fromkeys((*_sources(servers), "D 16"))),
                )


def _additional(server: Server, policy: Policy) -> list[str]:
    """Give the roles that hang on the licenses of other servers: where a role is counted, its license covers them."""
    if any(counted_roles(server, policy)):
        return []
    return [role.id for role in server.roles if role.licensing == "additional" and role.id != APART]


def _sources(servers: list[Server]) -> list[str]:
    additional = (role for server in servers for role in server.roles if role.licensing == "additional")
    return [mark for role in additional if role.id != APART for mark in role.source]
