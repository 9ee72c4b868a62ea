from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity

# Group Chat servers that are licensed apart are judged by GCH005.
APART = frozenset({"group-chat-server"})
# What holds under the terms of every product; the rest of the sources are those of the facts at hand.
EVERYWHERE = ("P 13", "P 14", "P 18", "P 20")


class ServerLicenseShortage(Rule[NoOptions]):
    """Fewer server licenses are owned than running instances need.

    Why: every running instance of a counted role (Front End and Edge, since the release R2) needs a license of its
    own, on a physical or virtual machine; a license is assigned to one server and cannot be divided. Counted here
    is what would be short even if every edition served every server; what is short because of editions is
    ROL002's.

    Remedy: buy the missing licenses, retire servers, or correct the inventory: a line may be out of date, out of
    scope, too old or assigned to another server.
    """

    id = "ROL001"
    name = "server-license-shortage"
    severity = Severity.ERROR
    sources = ("S 12", "P 13", "P 14", "S 15", "P 18", "P 20")
    message = "{short} of {required} {license} {required:license|licenses} {short:is|are} missing"
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.server_shortages(apart_from=APART):
            remedy = f"buy {shortage.purchase}, or retire as many servers, or correct the inventory"
            yield self.shortage(shortage, remedy=remedy, sources=(*shortage.sources(), *EVERYWHERE))
