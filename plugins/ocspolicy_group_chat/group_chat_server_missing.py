from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Deployment, Finding, NoOptions, Rule, Severity

GROUP_CHAT = "group-chat"
# The product has Group Chat: its CALs cover it, or a license that is sold apart.
COVERED = {"tier", "license"}


class GroupChatServerMissing(Rule[NoOptions]):
    """A group uses Group Chat but no Group Chat server is deployed.

    Why: Group Chat runs on servers of its own. Where none is declared, either the manifest is incomplete, and what
    it leaves out may need licenses, or nobody uses the feature.

    Remedy: declare the Group Chat server, or take the feature out of the group.
    """

    id = "GCH004"
    name = "group-chat-server-missing"
    severity = Severity.WARNING
    sources = ("S 5", "S comment 16")
    message = "group '{group}' uses {feature}, but no running server of this deployment has the role"
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for deployment in context.estate.deployments:
            feature = deployment.product.feature(GROUP_CHAT)
            if feature is not None and feature.licensing in COVERED and not _runs_group_chat(deployment):
                users = (group for group in deployment.groups if GROUP_CHAT in group.feature_nodes)
                for group in users:
                    yield self.finding(
                        at=group.feature_nodes[GROUP_CHAT],
                        deployment=deployment.name,
                        subject=group.name,
                        facts={"group": group.name, "feature": GROUP_CHAT},
                        remedy=f"declare a server with the role {GROUP_CHAT}, or take it out of '{group.name}'",
                        sources=feature.source or self.sources,
                    )


def _runs_group_chat(deployment: Deployment) -> bool:
    return any(role.id == GROUP_CHAT for server in deployment.running for role in server.roles)
