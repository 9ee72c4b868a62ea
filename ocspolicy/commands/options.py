"""The options that commands share, and the settings and report that they ask for."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import JudgementError, Problem
from ..output import ReaderLeft, to_file, to_standard_error, to_standard_output

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ..load import Loaded
    from ..report import View
    from ..revision import Revision
    from ..settings import Settings
    from ..snapshot import WorkTree
    from ..verdict import Judgement

NARROW = 80
LEAST_MARKDOWN = 16_000
"""The verdict and the number of the rows left out go into it, whatever names they hold."""


class Parser(ArgumentParser):
    """A parser whose errors only show what they quote: it may be the name of a file that a hostile tree brings."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with status 2."""
        from ..report.sanitize import shown

        super().error(shown(message))

    def _print_message(self, message: str, file: Any = None) -> None:  # noqa: ANN401 -- as argparse has it
        """Print help as a result is written: where it cannot be, that is status 2."""
        if message and file in {None, sys.stdout}:
            to_standard_output(message, "text")
        elif message:
            to_standard_error(message)

    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # noqa: ANN401 -- as argparse has it
        """Parse; `--option=--` is refused, since some versions of Python drop such a value and others keep it."""
        words = list(sys.argv[1:] if args is None else args)
        options = words[: words.index("--")] if "--" in words else words
        for word in options:
            if word.startswith("--") and word.partition("=")[2] == "--":
                self.error(f"found '{word}', expected a value: '--' is none, it ends the options")
        return super().parse_known_args(words, namespace)


