"""Waivers by their end, with what they accept today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..wording import counted, ordered
from .findings import Card, cards
from .markup import element, joined, stacked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...finding import Report, WaiverInfo
    from .markup import Markup

_STATES = {
    "used": "in use",
    "ending": "in use, ends soon",
    "expired": "ended",
    "overruled": "another one decides",
    "exceeded": "more is short than it accepts",
    "unused": "nothing to accept",
    "invalid": "not valid",
}


def waivers(report: Report, links: Mapping[str, str]) -> Markup:
    """Give the table of waivers, the first to end first, then the findings that they accept."""
    rows = sorted(report.waivers, key=lambda it: (it.expires, it.rule, it.location.file, it.location.span or ()))
    head = element("tr", *(element("th", name, scope="col") for name in ("Last day", "What and why", "State")))
    table = element(
        "table",
        stacked(
            element("caption", "Waivers by their last day"),
            element("thead", head),
            element("tbody", stacked(*(_row(waiver, report.as_of) for waiver in rows))),
        ),
        class_="waivers",
    )
    accepted = [found for found in ordered(report) if found.waived]
    title = element("h3", "Accepted today", class_="group") if accepted else None
    return joined([table if rows else None, stacked(title, cards(accepted, Card(4, links)) if accepted else None)])


def _row(waiver: WaiverInfo, day: str) -> Markup:
    about = joined([element("code", waiver.rule), " ", waiver.reason])
    approved = f"approved by {waiver.approved_by}, " if waiver.approved_by else ""
    state = element("span", _STATES.get(waiver.state, waiver.state), class_=f"tag {_tone(waiver.state)}")
    return element(
        "tr",
        element("th", waiver.expires or "none", element("small", _left(waiver.expires, day)), scope="row"),
        element("td", element("p", about), element("p", approved, "at ", element("code", str(waiver.location)))),
        element("td", state),
    )


def _tone(state: str) -> str:
    return state if state in _STATES else "other"


def _left(expires: str, day: str) -> str | None:
    """Count the days that are left, the last one included; nothing where either is no date."""
    from datetime import date

    try:
        left = (date.fromisoformat(expires) - date.fromisoformat(day)).days
    except ValueError:
        return None
    if left < 0:
        return f"{counted(-left, 'day')} ago"
    return f"in {counted(left, 'day')}" if left else "today"
