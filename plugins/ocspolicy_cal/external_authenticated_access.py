from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Certainty, Context, Finding, Group, NoOptions, Rule, Severity, policy_decides

from .asking import Uncounted


class ExternalAuthenticatedAccess(Rule[NoOptions]):
    """External people authenticate through Active Directory, and the policy has not decided whether they count.

    Why: the announcement says that external users need no CAL, and that whoever authenticates through Active
    Directory needs one. The two statements pull apart for external people who do, so nothing is decided in
    silence: nothing is counted for them, and this says so.

    Remedy: let them in through federation, or set external-authenticated = "count" in the configuration: then
    they need CALs, or their deployment one External Connector for each of its servers that need a license.
    """

    id = "CAL003"
    name = "external-authenticated-access"
    severity = Severity.WARNING
    sources = ("S 1", "S 4", "D 4")
    message = (
        "external group '{group}' ({people}) authenticates through Active Directory: the terms can be read both ways"
    )

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        if context.policy.external_authenticated != "warn":
            return
        estate = context.estate
        groups = [it for it in estate.groups if not it.internal and it.authenticated and policy_decides(it)]
        uncounted = Uncounted(estate) if groups else None
        for group in groups:
            count = uncounted.of(group) if uncounted else 0
            if count or not group.size:
                yield self._found(group, count)

    def _found(self, group: Group, count: int) -> Finding:
        return self.finding(
            at=group.node,
            deployment=group.deployment,
            subject=group.name,
            facts={
                "group": group.name,
                "people": count,
                "readings": {"who authenticates needs a CAL": count, "external users need none": 0},
            },
            remedy='have them federated instead, or decide: set external-authenticated = "count" in the configuration '
            f"and own {count:,} CALs for them, or one External Connector for each server that needs a license",
            certainty=Certainty.DISPUTED,
            sources=tuple(dict.fromkeys((*group.product.external_users.source, "D 4"))),
        )
