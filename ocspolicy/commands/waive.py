"""`ocspolicy waive`: accepts all that fails today, for a stated time and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem
from ..output import refuse_link, to_file, to_standard_error
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from ..estate import Situation
    from ..finding import Report
    from ..load import Loaded
    from ..waiver_file import Accepted

DEFAULT = "ocspolicy-waivers.yaml"


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "waive",
        "Writes a waiver for each finding that fails the build today, with the number\n"
        "that is short as its limit. What stands in the file already is left as it is.\n"
        f"{DEFAULT} in the root counts for every check.",
        "examples:\n"
        '  ocspolicy waive --reason "EA order 778 signed" --expires 2027-06-30\n'
        "  ocspolicy waive --reason audit --expires 2027-01-31 --select ROL\n\n"
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

    from ..waiver_file import with_waivers

    day = options.read_day(arguments.as_of)
    expires = options.read_day(arguments.expires, "--expires")
    _refuse(arguments, day, expires)
    worktree, loaded = options.load_estate(arguments)
    accepted, still = _accepted(arguments, loaded, day, expires)
    target = arguments.output or os.path.join(str(worktree.root), DEFAULT)
    if not accepted:
        _say(f"wrote nothing: {still} still failing, for the reasons above" if still else "nothing to waive")
        return 0
    refuse_link(target)
    before = options.read_text(target)
    text = with_waivers(before, target, accepted, arguments.reason, expires, arguments.approved_by)
    to_file(text, target)
    _say(f"wrote {len(accepted)} waiver{'s' if len(accepted) > 1 else ''} to {target}")
    if not _is_read(arguments, target):
        _say(f"note: the same check does not read {target}; give it as a path too, or see 'exclude' and --tracked")
    return 0


def _refuse(arguments: Namespace, day: date, expires: date) -> None:
    for option, text in (("--reason", arguments.reason), ("--approved-by", arguments.approved_by)):
        if text is not None and not text.strip():
            raise JudgementError(Problem("usage", f"{option}: found an empty text, expected one"))
    if arguments.output == "-":
        raise JudgementError(Problem("usage", "--output: found '-', expected a file: what stands in it is kept"))
    if expires < day:
        message = f"--expires: found {expires}, a day before {day}, expected the last day of the waivers"
        raise JudgementError(Problem("usage", message))


def _accepted(arguments: Namespace, loaded: Loaded, day: date, expires: date) -> tuple[list[Accepted], int]:
    """Choose the waivers with which something that fails today no longer would; count what fails all the same."""
    from ..check import situation
    from ..waiver_file import failing, waivers

    asked = situation(loaded, day, include_planned=arguments.include_planned)
    report = _judged(loaded, asked)
    accepted, left = failing(report, loaded.settings.non_waivable)
    for finding in left:
        _say(f"left alone: {finding.rule} cannot be accepted by a waiver of its own: {finding.message}")
    for info in report.waivers:
        if info.state == "expired":
            _say(f"{info.location}: the expired waiver for {info.rule} still decides; prolong it there, or remove it")
    new = waivers(accepted, arguments.reason, expires, arguments.approved_by, DEFAULT)
    after = _judged(loaded._replace(waivers=(*loaded.waivers, *new)), asked)
    fails = {finding.fingerprint for finding in after.findings if after.fails(finding)}
    helpful = [it for it, findings in accepted.items() if not all(found.fingerprint in fails for found in findings)]
    return helpful, len(fails)


def _judged(loaded: Loaded, asked: Situation) -> Report:
    from ..check import judged

    report = judged(loaded, asked)
    if report.problems:
        raise JudgementError(*report.problems)
    return report


def _is_read(arguments: Namespace, target: str) -> bool:
    """Tell whether a check with the same arguments reads the waivers of a file."""
    worktree, loaded = options.load_estate(arguments)
    name = worktree.name(target)
    return arguments.no_waivers or any(waiver.location.file == name for waiver in loaded.waivers)


def _say(text: str) -> None:
    to_standard_error(options.line(text))
