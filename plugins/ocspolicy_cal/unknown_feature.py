from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, folded, nearest

MOST_HINTS = 100


class UnknownFeature(Rule[NoOptions]):
    """A feature id is not in the catalog.

    Why: what a feature needs is looked up by its id. An id that nobody knows needs nothing, so a typing mistake
    would count too few CALs in silence; this finding can therefore be neither ignored nor waived.

    Remedy: write the id as the catalog does, or add the feature to a catalog of your own.
    """

    id = "CAL005"
    name = "unknown-feature"
    severity = Severity.ERROR
    sources = ("D",)
    message = "feature '{feature}' is not in the catalog"
    waivable = False
    always_on = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        unknown = [
            (group, feature, node)
            for group in context.estate.groups
            for feature, node in group.unknown_features.items()
        ]
        known = list(context.catalog.feature_ids) if unknown else []
        strangers = [entry for entry in unknown if entry[1] not in known]
        for index, (group, feature, node) in enumerate(strangers):
            near = nearest(feature, known) if index < MOST_HINTS else []
            yield self.finding(
                at=node,
                deployment=group.deployment,
                subject=group.name,
                facts={"feature": feature, "nearMisses": near},
                message=f"{self.message}; did you mean {{nearMisses}}?" if near else None,
                remedy=f"write {' or '.join(near)}, or add '{feature}' to a catalog"
                if near
                else f"add '{feature}' to a catalog",
                key=(folded(group.deployment), folded(group.name), feature),
            )
