from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import (
    Catalog,
    Certainty,
    Context,
    Deployment,
    Finding,
    Group,
    Node,
    NoOptions,
    Rule,
    Server,
    Severity,
    folded,
)

GROUP_CHAT = "group-chat"
KINDS = ("group-chat-server", "group-chat-cal")


class GroupChatNotIncluded(Rule[NoOptions]):
    """Group Chat is deployed or used under a product whose terms do not include it, and no license covers it.

    Why: before the release R2 Group Chat was licensed apart, its servers and its clients. Later products include
    it, and Skype for Business Server 2019 no longer has it: what still runs there is covered by nothing.

    Remedy: buy Group Chat licenses where the product knows them, move to R2, which includes Group Chat, or stop
    using it.
    """

    id = "GCH005"
    name = "group-chat-not-included"
    severity = Severity.ERROR
    sources = ("D 25", "P 28", "T 28")
    message = (
        "{short} of {required} {license} {required:license|licenses} {short:is|are} missing: "
        "{product} does not include Group Chat"
    )
    run = "{product} does not offer Group Chat, which {count} {count:server runs|servers run}"
    use = "{product} does not offer Group Chat, which {count} {count:group uses|groups use}"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.license_shortages(*KINDS):
            newer = _including(shortage.product, context.catalog)
            move = f"move to {newer}, which includes it, or " if newer else ""
            remedy = f"buy {shortage.purchase}, or {move}stop using it"
            yield self.shortage(shortage, remedy=remedy, sources=shortage.sources() or self.sources)
        for deployment in context.estate.deployments:
            servers = [(server, node) for server in deployment.servers if (node := _runs(server)) is not None]
            groups = [(group, node) for group in deployment.groups if (node := _uses(group)) is not None]
            if servers:
                yield self._absent(deployment, "run", [(server.name, node) for server, node in servers])
            if groups:
                yield self._absent(deployment, "use", [(group.name, node) for group, node in groups])

    def _absent(self, deployment: Deployment, what: str, places: list[tuple[str, Node]]) -> Finding:
        name, node = places[0]
        fact = deployment.product.role(GROUP_CHAT) if what == "run" else deployment.product.feature(GROUP_CHAT)
        return self.finding(
            at=node,
            deployment=deployment.name,
            subject=name,
            facts={"product": deployment.product.id, "count": len(places), "subjects": [it for it, _ in places]},
            message=self.run if what == "run" else self.use,
            related=[other.note(f"{also} {what}s it too") for also, other in places[1:]],
            remedy="declare the product that really runs, or take Group Chat out of the manifest",
            key=(folded(deployment.name), what),
            certainty=fact.certainty if fact is not None else Certainty.CERTAIN,
            sources=fact.source if fact is not None else ("D",),
        )


def _including(product_id: str, catalog: Catalog) -> str | None:
    """Name the first version after a product's whose CALs include Group Chat."""
    product = catalog.product(product_id)
    known = [it for name in catalog.product_ids if (it := catalog.product(name)) is not None]
    newer = [it for it in known if product and it.family == product.family and it.version > product.version]
    including = [it for it in newer if (fact := it.feature(GROUP_CHAT)) is not None and fact.licensing == "tier"]
    return min(including, key=lambda it: it.version).id if including else None


def _runs(server: Server) -> Node | None:
    """Give the place where a server is said to have a role that its product lacks."""
    if not server.counts and not server.stands_by:
        return None
    role = server.product.role(GROUP_CHAT)
    missing = role is None or role.licensing == "not-offered"
    return (server.role_nodes.get(GROUP_CHAT) or server.unknown_roles.get(GROUP_CHAT)) if missing else None


def _uses(group: Group) -> Node | None:
    feature = group.product.feature(GROUP_CHAT)
    missing = feature is None or feature.licensing == "not-offered"
    return (group.feature_nodes.get(GROUP_CHAT) or group.unknown_features.get(GROUP_CHAT)) if missing else None
