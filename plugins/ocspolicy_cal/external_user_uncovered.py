from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Certainty, Context, Finding, NoOptions, Rule, Severity, Shortage


class ExternalUserUncovered(Rule[NoOptions]):
    """External people outnumber the CALs left over, and no External Connectors cover their deployment.

    Why: under the terms of some products external people need a CAL, or their deployment one External Connector
    for each of its servers that need a license. The connectors go to deployments in the order of their names,
    whole or not at all; CALs go to internal people first.

    Remedy: buy External Connectors for the deployment or CALs for these people, or move to a product that includes
    them.
    """

    id = "CAL009"
    name = "external-user-uncovered"
    severity = Severity.ERROR
    sources = ("D 4", "D 25", "P 26")
    message = (
        "{short} of {required} external {required:person|people} {short:has|have} neither a {edition} CAL "
        "nor External Connectors"
    )
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.external_shortages():
            product = context.catalog.product(shortage.product)
            terms = product.external_users if product else None
            disputed = terms is not None and terms.certainty is Certainty.DISPUTED
            readings = {"external people need a CAL or a connector": shortage.required, "they need none": 0}
            instances = context.position.counted_instances(shortage.deployment)
            yield self.finding(
                at=shortage.first.node,
                deployment=shortage.deployment,
                subject=shortage.first.name,
                facts={
                    **shortage.facts(),
                    "connectors": max(1, instances),
                    **({"readings": readings} if disputed else {}),
                },
                related=shortage.related(),
                remedy=_remedy(shortage, max(1, instances)),
                key=shortage.key,
                certainty=terms.certainty if terms is not None else Certainty.CERTAIN,
                sources=tuple(dict.fromkeys((*(terms.source if terms is not None else ()), "D 4"))),
            )


def _remedy(shortage: Shortage, connectors: int) -> str:
    noun = "External Connector" if connectors == 1 else "External Connectors"
    return (
        f"buy {connectors:,} {noun} for {shortage.deployment}, or {shortage.purchase}, "
        f"or take {shortage.who} out of the groups, or correct the inventory"
    )
