"""Questions put to the allocation, and its answers read as shortages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..allocation import Allocation, Ask, Asker, NotProvenError, Serves, Table, allocate
from ..errors import JudgementError, Problem
from ..estate import Estate, Line
from ..need import Ask as Asked
from ..need import Kind, Need, Subject, terms_decide
from ..place import folded
from ..supply import Lot, alike, serving
from .shortage import Missing, Proof, Shortage, Uncovered

if TYPE_CHECKING:
    from ..reason import Counted

HOLDERS = (("user", ("person", "people")), ("device", ("device", "devices")), ("instance", ("instance", "instances")))

Layer = tuple[str, ...]
Group = tuple[bool, str, str, Layer]


class Question:
    """One question put to the allocation: which needs, which of their asks, which lots serve what.

    The needs that are `marked` are looked at differently from others that ask for the same.
    """

    marked: frozenset[int] = frozenset()

    def __init__(self, estate: Estate, needs: Sequence[Need], supply: Sequence[Lot]) -> None:
        self.estate = estate
        self.needs = needs
        self.supply = supply

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers in their order: one unit never serves two asks of a layer of one member."""
        return sorted({self.layer(need, ask.kind) for need in self.needs for ask in need.asks})

    def layer(self, need: Need, kind: Kind) -> Layer:
        """Servers of all versions and editions share a layer; people have one for each version and tier."""
        if need.holder == "instance":
            product = self.estate.catalog.product(kind.product)
            return ("instance", product.family if product else kind.product, kind.license)
        return (need.holder, kind.product, kind.license, kind.edition or "")

    @cached_property
    def groups(self) -> dict[Group, int]:
        """The rank of each deployment's part of each layer: the last by name stay uncovered, external people first."""
        keys = {self.group(need, index) for need in self.needs for index in range(len(need.asks))}
        return {key: rank for rank, key in enumerate(sorted(keys))}

    def group(self, need: Need, index: int) -> Group:
        """Give the deployment and layer of an ask: how many of them stay uncovered is fixed together.

        External people for whom the terms ask CALs come last, since they get what all others leave over.
        """
        ask = need.asks[index]
        product = self.estate.catalog.product(ask.kind.product) if need.external else None
        last = product is not None and terms_decide(product)
        return last, folded(ask.deployment), ask.deployment, self.layer(need, ask.kind)

    def allocate(self) -> Allocation:
        """Put the question; the answer is exact.

        Raises:
            JudgementError: where exactness cannot be proved within the limits.
        """
        layers = {layer: index for index, layer in enumerate(self.layers)}
        askers = [
            Asker(
                need.count,
                tuple(
                    Ask(layers[self.layer(need, ask.kind)], self.groups[self.group(need, index)])
                    for index, ask in enumerate(need.asks)
                ),
            )
            for need in self.needs
        ]
        try:
            return allocate(askers, [lot.count for lot in self.supply], self.table)
        except NotProvenError as error:
            raise JudgementError(Problem("limit", str(error))) from error

    @cached_property
    def table(self) -> Table:
        """What units serve, said once for lots and needs that are alike: there may be thousands of each."""
        rows, one_of = _numbered(self._row(lot) for lot in self.supply)
        columns, number_of = _numbered(self._column(number) for number in range(len(self.needs)))
        met = _Met([self.needs[number] for number in number_of])
        cells: dict[tuple[int, int], Serves] = {}
        for row, position in enumerate(one_of):
            lot = self.supply[position]
            for column in met.by(lot):
                asks = serving(lot, self.needs[number_of[column]], self.estate)
                if asks:
                    cells[row, column] = Serves(asks, self.first(lot, number_of[column], asks))
        return Table(rows, columns, cells)

    def first(self, lot: Lot, number: int, asks: tuple[int, ...]) -> tuple[bool, ...]:
        """Tell for asks of a need whether a lot is of the kind that they ask for first."""
        kind = _kind(lot.line)
        return tuple(self.needs[number].asks[index].first == kind for index in asks)

    def _row(self, lot: Lot) -> tuple[object, ...]:
        return *alike(lot.line), lot.servers

    @cached_property
    def _assigned(self) -> frozenset[str]:
        return frozenset(server for lot in self.supply for server in lot.servers or ())

    def _column(self, number: int) -> tuple[object, ...]:
        need = self.needs[number]
        server = need.server if need.server in self._assigned else None
        kinds = tuple((ask.kind, ask.first) for ask in need.asks)
        return need.holder, kinds, need.reach, server, number in self.marked


