"""`ocspolicy test`: runs the cases of a rule's author."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem
from ..output import to_standard_output
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Sequence

    from ..plugins import Registered
    from ..snapshot import WorkTree
    from ..testing import Case

FAILED = 1
CANNOT_JUDGE = 2


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "test",
        "Runs the cases below DIR: each is judged with its rule alone, and what is found\n"
        "must be what its comments expect. A case is a YAML file or a folder, in a folder\n"
        "that is named like the rule: ROL001/one-short.yaml.",
        "examples:\n"
        "  ocspolicy test                      all cases below the folder you stand in\n"
        "  ocspolicy test acme-rules/ --allow-local-plugins\n\n"
        "an expectation, on the line of the finding:\n"
        "  - {name: edge01, roles: [edge]}  # expect: ROL001 short=1\n\n"
        "exit status: 0 all as expected, 1 a finding is missing or not expected,\n"
        "2 a case could not be judged",
    )
    made.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where cases lie (default: here)")
    made.add_argument("--allow-local-plugins", action="store_true", help="load plugins whose code lies in this tree")
    made.set_defaults(config=None)
    return made


def run(arguments: Namespace) -> int:
    """Run the cases, say which differ and which rules no case makes fire."""
    from .. import plugins
    from ..report.sanitize import guard, shown
    from ..snapshot import open_worktree

    worktree = open_worktree(arguments.folder)
    settings = options.read_settings(arguments, worktree, arguments.folder)
    cases = _cases(arguments.folder, settings.plugins)
    loaded, problems = plugins.load(
        [*settings.plugins, *_named(cases, worktree)],
        settings.required_plugins,
        worktree.top,
        allow_local=arguments.allow_local_plugins,
    )
    if problems:
        raise JudgementError(*problems)
    lines: list[str] = []
    fired: set[str] = set()
    statuses = [_run(case, fired, lines) for case in cases]
    silent = _silent(loaded.rules, cases, fired)
    lines += [f"no case makes {rule.rule.id} ({rule.rule.name}) fire" for rule in silent]
    lines.append(_last_line(cases, sum(status > 0 for status in statuses), len(silent)))
    to_standard_output("".join(f"{guard(shown(line))}\n" for line in lines), "text")
    return max(statuses)


def _cases(folder: str, names: Sequence[str]) -> list[Case]:
    """Find the cases below a folder; what lies in hidden folders is not meant."""
    from pathlib import Path

    from ..testing import find_cases

    root = Path(folder)
    if not root.is_dir():
        raise JudgementError(Problem("usage", f"found no folder '{folder[:200]}', expected one with cases in it"))
    found = [case for case in find_cases(root, names) if not _hidden(case.path.relative_to(root).parts)]
    if not found:
        message = f"found no cases below '{folder[:200]}', expected files or folders in a folder named like their rule"
        raise JudgementError(Problem("usage", f"{message}, such as ROL001/one-short.yaml"))
    return found


def _hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith(".") for part in parts)


def _named(cases: Iterable[Case], worktree: WorkTree) -> list[str]:
    """Name the plugins that the cases' own configurations load, so that local ones are refused here too."""
    from .. import settings

    names: list[str] = []
    for case in cases:
        if case.path.is_dir():
            home = worktree.name(os.path.abspath(case.path))

            def read(file: str, home: str = home) -> bytes | None:
                path = f"{home}/{file}"
                return worktree.read(path) if os.path.isfile(os.path.join(worktree.top, path)) else None

            names += settings.find("", read).plugins
    return names


def _run(case: Case, fired: set[str], lines: list[str]) -> int:
    """Run a case; give what it makes of the exit status."""
    try:
        outcome = case.run()
        faults, judged = outcome.faults, not outcome.faults or not case.report().problems
        fired |= outcome.fired
    except JudgementError as error:
        faults, judged = tuple(problem.message for problem in error.problems), False
    if faults:
        lines += [f"{case.path}:", *(f"  {fault}" for fault in faults)]
    return (FAILED if judged else CANNOT_JUDGE) if faults else 0


def _last_line(cases: Sequence[Case], failed: int, silent: int) -> str:
    from ..report.wording import counted

    rules = counted(len({case.rule for case in cases}), "rule")
    number = counted(len(cases), "case")
    verdict = f"failed: {failed} of {number}" if failed else f"passed: {number}"
    seen = f"{counted(silent, 'rule')} never made to fire" if silent else "each is made to fire"
    return f"{verdict} for {rules}; {seen}"


def _silent(rules: Sequence[Registered], cases: Iterable[Case], fired: set[str]) -> list[Registered]:
    """Give the rules that no case makes fire: of the packages whose rules have cases here, or the one asked for."""
    tested = {case.rule for case in cases}
    if len({case.path.parent for case in cases}) == 1:
        return [it for it in rules if it.rule.id in tested - fired]
    packages = {_package(it) for it in rules if it.rule.id in tested}
    return [it for it in rules if _package(it) in packages and it.rule.id not in fired]


def _package(registered: Registered) -> str:
    return registered.rule.__module__.partition(".")[0]
