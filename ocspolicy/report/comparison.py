"""A comparison of two products' terms: as text with a table, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..finding import kind_name
from .layout import BOLD, DIM, paint, width_of, wrap
from .sanitize import guard, shown
from .wording import NAMES as MOST
from .wording import counted, judged_line, last_line, left_out, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..compare import Asked, BalanceRow, Change, Comparison, NeedRow, ServerChange, Side
    from . import View

SCHEMA = "ocspolicy/comparison/v1"

NOUNS = {
    "role": ("server", "servers"),
    "feature": ("user", "users"),
    "external": ("person", "people"),
    "license": ("license asked for or owned", "licenses asked for or owned"),
    "tier": ("person or device", "people and devices"),
    "suite": ("unit", "units"),
    "version": ("license", "licenses"),
    "limit": ("pool", "pools"),
}


def as_text(comparison: Comparison, view: View) -> str:
    """Give what is needed under both, what changes and why, and what each verdict would be."""
    before, after = comparison.before, comparison.after
    lines = [paint(guard(f"{shown(before.name)} against {shown(after.name)}"), BOLD, color=view.color), ""]
    lines += [*_needs(comparison, view), "", *_positions(comparison, view), ""]
    here = [change for change in comparison.changes if change.here]
    elsewhere = [change for change in comparison.changes if not change.here]
    sections = (
        ("servers whose need changes", _servers(comparison.servers, view)),
        ("what changes here", _changes(here, view)),
        ("what else changes, without an effect here", _briefly(elsewhere, view)),
    )
    for title, section in sections:
        if found := list(section):
            lines += [paint(title, BOLD, color=view.color), *found, ""]
    lines += _caveats(comparison, view)
    for product, report in zip((before, after), comparison.reports, strict=True):
        verdict = last_line(report).partition("; ")[0]
        lines += wrap(guard(f"under {shown(product.id)}: {verdict}"), view.width, "  ")
    return "\n".join([*lines, judged_line(comparison.reports[1]), ""])


def _caveats(comparison: Comparison, view: View) -> Iterator[str]:
    """Say on what the numbers rest that nobody states, and what they leave out."""
    if comparison.assumed:
        names = listed([shown(name) for name in comparison.assumed], None if view.verbose else 10)
        yield from [*wrap(f"no edition is stated, the lowest is assumed: {names}", view.width, "  "), ""]
    one, other = comparison.uncounted
    open_terms = [(f" of {comparison.before.id}", one.open), (f" of {comparison.after.id}", other.open)]
    if said := left_out(one.unknown, open_terms):
        yield from [*wrap(said, view.width, "  "), ""]


def _needs(comparison: Comparison, view: View) -> Iterator[str]:
    header = ("needed", comparison.before.id, comparison.after.id, "change")
    rows = [
        (shown(kind_name(None, row.license, row.edition)), *_numbers(row.before, row.after)) for row in comparison.needs
    ]
    yield from _table([header, *rows], view)


def _numbers(before: int, after: int) -> tuple[str, str, str]:
    return f"{before:,}", f"{after:,}", f"{after - before:+,}"


def _positions(comparison: Comparison, view: View) -> Iterator[str]:
    """Give the balance of each kind that is owned or short, under both."""
    header = ("owned now", "owned", comparison.before.id, comparison.after.id)
    rows = [
        (
            shown(kind_name(row.product, row.license, row.edition, row.metric)),
            f"{row.owned:,}",
            _balance(row.before),
            _balance(row.after),
        )
        for row in comparison.balances
    ]
    yield from _table([header, *rows], view)
    yield paint("(the balance under each: negative is short)", DIM, color=view.color)


def _balance(balance: int | None) -> str:
    return "-" if balance is None else f"{balance:,}"


def _table(rows: Sequence[tuple[str, ...]], view: View) -> Iterator[str]:
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        name = row[0] + " " * (widths[0] - width_of(row[0]))
        line = "  ".join([name, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])
        yield paint(guard(line), BOLD, color=view.color and number == 0)


def _servers(changes: Sequence[ServerChange], view: View) -> Iterator[str]:
    for change in changes:
        names = listed([shown(name) for name in change.names], None if view.verbose else MOST)
        yield from wrap(guard(f"- {counted(change.number, 'server')} ({names})"), view.width, "  ")
        yield from wrap(guard(f"  {_asked(change.before)} -> {_asked(change.after)}"), view.width, "    ")


def _asked(asked: Sequence[Asked]) -> str:
    said = [f"one {shown(it.name)}{_edition(it)}" for it in asked]
    return listed(said, None) or "no license"


def _edition(asked: Asked) -> str:
    if asked.edition is None:
        return ""
    return " of any edition" if asked.any_edition else f" ({shown(asked.edition)})"


def _changes(changes: Sequence[Change], view: View) -> Iterator[str]:
    for change in changes:
        yield from wrap(guard(f"- {_title(change)}"), view.width, "  ")
        yield from wrap(guard(f"  {_side(change.of.before)}"), view.width, "    ")
        yield from wrap(guard(f"  -> {_side(change.of.after)}"), view.width, "     ")


def _side(side: Side) -> str:
    marks = shown(", ".join(side.source))
    return f"{shown(side.says)} [{f'{side.mark}: ' if side.mark else ''}{marks}]"


def _title(change: Change) -> str:
    number = counted(change.uses.number, *NOUNS[change.of.kind])
    names = listed([shown(name) for name in change.uses.names], MOST)
    return f"{shown(change.of.name)}: {number}{f' ({names})' if names else ''}"


def _briefly(changes: Sequence[Change], view: View) -> Iterator[str]:
    """Put together what changes in the same way."""
    groups: dict[tuple[Side, Side], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.of.before, change.of.after), []).append(change)
    for (before, after), alike in groups.items():
        names = listed([shown(change.of.name) for change in alike], None)
        yield from wrap(guard(f"- {names}: {_side(before)} -> {_side(after)}"), view.width, "  ")


def as_json(comparison: Comparison, _view: View) -> str:
    """Give the same as JSON: needs, balances, servers, changes, both results."""
    from .json import dumps, result

    return dumps(
        {
            "schema": SCHEMA,
            "before": comparison.before.id,
            "after": comparison.after.id,
            "needs": [_fields(row) for row in comparison.needs],
            "balances": [_fields(row) for row in comparison.balances],
            "servers": [_server_data(it) for it in comparison.servers],
            "changes": [_change_data(it) for it in comparison.changes],
            "assumed": list(comparison.assumed),
            "uncounted": [it._asdict() for it in comparison.uncounted],
            "results": [result(report) for report in comparison.reports],
        }
    )


def _fields(row: NeedRow | BalanceRow) -> dict[str, Any]:
    from dataclasses import fields

    found = {field.name: getattr(row, field.name) for field in fields(row)}
    return {**found, "because": [it._asdict() for it in row.because]}


def _server_data(change: ServerChange) -> dict[str, Any]:
    from .json import location

    return {
        "before": [_asked_data(it) for it in change.before],
        "after": [_asked_data(it) for it in change.after],
        "number": change.number,
        "names": list(change.names),
        "locations": [location(place) for place in change.locations],
    }


def _asked_data(asked: Asked) -> dict[str, Any]:
    return {"license": asked.license, "edition": asked.edition, "anyEdition": asked.any_edition}


def _change_data(change: Change) -> dict[str, Any]:
    from .json import location

    return {
        "kind": change.of.kind,
        "id": change.of.id,
        "name": change.of.name,
        "before": _side_data(change.of.before),
        "after": _side_data(change.of.after),
        "uses": change.uses.number,
        "names": list(change.uses.names),
        "locations": [location(place) for place in change.uses.locations],
    }


def _side_data(side: Side) -> dict[str, Any]:
    return {
        "says": side.says,
        "certainty": str(side.certainty),
        "inferred": side.mark == "inferred",
        "source": list(side.source),
    }
