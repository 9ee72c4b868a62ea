from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, folded


class IdentityLookAlike(Rule[NoOptions]):
    """Two identities that look alike are counted as two people.

    Why: one person needs one CAL, and people are told apart by their identities, letter by letter. Where two
    differ only in their Unicode form or in characters that are easily confused, one of them is most likely a
    typing mistake, and the person is counted twice.

    Remedy: spell the identity the same everywhere, or waive this where they are two people indeed.
    """

    id = "IDN001"
    name = "identity-look-alike"
    severity = Severity.WARNING
    sources = ("P 8", "D 8")
    message = "'{first}' and '{second}' look alike and are counted as two people"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for first, second, group in context.estate.look_alikes:
            yield self.finding(
                at=group.node,
                deployment=group.deployment,
                subject=group.name,
                facts={"first": first, "second": second, "group": group.name},
                remedy="spell the identity the same in every group and file, or waive this where they are two people",
                key=(folded(group.deployment), folded(group.name), first, second),
            )
