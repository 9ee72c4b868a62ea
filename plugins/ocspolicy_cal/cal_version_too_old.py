from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, old_cals, reached


class CalVersionTooOld(Rule[NoOptions]):
    """CALs are older than the product of every deployment in their scope, so they are not counted.

    Why: a CAL of a newer version of the product also serves an older server; an older CAL does not serve a newer
    server.

    Remedy: enter what Software Assurance has turned these CALs into, buy CALs of the newer version, or do not
    renew them.
    """

    id = "CAL006"
    name = "cal-version-too-old"
    severity = Severity.WARNING
    sources = ("P 10",)
    message = "{quantity} {license} of {product} {quantity:does|do} not serve {newer}: older CALs serve no newer server"
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for line in context.estate.lines:
            if line.product is not None and line.quantity and old_cals(line, context.estate):
                newer = sorted({deployment.product.id for deployment in reached(line, context.estate)})
                yield self.finding(
                    at=line.node,
                    subject=line.name,
                    facts={
                        "product": line.product.id,
                        "license": line.license,
                        "edition": line.edition,
                        "quantity": line.quantity,
                        "newer": newer,
                    },
                    remedy=f"enter the {' or '.join(newer)} CALs that Software Assurance gives for them, "
                    "buy such CALs, or do not renew these",
                    key=line.key,
                )
