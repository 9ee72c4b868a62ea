"""The license position: a table of numbers, each row with bars of what is required and what is owned."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .markup import element, joined, stacked

if TYPE_CHECKING:
    from ...finding import PositionRow, Report
    from .markup import Markup

_WHOLE = 1000
_LEAST = 12
"""The narrowest part of a bar, in thousandths: one missing license among a million is still seen."""

_HATCH = "hatch"
_FILLS = {"gap": f"url(#{_HATCH})"}


class _Across(NamedTuple):
    """Where a bar lies in its row, in pixels."""

    top: int
    height: int


_REQUIRED = _Across(0, 6)
_OWNED = _Across(9, 14)


def position(report: Report) -> Markup:
    """Give the table with its key."""
    head = element(
        "tr",
        element("th", "License kind", scope="col"),
        *(element("th", name, scope="col", class_="number") for name in ("Required", "Owned", "Balance")),
    )
    return stacked(
        _hatch(),
        _key(),
        element(
            "table",
            stacked(
                element("caption", f"Licenses required and owned on {report.as_of}"),
                element("thead", head),
                *map(_row, report.position),
            ),
            class_="position",
        ),
    )


def share(number: int, whole: int) -> int:
    """Give a part of a whole in thousandths, never nothing for something and never all for less than all."""
    if number <= 0 or whole <= 0:
        return 0
    if number >= whole:
        return _WHOLE
    return min(max(number * _WHOLE // whole, _LEAST), _WHOLE - _LEAST)


def _row(row: PositionRow) -> Markup:
    parts = [part for part in (row.license, row.edition, row.metric) if part]
    product = element("small", row.product) if row.product else None
    balance = f"{row.balance:,}"
    short = joined([element("strong", balance), element("span", "short", class_="tag short")])
    numbers = element(
        "tr",
        element("th", joined(parts, f"/{element('wbr')}"), product, scope="row"),
        element("td", f"{row.required:,}", class_="number"),
        element("td", f"{row.owned:,}", class_="number"),
        element("td", short if row.balance < 0 else balance, class_="number"),
        class_="numbers",
    )
    picture = element("tr", element("td", _bars(row, "/".join(parts)), colspan=4), class_="picture")
    return element("tbody", numbers, picture)


def _bars(row: PositionRow, kind: str) -> Markup:
    whole = max(row.required, row.owned)
    need, own = share(row.required, whole), share(row.owned, whole)
    state = f"{-row.balance:,} missing" if row.balance < 0 else f"{row.balance:,} to spare" if row.balance else "exact"
    parts = [
        _rect("track", 0, _WHOLE, _OWNED),
        _rect("need", 0, need, _REQUIRED),
        _rect("own", 0, own, _OWNED),
        _rect("gap", own, need, _OWNED),
    ]
    return element(
        "svg",
        *parts,
        class_="bar",
        role="img",
        aria_label=f"{kind}: {row.required:,} required, {row.owned:,} owned, {state}",
    )


def _rect(name: str, start: int, end: int, across: _Across) -> Markup | None:
    if end <= start:
        return None
    return element(
        "rect",
        class_=name,
        x=_percent(start) if start else None,
        width=_percent(end - start),
        y=across.top,
        height=across.height,
        rx=2,
        fill=_FILLS.get(name),
    )


def _percent(thousandths: int) -> str:
    return f"{thousandths // 10}.{thousandths % 10}%"


def _hatch() -> Markup:
    line = element("path", d="M-2 2L2-2M0 8L8 0M6 10L10 6", class_="hatch")
    pattern = element("pattern", line, id=_HATCH, width=8, height=8, patternUnits="userSpaceOnUse")
    return element("svg", element("defs", pattern), class_="defs", aria_hidden="true", focusable="false")


def _key() -> Markup:
    """Say what the bars mean."""
    rows = (("need", "required", _Across(3, 6)), ("own", "owned", _Across(0, 12)), ("gap", "missing", _Across(0, 12)))
    samples = (
        element("li", element("svg", _rect(name, 0, _WHOLE, across), aria_hidden="true", focusable="false"), word)
        for name, word, across in rows
    )
    return element("ul", *samples, class_="key")
