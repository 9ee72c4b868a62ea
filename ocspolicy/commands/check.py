"""`ocspolicy check`: the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ..finding import Report
    from ..verdict import Judgement


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
    options.add_formats(made)
    return made


def run(arguments: Namespace) -> int:
    """Judge, and write the result in every format that is asked for."""
    from ..report import SHOW_REASONS, renderer

    wanted = options.formats(arguments)
    renderers = [renderer(form) for form, _ in wanted]
    seen = options.view(arguments)
    judgement = options.judge(arguments, options.read_day(arguments.as_of))
    report = judgement.report if SHOW_REASONS.isdisjoint(form for form, _ in wanted) else _with_reasons(judgement)
    seen = seen._replace(base=options.in_project(judgement.root))
    texts = [
        (form, render(report, seen._replace(color=seen.color and file is None)), file)
        for (form, file), render in zip(wanted, renderers, strict=True)
    ]
    options.write(texts)
    return report.status


def _with_reasons(judgement: Judgement) -> Report:
    from ..reason import cut
    from ..report import MOST_REASONS

    return judgement.report._replace(why=cut(judgement.reasons(), MOST_REASONS))
