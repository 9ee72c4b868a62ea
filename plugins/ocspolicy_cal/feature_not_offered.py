from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Certainty, Context, Finding, Group, Node, NoOptions, Rule, Severity, folded

# Group Chat under a product without it is judged by GCH005.
APART = "group-chat"


class FeatureNotOffered(Rule[NoOptions]):
    """A group uses a feature that the product of its deployment does not offer.

    Why: such a manifest cannot be true: either the deployment runs another product, whose terms then count, or the
    group does not have the feature.

    Remedy: correct the product of the deployment, or take the feature out of the group.
    """

    id = "CAL008"
    name = "feature-not-offered"
    severity = Severity.ERROR
    sources = ("D 25", "P 28", "T 28")
    message = "{product} does not offer {feature}"

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for group in context.estate.groups:
            for feature in group.features:
                if feature.licensing == "not-offered" and feature.id != APART:
                    node = group.feature_nodes[feature.id]
                    yield self._found(group, feature.id, node, feature.certainty, feature.source)
            if group.unknown_features:
                known = context.catalog.feature_ids
                for name, node in group.unknown_features.items():
                    if name in known and name != APART:
                        yield self._found(group, name, node, Certainty.CERTAIN, ("D",))

    def _found(self, group: Group, feature: str, node: Node, certainty: Certainty, marks: tuple[str, ...]) -> Finding:
        product = group.product.id
        readings = {f"{product} does not offer it": 0, "it does": group.size}
        return self.finding(
            at=node,
            deployment=group.deployment,
            subject=group.name,
            facts={
                "product": product,
                "feature": feature,
                "people": group.size,
                **({"readings": readings} if certainty is Certainty.DISPUTED else {}),
            },
            remedy=f"declare the product that '{group.name}' really uses, or take {feature} out of the group",
            key=(folded(group.deployment), folded(group.name), feature),
            certainty=certainty,
            sources=marks,
        )
