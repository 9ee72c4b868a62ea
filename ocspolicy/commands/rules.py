"""`ocspolicy rules`: all rules, whose they are, and which are on here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import JudgementError
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "rules",
        "Lists all rules: of which plugin and version, their severity, and\n"
        "whether the configuration here has them on or off.",
        "examples:\n  ocspolicy rules\n  ocspolicy rules --select CAL --format json",
    )
    options.add_estate(made)
    options.add_rules(made)
    options.add_look(made)
    made.add_argument("--format", choices=("text", "json"), default="text", help="text or json (default: text)")
    return made


def run(arguments: Namespace) -> int:
    """List the rules; problems of plugins and of the configuration are shown too, and give status 2."""
    from .. import plugins
    from ..judge import select
    from ..snapshot import open_worktree

    first = (arguments.paths or ["."])[0]
    worktree = open_worktree(first)
    settings = options.read_settings(arguments, worktree, first)
    loaded, problems = plugins.load(
        settings.plugins, settings.required_plugins, str(worktree.root), allow_local=arguments.allow_local_plugins
    )
    selected, wrong = select(loaded, settings)
    on = {entry.registered.rule.id: entry.severity for entry in selected}
    rows = [_row(registered, on, settings.severity) for registered in loaded.rules]
    if arguments.format == "json":
        from ..report.json import dumps

        text = dumps({"schema": "ocspolicy/rules/v1", "rules": rows})
    else:
        text = _table(rows)
    problems = [*problems, *wrong]
    options.write([(arguments.format, text, arguments.output)])
    if problems:
        raise JudgementError(*problems)
    return 0


def _row(registered: Any, on: dict[str, Any], lowered: Any) -> dict[str, Any]:  # noqa: ANN401 -- heavy types
    from ..rule import summary

    rule = registered.rule
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": str(on.get(rule.id) or lowered.get(rule.id) or rule.severity),
        "on": rule.id in on,
        "plugin": registered.plugin,
        "version": registered.version,
        "summary": summary(rule),
    }


def _table(rows: list[dict[str, Any]]) -> str:
    cells = [("rule", "name", "severity", "here", "plugin")]
    cells += [
        (
            row["id"],
            row["name"],
            row["severity"],
            "on" if row["on"] else "off",
            f"{row['plugin']} {row['version']}".strip(),
        )
        for row in rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)
    return "".join(f"{line}\n" for line in lines)
