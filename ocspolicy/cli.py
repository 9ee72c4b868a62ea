"""The command line: finds the command, and turns whatever happens into an exit status."""

from __future__ import annotations

import os
import sys
from errno import EMFILE, ENFILE, ENOMEM
from importlib import import_module
from typing import TYPE_CHECKING

from . import __version__
from .commands import SUMMARIES
from .errors import JudgementError, Problem, near_misses
from .output import ReaderLeft, to_standard_error, to_standard_output

if TYPE_CHECKING:
    from argparse import ArgumentParser

CANNOT_JUDGE = 2


def main(arguments: list[str]) -> int:
    """Run a command and give the exit status: 0 covered, 1 findings, 2 could not judge."""
    try:
        return _dispatch(arguments)
    except JudgementError as error:
        for problem in error.problems:
            to_standard_error(_line(problem))
    except ReaderLeft:
        return 0
    except Exception as error:  # noqa: BLE001 -- a bug of ours is one line and status 2, never a traceback
        verbose = "--verbose" in arguments or "-v" in arguments
        # What was being made is given back before there is more to be said.
        _report(error if verbose else error.with_traceback(None), verbose=verbose)
    return CANNOT_JUDGE


def _line(problem: Problem) -> str:
    from .report.sanitize import guard, shown

    where = f"{problem.location}: " if problem.location else ""
    return f"error: {guard(shown(where + problem.message))}\n"


def _report(error: Exception, *, verbose: bool) -> None:
    """Say in a line what ended the run: a machine that is too small, a damaged installation, or a bug of ours."""
    from .report.sanitize import shown

    what = shown(f"{type(error).__name__}: {str(error)[:200]}")
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == ENOMEM:
        reason = "found too little memory for this input"
    elif number in {EMFILE, ENFILE}:
        reason = "found too few open files allowed; raise the limit (ulimit -n)"
    elif isinstance(error, SystemError):
        # What C code says when an allocation fails and it does not notice: not always MemoryError.
        reason = (
            f"the interpreter failed ({what}), as with too little memory; give it more, or report it with --verbose"
        )
    elif isinstance(error, ImportError):
        reason = f"the installation cannot be loaded ({what}); install it anew, or give it more memory"
    else:
        reason = f"a bug of ocspolicy {__version__}: {what}; report it with --verbose"
    to_standard_error(f"error: could not judge: {reason}\n")
    if verbose:
        import traceback

        to_standard_error("".join(traceback.format_exception(error)))


def _dispatch(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        to_standard_output(f"ocspolicy {__version__}\n", "text")
        return 0
    if "_ARGCOMPLETE" in os.environ:
        _complete()
    name = arguments[0] if arguments else ""
    if name in SUMMARIES:
        command = import_module(f".commands.{name}", __package__)
        parser: ArgumentParser = command.parser()
        status: int = command.run(parser.parse_args(arguments[1:]))
        return status
    if name and not name.startswith("-"):
        known = list(SUMMARIES)
        message = f"found command '{name[:40]}', expected one of {', '.join(known)}{near_misses(name, known)}"
        raise JudgementError(Problem("usage", message))
    top = _top_parser()
    if not arguments:
        top.print_help(sys.stderr)
        return CANNOT_JUDGE
    top.parse_args(arguments)
    return CANNOT_JUDGE


def _top_parser() -> ArgumentParser:
    """Build the parser of the bare command: help, version, and an error for an unknown option."""
    from argparse import SUPPRESS, RawDescriptionHelpFormatter

    from .commands.options import Parser

    listing = "\n".join(f"  {name:<12}{summary}" for name, summary in SUMMARIES.items())
    parser = Parser(
        prog="ocspolicy",
        usage="ocspolicy COMMAND [OPTION ...] [PATH ...]",
        description=(
            "Tells before the merge whether a deployment is covered by the licenses the\ncompany owns.\n\n"
            f"commands:\n{listing}\n\n"
            "examples:\n"
            "  ocspolicy check                        judge the repository you stand in\n"
            "  ocspolicy check estate/ --inventory licenses.yaml\n"
            "  ocspolicy check --format json --output result.json\n\n"
            "exit status: 0 covered, 1 licenses are short, 2 could not judge"
        ),
        epilog="'ocspolicy COMMAND --help' says more about a command.",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"ocspolicy {__version__}")
    parser.add_argument("command", metavar="COMMAND", choices=list(SUMMARIES), help=SUPPRESS)
    return parser


def _complete() -> None:
    """Answer a shell that asks for completions, and exit; a shell sets the variable, nobody else."""
    from argparse import ArgumentParser

    import argcomplete

    whole = ArgumentParser(prog="ocspolicy", allow_abbrev=False)
    whole.add_argument("--version", action="store_true")
    commands = whole.add_subparsers()
    for name, summary in SUMMARIES.items():
        parser: ArgumentParser = import_module(f".commands.{name}", __package__).parser()
        commands.add_parser(name, help=summary, parents=[parser], add_help=False)
    argcomplete.autocomplete(whole)
