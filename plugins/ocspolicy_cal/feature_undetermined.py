from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import (
    Certainty,
    Context,
    Deployment,
    Estate,
    Feature,
    Finding,
    Group,
    NoOptions,
    Rule,
    Severity,
    folded,
)

from .asking import asking_groups

# Of each feature: what the catalog says, the groups with it by name, how many people or devices ask.
Users = tuple[Feature, dict[str, Group], int]


class FeatureUndetermined(Rule[NoOptions]):
    """The terms do not say which CAL a used feature needs.

    Why: no source settles it, so nothing is counted for the feature and nothing is guessed. What the organization
    has agreed with its reseller belongs into the policy.

    Remedy: name the tier that the feature needs, or "none", under undetermined in the configuration.
    """

    id = "CAL007"
    name = "feature-undetermined"
    severity = Severity.WARNING
    sources = ("? 6",)
    message = "the terms of {product} do not say which CAL {feature} needs; nothing is counted for its {people} users"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        users = _users(context.estate)
        for deployment in context.estate.deployments:
            for _, (feature, groups, people) in sorted(users.get(deployment.name, {}).items()):
                ordered = [group for group in deployment.groups if group.name in groups]
                yield self._found(deployment, feature, ordered, people)

    def _found(self, deployment: Deployment, feature: Feature, groups: list[Group], people: int) -> Finding:
        first, *others = groups
        tiers = " or ".join(f'"{tier.id}"' for tier in deployment.product.tiers)
        return self.finding(
            at=first.feature_nodes[feature.id],
            deployment=deployment.name,
            subject=first.name,
            facts={
                "product": deployment.product.id,
                "feature": feature.id,
                "groups": [group.name for group in groups],
                "people": people,
            },
            related=[group.feature_nodes[feature.id].note(f"{group.name} uses it too") for group in others],
            remedy=f'set undetermined.{feature.id} = {tiers} or "none" in the configuration',
            key=(folded(deployment.name), feature.id),
            certainty=Certainty.UNDETERMINED,
            sources=feature.source or self.sources,
        )


def _users(estate: Estate) -> dict[str, dict[str, Users]]:
    """Find by deployment and feature who asks for CALs and has a feature that is not settled.

    Whoever asks, asks with the features of all groups, those of groups that alone would ask for nothing among them.
    """
    if not any(_unsettled(group, estate) for group in estate.groups):
        return {}
    found: dict[str, dict[str, Users]] = {}
    for holders in estate.holders:
        met: set[tuple[str, str]] = set()
        for group in asking_groups(holders, estate.policy):
            mine = found.setdefault(group.deployment, {})
            for feature in _unsettled(group, estate):
                _, groups, people = mine.get(feature.id, (feature, {}, 0))
                first = (group.deployment, feature.id) not in met
                met.add((group.deployment, feature.id))
                groups[group.name] = group
                mine[feature.id] = (feature, groups, people + (holders.count if first else 0))
    return found


def _unsettled(group: Group, estate: Estate) -> list[Feature]:
    """Give the features of a group of which neither the terms nor the policy say what they need."""
    return [it for it in group.features if it.licensing == "undetermined" and not estate.policy.decides(it)]
