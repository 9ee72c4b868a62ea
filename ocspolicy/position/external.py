"""External people: the External Connectors that cover those of a deployment, and the CALs left over for the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from ..estate import Deployment, Estate, Group, Server
from ..need import Ask, Kind, Need, Subject, main_license, measure, policy_decides, server_need, terms_decide
from ..place import folded
from ..supply import Lot, lots
from .lines import is_connector
from .question import Answer, Question, raised_by
from .shortage import Missing, Shortage, Uncovered


class Connectors:
    """The External Connectors of an estate; they go to deployments in the order of their names, whole or not at all.

    One is needed for each counted server of a deployment (D 4); where none runs, one.
    """

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    @cached_property
    def supply(self) -> list[Lot]:
        """The lots of External Connectors."""
        return [lot for lot in lots(self.estate) if is_connector(lot.line)]

    @cached_property
    def _answer(self) -> tuple[tuple[Need, ...], Answer | None]:
        """The deployments that are covered as needs of connectors, and how."""
        served: tuple[Need, ...] = ()
        answer = None
        pending = [list(_connector_needs(self.estate))] if self.supply else []
        while pending:
            block = pending.pop()
            trial = Answer(Question(self.estate, (*served, *block), self.supply)) if block else answer
            if trial is not None and not any(map(any, trial.allocation.uncovered)):
                served, answer = (*served, *block), trial
            elif len(block) > 1:
                # Whoever comes first by name is asked first, with as few questions as possible.
                middle = len(block) // 2
                pending += [block[middle:], block[:middle]]
        return served, answer

    @cached_property
    def covered(self) -> frozenset[str]:
        """The folded names of the deployments whose external people need nothing more."""
        return frozenset(folded(need.subjects[0].deployment) for need in self._answer[0])

    @property
    def answer(self) -> Answer | None:
        """How the deployments that are covered are served, None where none is."""
        return self._answer[1]

    def waiting(self) -> Iterator[Need]:
        """Give the needs of the deployments for which no connectors are left."""
        needs = _connector_needs(self.estate) if self.supply else ()
        return (need for need in needs if folded(need.subjects[0].deployment) not in self.covered)

    @property
    def used(self) -> Iterator[tuple[Lot, int]]:
        """How many units of each lot are used."""
        answer = self._answer[1]
        return zip(self.supply, answer.allocation.used, strict=True) if answer is not None else iter(())


def _connector_needs(estate: Estate) -> Iterator[Need]:
    external = (holders for holders in estate.holders if not holders.internal)
    wanting = {folded(group.deployment) for holders in external for group in holders.groups if wants(group, estate)}
    for deployment in estate.deployments:
        license_ = deployment.product.external_users.license
        if folded(deployment.name) in wanting and license_ is not None:
            kind = Kind(deployment.product.id, license_, None)
            yield Need(
                count=max(1, counted_instances(deployment, estate)),
                holder="deployment",
                asks=(Ask(kind, kind, deployment.name, (deployment.product.external_users,)),),
                subjects=(Subject(deployment.name, deployment.name, deployment.node),),
                reach=frozenset([folded(deployment.name)]),
            )


def counted_instances(deployment: Deployment, estate: Estate) -> int:
    """Count the running instances of a deployment that need a server license, whatever else is licensed apart."""
    return sum(server.count for server in counted_servers(deployment, estate))


def counted_servers(deployment: Deployment, estate: Estate) -> Iterator[Server]:
    """Give the running servers of a deployment that need a server license."""
    main = main_license(deployment.product)
    for server in deployment.running:
        need = server_need(server, estate.policy)
        if main is not None and need is not None and any(ask.kind.license == main.id for ask in need.asks):
            yield server


def wants(group: Group, estate: Estate) -> bool:
    """Tell whether connectors would cover the people of an external group."""
    if terms_decide(group.product):
        return True
    return policy_decides(group) and group.authenticated and estate.policy.external_authenticated == "count"


def inviting(estate: Estate) -> frozenset[str]:
    """Give the folded names of the deployments whose terms ask CALs for external people (25, 26)."""
    return frozenset(folded(it.name) for it in estate.deployments if it.groups and terms_decide(it.product))


def left_over(internal: Answer, everyone: Answer, covered: frozenset[str]) -> Iterator[Shortage]:
    """Give what external people lack of the CALs that all others leave over, deployment by deployment.

    Args:
        internal: the answer where no external person asks under terms that ask CALs for them.
        everyone: the answer where all of them do whom no connectors cover.
        covered: the deployments whose people connectors cover.
    """
    estate, supply = everyone.question.estate, everyone.question.supply
    asked = _asked(everyone)
    waiting = [deployment for deployment in estate.deployments if deployment.name in asked]

    def with_first(number: int) -> Answer:
        """Let the external people of the first deployments by name ask too."""
        invited = frozenset(folded(deployment.name) for deployment in waiting[:number])
        return Answer(Question(estate, measure(estate, covered, invited), supply))

    def between(low: int, high: int, before: int, answer: Answer) -> Iterator[Shortage]:
        """Look for those who go without, with as few questions as possible."""
        if _total(answer) == before:
            return
        if high - low == 1:
            yield _shortage(waiting[low], _total(answer) - before, answer)
            return
        middle = (low + high) // 2
        half = with_first(middle)
        yield from between(low, middle, before, half)
        yield from between(middle, high, _total(half), answer)

    if waiting:
        yield from between(0, len(waiting), _total(internal), everyone)


def _asked(answer: Answer) -> dict[str, list[tuple[int, int]]]:
    """Find what external people ask for because the terms say so, by the deployment in which it counts."""
    asked: dict[str, list[tuple[int, int]]] = {}
    catalog = answer.question.estate.catalog
    for number, need in enumerate(answer.question.needs):
        for index, ask in enumerate(need.asks if need.external else ()):
            product = catalog.product(ask.kind.product)
            if product is not None and terms_decide(product):
                asked.setdefault(ask.deployment, []).append((number, index))
    return asked


def _total(answer: Answer) -> int:
    return sum(map(sum, answer.allocation.uncovered))


def _shortage(deployment: Deployment, short: int, answer: Answer) -> Shortage:
    """Let the last groups by name be those who go without."""
    sizes: Counter[tuple[str, str, str]] = Counter()
    subjects: dict[tuple[str, str, str], Subject] = {}
    needs = answer.question.needs
    asks = _asked(answer)[deployment.name]
    for number, index in asks:
        subject = raised_by(needs[number], index)
        key = (folded(subject.name), subject.name, needs[number].asks[index].kind.license)
        sizes[key] += needs[number].count
        subjects[key] = subject
    left, uncovered, missing = short, [], Counter[str]()
    for key in sorted(sizes, reverse=True):
        members = min(left, sizes[key])
        left -= members
        if members:
            uncovered.append(Uncovered(subjects[key], members))
            missing[key[2]] += members
    kind = needs[asks[0][0]].asks[asks[0][1]].kind
    required = sum(needs[number].count for number, _ in asks)
    alike = [
        (number, index)
        for number, need in enumerate(needs)
        for index, ask in enumerate(need.asks)
        if ask.kind.product == kind.product and need.holder != "instance" and answer.uncovered(number, index)
    ]
    names = {
        license_: product_license.name
        for license_ in missing
        if (product_license := deployment.product.license(license_))
    }
    return Shortage(
        deployment=deployment.name,
        product=kind.product,
        of="cal",
        license=", ".join(sorted(missing)),
        edition=kind.edition,
        required=required,
        short=short,
        uncovered=tuple(reversed(uncovered)),
        proof=answer.proof({*asks, *alike}),
        because=(),
        undisputed=required,
        missing=tuple(Missing(names.get(it, it), kind.edition, missing[it]) for it in sorted(missing)),
        who=f"{short:,} external {'person' if short == 1 else 'people'}",
    )
