"""What was judged, and by which rules: what a reader needs to trust a verdict, or to doubt it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..wording import counted, listed, short_name
from .markup import element, joined, stacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...finding import Report, RuleInfo
    from .markup import Markup

_MOST = 20


def judged(report: Report) -> Markup:
    """Give the day, the deployments, the inventory, the rules and what was passed over."""
    pairs = (joined([element("dt", name), element("dd", said)]) for name, said in _facts(report))
    return stacked(element("dl", stacked(*pairs), class_="facts"), _rules(report.rules))


def behind(rules: Sequence[RuleInfo]) -> Markup:
    """Explain the rules that found something, each with the id that findings link to."""
    return stacked(*(_rule(rule, number) for number, rule in enumerate(rules, start=1)))


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    summary = report.summary
    yield "Day of judgement", report.as_of
    yield "Deployments", _names(report)
    lines = "" if summary.lines is None else f"{counted(summary.lines, 'line')} of "
    yield "Inventory", f"{lines}{counted(summary.inventories, 'inventory', 'inventories')}"
    if summary.sharing:
        yield "Shared inventory lines", listed([short_name(name) for name in summary.sharing], _MOST)
    if summary.rules is not None:
        yield "Rules", counted(summary.rules, "rule")
    yield "Fails the build", f"{report.fail_on} and above" if report.fail_on else "never"
    kinds = (
        (summary.skipped_files, "file"),
        (summary.skipped_documents, "document"),
        (summary.skipped_links, "link"),
    )
    yield "Passed over", listed([counted(number, noun) for number, noun in kinds if number]) or "nothing"
    if report.plugins:
        yield "Plugins", listed([f"{plugin.name} {plugin.version}" for plugin in report.plugins], None)


def _names(report: Report) -> Markup:
    number = counted(report.summary.deployments, "deployment")
    names = element("ul", *(element("li", name) for name in report.deployments), class_="names")
    if len(report.deployments) > _MOST:
        return element("details", element("summary", number), names)
    return joined([number, names if report.deployments else None])


def _rules(rules: Sequence[RuleInfo]) -> Markup | None:
    if not rules:
        return None
    head = element("tr", *(element("th", name, scope="col") for name in ("Rule", "What it finds", "Severity")))
    rows = (
        element(
            "tr",
            element("th", element("code", rule.id), element("small", rule.name), scope="row"),
            element("td", rule.summary),
            element("td", str(rule.severity)),
        )
        for rule in rules
    )
    table = element(
        "table",
        stacked(
            element("caption", "Rules that took part"),
            element("thead", head),
            element("tbody", stacked(*rows)),
        ),
        class_="rules",
    )
    return element("details", element("summary", f"All {counted(len(rules), 'rule')}"), table, class_="folded")


def _rule(rule: RuleInfo, number: int) -> Markup:
    said = [rule.summary, *rule.description.split("\n")]
    return element(
        "div",
        stacked(
            element("h3", element("code", rule.id), " ", rule.name),
            *(element("p", paragraph) for paragraph in said if paragraph.strip()),
        ),
        class_="rule",
        id=f"rule-{number}",
    )