class _Met:
    """Finds the needs that a lot may reach without a look at each."""

    def __init__(self, needs: Sequence[Need]) -> None:
        self._all = range(len(needs))
        self._in: dict[str, list[int]] = {}
        self._of: dict[str | None, list[int]] = {}
        for column, need in enumerate(needs):
            self._of.setdefault(need.server, []).append(column)
            for deployment in need.reach:
                self._in.setdefault(deployment, []).append(column)

    def by(self, lot: Lot) -> Iterable[int]:
        """Give the columns of the needs that bear an assigned name, else of those in scope, ascending."""
        if lot.servers is not None:
            return sorted(column for server in lot.servers for column in self._of.get(server, ()))
        scope = lot.line.scope
        if scope is None:
            return self._all
        return sorted({column for deployment in scope for column in self._in.get(deployment, ())})


def _numbered(keys: Iterable[object]) -> tuple[list[int], list[int]]:
    """Number keys in the order in which they come first; and give for each number the first place."""
    numbers: dict[object, int] = {}
    places: list[int] = []
    numbered = []
    for place, key in enumerate(keys):
        number = numbers.setdefault(key, len(numbers))
        if number == len(places):
            places.append(place)
        numbered.append(number)
    return numbered, places


def _kind(line: Line) -> Kind | None:
    return Kind(line.product.id, line.license, line.edition) if line.product else None


