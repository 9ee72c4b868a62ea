"""Writes waivers into a file without touching what stands there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from .errors import JudgementError, Problem
from .finding import Finding, Report
from .place import Location
from .source import Node, Source, parse
from .waivers import Waiver

HEAD = "apiVersion: ocspolicy/v1\nkind: Waivers\nwaivers:\n"


class Accepted(NamedTuple):
    """What one new waiver is about; `max_short` is None where the finding has no number."""

    rule: str
    deployment: str | None
    file: str | None
    subject: str | None
    max_short: int | None


def failing(report: Report, non_waivable: Iterable[str]) -> tuple[dict[Accepted, list[Finding]], list[Finding]]:
    """Say what a waiver is needed for and the findings that it is for, and which findings fail and cannot be waived.

    A shortage is accepted for its whole deployment, up to its number: which server it is shown at moves. Where a rule
    finds several in one deployment, each is accepted for its own subject, or one would hide how another grows; those
    that no waiver can tell apart are left.
    """
    kept = set(non_waivable)
    waivable = {rule.id for rule in report.rules if rule.waivable and rule.id not in kept}
    fails = [finding for finding in report.findings if report.fails(finding)]
    # What is waived today counts as well: a new waiver would cover it, too.
    shortages = [it for it in report.findings if _short(it) is not None]
    accepted: dict[Accepted, list[Finding]] = {}
    left = []
    for finding in fails:
        short = _short(finding)
        if finding.rule not in waivable:
            left.append(finding)
        elif short is None:
            file = finding.location.file if finding.location and finding.deployment is None else None
            about = Accepted(finding.rule, finding.deployment, file, finding.subject, None)
            accepted.setdefault(about, []).append(finding)
        else:
            alike = [it for it in shortages if (it.rule, it.deployment) == (finding.rule, finding.deployment)]
            at_one = [it for it in alike if it.subject == finding.subject]
            if len(at_one) > 1:
                left.append(finding)
            else:
                subject = finding.subject if len(alike) > 1 else None
                about = Accepted(finding.rule, finding.deployment, None, subject, short)
                accepted.setdefault(about, []).append(finding)
    return accepted, left


def _short(finding: Finding) -> int | None:
    short = finding.facts.get("short")
    return short if isinstance(short, int) else None


def waivers(
    accepted: Iterable[Accepted], reason: str, expires: date, approved_by: str | None, file: str
) -> list[Waiver]:
    """Give the waivers as they would be read again from a file."""
    return [
        Waiver(it.rule, reason, expires, Location(file), it.deployment, it.file, it.subject, approved_by, it.max_short)
        for it in accepted
    ]


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
    alone = HEAD + "".join(f"  - {entry}\n" for entry in entries)
    _refuse_what_no_check_reads(alone)
    if not before or not before.strip():
        return alone
    source = parse(before, file)
    if source.problem is not None:
        raise JudgementError(source.problem)
    text = before.decode("utf-8-sig") if not before.startswith((b"\xff\xfe", b"\xfe\xff")) else _foreign(file)
    mark = "\ufeff" if before.startswith(b"\xef\xbb\xbf") else ""
    listing = _last_list(source)
    if listing is None:
        end = "" if text.endswith("\n") else "\n"
        return _kept(source, mark + text + end + "---\n" + alone)
    lines = text.splitlines(keepends=True)
    last = listing.elements[-1].end_line
    newline = "\r\n" if lines[last - 1].endswith("\r\n") else "\n"
    if not lines[last - 1].endswith("\n"):
        lines[last - 1] += newline
    indent = " " * (listing.column - 1)
    lines[last:last] = [f"{indent}- {entry}{newline}" for entry in entries]
    return _kept(source, mark + "".join(lines))


def _refuse_what_no_check_reads(text: str) -> None:
    """Refuse a reason or a name that would make every later check fail."""
    from .documents.shape import check

    source = parse(text.encode("utf-8", "surrogatepass"), "")
    problems = [source.problem] if source.problem else check("Waivers", source.documents[0].root)
    if isinstance(problems, list):
        message = f"--reason or --approved-by: {problems[0].message}"
        raise JudgementError(Problem("usage", message))


def _kept(before: Source, text: str) -> str:
    """Give the new text, unless it changes a value that stood there: a block of text may reach into what is added."""
    old = [document.root.data() for document in before.documents]
    new = [document.root.data() for document in parse(text.encode(), before.file).documents]
    if len(new) < len(old) or not all(map(_continues, new, old)):
        message = f"found {before.file} ending inside a value, expected a line end behind the last waiver; add it"
        raise JudgementError(Problem("output", message))
    return text


def _continues(new: Any, old: Any) -> bool:  # noqa: ANN401 -- documents as plain data
    """Tell whether a document is as it was, but for waivers behind those that were there."""
    if not isinstance(new, dict) or not isinstance(old, dict) or not isinstance(old.get("waivers"), list):
        return bool(new == old)
    return bool(new | {"waivers": new["waivers"][: len(old["waivers"])]} == old)


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
    fields = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in pairs]
    fields.append(f"expires: {expires.isoformat()}")
    if accepted.max_short is not None:
        fields.append(f"maxShort: {accepted.max_short}")
    return "{" + ", ".join(fields) + "}"


def _given(**values: str | None) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, value in values.items() if value is not None)
