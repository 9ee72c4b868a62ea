"""The command line: arguments become settings and a command, a report becomes an exit status."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from . import __version__
from .errors import JudgementError, Problem
from .output import ReaderLeft, to_file, to_standard_error, to_standard_output

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from .finding import Report
    from .settings import Settings
    from .snapshot import WorkTree

CANNOT_JUDGE = 2
INTERRUPTED = 130
TERMINATED = 143
NARROW = 80


class Terminated(BaseException):
    """SIGTERM arrived; unwinds the stack, so that no half-written file stays behind."""


def show_version() -> int:
    """Print the version, without building the argument parser."""
    to_standard_output(f"ocspolicy {__version__}\n", "text")
    return 0


def main(arguments: list[str]) -> int:
    """Run a command and give the exit status: 0 covered, 1 findings, 2 could not judge."""
    _die_orderly()
    verbose = "--verbose" in arguments or "-v" in arguments
    try:
        return _dispatch(arguments)
    except JudgementError as error:
        for problem in error.problems:
            to_standard_error(_line(problem))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Terminated:
        return TERMINATED
    except ReaderLeft:
        return 0
    except MemoryError:
        to_standard_error("error: could not judge: found too little memory for this input\n")
    except Exception as error:  # noqa: BLE001 -- a bug of ours is one line and status 2, never a traceback
        _report_bug(error, verbose=verbose)
    return CANNOT_JUDGE


def _die_orderly() -> None:
    import signal

    def terminate(_number: int, _frame: object) -> NoReturn:
        raise Terminated

    signal.signal(signal.SIGTERM, terminate)


def _line(problem: Problem) -> str:
    from .report.sanitize import guard, shown

    where = f"{problem.location}: " if problem.location else ""
    return f"error: {guard(shown(where + problem.message))}\n"


def _report_bug(error: Exception, *, verbose: bool) -> None:
    from .report.sanitize import shown

    what = shown(f"{type(error).__name__}: {str(error)[:200]}")
    to_standard_error(
        f"error: could not judge: ocspolicy {__version__} has a bug: {what}; run with --verbose and report it\n"
    )
    if verbose:
        import traceback

        to_standard_error(traceback.format_exc())


def _dispatch(arguments: list[str]) -> int:
    parser = _parser()
    parsed = parser.parse_args(arguments)
    if parsed.command is None:
        parser.print_help(sys.stderr)
        return CANNOT_JUDGE
    status: int = parsed.run(parsed)
    return status


def _parser() -> ArgumentParser:
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    parser = ArgumentParser(
        prog="ocspolicy",
        description=(
            "Tells before the merge whether a deployment is covered by the licenses the company owns.\n\n"
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
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    check = commands.add_parser(
        "check",
        help="judge deployments against the license inventory",
        description="Judges the deployments below PATHs against the license inventory.",
        epilog=(
            "examples:\n"
            "  ocspolicy check                               the repository, on today's date\n"
            "  ocspolicy check emea.yaml --inventory owned.yaml --as-of 2009-06-01\n"
            "  ocspolicy check --fail-on warning --format json --output result.json\n\n"
            "exit status: 0 covered, 1 findings at or above --fail-on, 2 could not judge"
        ),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _check_options(check)
    check.set_defaults(run=_check)
    return parser


def _check_options(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or directories (default: the current one)")
    what = parser.add_argument_group("what is judged")
    what.add_argument(
        "--inventory",
        action="append",
        default=[],
        metavar="FILE",
        help="a license inventory besides those found; repeatable",
    )
    what.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day of judgement (default: today in UTC)")
    what.add_argument("--tracked", action="store_true", help="only files that git tracks")
    what.add_argument("--include-planned", action="store_true", help="count planned servers as running")
    rules = parser.add_argument_group("rules")
    rules.add_argument(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        help="the mildest severity that fails the build (default: error)",
    )
    rules.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="ID",
        help="only these rules: ids or prefixes, by comma or repeated",
    )
    rules.add_argument("--ignore", action="append", default=[], metavar="ID", help="not these rules")
    rules.add_argument("--config", metavar="FILE", help="this configuration instead of the one found")
    rules.add_argument(
        "--allow-local-plugins", action="store_true", help="load plugins whose code lies in the judged tree"
    )
    shown = parser.add_argument_group("what is shown")
    shown.add_argument("--format", default="text", metavar="FORMAT", help="text or json (default: text)")
    shown.add_argument("--output", metavar="FILE", help="write the result to a file instead of standard output")
    shown.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="color (default: auto, on a terminal only)",
    )
    shown.add_argument("-q", "--quiet", action="store_true", help="only what fails the build, and the last line")
    shown.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="all related places, the position, tracebacks of failed plugins",
    )


def _check(arguments: Namespace) -> int:
    from .report import renderer

    render = renderer(arguments.format)
    day = _day(arguments.as_of)
    report = _judge(arguments, day)
    from .report import View

    view = View(
        color=_colored(arguments),
        width=_width(arguments),
        quiet=arguments.quiet,
        verbose=arguments.verbose,
    )
    text = render(report, view)
    if arguments.output:
        to_file(text, arguments.output)
    else:
        try:
            to_standard_output(text, arguments.format)
        except ReaderLeft:
            return report.status
    return report.status


def _judge(arguments: Namespace, day: date) -> Report:
    from .load import Request, load
    from .settings import Settings
    from .snapshot import open_worktree
    from .verdict import nothing_found, of_documents, unjudged

    settings = Settings()
    try:
        paths = tuple(arguments.paths) or (".",)
        worktree = open_worktree(paths[0])
        settings = _settings(arguments, worktree, paths[0])
        request = Request(paths, tuple(arguments.inventory), arguments.tracked, arguments.allow_local_plugins)
        loaded = load(worktree, settings, request)
    except JudgementError as error:
        return unjudged(day, settings, error.problems)
    if loaded.catalog is None:
        return of_documents(loaded, day, [*loaded.problems, *nothing_found(loaded)])
    from .check import judged, situation

    return judged(loaded, situation(loaded, day, include_planned=arguments.include_planned))


def _settings(arguments: Namespace, worktree: WorkTree, first: str) -> Settings:
    from . import settings as configuration

    def read(file: str) -> bytes | None:
        path = os.path.join(worktree.root, file)
        return worktree.read(file, named=True) if os.path.lexists(path) else None

    if arguments.config:
        found = configuration.load(worktree.name(arguments.config), read)
    else:
        place = worktree.name(first)
        inside = "" if place == "." or place.startswith("../") else place
        folder = inside if os.path.isdir(os.path.join(worktree.root, inside)) else os.path.dirname(inside)
        found = configuration.find(folder, read)
    if arguments.fail_on:
        found = found._replace(fail_on=arguments.fail_on)
    if arguments.select:
        found = found._replace(select=configuration.split_ids(arguments.select))
    if arguments.ignore:
        found = found._replace(ignore=configuration.split_ids(arguments.ignore))
    return found


def _day(text: str | None) -> date:
    from datetime import UTC, date, datetime

    if text is None:
        return datetime.now(UTC).date()
    try:
        if len(text) == len("YYYY-MM-DD") and text[4] == text[7] == "-":
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = f"--as-of: found '{text[:40]}', expected a day that exists, written YYYY-MM-DD"
    raise JudgementError(Problem("usage", message))


def _colored(arguments: Namespace) -> bool:
    if arguments.color != "auto":
        return bool(arguments.color == "always")
    if arguments.output or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return _on_terminal() and os.environ.get("TERM") != "dumb"


def _on_terminal() -> bool:
    try:
        return sys.stdout is not None and sys.stdout.isatty()
    except ValueError:
        return False


def _width(arguments: Namespace) -> int:
    if arguments.output or not _on_terminal():
        return NARROW
    from shutil import get_terminal_size

    return max(40, get_terminal_size((NARROW, 24)).columns)
