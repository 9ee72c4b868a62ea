"""The effective license position: what is required and owned, and the questions that rules ask by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ..errors import JudgementError
from ..estate import Deployment, Estate, Line, Server
from ..finding import PositionRow
from ..need import Ask, Kind, Need, Subject, main_license, measure
from ..place import folded
from ..supply import counts, lots, row_kind
from .assignment import Assignments, Doubled, Spread
from .condition import Unmet
from .external import Connectors, counted_instances, inviting, left_over
from .lines import Misassigned, is_connector, misassigned, unneeded_connector
from .question import Answer, Question
from .shortage import Missing, Proof, Shortage, Uncovered, take
from .standby import Standby, uncovered_standbys

if TYPE_CHECKING:
    from ..reason import Reason

__all__ = [
    "Doubled",
    "Misassigned",
    "Missing",
    "Position",
    "Proof",
    "Shortage",
    "Spare",
    "Spread",
    "Standby",
    "Uncovered",
    "Unmet",
]

RowKind = tuple[str | None, str, str | None, str | None]


class Spare(NamedTuple):
    """How many units of one license kind are owned, and how many of them no need uses."""

    product: str | None
    license: str
    edition: str | None
    metric: str | None
    owned: int
    free: int


class Position:
    """Answers what an estate needs and lacks; each question is put to the allocation once, when first asked."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._connectors = Connectors(estate)
        self._divided: dict[frozenset[str], list[tuple[Shortage, Shortage]]] = {}
        self.supply = lots(estate)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What the estate asks for, without the external people whom connectors cover."""
        return measure(self.estate, self._connectors.covered)

    @property
    def _answer(self) -> Answer:
        if isinstance(self._tried, JudgementError):
            raise self._tried
        return self._tried

    @cached_property
    def _tried(self) -> Answer | JudgementError:
        """The answer, or why there is none: a proof that could not be found is not looked for again."""
        try:
            return Answer(Question(self.estate, self.needs, self.supply))
        except JudgementError as error:
            return error

    @cached_property
    def all_needs(self) -> tuple[Need, ...]:
        """What the estate asks for, with the external people for whom the terms ask CALs and no connector is there."""
        invited = inviting(self.estate) - self._connectors.covered
        return measure(self.estate, self._connectors.covered, invited) if invited else self.needs

    @property
    def _everyone(self) -> Answer:
        if isinstance(self._tried_everyone, JudgementError):
            raise self._tried_everyone
        return self._tried_everyone

    @cached_property
    def _tried_everyone(self) -> Answer | JudgementError:
        if self.all_needs == self.needs:
            return self._tried
        try:
            return Answer(Question(self.estate, self.all_needs, self.supply))
        except JudgementError as error:
            return error

    @cached_property
    def rows(self) -> tuple[PositionRow, ...]:
        """Give a row for each license kind that is required or owned, in units."""
        required: Counter[RowKind] = Counter(self._used)
        for number, need in enumerate(self.all_needs):
            for index, ask in enumerate(need.asks):
                first = ask.first
                required[first.product, first.license, first.edition, None] += self._everyone.uncovered(number, index)
        owned = self._owned
        kinds = sorted({*required, *owned}, key=lambda kind: tuple(part or "" for part in kind))
        rows = (PositionRow(*kind, required=required[kind], owned=owned[kind]) for kind in kinds)
        return tuple(row for row in rows if row.required or row.owned)

    @cached_property
    def _used(self) -> Counter[RowKind]:
        """The units of each kind that the allocation uses, External Connectors among them."""
        used: Counter[RowKind] = Counter()
        allocated = zip(self.supply, self._everyone.allocation.used, strict=True)
        for lot, units in chain(allocated, self._connectors.used):
            used[row_kind(lot.line)] += units
        return used

    @cached_property
    def _owned(self) -> Counter[RowKind]:
        owned: Counter[RowKind] = Counter()
        for line in self.estate.lines:
            if counts(line, self.estate):
                owned[row_kind(line)] += line.quantity
        return owned

    def reasons(self, people: Mapping[frozenset[tuple[str, str]], Sequence[str]] | None = None) -> list[Reason]:
        """Give for each row what asks, what serves, what is left over, and the proof of what is short.

        Args:
            people: the identities of those who are in exactly these groups (folded names of deployment and group),
                if they are to be named.
        """
        from .why import reasons

        return list(reasons(self.rows, self._everyone, self._connectors, people or {}))

    def spare(self) -> tuple[Spare, ...]:
        """Give for each license kind that is owned how many units stay free."""
        kinds = sorted(self._owned, key=lambda kind: tuple(part or "" for part in kind))
        return tuple(Spare(*kind, self._owned[kind], self._owned[kind] - self._used[kind]) for kind in kinds)

    def cal_shortages(self, *, base: bool) -> list[Shortage]:
        """Give what is short of the base CAL tier, or of the higher tiers, in each deployment."""
        return self._answer.shortages(lambda need, index: self._is_cal(need, index, base=base), _any_holder)

    def license_shortages(self, *kinds: str) -> list[Shortage]:
        """Give what is short of license kinds, in each deployment."""
        return self._answer.shortages(lambda need, index: need.asks[index].kind.license in kinds, _as_asked)

    def other_shortages(self, *, apart_from: frozenset[str]) -> list[Shortage]:
        """Give what people and devices lack of license kinds that are no CALs, in each deployment."""

        def wanted(need: Need, index: int) -> bool:
            license_ = need.asks[index].kind.license
            cal = self._is_cal(need, index, base=True) or self._is_cal(need, index, base=False)
            return need.holder != "instance" and license_ not in apart_from and not cal

        return self._answer.shortages(wanted, _as_asked)

    def server_shortages(self, *, apart_from: frozenset[str]) -> list[Shortage]:
        """Give the server licenses that would be short even if every edition served every server."""
        return [shortage for shortage, _ in self._server_shortages(apart_from) if shortage.short]

    def edition_shortages(self, *, apart_from: frozenset[str]) -> list[Shortage]:
        """Give the rest of the shortage of server licenses: what is short because of editions."""
        return [shortage for _, shortage in self._server_shortages(apart_from) if shortage.short]

    def shortages_if_first(self, feature: str) -> list[Shortage]:
        """Give the base CALs that users of a feature would lack if they were given to them before all others.

        Only people and devices whose CALs cover the feature are asked about.
        """
        needs = [
            need._replace(asks=asks)
            for need in self.needs
            if (
                asks := tuple(ask for ask in need.asks if self._is_base(need, ask.kind) and _covers(need, ask, feature))
            )
        ]
        return (
            Answer(Question(self.estate, needs, self.supply)).shortages(lambda *_: True, _any_holder) if needs else []
        )

    def unmet(self, deployment: Deployment) -> Unmet | None:
        """Say why the condition under which additional software is covered is not met, None where it is.

        It hangs on the servers of the deployment itself, or where it has none that needs a license, on those of
        all deployments (S 16, D 16).
        """
        roles = {role.id: role.name for role in deployment.product.roles if role.licensing == "counted"}
        counted = tuple(roles.values())
        lacking = self._lacking(frozenset(roles))
        if not lacking:
            return Unmet(deployment.name, counted, ())
        own = lacking.get(deployment.name)
        unlicensed = own if own is not None else [it for mine in lacking.values() for it in mine]
        return Unmet(deployment.name, counted, tuple(unlicensed)) if unlicensed else None

    def _lacking(self, roles: frozenset[str]) -> dict[str, list[Subject]]:
        """Give the servers of each deployment that need a license for one of these roles, as far as they lack it."""
        if roles not in self._lacking_of:
            self._lacking_of[roles] = self._measured_lack(roles)
        return self._lacking_of[roles]

    @cached_property
    def _lacking_of(self) -> dict[frozenset[str], dict[str, list[Subject]]]:
        return {}

    def _measured_lack(self, roles: frozenset[str]) -> dict[str, list[Subject]]:
        lacking: dict[str, list[Subject]] = {}
        for number, need in enumerate(self.needs):
            asks = [index for index in self._main_asks(need) if roles & {fact.id for fact in need.asks[index].facts}]
            if asks:
                mine = lacking.setdefault(need.asks[0].deployment, [])
                mine += [need.subjects[0]] if any(self._answer.uncovered(number, index) for index in asks) else []
        return lacking

    def external_shortages(self) -> list[Shortage]:
        """Give what external people lack of the CALs left over, under terms that ask CALs or connectors for them."""
        return list(left_over(self._answer, self._everyone, self._connectors.covered))

    def counted_instances(self, deployment: str) -> int:
        """Count the running instances of a deployment that need a license: so many connectors cover its people."""
        found = next(it for it in self.estate.deployments if it.name == deployment)
        return counted_instances(found, self.estate)

    def standbys(self) -> tuple[Standby, ...]:
        """Give the cold standbys that Software Assurance does not cover."""
        return self._standbys

    @cached_property
    def _standbys(self) -> tuple[Standby, ...]:
        return uncovered_standbys(self.estate, self.all_needs, self.supply)

    def idle(self, line: Line) -> bool:
        """Tell whether no unit of a line could serve any need."""
        if is_connector(line):
            return unneeded_connector(line, self.estate) or not counts(line, self.estate)
        return line.key not in self._serving

    @cached_property
    def _serving(self) -> frozenset[tuple[str, ...]]:
        question = self._everyone.question
        if self._connectors.covered:
            question = Question(self.estate, measure(self.estate, invited=inviting(self.estate)), self.supply)
        rows = {row for row, _ in question.table.cells}
        return frozenset(lot.line.key for lot, row in zip(self.supply, question.table.lots, strict=True) if row in rows)

    def misassigned(self, line: Line) -> tuple[Misassigned, ...]:
        """Give the servers to which a line is assigned though none in scope bears the name, or none needs it."""
        return tuple(misassigned(line, self.estate, self._named, self._lacking_standbys))

    @cached_property
    def _named(self) -> dict[str, list[Server]]:
        named: dict[str, list[Server]] = {}
        for server in self.estate.servers:
            named.setdefault(folded(server.name), []).append(server)
        return named

    @cached_property
    def _lacking_standbys(self) -> frozenset[tuple[str, str]]:
        return frozenset((folded(it.server.deployment), folded(it.server.name)) for it in self._standbys)

    def spread(self) -> tuple[Spread, ...]:
        """Give the lines that are assigned to more running instances than they have licenses."""
        return tuple(Assignments(self.estate).spread())

    def doubled(self) -> tuple[Doubled, ...]:
        """Give the servers of which an instance is assigned two licenses of a kind."""
        return tuple(Assignments(self.estate).doubled())

    def _main_asks(self, need: Need) -> list[int]:
        if need.holder != "instance":
            return []
        return [index for index, ask in enumerate(need.asks) if ask.kind.license == self._main_license(ask.kind)]

    def _main_license(self, kind: Kind) -> str | None:
        product = self.estate.catalog.product(kind.product)
        license_ = main_license(product) if product else None
        return license_.id if license_ else None

    def _is_base(self, need: Need, kind: Kind) -> bool:
        product = self.estate.catalog.product(kind.product)
        tier = product.tier(kind.edition) if product and kind.edition and need.holder != "instance" else None
        return tier is not None and tier.base

    def _is_cal(self, need: Need, index: int, *, base: bool) -> bool:
        kind = need.asks[index].kind
        product = self.estate.catalog.product(kind.product)
        license_ = product.license(kind.license) if product else None
        tiered = need.holder != "instance" and license_ is not None and license_.tiered
        return tiered and self._is_base(need, kind) is base

    @cached_property
    def _plain(self) -> Answer:
        """The question without editions."""
        needs = [
            need._replace(asks=tuple(ask._replace(kind=ask.kind._replace(edition=None)) for ask in need.asks))
            for need in self.needs
            if need.holder == "instance"
        ]
        return Answer(Question(self.estate, needs, self.supply))

    def _server_shortages(self, apart_from: frozenset[str]) -> list[tuple[Shortage, Shortage]]:
        if apart_from not in self._divided:
            self._divided[apart_from] = list(self._divide(apart_from))
        return self._divided[apart_from]

    def _divide(self, apart_from: frozenset[str]) -> Iterator[tuple[Shortage, Shortage]]:
        """Divide each deployment's shortage into what is short in number and what is short by edition."""

        def wanted(need: Need, index: int) -> bool:
            return need.holder == "instance" and need.asks[index].kind.license not in apart_from

        real = self._answer.shortages(wanted, _without_edition)
        plain = self._plain.shortages(wanted, _without_edition)
        home = _components(self._plain.question)
        for part in sorted({home[shortage.license, folded(shortage.deployment)] for shortage in real}):
            mine = [it for it in real if home[it.license, folded(it.deployment)] == part]
            number = sum(it.short for it in plain if home[it.license, folded(it.deployment)] == part)
            yield from _divide(mine, number, self._plain.proof_of(partial(_at_home, home, part)))


