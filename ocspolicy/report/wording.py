"""What several formats say alike: numbers with their nouns, lists, and the line that names the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..finding import Certainty, Severity
from .sanitize import Shown, guard, shown

if TYPE_CHECKING:
    from ..errors import Problem
    from ..finding import Finding, Report, Waived

NAMES = 5
"""How many names a list in a sentence holds before the rest is counted."""

_LONGEST_NAME = 80

_OPEN_TERMS = {
    Certainty.DISPUTED: "disputed; the sources can be read in two ways",
    Certainty.UNDETERMINED: "undetermined; the terms do not settle it",
}


def counted(number: int, noun: str, plural: str = "") -> str:
    """Say a number with its noun: `1 license`, `2,000 licenses`, `no licenses`."""
    if number == 1:
        return f"1 {noun}"
    return f"{f'{number:,}' if number else 'no'} {plural or noun + 's'}"


def listed(words: Sequence[str], most: int | None = NAMES) -> str:
    """Join words into a list: `a`, `a and b`, `a, b and 7 more`; `most` of them are named, None for all."""
    named = list(words) if most is None or len(words) <= most else list(words[:most])
    if len(named) < len(words):
        named.append(f"{len(words) - len(named):,} more")
    return " and ".join(part for part in (", ".join(named[:-1]), named[-1] if named else "") if part)


def left_out(unknown: Sequence[str], open_terms: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Say for what nothing is counted, in one line; nothing where everything is.

    Args:
        unknown: ids that no catalog knows.
        open_terms: whose terms, as in `of lync-2010` or empty, and what they leave open.
    """
    parts = [f"{counted(len(unknown), 'id')} that no catalog knows ({_ids(unknown)})"] if unknown else []
    parts += [
        f"{counted(len(ids), 'thing')} that the terms{shown(whose)} leave open ({_ids(ids)})"
        for whose, ids in open_terms
        if ids
    ]
    return guard(f"nothing is counted for {listed(parts, None)}; 'ocspolicy check' says where") if parts else ""


def _ids(ids: Sequence[str]) -> str:
    return listed([short_name(name) for name in ids])


def short_name(name: str) -> Shown:
    """Show a name, cut where it is longer than any honest one."""
    name = shown(name)
    return name if len(name) <= _LONGEST_NAME else Shown(name[: _LONGEST_NAME - 3] + "...")


def ordered(report: Report) -> list[Finding]:
    """Sort the findings by their place."""
    return sorted(report.findings, key=lambda found: found.order)


def gravest_first(report: Report) -> list[Finding]:
    """Sort the findings that are not waived, the gravest first, then by their place."""
    return sorted((found for found in ordered(report) if not found.waived), key=lambda found: found.severity.rank)


def label(found: Finding) -> Shown:
    """Name a finding's weight and rule: `error[ROL001]`, `waived[ROL001]`."""
    return Shown(f"{'waived' if found.waived else found.severity}[{shown(found.rule)}]")


def open_terms(found: Finding) -> str | None:
    """Say why a finding is not certain, or nothing where it is."""
    return _OPEN_TERMS.get(found.certainty)


def because(waived: Waived) -> Shown:
    """Say until when, by whom and why a finding is waived."""
    by = f" by {shown(waived.approved_by)}" if waived.approved_by else ""
    return Shown(f"until {shown(waived.expires)}{by}: {shown(waived.reason)}")


def one_line(found: Finding) -> Shown:
    """Say a finding in one line, `emea.yaml:13:5: error[ROL001] message`, with its waiver where it has one."""
    place = f"{shown(str(found.location))}: " if found.location else ""
    waived = f" (waived {because(found.waived)})" if found.waived else ""
    return Shown(guard(f"{place}{label(found)} {shown(found.message)}{waived}"))


def problem_line(problem: Problem) -> Shown:
    """Say in one line what prevented the judgement."""
    return Shown(f"could not judge: {shown(problem.message)}")


def problem_at(problem: Problem) -> Shown:
    """Say the same after its place: `emea.yaml:13:5: error: could not judge: message`."""
    place = f"{shown(str(problem.location))}: " if problem.location else ""
    return Shown(guard(f"{place}error: {problem_line(problem)}"))


def last_line(report: Report) -> Shown:
    """Give the verdict and what was judged, in one line without its end."""
    parts = (_verdict(report), _judged(report), _passed_over(report), _waivers(report))
    return Shown(guard("; ".join((*parts, f"as of {shown(report.as_of)}"))))


def judged_line(report: Report) -> Shown:
    """Say what was judged, without a verdict, in one line without its end."""
    parts = (_judged(report), _passed_over(report), f"as of {shown(report.as_of)}")
    return Shown(guard("; ".join(parts)))


def _verdict(report: Report) -> str:
    found = _findings(report)
    if report.problems:
        seen = f"; {found} in what could be read" if report.findings else ""
        return f"could not judge: {counted(len(report.problems), 'problem')}{seen}"
    if report.status:
        return f"failed: {found}"
    if report.count(Severity.ERROR):
        return f"not covered (--fail-on never): {found}"
    return f"covered: {found}"


def _findings(report: Report) -> str:
    """Count the findings by severity: `1 error, 2 warnings (1 waived)`."""
    by_severity = [
        counted(number, severity)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if (number := report.count(severity))
    ]
    asides = [
        f"{number:,} {aside}"
        for number, aside in (
            (report.undetermined, "left open by the terms"),
            (report.waived, "waived"),
        )
        if number
    ]
    aside = f" ({', '.join(asides)})" if asides else ""
    return (", ".join(by_severity) or "no findings") + aside


def _judged(report: Report) -> str:
    """Say what was judged: deployments and which share the inventory, lines, rules."""
    summary = report.summary
    verb = "looked at" if report.problems else "judged"
    names = listed([short_name(name) for name in report.deployments])
    sharing = _sharing(report)
    which = f" ({names}{sharing})" if names else ""
    lines = "" if summary.lines is None else f"{counted(summary.lines, 'line')} of "
    rules = "" if summary.rules is None else f" with {counted(summary.rules, 'rule')}"
    return (
        f"{verb} {counted(summary.deployments, 'deployment')}{which}"
        f" against {lines}{counted(summary.inventories, 'inventory', 'inventories')}{rules}"
    )


def _sharing(report: Report) -> str:
    """Say which deployments share inventory lines with another one."""
    sharing = report.summary.sharing
    if not sharing:
        return ""
    if len(sharing) < len(report.deployments):
        return f"; {listed([short_name(name) for name in sharing])} share inventory lines"
    return f"; {'both' if len(sharing) == 2 else 'all'} share inventory lines"  # noqa: PLR2004 -- both are two


def _waivers(report: Report) -> str:
    """Count the waivers, and name those that end soon."""
    ending = [f"{shown(it.rule)} on {shown(it.expires)}" for it in report.waivers if it.state == "ending"]
    soon = f" ({listed(ending)} {'ends' if len(ending) == 1 else 'end'} soon)" if ending else ""
    return counted(len(report.waivers), "waiver") + soon


def _passed_over(report: Report) -> str:
    """Count what was met and is none of ours."""
    summary = report.summary
    kinds = (
        (summary.skipped_files, "file"),
        (summary.skipped_documents, "document"),
        (summary.skipped_links, "link"),
    )
    return f"{listed([counted(number, noun) for number, noun in kinds if number]) or 'nothing'} passed over"
