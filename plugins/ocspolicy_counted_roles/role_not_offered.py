from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Certainty, Context, Finding, Node, NoOptions, Rule, Server, Severity, folded

# Group Chat under a product without it is judged by GCH005.
APART = "group-chat"


class RoleNotOffered(Rule[NoOptions]):
    """A role is deployed that the product does not have.

    Why: such a manifest cannot be true: either the deployment runs another product, whose terms then count, or the
    server does something else.

    Remedy: correct the product of the deployment, or the roles of the server.
    """

    id = "ROL010"
    name = "role-not-offered"
    severity = Severity.ERROR
    sources = ("D 25", "P 28")
    message = "{product} has no role {role}"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for server in context.estate.servers:
            if not server.counts and not server.stands_by:
                continue
            for role in server.roles:
                if role.licensing == "not-offered" and role.id != APART:
                    node = server.role_nodes[role.id]
                    yield self._found(server, role.id, node, role.certainty, role.source)
            if server.unknown_roles:
                known = context.catalog.role_ids
                for name, node in server.unknown_roles.items():
                    if name in known and name != APART:
                        yield self._found(server, name, node, Certainty.CERTAIN, ("D",))

    def _found(self, server: Server, role: str, node: Node, certainty: Certainty, marks: tuple[str, ...]) -> Finding:
        product = server.product.id
        readings = {f"{product} does not have it": 0, "it does": server.count}
        return self.finding(
            at=node,
            deployment=server.deployment,
            subject=server.name,
            facts={
                "product": product,
                "role": role,
                **({"readings": readings} if certainty is Certainty.DISPUTED else {}),
            },
            remedy=f"declare the product that really runs on '{server.name}', or take {role} out of its roles",
            key=(folded(server.deployment), folded(server.name), role),
            certainty=certainty,
            sources=marks,
        )
