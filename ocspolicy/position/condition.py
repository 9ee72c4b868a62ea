"""The condition under which additional software is covered: that the servers which need licenses have them (S 16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..estate import Server
from ..finding import Related
from ..need import Subject


class Unmet(NamedTuple):
    """Why additional software of a deployment is not covered.

    `unlicensed` are the servers without a license; empty where no server of the roles `counted` (names) runs at all.
    """

    deployment: str
    counted: tuple[str, ...]
    unlicensed: tuple[Subject, ...]

    @property
    def reason(self) -> str:
        """Say it in words."""
        if not self.unlicensed:
            return f"no {' or '.join(self.counted)} runs at all"
        first, more = self._named(self.unlicensed[0]), len(self.unlicensed) - 1
        return f"{first} and {more:,} more have no license" if more else f"{first} has no license"

    @property
    def remedy(self) -> str:
        """Say what would meet the condition."""
        if not self.unlicensed:
            return f"declare the servers ({', '.join(self.counted)}) that this software belongs to, and license them"
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
            *(Related(f"{self._named(it)} has no license", it.node.location) for it in self.unlicensed),
        ]

    def _named(self, subject: Subject) -> str:
        """Name a server, with its deployment where that is another one: names are unique in one only."""
        return subject.name if subject.deployment == self.deployment else f"{subject.name} of {subject.deployment}"
