"""Findings and problems as cards: what, where, the source lines, what helps, and why it is right."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ..excerpt import source_rows
from ..layout import width_of
from ..reasons import certificate, facts, related
from ..sanitize import Shown
from ..wording import because, counted, gravest_first, open_terms
from .markup import element, joined, stacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...errors import Problem
    from ...finding import Finding, Report
    from ...place import Location
    from .markup import Markup

_WIDTH = 240
_MOST = 5
_UNFOLDED = 24
_SEEN = 20
_WHOLE_ESTATE = "The estate as a whole"


class Card(NamedTuple):
    """How findings are shown: the level of their headings, and the links to the rules by id."""

    level: int
    links: Mapping[str, str]


def findings(report: Report, links: Mapping[str, str]) -> Markup:
    """Give the cards of all findings that are not waived, by deployment where there are several."""
    found = sorted(gravest_first(report), key=lambda one: (one.deployment is None, one.deployment or ""))
    groups = [(name, list(group)) for name, group in groupby(found, key=lambda one: one.deployment)]
    if len(groups) == 1 and len(report.deployments) <= 1:
        return cards(found, Card(3, links))
    return joined(
        stacked(
            element(
                "h3", f"{_WHOLE_ESTATE if name is None else name}: {counted(len(group), 'finding')}", class_="group"
            ),
            cards(group, Card(4, links)),
        )
        for name, group in groups
    )


def cards(found: Sequence[Finding], how: Card) -> Markup:
    """Give the cards of findings in a row; where there are many, all but the first are folded away."""
    made = [_card(one, how) for one in found]
    if len(made) <= _UNFOLDED:
        return stacked(*made)
    summary = element("summary", f"{counted(len(made) - _SEEN, 'more finding')}")
    return stacked(*made[:_SEEN], element("details", stacked(summary, *made[_SEEN:]), class_="cards"))


def problems(report: Report) -> Markup:
    """Give a card for each problem."""
    return stacked(*map(_problem, report.problems))


def _problem(problem: Problem) -> Markup:
    return element(
        "article",
        stacked(
            element("h3", element("span", problem.kind, class_="tag problem"), problem.message),
            element("p", element("code", str(problem.location)), class_="where") if problem.location else None,
            _source(problem.location, problem.excerpt),
        ),
        class_="card problem",
    )


def _card(found: Finding, how: Card) -> Markup:
    kind = "waived" if found.waived else str(found.severity)
    doubt = element("span", str(found.certainty), class_="tag open") if open_terms(found) else None
    remedy = element("p", element("strong", "What helps: "), found.remedy, class_="remedy") if found.remedy else None
    return element(
        "article",
        stacked(
            element(f"h{how.level}", element("span", kind, class_=f"tag {kind}"), doubt, found.message),
            _where(found, how.links),
            _source(found.location, found.excerpt),
            remedy,
            element("dl", *_more(found), class_="more"),
            _facts(found),
        ),
        class_=f"card {kind}",
    )


def _where(found: Finding, links: Mapping[str, str]) -> Markup:
    target = links.get(found.rule)
    name = element("code", found.rule)
    parts = [
        element("span", element("a", name, href=target) if target else name, " ", found.name),
        element("code", str(found.location)) if found.location else None,
        element("span", found.deployment) if found.deployment else None,
    ]
    return element("p", *parts, class_="where")


def _more(found: Finding) -> Iterator[Markup]:
    """Say why the finding is right and how far that is certain."""
    if found.waived:
        yield _pair("Waived", [because(found.waived)])
        yield _pair("Waiver at", [str(found.waived.location)])
    yield _pair("Certainty", [open_terms(found) or str(found.certainty)])
    for name, texts in (
        ("Proof", certificate(found, verbose=True)),
        ("See", related(found, verbose=True)),
        ("Sources", [", ".join(found.source)] if found.source else []),
    ):
        if texts:
            yield _pair(name, texts)


def _pair(name: str, texts: Sequence[str]) -> Markup:
    return joined([element("dt", name), element("dd", *_lines(texts))])


def _lines(texts: Sequence[str]) -> Iterator[Markup]:
    yield from (element("div", text) for text in texts[:_MOST])
    if len(texts) > _MOST:
        rest = (element("div", text) for text in texts[_MOST:])
        yield element("details", element("summary", f"{len(texts) - _MOST:,} more"), *rest)


def _facts(found: Finding) -> Markup | None:
    said = facts(found)
    if not said:
        return None
    return element("details", element("summary", "Facts"), *(element("p", element("code", text)) for text in said))


def _source(location: Location | None, excerpt: str | None) -> Markup | None:
    """Show the source lines of a place, its span marked in the first one."""
    if location is None or location.span is None or not excerpt:
        return None
    first, marks, *rest = source_rows(excerpt, location.span, _WIDTH)
    start = _index(first.text, len(marks.text) - len(marks.text.lstrip()))
    end = _index(first.text, len(marks.text))
    before, within, after = map(Shown, (first.text[:start], first.text[start:end], first.text[end:]))
    marked = element("mark", within) if within else None
    rows = [
        _source_row(first.number, joined([before, marked, after])),
        *(_source_row(row.number, row.text) for row in rest),
    ]
    return element("pre", *rows, class_="source")


def _source_row(number: int | None, text: str) -> Markup:
    shown_number = element("span", "" if number is None else str(number), class_="no")
    return element("span", shown_number, element("code", text, class_="text"), class_="row")


def _index(text: str, column: int) -> int:
    """Find the character that stands in a column of the screen."""
    seen = 0
    for index, char in enumerate(text):
        if seen >= column:
            return index
        seen += width_of(char)
    return len(text)