def new_parser(command: str, description: str, epilog: str) -> ArgumentParser:
    """Begin a command's parser; `epilog` holds its examples."""
    return Parser(
        prog=f"ocspolicy {command}",
        description=description,
        epilog=epilog,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_estate(parser: ArgumentParser) -> None:
    """Add what is judged: paths, inventories, the day."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or directories (default: the current one)")
    what = parser.add_argument_group("what is judged")
    what.add_argument(
        "--inventory", action="append", default=[], metavar="FILE", help="an inventory besides those found; repeatable"
    )
    what.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day of judgement (default: today in UTC)")
    what.add_argument("--tracked", action="store_true", help="only files that git tracks")
    what.add_argument("--include-planned", action="store_true", help="count planned servers as running")
    what.add_argument("--no-waivers", action="store_true", help="judge without any waiver")
    what.add_argument("--policy-from", metavar="REV", help="configuration, catalogs and waivers of this git revision")
    what.add_argument("--inventory-from", metavar="REV", help="inventories of this git revision")
    what.add_argument("--config", metavar="FILE", help="this configuration instead of the one found")
    what.add_argument(
        "--allow-local-plugins", action="store_true", help="load plugins whose code lies in the judged tree"
    )


def add_rules(parser: ArgumentParser) -> None:
    """Add which rules are on, and what fails the build."""
    rules = parser.add_argument_group("rules")
    rules.add_argument(
        "--select", action="append", default=[], metavar="ID", help="only these rules: ids or prefixes, comma-separated"
    )
    rules.add_argument("--ignore", action="append", default=[], metavar="ID", help="not these rules; likewise")
    rules.add_argument(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        help="the mildest severity that fails the build (default: error)",
    )


def add_look(parser: ArgumentParser) -> None:
    """Add how a result looks."""
    look = parser.add_argument_group("what is shown")
    look.add_argument("--output", metavar="FILE", help="write the result to a file instead of standard output")
    look.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="color (default: auto, on a terminal)"
    )
    look.add_argument("-q", "--quiet", action="store_true", help="only what fails the build, and the last line")
    look.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="all related places and rows, the people of each list, and tracebacks of failed plugins",
    )


def add_formats(parser: ArgumentParser) -> None:
    """Add the formats of a result."""
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        metavar="FORMAT[:FILE]",
        help="text, concise, json, sarif, junit, github, gitlab, azure, markdown or html (default: text); "
        "with a file as often as you like",
    )
    parser.add_argument(
        "--markdown-limit",
        metavar="BYTES",
        help="cut the rows of markdown to this size (default: 60000, for a comment; a step summary takes 1048576)",
    )


def formats(arguments: Namespace) -> list[tuple[str, str | None]]:
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
    if len(set(map(_one_name, files))) < len(files):
        raise JudgementError(Problem("usage", "--format: found one file for two formats, expected one file each"))
    return [(plain[0] if plain else "text", arguments.output), *((form, file) for form, _, file in pairs)]


def _one_name(file: str) -> str:
    """Give a file the name that all its spellings share."""
    try:
        return os.path.normcase(os.path.realpath(file))
    except OSError:  # the current folder is gone: writing will say so
        return file


def line(text: str) -> str:
    """Give a line for standard error that only shows."""
    from ..report.sanitize import guard, shown

    return guard(shown(text)) + "\n"


def read_text(path: str) -> bytes | None:
    """Read a file that is to be written anew; None where there is none yet."""
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JudgementError(Problem("output", f"could not read {path}: {error.strerror or error}")) from error


def read_day(text: str | None, option: str = "--as-of") -> date:
    """Read a day; today in UTC without one."""
    from datetime import UTC, datetime

    from .. import day

    if text is None:
        return datetime.now(UTC).date()
    found = day.read_day(text)
    if found is None:
        raise JudgementError(Problem("usage", f"{option}: found '{text[:40]}', {day.EXPECTED}"))
    return found


def read_settings(arguments: Namespace, worktree: WorkTree, first: str, policy: Revision | None = None) -> Settings:
    """Merge the configuration file, of the working tree or of a revision, with the command line."""
    from .. import settings as configuration

    def read(file: str) -> bytes | None:
        if policy is not None:
            return policy.read(file) if policy.has(file) else None
        path = os.path.join(worktree.root, file)
        if not arguments.config and getattr(arguments, "tracked", False) and not worktree.is_tracked(file):
            return None
        # One that is merely found may be a link to what its author may not read, and would be shown in errors.
        return worktree.read(file, named=bool(arguments.config)) if os.path.lexists(path) else None

    if arguments.config:
        named = worktree.name(arguments.config) if policy is None else _typed(worktree, arguments.config)
        found = configuration.load(named, read)
    else:
        found = configuration.find(_folder(worktree, first, policy), read)
    return found._replace(
        fail_on=getattr(arguments, "fail_on", None) or found.fail_on,
        select=configuration.split_ids(getattr(arguments, "select", [])) or found.select,
        ignore=configuration.split_ids(getattr(arguments, "ignore", [])) or found.ignore,
    )


def _folder(worktree: WorkTree, first: str, policy: Revision | None) -> str:
    """Name the folder from which the configuration is looked for upward.

    With a revision, its own links decide: one of the working tree could lead past the configuration that was meant.
    """
    if policy is None:
        place = worktree.name(first)
        is_folder = worktree.is_folder(place)
    else:
        place = policy.behind(_typed(worktree, first)) or "."
        is_folder = policy.is_folder(place) or worktree.is_folder(place)
    inside = "" if place == "." or place.startswith("../") else place
    return inside if is_folder else os.path.dirname(inside)


def _typed(worktree: WorkTree, path: str) -> str:
    """Name a path as it was typed, unless links outside the root lead into it."""
    typed = worktree.typed(path)
    return worktree.name(path) if typed.startswith("../") else typed


def load_estate(arguments: Namespace) -> tuple[WorkTree, Loaded]:
    """Read all that the command line names.

    Raises:
        JudgementError: the root or the configuration cannot be read; other problems are in what is returned.
    """
    from ..load import Request, load
    from ..snapshot import open_worktree

    paths = tuple(arguments.paths) or (".",)
    worktree = open_worktree(paths[0])
    progress = Progress() if _shows_progress(arguments) else None
    policy, owned = (_revision(worktree, revision) for revision in (arguments.policy_from, arguments.inventory_from))
    settings = read_settings(arguments, worktree, paths[0], policy)
    request = Request(
        paths=paths,
        inventories=tuple(arguments.inventory),
        tracked=arguments.tracked,
        allow_local_plugins=arguments.allow_local_plugins,
        no_waivers=arguments.no_waivers,
        policy=policy,
        owned=owned,
        progress=progress,
        named=getattr(arguments, "people", False),
    )
    try:
        loaded = load(worktree, settings, request)
    finally:
        if progress is not None:
            progress.clear()
    return worktree, loaded


def _say_lists(loaded: Loaded, *, verbose: bool, quiet: bool) -> None:
    """Say how many people each list held, on request; and in any case where a choice of rows left nobody."""
    from ..report.sanitize import shown

    for it in loaded.lists:
        people = "1 person" if it.people == 1 else f"{it.people:,} people"
        text = f"read {shown(it.file)}: {people} in group '{shown(it.group)}' of {shown(it.deployment)}"
        if it.chosen and not it.people and not quiet:
            to_standard_error(f"note: {text}; its 'where' keeps no row\n")
        elif verbose:
            to_standard_error(f"note: {text}\n")


class Progress:
    """Says on a terminal how far a long file has been read, on one line that is cleared at the end."""

    def __init__(self) -> None:
        self.shown = False

    def __call__(self, file: str, lines: int) -> None:
        """Say how many lines of a file have been read."""
        from ..report.sanitize import shown

        self.shown = True
        to_standard_error(f"\r\x1b[2Kreading {shown(file)}: {lines:,} lines")

    def clear(self) -> None:
        """Remove the line."""
        if self.shown:
            to_standard_error("\r\x1b[2K")


def _shows_progress(arguments: Namespace) -> bool:
    quiet = getattr(arguments, "quiet", False)
    try:
        return not quiet and sys.stderr is not None and sys.stderr.isatty()
    except ValueError:
        return False


def _revision(worktree: WorkTree, name: str | None) -> Revision | None:
    if name is None:
        return None
    from ..revision import open_revision

    return open_revision(worktree, name)


def judge(arguments: Namespace, day: date) -> Judgement:
    """Load and judge what the command line names; what cannot be judged is in the report."""
    from ..settings import Settings
    from ..verdict import Judgement, nothing_found, of_documents, unjudged

    try:
        _, loaded = load_estate(arguments)
    except JudgementError as error:
        return Judgement(unjudged(day, Settings(), error.problems))
    _say_lists(loaded, verbose=arguments.verbose, quiet=arguments.quiet)
    if loaded.catalog is None:
        report = of_documents(loaded, day, [*loaded.problems, *nothing_found(loaded)])
        return Judgement(report, root=loaded.root)
    from ..check import judgement, situation

    asked = situation(loaded, day, include_planned=arguments.include_planned)
    return judgement(loaded, asked)._replace(root=loaded.root)


def view(arguments: Namespace) -> View:
    """Decide how a person sees the result."""
    from ..report import View

    return View(
        color=_colored(arguments),
        width=_width(arguments),
        quiet=arguments.quiet,
        verbose=arguments.verbose,
        limit=_markdown_limit(arguments),
    )


def in_project(root: str | None) -> str:
    """Tell where the root lies in the project that GitLab checked out: `estates/emea`; empty where it is that."""
    project = os.environ.get("CI_PROJECT_DIR")
    if not project or root is None:
        return ""
    try:
        place = os.path.relpath(os.path.realpath(root), os.path.realpath(project))
    except (OSError, ValueError):  # on another drive
        return ""
    return "" if place == os.curdir else place.replace(os.sep, "/")


def write(texts: Sequence[tuple[str, str, str | None]]) -> None:
    """Write results, each a format, a text and a file (None for standard output); files first.

    Raises:
        JudgementError: some could not be written; the others are.
    """
    problems: list[Problem] = []
    for form, text, file in sorted(texts, key=lambda it: it[2] is None):
        try:
            if file is None:
                to_standard_output(text, form)
            else:
                to_file(text, file)
        except ReaderLeft:
            continue
        except JudgementError as error:
            problems += error.problems
    if problems:
        raise JudgementError(*problems)


def _markdown_limit(arguments: Namespace) -> int:
    from ..report import MARKDOWN_LIMIT

    given = getattr(arguments, "markdown_limit", None)
    if given is None:
        return MARKDOWN_LIMIT
    if given.isascii() and given.isdecimal() and len(given) < len("1000000000") and int(given) >= LEAST_MARKDOWN:
        return int(given)
    message = f"--markdown-limit: found '{given[:40]}', expected a number of bytes from {LEAST_MARKDOWN:,}"
    raise JudgementError(Problem("usage", f"{message}, written without commas"))


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
