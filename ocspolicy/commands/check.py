"""`ocspolicy check`: the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "check",
        "Judges the deployments below PATHs against the license inventory.",
        "examples:\n"
        "  ocspolicy check                               the repository you stand in\n"
        "  ocspolicy check emea.yaml --inventory owned.yaml --as-of 2009-06-01\n"
        "  ocspolicy check --fail-on warning --format text --format json:result.json\n\n"
        "exit status: 0 covered, 1 findings at or above --fail-on, 2 could not judge",
    )
    options.add_estate(made)
    options.add_rules(made)
    options.add_look(made)
    made.add_argument(
        "--format",
        action="append",
        default=[],
        metavar="FORMAT[:FILE]",
        help="the result's format (default: text); with a file as often as you like",
    )
    return made


def run(arguments: Namespace) -> int:
    """Judge, and write the result in every format that is asked for."""
    from ..report import renderer

    wanted = _formats(arguments)
    renderers = [renderer(form) for form, _ in wanted]
    report = options.judge_estate(arguments, options.read_day(arguments.as_of))
    seen = options.view(arguments)
    texts = [
        (form, render(report, seen._replace(color=seen.color and file is None)), file)
        for (form, file), render in zip(wanted, renderers, strict=True)
    ]
    options.write(texts)
    return report.status


def _formats(arguments: Namespace) -> list[tuple[str, str | None]]:
    """Read the formats: at most one for standard output or `--output`, and any number with a file."""
    plain = [value for value in arguments.format if ":" not in value]
    if len(plain) > 1:
        message = f"--format: found {' and '.join(plain)} for one output, expected one of them as FORMAT:FILE"
        raise JudgementError(Problem("usage", message))
    pairs = [value.partition(":") for value in arguments.format if ":" in value]
    for form, _, file in pairs:
        if not file:
            raise JudgementError(Problem("usage", f"--format: found '{form}:' without a file, expected FORMAT:FILE"))
    files = [file for _, _, file in pairs] + ([arguments.output] if arguments.output else [])
    if len(set(files)) < len(files):
        raise JudgementError(Problem("usage", "--format: found one file for two formats, expected one file each"))
    return [(plain[0] if plain else "text", arguments.output), *((form, file) for form, _, file in pairs)]
