"""The effective license position by itself: as a table, as JSON, as CSV for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .sanitize import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..finding import PositionRow, Report
    from ..position.uncounted import Uncounted
    from ..reason import Reason
    from . import View

SCHEMA = "ocspolicy/position/v1"

COLUMNS = ("product", "license", "edition", "metric", "required", "owned", "balance")


def as_text(report: Report, reasons: Sequence[Reason], missing: Uncounted, view: View) -> str:
    """Give the table, the reasons if asked for, and what was judged; problems first, where there are any."""
    from . import text
    from .layout import wrap
    from .wording import judged_line, left_out

    blocks = [text.problems(report.problems, view)] if report.problems else []
    if report.position:
        blocks.append(text.table(report, view) + "\n")
        if said := left_out(missing.unknown, [("", missing.open)]):
            blocks.append("\n".join(wrap(said, view.width, "  ")) + "\n")
    if reasons:
        from . import why

        blocks.append(why.as_text(reasons, view))
    return "\n".join([*blocks, judged_line(report) + "\n"])


def as_json(report: Report, reasons: Sequence[Reason], missing: Uncounted, _view: View) -> str:
    """Give the rows as in the JSON result, with what prevented a judgement, and for what nothing is counted."""
    from .json import dumps, result

    whole = result(report)
    kept: dict[str, Any] = {key: whole[key] for key in ("asOf", "tool", "deployments", "position", "problems")}
    kept["uncounted"] = missing._asdict()
    if reasons:
        from .why_data import as_data

        kept["why"] = as_data(reasons)
    return dumps({"schema": SCHEMA, **kept})


def as_csv(report: Report, _reasons: Sequence[Reason], _missing: Uncounted, _view: View) -> str:
    """Give one row a license kind, with CRLF line ends (RFC 4180); no cell is a formula to a spreadsheet."""
    import csv
    import io

    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _values(row)] for row in report.position)
    return written.getvalue()


FORMATS: dict[str, Callable[[Report, Sequence[Reason], Uncounted, View], str]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
}


def _values(row: PositionRow) -> tuple[str | int | None, ...]:
    return (row.product, row.license, row.edition, row.metric, row.required, row.owned, row.balance)


def _cell(value: str | int | None) -> str | int:
    if not isinstance(value, str):
        return "" if value is None else value
    text = shown(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t")) else text
