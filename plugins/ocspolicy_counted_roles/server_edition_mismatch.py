from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity

# Group Chat servers that are licensed apart are judged by GCH005.
APART = frozenset({"group-chat-server"})
# What holds under the terms of every product; the rest of the sources are those of the facts at hand.
EVERYWHERE = ("P 13", "P 18", "P 22")


class ServerEditionMismatch(Rule[NoOptions]):
    """Server licenses are enough in number, but of an edition that cannot serve.

    Why: an Enterprise license may stand in for a Standard one, never the other way round. A Front End needs a
    license of its pool's edition; an Edge takes either, unless its edition is stated. This and ROL001 together
    add up to the servers that no assignment of the owned licenses covers.

    Remedy: exchange or buy licenses of the higher edition, or run the pool on Standard Edition where it is small
    enough.
    """

    id = "ROL002"
    name = "server-edition-mismatch"
    severity = Severity.ERROR
    sources = ("P 13", "S 17", "P 18", "P 22", "D 22")
    message = (
        "{short} of {required} {required:server|servers} {short:lacks|lack} a {license} license "
        "of an edition that can serve"
    )
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.edition_shortages(apart_from=APART):
            remedy = f"exchange licenses for {shortage.purchase}, or buy them, or correct the editions declared"
            yield self.shortage(shortage, remedy=remedy, sources=(*shortage.sources(), *EVERYWHERE))
