"""SARIF 2.1.0 as GitHub code scanning, editors and the SARIF tools read it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..finding import Certainty, RuleInfo, Severity
from ..plain import plain
from .json import dumps, summary
from .sanitize import Shown, shown
from .wording import because, last_line, ordered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import Problem
    from ..finding import Finding, Report, Waived
    from ..place import Location
    from . import View

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.OFF: "none"}
_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning"}
_PRECISIONS = {Certainty.CERTAIN: "very-high", Certainty.DISPUTED: "medium", Certainty.UNDETERMINED: "low"}
_LONGEST_DESCRIPTION = 1024
_MOST_RELATED = 100
_MOST_LINKS = 3
_LONGEST_SCOPE = 200
_LINK_MARKS = re.compile(r"[\\\[\]]")
_MARKS = re.compile(r"[-!#$&()*+.:<=>@\[\\\]^_`{|}~]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    """Give one run; waived findings are suppressed results, problems are notifications of the tool.

    Raises:
        JudgementError: a plugin's finding carries a fact that JSON cannot express.
    """
    rules = _rules(report)
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "ocspolicy",
                "version": shown(report.version),
                "semanticVersion": shown(report.version),
                "rules": [_rule(rule, report) for rule in rules],
            }
        },
        "automationDetails": {"id": f"ocspolicy/{_scope(report)}"},
        "invocations": [
            {
                # About the tool, not about what it found.
                "executionSuccessful": not report.problems,
                "exitCode": report.status,
                "toolExecutionNotifications": [_notification(problem) for problem in report.problems],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, indexes[found.rule]) for found in ordered(report)],
        "properties": {
            "asOf": report.as_of,
            "verdict": last_line(report),
            "summary": summary(report),
        },
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _scope(report: Report) -> str:
    """Name what was judged: where two runs of a workflow have one name, the later upload replaces the earlier one."""
    if not report.scope:
        return ""
    names = shown("+".join(report.scope))
    if len(names) > _LONGEST_SCOPE:
        names = Shown(sha256(names.encode()).hexdigest()[:32])
    return f"{names}/"


def _rules(report: Report) -> list[RuleInfo]:
    """List the rules, also one that only a finding names, as in a result that was cut by hand."""
    known = {rule.id: rule for rule in report.rules}
    for found in ordered(report):
        known.setdefault(found.rule, RuleInfo(found.rule, found.name, found.severity, ""))
    return sorted(known.values(), key=lambda rule: rule.id)


def _rule(rule: RuleInfo, report: Report) -> dict[str, Any]:
    short = _lines(rule.summary) or shown(rule.name) or shown(rule.id)
    full = _lines(rule.description) or short
    certainties = [found.certainty for found in report.findings if found.rule == rule.id]
    least = max(certainties, key=list(Certainty).index, default=Certainty.CERTAIN)
    return {
        "id": shown(rule.id),
        "name": shown(rule.name),
        "shortDescription": {"text": short[:_LONGEST_DESCRIPTION]},
        "fullDescription": {"text": full[:_LONGEST_DESCRIPTION]},
        "help": _help(short, full, f"For examples and sources run: ocspolicy explain {shown(rule.id)}"),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["licensing"],
            "precision": _PRECISIONS[least],
            "problem.severity": _PROBLEM_SEVERITIES.get(rule.severity, "recommendation"),
        },
    }


def _help(short: str, full: str, more: str) -> dict[str, str]:
    """Say what a rule means, as text and as the Markdown that GitHub shows instead."""
    # CommonMark takes a backslash before any mark as that mark and nothing else.
    head, body, foot = (_MARKS.sub(r"\\\g<0>", text) for text in (" ".join(short.split()), full, more))
    markdown = [f"**{head}**", *([] if full == short else [body]), foot]
    return {"text": f"{full}\n\n{more}", "markdown": "\n\n".join(markdown)}


def _result(found: Finding, index: int) -> dict[str, Any]:
    related = found.related[:_MOST_RELATED]
    result: dict[str, Any] = {
        "ruleId": shown(found.rule),
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": _message(found)},
        "locations": [_location(found.location, found)],
        "relatedLocations": [
            {"id": number, "message": {"text": _unlinked(place.message)}, **_location(place.location)}
            for number, place in enumerate(related, start=1)
        ],
        "partialFingerprints": {"ocspolicyFindingId/v1": found.fingerprint},
        "properties": {
            "name": found.name,
            "certainty": found.certainty,
            "deployment": found.deployment,
            "subject": found.subject,
            "remedy": found.remedy,
            "source": list(found.source),
            "facts": plain(found.facts, found.rule),
        },
    }
    if found.waived:
        result["suppressions"] = [_suppression(found.waived)]
    return result


def _message(found: Finding) -> str:
    """Give the message, the remedy, and links to the first related places."""
    text = _unlinked(found.message)
    if found.remedy:
        text += f"; {_unlinked(found.remedy)}"
    links = [
        f"[{_unlinked(f'{place.location}: {place.message}')}]({number})"
        for number, place in enumerate(found.related[:_MOST_LINKS], start=1)
    ]
    more = len(found.related) - len(links)
    return text + (f"; see {', '.join(links)}{f' and {more} more' if more else ''}" if links else "")


def _unlinked(text: str) -> str:
    """Keep a text from being, beginning or ending a link of SARIF, `[text](1)`."""
    return _LINK_MARKS.sub(r"\\\g<0>", shown(text))


def _lines(text: str) -> str:
    return "\n".join(map(shown, text.split("\n")))


def _location(place: Location | None, found: Finding | None = None) -> dict[str, Any]:
    """Give a place; GitHub refuses a result without one, so what stands nowhere is at the root."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file) if place else "."}}
    if place:
        physical["region"] = _region(place)
    if place and place.span and found and found.excerpt:
        last = place.span.line + found.excerpt.count("\n")
        context = {"startLine": place.span.line, "endLine": last, "snippet": {"text": _lines(found.excerpt)}}
        physical["contextRegion"] = context
    location: dict[str, Any] = {"physicalLocation": physical}
    if place and place.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": shown(place.pointer)}]
    return location


def _region(place: Location) -> dict[str, int]:
    """Keep to the first line: a pull request shows an alert only if all of its lines were changed."""
    if place.span is None:
        return {"startLine": 1}
    line, column, end_line, end_column = place.span
    region = {"startLine": line, "startColumn": column, "endLine": line}
    if end_line == line:
        region["endColumn"] = max(end_column, column)
    return region


def _uri(file: str) -> str:
    return quote(file.encode("utf-8", "surrogateescape" if _escaped_bytes(file) else "replace"), safe="/")


def _escaped_bytes(file: str) -> bool:
    return all("\udc80" <= char <= "\udcff" for char in file if "\ud800" <= char <= "\udfff")


def _suppression(waived: Waived) -> dict[str, Any]:
    suppression: dict[str, Any] = {
        # A waiver of a Waivers document stands in its list, a comment elsewhere.
        "kind": "external" if waived.location.pointer.startswith("/waivers/") else "inSource",
        "status": "accepted",
        "justification": because(waived),
        "location": _location(waived.location),
        "properties": {"approvedBy": waived.approved_by},
    }
    if _DAY.fullmatch(waived.expires):
        suppression["properties"]["expiryUtc"] = f"{waived.expires}T23:59:59Z"
    return suppression


def _notification(problem: Problem) -> dict[str, Any]:
    places: Sequence[Location] = [problem.location] if problem.location else []
    return {
        "descriptor": {"id": shown(problem.kind)},
        "level": "error",
        "message": {"text": _unlinked(problem.message)},
        "locations": [_location(place) for place in places],
    }
