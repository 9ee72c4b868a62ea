from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, NoOptions, Rule, Severity, absent, nearest

MOST_HINTS = 100


class InventoryScopeUnknown(Rule[NoOptions]):
    """A line's scope names a deployment that is not there.

    Why: a name that no deployment bears is a typing mistake or a deployment that is gone. A line with no
    deployment left in its scope counts for nothing. Judged only where the whole root is: elsewhere a deployment
    may lie outside the paths given.

    Remedy: write the name as the deployment does, or take it out of the scope.
    """

    id = "INV003"
    name = "inventory-scope-unknown"
    severity = Severity.WARNING
    sources = ("D",)
    message = "scope names {missing}, and no deployment of that name is there"
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        if not context.estate.whole_root:
            return
        known = [deployment.name for deployment in context.estate.deployments]
        found = ((line, missing) for line in context.estate.lines if (missing := absent(line, context.estate)))
        for index, (line, missing) in enumerate(found):
            near = nearest(missing[0].text, known) if index < MOST_HINTS else []
            yield self.finding(
                at=missing[0],
                subject=line.name,
                facts={"missing": [node.text for node in missing], "nearMisses": near},
                related=[node.note("no such deployment either") for node in missing[1:]],
                remedy=f"write {' or '.join(near)}, or take the name out of the scope"
                if near
                else "take it out of the scope",
                key=line.key,
            )
