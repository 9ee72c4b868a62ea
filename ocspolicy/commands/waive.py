"""`ocspolicy waive`: accepts all that fails today, for a stated time and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem
from ..output import refuse_link, to_file, to_standard_error
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

DEFAULT = "ocspolicy-waivers.yaml"


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "waive",
        "Writes a waiver for each finding that fails the build today, with the number that is short as its limit.\n"
        "What stands in the file already is left as it is.",
        "examples:\n"
        '  ocspolicy waive --reason "EA order 778 signed" --expires 2027-06-30\n'
        '  ocspolicy waive --reason "audit" --expires 2027-01-31 --approved-by it-finance --select ROL\n\n'
        "exit status: 0 written, or nothing to waive; 2 could not judge or write",
    )
    options.add_estate(made)
    options.add_rules(made)
    made.add_argument("--reason", required=True, metavar="TEXT", help="why the findings are accepted")
    made.add_argument("--expires", required=True, metavar="YYYY-MM-DD", help="the last day on which they are")
    made.add_argument("--approved-by", metavar="NAME", help="who approved it")
    made.add_argument("--output", metavar="FILE", help=f"where to write (default: {DEFAULT} in the root)")
    return made


def run(arguments: Namespace) -> int:
    """Write the waivers."""
    import os

    from ..check import judged, situation
    from ..waiver_file import failing, with_waivers

    day = options.read_day(arguments.as_of)
    expires = options.read_day(arguments.expires, "--expires")
    if not arguments.reason.strip():
        raise JudgementError(Problem("usage", "--reason: found an empty text, expected why the findings are accepted"))
    if expires < day:
        message = f"--expires: found {expires}, a day before {day}, expected the last day of the waivers"
        raise JudgementError(Problem("usage", message))
    worktree, loaded = options.load_estate(arguments)
    report = judged(loaded, situation(loaded, day, include_planned=arguments.include_planned))
    if report.problems:
        raise JudgementError(*report.problems)
    waived, left = failing(report, loaded.settings.non_waivable)
    for finding in left:
        to_standard_error(options.line(f"left alone: {finding.rule} can not be waived: {finding.message}"))
    for info in report.waivers:
        if info.state == "expired":
            said = f"{info.location}: the expired waiver for {info.rule} still decides; prolong it there, or remove it"
            to_standard_error(options.line(said))
    target = arguments.output or os.path.join(str(worktree.root), DEFAULT)
    if not waived:
        to_standard_error(options.line("nothing to waive"))
        return 0
    refuse_link(target)
    text = with_waivers(options.read_text(target), target, waived, arguments.reason, expires, arguments.approved_by)
    to_file(text, target)
    to_standard_error(options.line(f"wrote {len(waived)} waiver{'s' if len(waived) > 1 else ''} to {target}"))
    return 0
