from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, beyond, reached, unneeded_connector


class ExternalConnectorUnnecessary(Rule[NoOptions]):
    """External Connectors are owned though no external group in their scope authenticates.

    Why: external users need no CAL since the release R2, so External Connectors are largely unnecessary. They are
    of use only for external people who authenticate through the company's own Active Directory, and under the
    terms of products that still ask for one.

    Remedy: do not renew them, or declare the external group that authenticates.
    """

    id = "CAL004"
    name = "external-connector-unnecessary"
    severity = Severity.INFO
    sources = ("S 4",)
    message = (
        "{quantity} External {quantity:Connector serves|Connectors serve} nobody: no external group in scope needs one"
    )
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        estate = context.estate
        for line in estate.lines:
            useless = line.in_force and unneeded_connector(line, estate) and not beyond(line, estate)
            if line.quantity and useless:
                yield self.finding(
                    at=line.node,
                    subject=line.name,
                    facts={"license": line.license, "quantity": line.quantity},
                    remedy=f"do not renew the {line.quantity:,}, or declare the external group that authenticates",
                    key=line.key,
                    sources=tuple(
                        dict.fromkeys(mark for it in reached(line, estate) for mark in it.product.external_users.source)
                    )
                    or self.sources,
                )
