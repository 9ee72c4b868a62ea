"""`ocspolicy position`: the effective license position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem, near_misses
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "position",
        "Shows required, owned and balance of every license kind; no finding fails it.",
        "examples:\n"
        "  ocspolicy position                             the repository you stand in\n"
        "  ocspolicy position --why examples/contoso\n"
        "  ocspolicy position --as-of 2010-01-01 --format csv --output position.csv\n\n"
        "exit status: 0, or 2 could not judge",
    )
    options.add_estate(made)
    options.add_look(made)
    made.add_argument("--why", action="store_true", help="the reason of every number, down to server, group and line")
    made.add_argument(
        "--people", action="store_true", help="with --why: name the people of lists, who are only counted otherwise"
    )
    made.add_argument("--format", default="text", metavar="FORMAT", help="text, json or csv (default: text)")
    return made


def run(arguments: Namespace) -> int:
    """Show the position."""
    from ..position.uncounted import uncounted
    from ..report.position import FORMATS

    form = arguments.format
    if form not in FORMATS:
        found = f"--format: found '{form}', expected one of {', '.join(FORMATS)}{near_misses(form, list(FORMATS))}"
        raise JudgementError(Problem("usage", found))
    if arguments.why and form == "csv":
        raise JudgementError(Problem("usage", "--why: found --format csv, expected text or json"))
    if arguments.people and not arguments.why:
        raise JudgementError(Problem("usage", "--people: found it without --why, expected both: it names who asks"))
    judgement = options.judge(arguments, options.read_day(arguments.as_of))
    reasons = judgement.reasons() if arguments.why else ()
    text = FORMATS[form](judgement.report, reasons, uncounted(judgement.estate), options.view(arguments))
    options.write([(form, text, arguments.output)])
    return 2 if judgement.report.problems else 0
