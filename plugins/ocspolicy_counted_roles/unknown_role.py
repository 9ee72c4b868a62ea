from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, folded, nearest

MOST_HINTS = 100


class UnknownRole(Rule[NoOptions]):
    """A role id is not in the catalog.

    Why: whether a server needs a license is looked up by its roles. A role that nobody knows needs nothing, so a
    typing mistake would count too few licenses in silence; this finding can therefore be neither ignored nor
    waived.

    Remedy: write the id as the catalog does, or add the role to a catalog of your own.
    """

    id = "ROL004"
    name = "unknown-role"
    severity = Severity.ERROR
    sources = ("D",)
    message = "role '{role}' is not in the catalog"
    waivable = False
    always_on = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        unknown = [
            (server, role, node) for server in context.estate.servers for role, node in server.unknown_roles.items()
        ]
        known = list(context.catalog.role_ids) if unknown else []
        strangers = [entry for entry in unknown if entry[1] not in known]
        for index, (server, role, node) in enumerate(strangers):
            near = nearest(role, known) if index < MOST_HINTS else []
            yield self.finding(
                at=node,
                deployment=server.deployment,
                subject=server.name,
                facts={"role": role, "nearMisses": near},
                message=f"{self.message}; did you mean {{nearMisses}}?" if near else None,
                remedy=f"write {' or '.join(near)}, or add '{role}' to a catalog"
                if near
                else f"add '{role}' to a catalog",
                key=(folded(server.deployment), folded(server.name), role),
            )
