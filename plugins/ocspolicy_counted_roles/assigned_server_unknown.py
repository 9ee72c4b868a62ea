from __future__ import annotations

from collections.abc import Iterator

from ocspolicy.api import Context, Finding, Line, Misassigned, NoOptions, Rule, Severity, beyond, folded


class AssignedServerUnknown(Rule[NoOptions]):
    """A line is assigned to a server that no manifest in its scope declares, or to one that needs no license.

    Why: an assigned license serves the servers that it names and nothing else. One that names a server which is
    gone, misspelled or in no need of a license serves nobody, while another server may lack it: that is money to
    save.

    Remedy: assign the license to a server that needs it, or leave assignedTo out.
    """

    id = "ROL007"
    name = "assigned-server-unknown"
    severity = Severity.WARNING
    sources = ("P 18",)
    message = "this line is assigned to '{server}', {reason}"
    speaks_of_absence = True

    def judge(self, context: Context[NoOptions]) -> Iterator[Finding]:
        for line in context.estate.lines:
            for wrong in context.position.misassigned(line):
                if wrong.declared or not beyond(line, context.estate):
                    yield self._found(line, wrong)

    def _found(self, line: Line, wrong: Misassigned) -> Finding:
        reason = f"which needs no {line.license} license" if wrong.declared else "which no manifest in scope declares"
        return self.finding(
            at=wrong.node,
            subject=line.name,
            facts={"license": line.license, "server": wrong.name, "declared": wrong.declared, "reason": reason},
            remedy="assign the license to a server that needs it, or leave assignedTo out so that any may use it",
            key=(*line.key, folded(wrong.name)),
        )
