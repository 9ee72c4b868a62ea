from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Certainty, Context, Finding, Group, NoOptions, Rule, Severity

from .asking import Uncounted


class InternalAccessUnauthenticated(Rule[NoOptions]):
    """An internal group is declared federated or anonymous, so that no CAL is counted for it.

    Why: access that is not authenticated needs no CAL. For internal people that is rarely true: they have an
    account in Active Directory, and a gateway or portal on the way changes nothing. Declaring them so is the
    easiest way to a wrong "covered", and never passes in silence.

    Remedy: declare authentication: active-directory, or waive this with the reason why these people have no
    account.
    """

    id = "CAL010"
    name = "internal-access-unauthenticated"
    severity = Severity.WARNING
    sources = ("S 1", "P 2", "S 3", "D 3")
    message = "internal group '{group}' ({people}) is declared {authentication}, so no CAL is counted for it"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        groups = [group for group in context.estate.groups if group.internal and not group.authenticated]
        uncounted = Uncounted(context.estate) if groups else None
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
                "authentication": group.authentication,
                "readings": {"access is not authenticated": 0, "internal people authenticate": count},
            },
            remedy="declare authentication: active-directory, which needs a base CAL for each of "
            f"{count:,}, or waive this with the reason why they have no account",
            certainty=Certainty.DISPUTED,
        )
