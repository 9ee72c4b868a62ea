"""The verdict as a manager reads it: a title, a sentence, the numbers behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...finding import Severity
from ..wording import counted, listed, short_name
from .markup import element, stacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...finding import Report
    from .markup import Markup

_ICONS = {
    "covered": "M4.5 12.5l5 5L19.5 7",
    "failed": "M6 6l12 12M18 6L6 18",
    "unjudged": "M12 3.2L22 20.5H2zM12 10v4.6M12 17.4v.1",
}


class Verdict(NamedTuple):
    """What a report comes to. `kind` is covered, failed or unjudged; it chooses color and sign."""

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


def hero(report: Report, verdict: Verdict) -> Markup:
    """Give the head of the page."""
    sign = element(
        "svg",
        element("path", d=_ICONS[verdict.kind]),
        class_="icon",
        viewBox="0 0 24 24",
        aria_hidden="true",
        focusable="false",
    )
    pairs = (element("div", element("dt", name), element("dd", value)) for name, value in _tiles(report))
    return element(
        "div",
        stacked(
            element("div", class_="stripe") if verdict.kind == "unjudged" else None,
            element("h1", sign, element("span", verdict.title), id="verdict"),
            *(element("p", sentence) for sentence in verdict.sentences),
            element("dl", *pairs, class_="tiles"),
        ),
        class_=f"hero {verdict.kind}",
    )


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


def _tiles(report: Report) -> Iterator[tuple[str, str]]:
    """Give what a reader counts; a page that could not judge shows no zero, which would look like a result."""
    if report.problems:
        yield _tile(len(report.problems), "problem", "problems")
    elif report.position:
        short = sum(row.balance < 0 for row in report.position)
        yield "license kinds short", f"{short:,} of {len(report.position):,}"
    for tile, number in (
        (("error", "errors"), report.count(Severity.ERROR)),
        (("warning", "warnings"), report.count(Severity.WARNING)),
        (("info", "info"), report.count(Severity.INFO)),
        (("left open by the terms",) * 2, report.undetermined),
        (("waived",) * 2, report.waived),
    ):
        if number or not report.problems:
            yield _tile(number, *tile)


def _tile(number: int, one: str, several: str) -> tuple[str, str]:
    return one if number == 1 else several, f"{number:,}"
