from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, old_servers, reached


class ServerLicenseVersionTooOld(Rule[NoOptions]):
    """Server licenses are older than the product of every deployment in their scope, so they are not counted.

    Why: a server license of a newer version of the product may serve an older server; an older one does not serve
    a newer server.

    Remedy: enter what Software Assurance has turned these licenses into, buy licenses of the newer version, or do
    not renew them.
    """

    id = "ROL011"
    name = "server-license-version-too-old"
    severity = Severity.WARNING
    sources = ("P 10", "D 10")
    message = "{quantity} {license} {quantity:license|licenses} of {product} {quantity:does|do} not serve {newer}"
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for line in context.estate.lines:
            if line.product is not None and line.quantity and old_servers(line, context.estate):
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
                    remedy=f"enter the {' or '.join(newer)} licenses that Software Assurance gives for them, buy such "
                    "licenses, or do not renew these",
                    key=line.key,
                )
