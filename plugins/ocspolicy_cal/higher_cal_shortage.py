from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, Shortage


class HigherCalShortage(Rule[NoOptions]):
    """More people or devices need a CAL of a higher tier than the inventory covers.

    Why: desktop sharing, dial-in conferencing, Team Call, Delegation, Response Group, Single Number Reach,
    organizing conferences and Enterprise Voice need the Enterprise CAL, and it comes on top of the Standard CAL:
    whoever needs it needs both. Later products add a Plus CAL. Each tier is judged by itself.

    Remedy: buy the missing CALs, take people out of the groups that use such features, or correct the inventory.
    """

    id = "CAL002"
    name = "higher-cal-shortage"
    severity = Severity.ERROR
    sources = ("S 6", "P 7", "P 8")
    message = "{short} of {required} {edition} CALs {short:is|are} missing"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.cal_shortages(base=False):
            yield self.finding(
                at=shortage.first.node,
                deployment=shortage.deployment,
                subject=shortage.first.name,
                facts=shortage.facts(),
                related=shortage.related(),
                remedy=_remedy(shortage),
                key=shortage.key,
                certainty=shortage.certainty,
                sources=shortage.sources(*self.sources),
            )


def _remedy(shortage: Shortage) -> str:
    features = " or ".join(feature.id for feature in shortage.because)
    groups = f"the groups that use {features}" if features else "these groups"
    return f"buy {shortage.purchase}, or take {shortage.who} out of {groups}, or correct the inventory"
