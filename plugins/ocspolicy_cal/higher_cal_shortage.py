from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Catalog, Context, Feature, Finding, NoOptions, Rule, Severity, Shortage

from .asking import tier_sources

# Group Chat CALs are judged by GCH005.
APART = frozenset({"group-chat-cal"})
# What holds under the terms of every product; the rest of the sources are those of the facts at hand.
EVERYWHERE = ("P 8",)


class HigherCalShortage(Rule[NoOptions]):
    """More people or devices need a CAL of a higher tier than the inventory covers.

    Why: desktop sharing, dial-in conferencing, Team Call, Delegation, Response Group, Single Number Reach,
    organizing conferences and Enterprise Voice need the Enterprise CAL, and it comes on top of the Standard CAL:
    whoever needs it needs both. Later products add a Plus CAL. Each tier is judged by itself, and so is a license
    kind of its own that a catalog asks for a feature.

    Remedy: buy the missing CALs, take people out of the groups that use such features, or correct the inventory.
    """

    id = "CAL002"
    name = "higher-cal-shortage"
    severity = Severity.ERROR
    sources = ("S 6", "P 7", "P 8")
    message = "{short} of {required} {edition} {required:CAL|CALs} {short:is|are} missing"
    other = "{short} of {required} {license} {required:license|licenses} {short:is|are} missing"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.cal_shortages(base=False):
            yield self._short(shortage, self.message, context.catalog)
        for shortage in context.position.other_shortages(apart_from=APART):
            yield self._short(shortage, self.other, context.catalog)

    def _short(self, shortage: Shortage, message: str, catalog: Catalog) -> Finding:
        sources = (*tier_sources(shortage, catalog), *shortage.sources(), *EVERYWHERE)
        return self.shortage(shortage, remedy=_remedy(shortage), sources=sources, message=message)


def _remedy(shortage: Shortage) -> str:
    features = " or ".join(fact.id for fact in shortage.because if isinstance(fact, Feature))
    groups = f"the groups that use {features}" if features else "these groups"
    return f"buy {shortage.purchase}, or take {shortage.who} out of {groups}, or correct the inventory"
