"""The head of the page: the verdict, and the numbers behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...finding import Severity
from .markup import element, stacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...finding import Report
    from ..headline import Verdict
    from .markup import Markup

_ICONS = {
    "covered": "M4.5 12.5l5 5L19.5 7",
    "failed": "M6 6l12 12M18 6L6 18",
    "unjudged": "M12 3.2L22 20.5H2zM12 10v4.6M12 17.4v.1",
}


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


def _tiles(report: Report) -> Iterator[tuple[str, str]]:
    """Give what a reader counts; a page that could not judge shows no zero, which would look like a result.

    What is left open and what is waived are rare, and named only where there are any.
    """
    if report.problems:
        yield _tile(len(report.problems), "problem", "problems")
    elif report.position:
        short = sum(row.balance < 0 for row in report.position)
        yield "license kinds short", f"{short:,} of {len(report.position):,}"
    for tile, number, always in (
        (("error", "errors"), report.count(Severity.ERROR), not report.problems),
        (("warning", "warnings"), report.count(Severity.WARNING), not report.problems),
        (("info", "info"), report.count(Severity.INFO), not report.problems),
        (("left open by the terms",) * 2, report.undetermined, False),
        (("waived",) * 2, report.waived, False),
    ):
        if number or always:
            yield _tile(number, *tile)


def _tile(number: int, one: str, several: str) -> tuple[str, str]:
    return one if number == 1 else several, f"{number:,}"
