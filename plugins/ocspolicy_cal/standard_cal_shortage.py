from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity

from .asking import tier_sources

# What holds under the terms of every product; the rest of the sources are those of the facts at hand.
EVERYWHERE = ("P 1", "P 2", "P 8")


class StandardCalShortage(Rule[NoOptions]):
    """More people or devices need the base CAL than the inventory covers.

    Why: every internal user, or device, whose access is authenticated through Active Directory needs a CAL of the
    base tier, whatever it uses and whether directly or by way of a gateway, a bot or a portal. One person needs
    one CAL, in however many groups, deployments and files that person is met.

    Remedy: buy the missing CALs, take people out of the groups, license people who share devices by device, or
    correct the inventory: a line may be out of date, out of scope or too old.
    """

    id = "CAL001"
    name = "standard-cal-shortage"
    severity = Severity.ERROR
    sources = ("S 1", "P 1", "P 2", "S 3", "P 8")
    message = "{short} of {required} {edition} {required:CAL|CALs} {short:is|are} missing"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.cal_shortages(base=True):
            remedy = f"buy {shortage.purchase}, or take {shortage.who} out of the groups, or correct the inventory"
            sources = (*tier_sources(shortage, context.catalog), *shortage.sources(), *EVERYWHERE)
            yield self.shortage(shortage, remedy=remedy, sources=sources)
