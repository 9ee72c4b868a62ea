from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import (
    Certainty,
    Context,
    Deployment,
    Feature,
    Finding,
    Group,
    NoOptions,
    Rule,
    Severity,
    folded,
    needs_cals,
)


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
        for deployment in context.estate.deployments:
            users: dict[str, tuple[Feature, list[Group]]] = {}
            for group in deployment.groups:
                for feature in group.features if needs_cals(group, context.policy) else ():
                    if feature.licensing == "undetermined" and not context.policy.decides(feature):
                        users.setdefault(feature.id, (feature, []))[1].append(group)
            for feature_id in sorted(users):
                yield self._found(context, deployment, *users[feature_id])

    def _found(
        self, context: Context[NoOptions], deployment: Deployment, feature: Feature, groups: list[Group]
    ) -> Finding:
        first, *others = groups
        named = {(group.deployment, group.name) for group in groups}
        holders = context.estate.holders
        users = (it for it in holders if not named.isdisjoint((group.deployment, group.name) for group in it.groups))
        tiers = " or ".join(f'"{tier.id}"' for tier in deployment.product.tiers)
        return self.finding(
            at=first.feature_nodes[feature.id],
            deployment=deployment.name,
            subject=first.name,
            facts={
                "product": deployment.product.id,
                "feature": feature.id,
                "groups": [group.name for group in groups],
                "people": sum(it.count for it in users),
            },
            related=[group.feature_nodes[feature.id].note(f"{group.name} uses it too") for group in others],
            remedy=f'set undetermined.{feature.id} = {tiers} or "none" in the configuration',
            key=(folded(deployment.name), feature.id),
            certainty=Certainty.UNDETERMINED,
            sources=feature.source or self.sources,
        )
