"""The facts behind a reason: why something is asked for, and why a unit of a line can serve it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ..catalog import ExternalUsers, Feature, Role
from ..estate import Estate, Line
from ..finding import Certainty
from ..need import Ask, Need, Subject
from ..place import folded
from ..reason import Fact


class Grounds:
    """Looks facts up for the asks of an estate."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    def asked(self, need: Need, ask: Ask, subject: Subject) -> tuple[Fact, ...]:
        """Say why an ask stands: what is used, and where nothing is that asks for a tier, the tier itself."""
        facts = [self._of_use(fact, need, subject) for fact in sorted(ask.facts, key=lambda fact: fact.id)]
        tier = ask.tier
        if tier is not None and not any(isinstance(fact, Feature) for fact in ask.facts):
            kind = "base-tier" if tier.base else "tier"
            facts.append(Fact(kind, tier.id, tier.name, tier.certainty, tier.source))
        return tuple(facts)

    def _of_use(self, fact: Role | Feature | ExternalUsers, need: Need, subject: Subject) -> Fact:
        if isinstance(fact, Feature):
            return Fact("feature", fact.id, fact.name, fact.certainty, fact.source, self._through(fact, need, subject))
        kind = "role" if isinstance(fact, Role) else "external-users"
        return Fact(kind, fact.id, fact.name, fact.certainty, fact.source)

    def _through(self, feature: Feature, need: Need, subject: Subject) -> tuple[str, ...]:
        """Name the other groups that bring a feature, where the one that asks does not."""
        bringing = [it for it in need.subjects if feature.id in self._features[it.deployment, it.name]]
        if any((it.deployment, it.name) == (subject.deployment, subject.name) for it in bringing):
            return ()
        ordered = sorted(bringing, key=lambda it: (folded(it.deployment), folded(it.name), it.name))
        return tuple(
            it.name if it.deployment == subject.deployment else f"{it.name} of {it.deployment}" for it in ordered
        )

    @cached_property
    def _features(self) -> dict[tuple[str, str], frozenset[str]]:
        return {
            (group.deployment, group.name): frozenset(feature.id for feature in group.features)
            for group in self.estate.groups
        }

    def serving(self, line: Line, ask: Ask) -> Iterator[Fact]:
        """Say why a unit of a line can serve an ask: what a suite grants, an edition, a kind, a newer version."""
        product = line.product.id if line.product else None
        if line.suite is not None:
            for grant in line.suite.grants:
                serves = self.estate.catalog.serves_version(grant.product, ask.kind.product)
                if serves and ask.kind.edition in grant.tiers and grant.in_force(self.estate.day):
                    product = grant.product
                    source = grant.source or line.suite.source
                    yield Fact("suite", line.suite.id, line.suite.name, line.suite.certainty, source)
                    break
        elif line.product is not None and (license_ := line.product.license(line.license)):
            edition = license_.edition(line.edition) if line.edition is not None else None
            if edition is not None and edition.source:
                yield Fact("edition", edition.id, edition.name, Certainty.CERTAIN, edition.source)
            else:
                yield Fact("license", license_.id, license_.name, license_.certainty, license_.source)
        if product is not None and product != ask.kind.product:
            # That newer serves older is stated for CALs, decided for all else.
            source = ("P 10",) if ask.tier is not None else ("D 10",)
            yield Fact("version", product, f"{product} is newer than {ask.kind.product}", Certainty.CERTAIN, source)
