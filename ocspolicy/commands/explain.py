"""`ocspolicy explain`: what a rule, role, feature, license, tier, suite or product means, and whose word that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ..explain import Known
    from ..explain.page import Block


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "explain",
        "Explains a rule, role, feature, license, tier, suite, product or source\nmark; without ID, lists them all.",
        "examples:\n"
        "  ocspolicy explain ROL001\n"
        "  ocspolicy explain front-end\n"
        '  ocspolicy explain "S 12"\n'
        "  ocspolicy explain --all --format markdown --output rules.md",
    )
    made.add_argument("id", nargs="?", metavar="ID", help="an id, a rule's name or a role's alias")
    made.add_argument("--all", action="store_true", help="all rules on one page")
    made.add_argument("--format", choices=("text", "markdown"), default="text", help="text or markdown (default: text)")
    made.add_argument("--config", metavar="FILE", help="this configuration instead of the one found")
    made.add_argument(
        "--allow-local-plugins", action="store_true", help="load plugins whose code lies in this repository"
    )
    made.add_argument("--output", metavar="FILE", help="write to a file instead of standard output")
    made.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="color (default: auto, on a terminal)"
    )
    made.set_defaults(quiet=False, verbose=False)
    return made


def run(arguments: Namespace) -> int:
    """Explain one id or list all; what of this repository could not be read is said too, and gives status 2."""
    from .. import explain

    if arguments.all and arguments.id is not None:
        message = f"found '{arguments.id[:60]}' and --all, expected one of them"
        raise JudgementError(Problem("usage", message))
    known, problems = _known(arguments)
    if arguments.all:
        blocks = explain.handbook(known)
    elif arguments.id is None:
        blocks = explain.listing(known)
    else:
        try:
            blocks = explain.explain(arguments.id, known)
        except JudgementError as error:
            raise JudgementError(*problems, *error.problems) from None
    options.write([(arguments.format, _shown(blocks, arguments), arguments.output)])
    if problems:
        raise JudgementError(*problems)
    return 0


def _shown(blocks: list[Block], arguments: Namespace) -> str:
    from ..explain.page import as_markdown, as_text

    if arguments.format == "markdown":
        return as_markdown(blocks)
    seen = options.view(arguments)
    return as_text(blocks, seen.width, color=seen.color)


def _known(arguments: Namespace) -> tuple[Known, list[Problem]]:
    """Gather what a judgement would know here: installed plugins, those of the configuration, all catalogs.

    Where any catalog is wrong, the terms are those that ship with the program.
    """
    from .. import plugins
    from ..catalog import Catalog
    from ..explain import Known
    from ..explain.examples import find_examples
    from ..load import read_terms
    from ..settings import Settings
    from ..snapshot import open_worktree

    problems: list[Problem] = []
    worktree, settings = None, Settings()
    try:
        worktree = open_worktree(".")
        settings = options.read_settings(arguments, worktree, ".")
    except JudgementError as error:
        problems += error.problems
    loaded, wrong = plugins.load(
        settings.plugins,
        settings.required_plugins,
        "." if worktree is None else worktree.top,
        allow_local=arguments.allow_local_plugins,
    )
    problems += wrong
    # What a plugin failed to hand over is among the problems; the rest of the terms can be explained all the same.
    catalog, wrong = read_terms(worktree, settings, loaded._replace(catalogs=loaded.catalogs or ()))
    problems += wrong
    here = arguments.format == "text"
    terms = catalog or Catalog.builtin()
    return Known(loaded.rules, terms, lambda registered: find_examples(registered.rule, here=here)), problems
