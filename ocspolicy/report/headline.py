"""The verdict as a manager reads it: a title and a few sentences, the same on a page and in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..finding import Severity
from .wording import counted, listed, short_name

if TYPE_CHECKING:
    from ..finding import Report


class Verdict(NamedTuple):
    """What a report comes to. `kind` is covered, failed or unjudged; a format chooses color and sign by it."""

    kind: str
    title: str
    sentences: tuple[str, ...]


def verdict_of(report: Report) -> Verdict:
    """Say what a report comes to; what could not be judged is never said to be covered."""
    if report.problems:
        return _unjudged(report)
    counts, asides = _counts(report), _asides(report)
    counting = len(report.findings) > report.waived
    where = listed([short_name(name) for name in report.deployments]) or "what was judged"
    short = sum(row.balance < 0 for row in report.position)
    kinds = f"{short:,} of {counted(len(report.position), 'license kind')} {'is' if short == 1 else 'are'} short"
    if report.count(Severity.ERROR):
        sentence = f"{f'{kinds}; ' if short else ''}{counts} in {where}."
        return Verdict("failed", "Not covered", (sentence, *asides))
    if report.status:
        rest = f"this check fails on {report.fail_on} and above." if report.fail_on else ""
        return Verdict("failed", "Failed", (f"{counts} in {where}; {rest}", *asides))
    aside = f", with {counts}" if counting else ""
    if report.waived:
        title = f"Covered, with {counted(report.waived, 'waived finding')}"
        return Verdict("covered", title, (f"But for what is waived, the licenses owned cover {where}{aside}.", *asides))
    return Verdict("covered", "Covered", (f"The licenses owned cover {where}{aside}.", *asides))


def _unjudged(report: Report) -> Verdict:
    number = counted(len(report.problems), "problem")
    stands = "stands" if len(report.problems) == 1 else "stand"
    sentence = f"{number} {stands} in the way of a full judgement. Whether the licenses are enough is not known."
    seen = (f"{_counts(report)} in what could be read.",) if report.findings else ()
    return Verdict("unjudged", "Could not judge", (sentence, *seen))


def _counts(report: Report) -> str:
    by_severity = [
        counted(number, severity)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if (number := report.count(severity))
    ]
    return listed(by_severity) or "no finding"


def _asides(report: Report) -> list[str]:
    asides = []
    if report.fail_on is None and report.count(Severity.ERROR):
        asides.append("This check was told never to fail the build.")
    if report.undetermined:
        verb = "is" if report.undetermined == 1 else "are"
        asides.append(f"{counted(report.undetermined, 'finding')} {verb} left open by the terms.")
    if report.waived:
        verb = "is accepted by a waiver and does" if report.waived == 1 else "are accepted by waivers and do"
        asides.append(f"{counted(report.waived, 'finding')} {verb} not count today.")
    return asides
