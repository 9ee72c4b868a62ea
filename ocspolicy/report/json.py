"""The result for machines: JSON named `ocspolicy/result/v1`, as `schemas/result.schema.json` says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ..finding import Severity
from ..plain import plain
from .sanitize import COMMAND

if TYPE_CHECKING:
    from ..errors import Problem
    from ..finding import Finding, PositionRow, Report, WaiverInfo
    from ..place import Location
    from . import View

SCHEMA = "ocspolicy/result/v1"

_COMMAND = re.compile(COMMAND)
_SURROGATE = "ud[89a-f][0-9a-f]{2}"
_PAIR = r"\\ud[89ab]..\\ud[c-f].."
# What JSON text escapes: a pair, a lone surrogate, backslashes with what follows them, any other character.
_ESCAPED = re.compile(
    rf"{_PAIR}|(?P<lone>\\{_SURROGATE})|(?P<slashes>(?:\\\\)++)(?P<like>(?={_SURROGATE}|(?!{_PAIR})\\{_SURROGATE}))?|\\."
)
_WRITTEN = re.compile(rf"(\\++)({_SURROGATE})")


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    r"""Give the result, indented, in ASCII, so that it survives every stream.

    The traces of problems are left out: they are for the screen of who looks for a bug. A lone surrogate, as in a
    file name that is no UTF-8, becomes the text `\udc80`: most readers of JSON refuse or lose one. Backslashes before
    that are doubled, in a text that only looks like it too, so that `report` reads back what was judged.

    Raises:
        JudgementError: a plugin's finding carries a fact that JSON cannot express.
    """
    return _inert(_ESCAPED.sub(_told_apart, _text(result(report))))


def dumps(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    r"""Write a JSON value with a line end, inert on terminals and in CI logs.

    A lone surrogate, as in a file name that is no UTF-8, becomes the text `\udc80`: most readers of JSON
    refuse or lose one.
    """
    return _inert(_ESCAPED.sub(lambda match: f"\\{match[0]}" if match["lone"] else match[0], _text(value)))


def surrogates(text: str) -> str:
    r"""Read a text of a result back: `\udc80` is the lone surrogate, twice as many backslashes are backslashes."""
    return _WRITTEN.sub(_read, text) if "\\ud" in text else text


def _told_apart(match: re.Match[str]) -> str:
    """Double the backslashes before a lone surrogate's text, and before what only looks like one."""
    if match["lone"]:
        return f"\\{match[0]}"
    return match[0] * 2 if match["like"] is not None else match[0]


def _read(match: re.Match[str]) -> str:
    slashes, like = match.groups()
    return "\\" * (len(slashes) // 2) + (chr(int(like[1:], 16)) if len(slashes) % 2 else like)


def _text(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)


def _inert(text: str) -> str:
    """Escape what may not stand in a log: both stand in strings only, where JSON has an escape for every character."""
    return _COMMAND.sub(r"\\u0023", text.replace("\x7f", r"\u007f")) + "\n"


def result(report: Report) -> dict[str, Any]:
    """Give the result as plain data, findings sorted."""
    return {
        "schema": SCHEMA,
        "asOf": report.as_of,
        "scope": list(report.scope),
        "tool": {"name": "ocspolicy", "version": report.version},
        "failOn": report.fail_on or "never",
        "plugins": [{"name": plugin.name, "version": plugin.version} for plugin in report.plugins],
        "rules": [
            {
                "id": rule.id,
                "name": rule.name,
                "severity": rule.severity,
                "plugin": rule.plugin,
                "summary": rule.summary,
                "description": rule.description,
                "waivable": rule.waivable,
            }
            for rule in report.rules
        ],
        "deployments": list(report.deployments),
        "findings": [_finding(found) for found in sorted(report.findings, key=lambda found: found.order)],
        "position": [_row(row) for row in report.position],
        "why": _why(report),
        "waivers": [_waiver(waiver) for waiver in report.waivers],
        "problems": [_problem(trouble) for trouble in report.problems],
        "summary": summary(report),
    }


def summary(report: Report) -> dict[str, Any]:
    """Give the numbers of a report; those of findings leave out what is waived, and all what is not known."""
    judged = report.summary
    numbers = {
        "deployments": judged.deployments,
        "inventories": judged.inventories,
        "lines": judged.lines,
        "rules": judged.rules,
        "sharing": list(judged.sharing),
        "skipped": {
            "files": judged.skipped_files,
            "documents": judged.skipped_documents,
            "links": judged.skipped_links,
        },
        "error": report.count(Severity.ERROR),
        "warning": report.count(Severity.WARNING),
        "info": report.count(Severity.INFO),
        "waived": report.waived,
        "undetermined": report.undetermined,
        "passed": report.status == 0,
    }
    return {key: number for key, number in numbers.items() if number is not None}


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "name": found.name,
        "severity": found.severity,
        "certainty": found.certainty,
        "message": found.message,
        "deployment": found.deployment,
        "subject": found.subject,
        "location": location(found.location),
        "excerpt": found.excerpt,
        "related": [{"message": place.message, "location": location(place.location)} for place in found.related],
        "facts": plain(found.facts, found.rule),
        "remedy": found.remedy,
        "source": list(found.source),
        "fingerprint": found.fingerprint,
        "waived": {
            "reason": found.waived.reason,
            "expires": found.waived.expires,
            "approvedBy": found.waived.approved_by,
            "location": location(found.waived.location),
        }
        if found.waived
        else None,
    }


def _row(row: PositionRow) -> dict[str, Any]:
    return {
        "product": row.product,
        "license": row.license,
        "edition": row.edition,
        "metric": row.metric,
        "required": row.required,
        "owned": row.owned,
        "balance": row.balance,
    }


def _why(report: Report) -> list[dict[str, Any]]:
    if not report.why:
        return []
    from .why_data import as_data

    return as_data(report.why)


def _waiver(waiver: WaiverInfo) -> dict[str, Any]:
    return {
        "rule": waiver.rule,
        "reason": waiver.reason,
        "expires": waiver.expires,
        "approvedBy": waiver.approved_by,
        "state": waiver.state,
        "location": location(waiver.location),
    }


def _problem(trouble: Problem) -> dict[str, Any]:
    return {
        "kind": trouble.kind,
        "message": trouble.message,
        "location": location(trouble.location),
        "excerpt": trouble.excerpt,
    }


def location(place: Location | None) -> dict[str, Any] | None:
    """Give a place; its numbers are null where it is a whole file."""
    if place is None:
        return None
    line, column, end_line, end_column = place.span or (None, None, None, None)
    return {
        "file": place.file,
        "line": line,
        "column": column,
        "endLine": end_line,
        "endColumn": end_column,
        "path": place.pointer,
    }
