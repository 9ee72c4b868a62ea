from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, reached, redundant

KINDS = {"group-chat-server", "group-chat-cal"}


class GroupChatLicenseRedundant(Rule[NoOptions]):
    """Separately bought Group Chat licenses are listed under terms that already include Group Chat.

    Why: before the release R2 Group Chat was licensed apart. Since then its servers are additional software and the
    Standard CAL covers its users, so these licenses buy nothing.

    Remedy: do not renew them.
    """

    id = "GCH003"
    name = "group-chat-license-redundant"
    severity = Severity.INFO
    sources = ("S 5", "S 16", "S comment 16")
    message = "{quantity} {license} {quantity:license buys|licenses buy} nothing: {products} includes Group Chat"
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for line in context.estate.lines:
            if line.license in KINDS and line.quantity and line.in_force and redundant(line, context.estate):
                terms = {deployment.product.id: deployment.product for deployment in reached(line, context.estate)}
                products = sorted(terms)
                kinds = [kind for name in products if (kind := terms[name].license(line.license)) is not None]
                yield self.finding(
                    at=line.node,
                    subject=line.name,
                    facts={"license": line.license, "quantity": line.quantity, "products": products},
                    remedy=f"do not renew the {line.quantity:,}",
                    key=line.key,
                    sources=tuple(dict.fromkeys(mark for kind in kinds for mark in kind.source)) or self.sources,
                )
