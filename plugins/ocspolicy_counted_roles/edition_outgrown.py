from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ocspolicy.api import (
    Certainty,
    Context,
    Deployment,
    Estate,
    Finding,
    Limit,
    NoOptions,
    Pool,
    Rule,
    Severity,
    folded,
)

PoolKey = tuple[str, str]


class EditionOutgrown(Rule[NoOptions]):
    """A pool is larger than its edition is made for.

    Why: Standard Edition is for small environments: it runs on a single server with its own database, for fewer
    than 5,000 users, and cannot form a pool of several Front Ends. An Enterprise pool is sized at about 12,500
    users for each Front End, 100,000 in all. A pool's users are the internal people of the groups that name it,
    or of all groups where the deployment has one pool.

    Remedy: run the pool on Enterprise Edition, add Front Ends, or divide it.
    """

    id = "ROL005"
    name = "edition-outgrown"
    severity = Severity.WARNING
    sources = ("S 17", "P 17")
    message = "pool '{pool}' has {amount} {of} on the {edition} edition, which is made for {most} at most"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        users = _users(context.estate)
        for deployment in context.estate.deployments:
            for pool in deployment.pools:
                for limit in deployment.product.limits:
                    units = 1 if limit.per == "pool" else _instances(pool, limit.per)
                    people = users[folded(deployment.name), folded(pool.name)]
                    amount = people if limit.of == "users" else _instances(pool, limit.of)
                    if limit.edition in _editions(pool) and units and amount > limit.most * units:
                        yield self._found(deployment, pool, limit, amount, limit.most * units)

    def _found(self, deployment: Deployment, pool: Pool, limit: Limit, amount: int, most: int) -> Finding:
        of = limit.of if limit.of == "users" else f"{limit.of} instances"
        readings = {"the limit holds": most, "it does not": amount}
        return self.finding(
            at=pool.node,
            deployment=deployment.name,
            subject=pool.name,
            facts={
                "pool": pool.name,
                "edition": limit.edition,
                "limit": limit.id,
                "of": of,
                "amount": amount,
                "most": most,
                **({"readings": readings} if limit.certainty is Certainty.DISPUTED else {}),
            },
            remedy=f"run the pool on a higher edition, add Front Ends, or move what exceeds {most:,} to another pool",
            key=(folded(deployment.name), folded(pool.name), limit.id),
            certainty=limit.certainty,
            sources=limit.source or self.sources,
        )


def _users(estate: Estate) -> Counter[PoolKey]:
    """Count the internal people of each pool; someone of several groups counts once."""
    only = {it.name: folded(it.pools[0].name) for it in estate.deployments if len(it.pools) == 1}
    users: Counter[PoolKey] = Counter()
    for people in estate.people:
        homes = {
            (folded(group.deployment), only.get(group.deployment) or folded(group.model.pool or ""))
            for group in people.groups
        }
        for home in homes if people.internal else ():
            users[home] += people.count
    return users


def _instances(pool: Pool, role_id: str) -> int:
    return sum(server.count for server in pool.servers if any(role.id == role_id for role in server.roles))


def _editions(pool: Pool) -> set[str | None]:
    """Give the editions that a pool runs on; that of a server whose license may be of any says nothing of it."""
    bound = (server for server in pool.servers if any(role.edition == "required" for role in server.roles))
    return {pool.edition, *(server.model.edition for server in bound)}
