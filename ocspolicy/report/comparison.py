"""A comparison of two products' terms: as text with a table, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .layout import BOLD, DIM, paint, width_of, wrap
from .sanitize import guard, shown
from .wording import judged_line, last_line, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..compare import Change, Comparison
    from ..finding import PositionRow
    from . import View

SCHEMA = "ocspolicy/comparison/v1"

INFERRED = {"disputed": "inferred: ", "undetermined": "open: "}


def as_text(comparison: Comparison, view: View) -> str:
    """Give what is needed under both, what changes and why, and what each verdict would be."""
    before, after = comparison.before, comparison.after
    lines = [paint(guard(f"{shown(before.name)} against {shown(after.name)}"), BOLD, color=view.color), ""]
    lines += [*_needs(comparison, view), "", *_positions(comparison, view), ""]
    here = [change for change in comparison.changes if change.uses or change.names]
    elsewhere = [change for change in comparison.changes if not (change.uses or change.names)]
    if here:
        lines += [paint("what changes here", BOLD, color=view.color), *_changes(here, view), ""]
    if elsewhere:
        lines += [paint("what else changes, not used here", BOLD, color=view.color), *_briefly(elsewhere, view), ""]
    if comparison.assumed:
        names = listed([shown(name) for name in comparison.assumed], None if view.verbose else 10)
        lines += [*wrap(f"no edition is stated, the lowest is assumed: {names}", view.width, "  "), ""]
    for product, report in zip((before, after), comparison.reports, strict=True):
        verdict = last_line(report).partition("; ")[0]
        lines += wrap(guard(f"under {shown(product.id)}: {verdict}"), view.width, "  ")
    return "\n".join([*lines, judged_line(comparison.reports[1]), ""])


def _needs(comparison: Comparison, view: View) -> Iterator[str]:
    header = ("needed", comparison.before.id, comparison.after.id, "change")
    rows = [
        (_kind(row.license, row.edition), f"{row.before:,}", f"{row.after:,}", f"{row.after - row.before:+,}")
        for row in comparison.needs
    ]
    yield from _table([header, *rows], view)


def _positions(comparison: Comparison, view: View) -> Iterator[str]:
    """Give the balance of each kind that is owned or asked for, under both."""
    balances = [{_row_kind(row): row for row in report.position} for report in comparison.reports]
    header = ("owned now", "owned", comparison.before.id, comparison.after.id)
    rows = []
    for kind in sorted({*balances[0], *balances[1]}):
        one, other = balances[0].get(kind), balances[1].get(kind)
        owned = max(row.owned for row in (one, other) if row is not None)
        rows.append((kind, f"{owned:,}", _balance(one), _balance(other)))
    yield from _table([header, *rows], view)
    yield paint("(the balance under each: negative is short)", DIM, color=view.color)


def _balance(row: PositionRow | None) -> str:
    return "-" if row is None else f"{row.balance:,}"


def _row_kind(row: PositionRow) -> str:
    kind = "/".join(part for part in (row.license, row.edition, row.metric) if part)
    return shown(f"{row.product} {kind}" if row.product else kind)


def _kind(license_: str, edition: str | None) -> str:
    return shown(f"{license_}/{edition}" if edition else license_)


def _table(rows: Sequence[tuple[str, ...]], view: View) -> Iterator[str]:
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        name = row[0] + " " * (widths[0] - width_of(row[0]))
        line = "  ".join([name, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])
        yield paint(guard(line), BOLD, color=view.color and number == 0)


def _changes(changes: Sequence[Change], view: View) -> Iterator[str]:
    for change in changes:
        yield from wrap(guard(f"- {_title(change)}"), view.width, "  ")
        yield from wrap(guard(f"  {change.before} -> {change.after}"), view.width, "    ")
        mark = INFERRED.get(change.certainty, "")
        yield from wrap(guard(f"  {mark}{shown(', '.join(change.source))}"), view.width, "    ")


def _title(change: Change) -> str:
    what = {"role": "server", "feature": "user", "external": "person"}[change.kind]
    plural = {"server": "servers", "user": "users", "person": "people"}[what]
    names = listed([shown(name) for name in change.names], 5)
    return f"{shown(change.name)}: {change.uses:,} {what if change.uses == 1 else plural} ({names})"


def _briefly(changes: Sequence[Change], view: View) -> Iterator[str]:
    """Put together what changes in the same way."""
    groups: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.before, change.after, change.certainty), []).append(change)
    for (before, after, certainty), alike in groups.items():
        names = listed([shown(change.name) for change in alike], None)
        marks = ", ".join(dict.fromkeys(mark for change in alike for mark in change.source))
        told = f"{INFERRED.get(certainty, '')}{shown(marks)}"
        yield from wrap(guard(f"- {names}: {before} -> {after} ({told})"), view.width, "  ")


def as_json(comparison: Comparison, _view: View) -> str:
    """Give the same as JSON: needs, both results, changes."""
    from .json import dumps, location, result

    def change(it: Change) -> dict[str, Any]:
        return {
            "kind": it.kind,
            "id": it.id,
            "name": it.name,
            "before": it.before,
            "after": it.after,
            "uses": it.uses,
            "names": list(it.names),
            "locations": [location(place) for place in it.locations],
            "certainty": str(it.certainty),
            "source": list(it.source),
        }

    return dumps(
        {
            "schema": SCHEMA,
            "before": comparison.before.id,
            "after": comparison.after.id,
            "needs": [
                {"license": row.license, "edition": row.edition, "before": row.before, "after": row.after}
                for row in comparison.needs
            ],
            "changes": [change(it) for it in comparison.changes],
            "assumed": list(comparison.assumed),
            "results": [result(report) for report in comparison.reports],
        }
    )
