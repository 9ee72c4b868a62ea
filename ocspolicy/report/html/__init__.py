"""One page that stands alone: no network, no script; for whoever decides, on a screen, on paper, by ear."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..headline import verdict_of
from ..wording import gravest_first, last_line
from .findings import findings, problems
from .judged import behind, judged
from .markup import Markup, element, safe_lines, stacked
from .position import position
from .reasons import reasons
from .verdict import hero
from .waivers import waivers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...finding import Report, RuleInfo
    from .. import View


class _Section(NamedTuple):
    id: str
    name: str
    title: str
    content: Markup
    plain: bool = False


def render(report: Report, view: View) -> str:  # noqa: ARG001 -- every format takes a view
    """Give the whole page: the verdict, what led to it, and what was judged."""
    verdict = verdict_of(report)
    sections = list(_sections(report))
    main = element("main", stacked(hero(report, verdict), *map(_section, sections)), id="content", tabindex=-1)
    skip = element("a", "Skip to the verdict", href="#content", class_="skip")
    body = element("body", stacked(skip, _header(report, sections), main, _footer(report)))
    page = element("html", stacked(_head(report, verdict.title), safe_lines(body)), lang="en")
    return f"<!doctype html>\n{page}\n"


def _head(report: Report, title: str) -> Markup:
    """Give the head; the policy lets nothing in but the one style sheet whose hash it names."""
    from base64 import b64encode
    from hashlib import sha256

    from .style import STYLE

    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    content = stacked(
        element("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name_="color-scheme", content="light dark"),
        element("meta", name_="referrer", content="no-referrer"),
        element("title", f"{title}: licenses as of {report.as_of}"),
        Markup(f"<style>{STYLE}</style>"),
    )
    return element("head", content)


def _sections(report: Report) -> Iterator[_Section]:
    rules = _found(report)
    links = {rule.id: f"#rule-{number}" for number, rule in enumerate(rules, start=1)}
    if report.problems:
        yield _Section("problems", "Problems", "What stands in the way", problems(report), plain=True)
    elif report.position:
        yield _Section("position", "Position", "License position", position(report))
        if report.why:
            yield _Section("reasons", "Reasons", "The reason of each number", reasons(report.why))
    if gravest_first(report):
        title = "Found in what could be read" if report.problems else "Findings"
        yield _Section("findings", "Findings", title, findings(report, links), plain=True)
    if report.waivers or report.waived:
        yield _Section("waivers", "Waivers", "Waivers", waivers(report, links))
    if rules:
        yield _Section("rules", "Rules", "The rules behind it", behind(rules))
    title = "What was looked at" if report.problems else "What was judged"
    yield _Section("judged", title, title, judged(report))


def _found(report: Report) -> list[RuleInfo]:
    ids = {found.rule for found in report.findings}
    return [rule for rule in report.rules if rule.id in ids and (rule.summary or rule.description)]


def _section(section: _Section) -> Markup:
    title = f"{section.id}-title"
    return element(
        "section",
        stacked(element("h2", section.title, id=title), section.content),
        id=section.id,
        aria_labelledby=title,
        class_="plain" if section.plain else None,
    )


def _header(report: Report, sections: list[_Section]) -> Markup:
    links = (element("li", element("a", section.name, href=f"#{section.id}")) for section in sections)
    return element(
        "header",
        stacked(
            element("p", "License report ", element("span", f"as of {report.as_of}"), class_="name"),
            element("nav", element("ul", *links), aria_label="On this page"),
        ),
    )


def _footer(report: Report) -> Markup:
    explain = element("code", "ocspolicy explain")
    return element(
        "footer",
        stacked(
            element("p", last_line(report)),
            element("p", "Marks such as S 12 are sources: ", explain, " followed by a mark or a rule spells it out."),
            element("p", f"Made by ocspolicy {report.version}. Nothing here is legal advice."),
        ),
    )
