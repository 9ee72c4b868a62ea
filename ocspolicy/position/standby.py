"""Cold standbys: what Software Assurance must cover so that they need no license of their own (P 21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..estate import Deployment, Estate, Server
from ..need import Need, server_need
from ..place import folded
from ..supply import Lot
from .question import Answer, Question

Key = tuple[str, str]


class Standby(NamedTuple):
    """A cold standby that is not covered: `short` of its instances, and why, in words."""

    server: Server
    short: int
    reasons: tuple[str, ...]


class _Backing(Question):
    """The question in which the marked needs prefer licenses with Software Assurance to all others."""

    def __init__(self, estate: Estate, needs: Sequence[Need], supply: Sequence[Lot], marked: frozenset[int]) -> None:
        super().__init__(estate, needs, supply)
        self.marked = marked

    def first(self, lot: Lot, number: int, asks: tuple[int, ...]) -> tuple[bool, ...]:
        """Let what covers as much as can be covered cover the marked needs in the preferred way."""
        return (lot.line.model.software_assurance and number in self.marked,) * len(asks)


def uncovered_standbys(estate: Estate, needs: Sequence[Need], supply: Sequence[Lot]) -> tuple[Standby, ...]:
    """Give the cold standbys that would need a license and are not covered, by deployment and name."""
    standbys = [server for server in estate.servers if server.stands_by and server_need(server, estate.policy)]
    if not standbys:
        return ()
    wanted: Counter[Key] = Counter()
    for server in standbys:
        if server.model.stands_in_for is not None:
            wanted[_target(server)] += server.count
    backed = _backed(estate, [need for need in needs if need.holder == "instance"], supply, wanted)
    holders = [need for need in needs if need.holder != "instance"]
    assured = [lot for lot in supply if lot.line.model.software_assurance]
    lacking: dict[str, int] = {}
    found = []
    for server in standbys:
        if server.deployment not in lacking:
            deployment = next(it for it in estate.deployments if it.name == server.deployment)
            lacking[server.deployment] = _without_assurance(deployment, holders, assured, estate)
        granted = min(server.count, backed[_target(server)])
        backed[_target(server)] -= granted
        short = server.count if lacking[server.deployment] else server.count - granted
        if short:
            found.append(Standby(server, short, tuple(_reasons(server, granted, lacking[server.deployment]))))
    return tuple(found)


def _target(server: Server) -> Key:
    return folded(server.deployment), folded(server.model.stands_in_for or "")


def _reasons(server: Server, granted: int, lacking: int) -> Iterator[str]:
    if server.model.stands_in_for is None:
        yield "it does not say which server it stands in for"
    elif granted < server.count:
        part = f" for {server.count - granted:,} of its {server.count:,} instances" if server.count > 1 else ""
        yield f"no license with Software Assurance is left for {server.model.stands_in_for} to stand behind it{part}"
    if lacking:
        asked = "1 CAL" if lacking == 1 else f"{lacking:,} CALs"
        yield f"the deployment's holders lack {asked} with Software Assurance"


def _backed(estate: Estate, needs: Sequence[Need], supply: Sequence[Lot], wanted: Counter[Key]) -> Counter[Key]:
    """Count the instances of each server that can have a license with Software Assurance, as many as wanted."""
    marked: dict[int, Key] = {}
    divided: list[Need] = []
    for need in needs:
        key = (folded(need.subjects[0].deployment), need.server or "")
        number = min(need.count, wanted[key])
        if number:
            marked[len(divided)] = key
            divided.append(need._replace(count=number))
        if need.count > number:
            divided.append(need._replace(count=need.count - number))
    backed: Counter[Key] = Counter()
    if not marked:
        return backed
    answer = Answer(_Backing(estate, divided, supply, frozenset(marked)))
    table = answer.question.table
    units: Counter[tuple[int, int]] = Counter()
    for grant in answer.allocation.grants:
        if grant.asker in marked and supply[grant.lot].line.model.software_assurance:
            for index in table.serves(grant.lot, grant.asker).asks:
                units[grant.asker, index] += grant.count
    for number, key in marked.items():
        backed[key] += min(units[number, index] for index in range(len(divided[number].asks)))
    return backed


def _without_assurance(deployment: Deployment, holders: Sequence[Need], assured: Sequence[Lot], estate: Estate) -> int:
    """Count the CALs that a deployment's holders lack if only those with Software Assurance are given to them."""
    needs = []
    for need in holders:
        if any(subject.deployment == deployment.name for subject in need.subjects):
            asks = tuple(ask for ask in need.asks if ask.kind.product == deployment.product.id and ask.kind.edition)
            needs += [need._replace(asks=asks)] if asks else []
    return sum(map(sum, Answer(Question(estate, needs, assured)).allocation.uncovered)) if needs else 0
