"""`ocspolicy validate`: the shape of files, and nothing that needs more than the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import Problem
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "validate",
        "Checks the shape of the files named; documents of other tools are passed over.",
        "examples:\n"
        "  ocspolicy validate estate.yaml licenses.yaml\n"
        "  git ls-files -z '*.yaml' | xargs -0 ocspolicy validate --\n\n"
        "exit status: 0 nothing wrong, or nothing of ours; 2 a file is not as it must be",
    )
    made.add_argument("files", nargs="*", metavar="FILE", help="the files to check")
    options.add_look(made)
    return made


def run(arguments: Namespace) -> int:
    """Check files, and say what is wrong in each."""
    from ..load import validate
    from ..report import text as report

    problems, ours, passed_over = validate(arguments.files)
    shown = report.problems(problems, options.view(arguments)) + "\n" if problems else ""
    text = shown + _last_line(problems, ours, passed_over)
    options.write([("text", text, arguments.output)])
    return 2 if problems else 0


def _last_line(problems: Sequence[Problem], ours: int, passed_over: int) -> str:
    verdict = "valid" if not problems else f"invalid: {len(problems)} problem{'s' if len(problems) > 1 else ''}"
    documents = f"{ours} document{'' if ours == 1 else 's'}"
    return f"{verdict}; looked at {documents} of ours; {passed_over} passed over\n"
