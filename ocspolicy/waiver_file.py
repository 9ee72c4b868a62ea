"""Writes waivers into a file without touching what stands there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from .errors import JudgementError, Problem
from .finding import Finding, Report
from .source import Node, Source, parse

HEAD = "apiVersion: ocspolicy/v1\nkind: Waivers\nwaivers:\n"


class Accepted(NamedTuple):
    """What one new waiver is about; `max_short` is None where the finding has no number."""

    rule: str
    deployment: str | None
    file: str | None
    subject: str | None
    max_short: int | None


def failing(report: Report, non_waivable: Iterable[str]) -> tuple[list[Accepted], list[Finding]]:
    """Say what a waiver is needed for, and which findings fail and cannot be waived.

    A shortage is accepted for its whole deployment, up to its number: which server it is shown at moves.
    """
    kept = set(non_waivable)
    waivable = {rule.id for rule in report.rules if rule.waivable and rule.id not in kept}
    fails = [finding for finding in report.findings if report.fails(finding)]
    numbers: dict[tuple[str, str | None, str | None, str | None], int | None] = {}
    for finding in fails:
        if finding.rule not in waivable:
            continue
        short = finding.facts.get("short")
        if isinstance(short, int):
            key = (finding.rule, finding.deployment, None, None)
            numbers[key] = max(short, numbers.get(key) or 0)
        else:
            file = finding.location.file if finding.location and finding.deployment is None else None
            numbers.setdefault((finding.rule, finding.deployment, file, finding.subject), None)
    return [Accepted(*key, number) for key, number in numbers.items()], [it for it in fails if it.rule not in waivable]


def with_waivers(  # noqa: PLR0913, PLR0917 -- what a waiver says
    before: bytes | None,
    file: str,
    accepted: Sequence[Accepted],
    reason: str,
    expires: date,
    approved_by: str | None,
) -> str:
    """Give the text of a waiver file with new waivers at the end of its list, all else as it was.

    Raises:
        JudgementError: what stands there cannot be read.
    """
    entries = [_entry(it, reason, expires, approved_by) for it in accepted]
    if not before or not before.strip():
        return HEAD + "".join(f"  - {entry}\n" for entry in entries)
    source = parse(before, file)
    if source.problem is not None:
        raise JudgementError(source.problem)
    text = before.decode("utf-8-sig") if not before.startswith((b"\xff\xfe", b"\xfe\xff")) else _foreign(file)
    mark = "\ufeff" if before.startswith(b"\xef\xbb\xbf") else ""
    listing = _last_list(source)
    if listing is None:
        end = "" if text.endswith("\n") else "\n"
        return mark + text + end + "---\n" + HEAD + "".join(f"  - {entry}\n" for entry in entries)
    lines = text.splitlines(keepends=True)
    last = listing.elements[-1].end_line
    newline = "\r\n" if lines[last - 1].endswith("\r\n") else "\n"
    if not lines[last - 1].endswith("\n"):
        lines[last - 1] += newline
    indent = " " * (listing.column - 1)
    lines[last:last] = [f"{indent}- {entry}{newline}" for entry in entries]
    return mark + "".join(lines)


def _foreign(file: str) -> str:
    message = f"found UTF-16 in {file}, expected UTF-8 to write waivers into; choose another file with --output"
    raise JudgementError(Problem("output", message))


def _last_list(source: Source) -> Node | None:
    """Find the last list of waivers that is written one a line, so that a line can be added to it."""
    for document in reversed(source.documents):
        listing = document.root.items.get("waivers")
        kind = document.root.items.get("kind")
        if listing is None or kind is None or kind.text != "Waivers" or not listing.elements:
            continue
        first = listing.elements[0]
        if source.lines[listing.line - 1][listing.column - 1 : listing.column] == "-" and first.column > listing.column:
            return listing
    return None


def _entry(accepted: Accepted, reason: str, expires: date, approved_by: str | None) -> str:
    """Write a waiver on one line; JSON strings are YAML strings, whatever stands in them."""
    pairs = [("rule", accepted.rule)]
    pairs += _given(deployment=accepted.deployment, file=accepted.file, subject=accepted.subject)
    pairs += [("reason", reason), *_given(approvedBy=approved_by)]
    fields = [f"{key}: {json.dumps(value)}" for key, value in pairs]
    fields.append(f"expires: {expires.isoformat()}")
    if accepted.max_short is not None:
        fields.append(f"maxShort: {accepted.max_short}")
    return "{" + ", ".join(fields) + "}"


def _given(**values: str | None) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, value in values.items() if value is not None)
