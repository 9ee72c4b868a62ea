from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Policy, Rule, Server, Severity, counted_roles, folded

GROUP_CHAT = "group-chat"


class GroupChatServerUncovered(Rule[NoOptions]):
    """A Group Chat server runs though a Front End or Edge has no license.

    Why: since the release R2 a Group Chat server is additional software: it needs no license of its own, as long
    as the Front Ends and Edges are licensed. Where one of them is not, Group Chat is not covered either.

    Remedy: license the Front Ends and Edges named here; nothing needs to be bought for Group Chat.
    """

    id = "GCH001"
    name = "group-chat-server-uncovered"
    severity = Severity.ERROR
    sources = ("S 16", "S comment 16", "D 16")
    message = "{count} Group Chat {count:server is|servers are} not covered: {reason}"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for deployment in context.estate.deployments:
            servers = [server for server in deployment.running if _is_additional(server, context.policy)]
            unmet = context.position.unmet(deployment) if servers else None
            # That no such server runs at all, an unread document could take back.
            if unmet is not None and (unmet.unlicensed or not context.unread):
                yield self.finding(
                    at=servers[0].node,
                    deployment=deployment.name,
                    subject=servers[0].name,
                    facts=unmet.facts(servers),
                    related=unmet.related(servers),
                    remedy=unmet.remedy,
                    key=(folded(deployment.name),),
                    sources=tuple(dict.fromkeys((*_sources(servers), "D 16"))),
                )


def _is_additional(server: Server, policy: Policy) -> bool:
    """Tell whether Group Chat hangs on the licenses of other servers: that of a counted role covers its own server."""
    free = any(role.id == GROUP_CHAT and role.licensing == "additional" for role in server.roles)
    return free and not any(counted_roles(server, policy))


def _sources(servers: list[Server]) -> list[str]:
    return [mark for server in servers for role in server.roles if role.id == GROUP_CHAT for mark in role.source]