class Answer:
    """The allocation of a question, read as shortages."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.allocation = question.allocate()

    def uncovered(self, number: int, index: int) -> int:
        """Give how many members of a need go without what one of its asks wants."""
        return self.allocation.uncovered[number][index]

    def shortages(self, wanted: Callable[[Need, int], bool], merge: Callable[[Kind], Kind]) -> list[Shortage]:
        """Give the shortage of each deployment and kind; kinds that `merge` makes equal are one."""
        asked: dict[tuple[str, Kind], list[tuple[int, int]]] = {}
        for number, need in enumerate(self.question.needs):
            for index, ask in enumerate(need.asks):
                if wanted(need, index):
                    asked.setdefault((ask.deployment, merge(ask.kind)), []).append((number, index))
        lacking = {key: [it for it in asks if self.uncovered(*it)] for key, asks in asked.items()}
        short = (key for key in asked if lacking[key])
        ordered = sorted(short, key=lambda key: (folded(key[0]), key[0], *(part or "" for part in key[1])))
        return [self._shortage(*key, asked[key], lacking[key]) for key in ordered]

    def _shortage(
        self, deployment: str, kind: Kind, asked: list[tuple[int, int]], lacking: list[tuple[int, int]]
    ) -> Shortage:
        needs = self.question.needs
        uncovered = self.subjects(lacking)
        facts = {fact.id: fact for number, index in asked for fact in needs[number].asks[index].facts}
        firm = [number for number, index in asked if not needs[number].asks[index].disputed]
        return Shortage(
            deployment=deployment,
            product=kind.product,
            of=kind.license or "cal",
            license=", ".join(sorted({needs[number].asks[index].kind.license for number, index in lacking})),
            edition=kind.edition,
            required=sum(needs[number].count for number, _ in asked),
            short=sum(found.members for found in uncovered),
            uncovered=uncovered,
            proof=self.proof(lacking),
            because=tuple(facts[fact_id] for fact_id in sorted(facts)),
            undisputed=sum(needs[number].count for number in firm),
            missing=self.missing(lacking),
            who=self.who(lacking),
            bound=self.subjects(it for it in lacking if needs[it[0]].asks[it[1]].kind.edition is not None),
        )

    def missing(self, asks: Iterable[tuple[int, int]]) -> tuple[Missing, ...]:
        """Say what would serve these asks, by the kinds that they ask for first."""
        counts: Counter[Kind] = Counter()
        for number, index in asks:
            counts[self.question.needs[number].asks[index].first] += self.uncovered(number, index)
        # The lowest edition first: what any edition serves needs no better one.
        ordered = sorted(counts, key=lambda kind: (kind.product, kind.license, self._rank(kind), kind.edition or ""))
        return tuple(Missing(self._name(kind), kind.edition, counts[kind]) for kind in ordered)

    def who(self, asks: Iterable[tuple[int, int]]) -> str:
        """Say how many people, devices or instances these asks leave without a license."""
        counts: Counter[str] = Counter()
        for number, index in asks:
            counts[self.question.needs[number].holder] += self.uncovered(number, index)
        named = ((counts[holder], words) for holder, words in HOLDERS if counts[holder])
        return " and ".join(f"{count:,} {words[0] if count == 1 else words[1]}" for count, words in named)

    def _rank(self, kind: Kind) -> int:
        product = self.question.estate.catalog.product(kind.product)
        license_ = product.license(kind.license) if product else None
        editions = [edition.id for edition in license_.editions] if license_ else []
        return editions.index(kind.edition) if kind.edition in editions else 0

    def _name(self, kind: Kind) -> str:
        product = self.question.estate.catalog.product(kind.product)
        license_ = product.license(kind.license) if product else None
        return license_.name if license_ else kind.license

    def subjects(self, asks: Iterable[tuple[int, int]]) -> tuple[Uncovered, ...]:
        """Name the servers and groups that stay uncovered, by name."""
        counts: Counter[tuple[str, str]] = Counter()
        nodes: dict[tuple[str, str], Subject] = {}
        for number, index in asks:
            need = self.question.needs[number]
            subject = raised_by(need, index)
            key = (folded(subject.name), subject.name)
            counts[key] += self.uncovered(number, index)
            nodes[key] = subject
        return tuple(Uncovered(nodes[key], counts[key]) for key in sorted(counts))

    def proof_of(self, wanted: Callable[[Asked], bool]) -> Proof:
        """Join the certificates that speak of what stays uncovered of the wanted asks."""
        return self.proof(
            (number, index)
            for number, need in enumerate(self.question.needs)
            for index, ask in enumerate(need.asks)
            if wanted(ask) and self.uncovered(number, index)
        )

    def proof(self, asks: Iterable[tuple[int, int]]) -> Proof:
        """Join the certificates that speak of these asks."""
        mine = set(asks)
        certificates = [it for it in self.allocation.certificates if not mine.isdisjoint(it.asks)]
        needs = self.question.needs
        deployments = {needs[number].asks[index].deployment for it in certificates for number, index in it.asks}
        lots = {lot for it in certificates for lot in it.lots}
        serves: Counter[str] = Counter()
        for it in certificates:
            for lot, most in zip(it.lots, it.most, strict=True):
                serves[self.question.supply[lot].line.id] += most
        lines = {self.question.supply[lot].line.key for lot in lots}
        shown = tuple(line for line in self.question.estate.lines if line.key in lines)
        apart = [it for lot, it in enumerate(self.question.supply) if it.servers and it.count and lot not in lots]
        return Proof(
            required=sum(it.required for it in certificates),
            owned=sum(it.owned for it in certificates),
            short=sum(it.short for it in certificates),
            deployments=tuple(sorted(deployments, key=lambda name: (folded(name), name))),
            lines=shown,
            indivisible=sum(it.indivisible for it in certificates),
            counted=tuple(_counted(line, serves[line.id], apart) for line in shown),
        )


def _counted(line: Line, serves: int, apart: Iterable[Lot]) -> Counted:
    from ..reason import Counted

    units = sum(lot.count for lot in apart if lot.line.id == line.id)
    return Counted(line.id, line.name, serves, units, tuple(line.model.assigned_to or ()) if units else ())


def raised_by(need: Need, index: int) -> Subject:
    """Give the server or group that an ask is shown at: of its deployment, the first by name that asks for it."""
    ask = need.asks[index]
    wanted = {fact.id for fact in ask.facts}
    mine = [subject for subject in need.subjects if subject.deployment == ask.deployment] or list(need.subjects)
    asking = [subject for subject in mine if need.holder != "instance" and _uses(subject, wanted)]
    return min(asking or mine, key=lambda subject: (folded(subject.name), subject.name))


def _uses(subject: Subject, features: set[str]) -> bool:
    written = subject.node.items.get("features")
    return written is not None and any(element.text in features for element in written.elements)
