"""The condition under which additional software is covered: that the servers which need licenses have them (S 16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..estate import Server
from ..finding import Related
from ..need import Subject


class Unmet(NamedTuple):
    """Why additional software of a deployment is not covered.

    `unlicensed` are the servers without a license; empty where no server that needs one runs at all.
    """

    unlicensed: tuple[Subject, ...]

    @property
    def reason(self) -> str:
        """Say it in words."""
        if not self.unlicensed:
            return "no Front End or Edge runs at all"
        first, more = self.unlicensed[0].name, len(self.unlicensed) - 1
        return f"{first} and {more:,} more have no license" if more else f"{first} has no license"

    @property
    def remedy(self) -> str:
        """Say what would meet the condition."""
        if not self.unlicensed:
            return "declare the Front Ends and Edges that this software belongs to, and license them"
        servers = "the server" if len(self.unlicensed) == 1 else f"the {len(self.unlicensed):,} servers"
        return f"license {servers} that ROL001 or ROL002 names; nothing needs to be bought for the additional software"

    def facts(self, servers: Sequence[Server]) -> dict[str, Any]:
        """Give JSON values about the servers that are not covered because of it."""
        return {
            "count": sum(server.count for server in servers),
            "servers": [server.name for server in servers],
            "unlicensed": [subject.name for subject in self.unlicensed],
            "reason": self.reason,
        }

    def related(self, servers: Sequence[Server]) -> list[Related]:
        """Give the places of the servers but the first, and of those without a license."""
        return [
            *(Related(f"{it.name} is not covered either", it.node.location) for it in servers[1:]),
            *(Related(f"{it.name} has no license", it.node.location) for it in self.unlicensed),
        ]
