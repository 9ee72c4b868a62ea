"""`ocspolicy report`: a saved JSON result in any other format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem
from ..output import to_standard_error
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

LARGEST = 64 * 1024 * 1024


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "report",
        "Gives a saved JSON result in any other format; what the result lacks is\nleft out, and that is said.",
        "examples:\n"
        "  ocspolicy check --format json:result.json || true\n"
        "  ocspolicy report result.json --format markdown\n"
        "  ocspolicy report result.json --format sarif:a.sarif --format junit:a.xml\n\n"
        "exit status: 0; 2 the result cannot be read, or the report not be written",
    )
    made.add_argument("result", metavar="RESULT.json", help="what 'ocspolicy check --format json' wrote")
    options.add_formats(made)
    options.add_look(made)
    return made


def run(arguments: Namespace) -> int:
    """Read a result and write it in the formats that are asked for."""
    from ..report import renderer
    from ..report.load import read_saved

    wanted = options.formats(arguments)
    renderers = [renderer(form) for form, _ in wanted]
    saved = read_saved(_text(arguments.result), arguments.result)
    if saved.lacks:
        to_standard_error(options.line(f"left out, since the result lacks it: {', '.join(saved.lacks)}"))
    seen = options.view(arguments)
    options.write(
        [
            (form, render(saved.report, seen._replace(color=seen.color and file is None)), file)
            for (form, file), render in zip(wanted, renderers, strict=True)
        ]
    )
    return 0


def _text(path: str) -> str:
    data = options.read_text(path)
    if data is None:
        raise JudgementError(Problem("input", f"found no file '{path}', expected a saved JSON result"))
    if len(data) > LARGEST:
        raise JudgementError(Problem("limit", f"found {len(data):,} bytes in {path}, expected at most {LARGEST:,}"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"found a byte that is not UTF-8 at offset {error.start} of {path}, expected a saved JSON result"
        raise JudgementError(Problem("input", message)) from error
