"""External people: the External Connectors that cover those of a deployment, and the CALs left over for the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..estate import Deployment, Estate, Group, Holders
from ..need import Ask, Kind, Need, Subject, cal, policy_decides, server_need
from ..place import folded
from ..supply import Lot, lots
from .lines import is_connector
from .question import Answer, Question
from .shortage import Missing, Shortage, Uncovered

NAMED = "connector-or-cal"


@dataclass(frozen=True)
class Connectors:
    """The External Connectors of an estate; they go to deployments in the order of their names, whole or not at all.

    One is needed for each counted server of a deployment (D 4); where none runs, one.
    """

    estate: Estate

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
    def used(self) -> Iterator[tuple[Lot, int]]:
        """How many units of each lot are used."""
        answer = self._answer[1]
        return zip(self.supply, answer.allocation.used, strict=True) if answer is not None else iter(())


def _connector_needs(estate: Estate) -> Iterator[Need]:
    external = (holders for holders in estate.holders if not holders.internal)
    wanting = {folded(group.deployment) for holders in external for group in holders.groups if _wants(group, estate)}
    for deployment in estate.deployments:
        license_ = deployment.product.external_users.license
        if folded(deployment.name) in wanting and license_ is not None:
            kind = Kind(deployment.product.id, license_, None)
            yield Need(
                count=max(1, counted_instances(deployment, estate)),
                holder="deployment",
                asks=(Ask(kind, kind, deployment.name, ()),),
                subjects=(Subject(deployment.name, deployment.name, deployment.node),),
                reach=frozenset([folded(deployment.name)]),
            )


def counted_instances(deployment: Deployment, estate: Estate) -> int:
    """Count the running instances of a deployment that need a license."""
    return sum(server.count for server in deployment.running if server_need(server, estate.policy) is not None)


def _wants(group: Group, estate: Estate) -> bool:
    if group.product.external_users.licensing == NAMED:
        return True
    return policy_decides(group) and group.authenticated and estate.policy.external_authenticated == "count"


def external_needs(estate: Estate, covered: frozenset[str]) -> Iterator[tuple[Deployment, list[Need]]]:
    """Measure the external people that need CALs where no connectors cover them (25, 26), deployment by deployment.

    Someone of several deployments counts in the first by name.
    """
    asking: dict[str, list[Need]] = {}
    for holders in estate.holders:
        need = None if holders.internal else _external_need(holders, covered)
        if need is not None:
            asking.setdefault(need.asks[0].deployment, []).append(need)
    for deployment in estate.deployments:
        if deployment.name in asking:
            yield deployment, asking[deployment.name]


def _external_need(holders: Holders, covered: frozenset[str]) -> Need | None:
    groups = [
        group
        for group in holders.groups
        if group.product.external_users.licensing == NAMED
        and group.by_device == holders.by_device
        and folded(group.deployment) not in covered
    ]
    if not groups:
        return None
    first = min(groups, key=lambda group: (folded(group.deployment), group.deployment))
    holder = "device" if holders.by_device else "user"
    license_, tier = cal(first.product, holder), first.product.base_tier
    if license_ is None or tier is None:
        return None
    kind = Kind(first.product.id, license_.id, tier.id)
    subjects = tuple(Subject(it.deployment, it.name, it.node) for it in groups if it.deployment == first.deployment)
    reach = frozenset(folded(group.deployment) for group in holders.groups)
    return Need(holders.count, holder, (Ask(kind, kind, first.deployment, ()),), subjects, reach)


def left_over(
    estate: Estate, needs: Sequence[Need], supply: Sequence[Lot], covered: frozenset[str]
) -> Iterator[Shortage]:
    """Give what external people lack of the CALs that all others leave over, deployment by deployment."""
    waiting = list(external_needs(estate, covered))

    def with_first(number: int) -> Answer:
        """Let the external people of the first deployments by name ask too."""
        external = [need for _, mine in waiting[:number] for need in mine]
        return Answer(Question(estate, [*needs, *external], supply))

    def between(low: int, high: int, before: int, answer: Answer) -> Iterator[Shortage]:
        """Look for those who go without, with as few questions as possible."""
        if _total(answer) == before:
            return
        if high - low == 1:
            yield _shortage(*waiting[low], _total(answer) - before, answer)
            return
        middle = (low + high) // 2
        half = with_first(middle)
        yield from between(low, middle, before, half)
        yield from between(middle, high, _total(half), answer)

    if waiting:
        yield from between(0, len(waiting), _total(with_first(0)), with_first(len(waiting)))


def _total(answer: Answer) -> int:
    return sum(map(sum, answer.allocation.uncovered))


def _shortage(deployment: Deployment, external: list[Need], short: int, answer: Answer) -> Shortage:
    """Let the last groups by name be those who go without."""
    sizes: Counter[tuple[str, str, str]] = Counter()
    subjects: dict[tuple[str, str, str], Subject] = {}
    for need in external:
        subject = min(need.subjects, key=lambda it: (folded(it.name), it.name))
        key = (folded(subject.name), subject.name, need.asks[0].kind.license)
        sizes[key] += need.count
        subjects[key] = subject
    left, uncovered, missing = short, [], Counter[str]()
    for key in sorted(sizes, reverse=True):
        members = min(left, sizes[key])
        left -= members
        if members:
            uncovered.append(Uncovered(subjects[key], members))
            missing[key[2]] += members
    kind = external[0].asks[0].kind
    needs = answer.question.needs
    asks = [(number, 0) for number, need in enumerate(needs) if any(need is it for it in external)]
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
        required=sum(need.count for need in external),
        short=short,
        uncovered=tuple(reversed(uncovered)),
        proof=answer.proof({*asks, *alike}),
        because=(),
        undisputed=sum(need.count for need in external),
        missing=tuple(Missing(names.get(it, it), kind.edition, missing[it]) for it in sorted(missing)),
        who=f"{short:,} external {'person' if short == 1 else 'people'}",
    )