def _covers(need: Need, base: Ask, feature: str) -> bool:
    """Tell whether a member uses a feature that CALs of a base tier's product cover."""
    product, license_ = base.kind.product, base.kind.license
    cals = [ask for ask in need.asks if (ask.kind.product, ask.kind.license) == (product, license_)]
    return any(fact.id == feature for ask in cals for fact in ask.facts)


def _any_holder(kind: Kind) -> Kind:
    return kind._replace(license="")


def _as_asked(kind: Kind) -> Kind:
    return kind


def _without_edition(kind: Kind) -> Kind:
    return kind._replace(edition=None)


def _at_home(home: dict[tuple[str, str], tuple[str, str]], part: tuple[str, str], ask: Ask) -> bool:
    return home[ask.kind.license, folded(ask.deployment)] == part


def _divide(real: list[Shortage], left: int, proof: Proof) -> Iterator[tuple[Shortage, Shortage]]:
    """Let the number that is short without editions fall to the deployments from the last by name."""
    divided = []
    for shortage in reversed(real):
        number = min(left, shortage.short)
        left -= number
        first, rest = take(shortage.missing, number)
        by_number = shortage._replace(short=number, proof=proof, missing=first)
        by_edition = shortage._replace(
            short=shortage.short - number, missing=rest, uncovered=shortage.bound or shortage.uncovered
        )
        divided.append((by_number, by_edition))
    yield from reversed(divided)


def _components(question: Question) -> dict[tuple[str, str], tuple[str, str]]:
    """Find which deployments share licenses of a kind: each maps to the first of its component."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def find(node: tuple[str, str]) -> tuple[str, str]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    served: dict[tuple[int, str], tuple[str, str]] = {}
    for need in question.needs:
        for ask in need.asks:
            find((ask.kind.license, folded(ask.deployment)))
    table = question.table
    homes: dict[tuple[int, int], set[tuple[str, str]]] = {}
    for need, column in zip(question.needs, table.askers, strict=True):
        for index, ask in enumerate(need.asks):
            homes.setdefault((column, index), set()).add((ask.kind.license, folded(ask.deployment)))
    for (row, column), answer in table.cells.items():
        for node in (node for index in answer.asks for node in homes[column, index]):
            home, other = find(node), find(served.setdefault((row, node[0]), node))
            parent[max(home, other)] = min(home, other)
    return {node: find(node) for node in list(parent)}
