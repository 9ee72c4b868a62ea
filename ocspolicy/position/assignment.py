"""Whether lines are assigned to servers one license each (P 18)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..estate import Estate, Line, Server
from ..place import folded
from ..supply import alike, counts


class Spread(NamedTuple):
    """Lines with the same assignment: `units` licenses for `instances` running instances, which are more."""

    lines: tuple[Line, ...]
    units: int
    instances: int


class Doubled(NamedTuple):
    """A server of which at least one instance is assigned two licenses of a kind, by these lines together."""

    server: Server
    license: str
    units: int
    lines: tuple[Line, ...]


class Assignments:
    """The lines that name servers, and the running servers that they name."""

    def __init__(self, estate: Estate) -> None:
        self.lines = [line for line in estate.lines if line.assigned_to and counts(line, estate)]
        wanted = {name for line in self.lines for name in line.assigned_to}
        self.servers: dict[str, list[Server]] = {}
        for server in estate.servers:
            if server.counts and folded(server.name) in wanted:
                self.servers.setdefault(folded(server.name), []).append(server)

    def named(self, line: Line) -> list[Server]:
        """Give the running servers that a line names, in its scope."""
        return [
            server
            for name in line.assigned_to
            for server in self.servers.get(name, ())
            if line.reaches(frozenset([folded(server.deployment)]))
        ]

    def spread(self) -> Iterator[Spread]:
        """Give the lines that are assigned to more running instances than they have licenses.

        Lines that differ in nothing else but quantity or purchase stand together, so that splitting one
        changes nothing.
        """
        for lines in self._alike():
            units = sum(line.quantity for line in lines)
            instances = sum(server.count for server in self.named(lines[0]))
            if instances > units:
                yield Spread(tuple(lines), units, instances)

    def _alike(self) -> list[list[Line]]:
        """Put lines together that differ in nothing else but quantity or purchase."""
        groups: dict[tuple[object, ...], list[Line]] = {}
        for line in self.lines:
            groups.setdefault(alike(line), []).append(line)
        return list(groups.values())

    def doubled(self) -> Iterator[Doubled]:
        """Give the servers that are assigned more licenses of a kind than they have instances."""
        units: dict[tuple[str, str, str], int] = {}
        lines: dict[tuple[str, str, str], list[Line]] = {}
        servers: dict[tuple[str, str, str], Server] = {}
        for line in self.lines:
            named = self.named(line)
            instances = sum(server.count for server in named)
            for server in named:
                # What a line holds beyond its instances is free; what the others can take is not bound here.
                bound = min(line.quantity, instances) - (instances - server.count)
                if bound > 0:
                    key = (folded(server.deployment), folded(server.name), line.license)
                    units[key] = units.get(key, 0) + bound
                    lines.setdefault(key, []).append(line)
                    servers[key] = server
        for key in sorted(units):
            if units[key] > servers[key].count:
                yield Doubled(servers[key], key[2], units[key], tuple(lines[key]))
