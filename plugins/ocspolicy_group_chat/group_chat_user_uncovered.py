from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity

GROUP_CHAT = "group-chat"
# What holds under the terms of every product; the rest of the sources are those of the facts at hand.
EVERYWHERE = ("P 8",)


class GroupChatUserUncovered(Rule[NoOptions]):
    """Group Chat users outnumber the base CALs even if those were given to them first.

    Why: since the release R2 the Standard CAL covers Group Chat: its users need no other license, but they need
    that one. CAL001 says how many people lack it; this says that some of them must be Group Chat users, however
    the CALs are given out.

    Remedy: buy the missing CALs, take people out of the groups that use group-chat, or correct the inventory.
    """

    id = "GCH002"
    name = "group-chat-user-uncovered"
    severity = Severity.ERROR
    sources = ("S 5", "P 8")
    message = (
        "{short} of {required} Group Chat {required:user|users} {short:lacks|lack} a {edition} CAL, "
        "even if they come first"
    )
    speaks_of_supply = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for shortage in context.position.shortages_if_first(GROUP_CHAT):
            away = f"take {shortage.who} out of the groups that use {GROUP_CHAT}"
            remedy = f"buy {shortage.purchase}, or {away}, or correct the inventory"
            yield self.shortage(shortage, remedy=remedy, sources=(*shortage.sources(), *EVERYWHERE))
