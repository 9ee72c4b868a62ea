from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import (
    Certainty,
    Context,
    Deployment,
    Finding,
    NoOptions,
    Role,
    Rule,
    Server,
    Severity,
    counted_roles,
    folded,
)


class RoleUndetermined(Rule[NoOptions]):
    """The terms do not say whether a deployed role needs a server license.

    Why: no source settles it, so nothing is counted for the role and nothing is guessed. What the organization has
    agreed with its reseller belongs into the policy. Where a server is counted anyway, for another of its roles,
    that license covers it.

    Remedy: set the role to "counted" or "free" under undetermined in the configuration.
    """

    id = "ROL009"
    name = "role-undetermined"
    severity = Severity.WARNING
    sources = ("P 14", "? 26", "? 27")
    message = (
        "the terms of {product} do not say whether {role} needs a license; "
        "nothing is counted for {instances} {instances:instance|instances}"
    )

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for deployment in context.estate.deployments:
            found: dict[str, tuple[Role, list[Server]]] = {}
            for server in deployment.servers:
                here = server.counts or server.stands_by
                if not here or any(counted_roles(server, context.policy)):
                    continue
                for role in server.roles:
                    if role.licensing == "undetermined" and not context.policy.decides(role):
                        found.setdefault(role.id, (role, []))[1].append(server)
            for role_id in sorted(found):
                yield self._found(deployment, *found[role_id])

    def _found(self, deployment: Deployment, role: Role, servers: list[Server]) -> Finding:
        first, *others = servers
        return self.finding(
            at=first.role_nodes[role.id],
            deployment=deployment.name,
            subject=first.name,
            facts={
                "product": deployment.product.id,
                "role": role.id,
                "servers": [server.name for server in servers],
                "instances": sum(server.count for server in servers),
            },
            related=[server.role_nodes[role.id].note(f"{server.name} runs it too") for server in others],
            remedy=f'set undetermined.{role.id} = "counted" or "free" in the configuration',
            key=(folded(deployment.name), role.id),
            certainty=Certainty.UNDETERMINED,
            sources=role.source or self.sources,
        )
