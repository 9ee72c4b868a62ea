"""`ocspolicy init`: a first estate that passes, or the skeleton of a rule plugin."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem
from ..place import Location
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

    from ..explain.page import Block
    from ..starter.estate import Plan


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "init",
        "Writes a commented manifest, inventory, configuration and hook entry that pass\n"
        "'ocspolicy check' at once, and says what to do next. What is there already is\n"
        "left alone.",
        "examples:\n"
        "  ocspolicy init                      in the folder you stand in\n"
        "  ocspolicy init estate/\n"
        "  ocspolicy init --plugin acme-rules  a package with a rule, in acme-rules/",
    )
    made.add_argument("folder", nargs="?", metavar="DIR", help="where to write (default: here, or a folder named NAME)")
    made.add_argument("--plugin", metavar="NAME", help="write the skeleton of a rule plugin instead")
    made.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="color (default: auto, on a terminal)"
    )
    made.set_defaults(output=None, quiet=False, verbose=False)
    return made


def run(arguments: Namespace) -> int:
    """Write what is missing, all or nothing, and say what was done."""
    from ..explain.page import as_text

    if arguments.plugin is not None:
        blocks = _plugin(arguments.plugin, arguments.folder)
    else:
        blocks = _estate(arguments.folder if arguments.folder is not None else ".")
    seen = options.view(arguments)
    options.write([("text", as_text(blocks, seen.width, color=seen.color), None)])
    return 0


def _plugin(name: str, folder: str | None) -> list[Block]:
    from ..explain.page import Heading, Pairs
    from ..starter import write_all
    from ..starter.plugin import skeleton

    pieces = skeleton(name)
    target = _target(folder if folder is not None else name)
    there = [entry for entry in _entries(target) if not entry.startswith(".")]
    if there:
        message = f"found {there[0]} in it, expected an empty folder, or one that is not there yet, for a new plugin"
        raise JudgementError(Problem("usage", message, Location(_shown(target))))
    files = {os.path.join(target, *piece.path.split("/")): piece for piece in pieces}
    write_all({path: piece.text for path, piece in files.items()})
    written = tuple((_shown(path), piece.purpose) for path, piece in files.items())
    where = shlex.quote(_shown(target))
    steps = (
        f"install it, so that its rule is found: pip install --editable {where}",
        f"run its cases: ocspolicy test --allow-local-plugins {where}",
        f"run them with your other tests: pip install pytest, then pytest {where}",
        "put your rule in place of the example; README.md says how",
    )
    return [Heading(2, "Written"), Pairs(written), *_next(steps)]


def _estate(folder: str) -> list[Block]:
    from ..explain.page import Code, Heading, Pairs, Prose
    from ..schema import schema
    from ..starter import write_all
    from ..starter.estate import plan
    from ..starter.surroundings import SCHEMAS, look
    from ..starter.unseen import refuse_unseen

    target = _target(folder)
    found = look(target)
    schemas = {name: schema(os.path.basename(name).removesuffix(".schema.json")) for name in SCHEMAS}
    here = os.path.realpath(target) == os.path.realpath(".")
    made: Plan = plan(found, schemas, "" if here else _shown(target))
    for path in made.files:
        _stays_inside(path, found.home)
    write_all(made.files, lambda: refuse_unseen(made.files, look(target), _shown))
    written = tuple((_shown(path), purpose) for path, purpose in made.written)
    left = tuple((_shown(path), why) for path, why in made.left)
    blocks: list[Block] = [Heading(2, "Written"), Pairs(written)] if written else []
    blocks += [Heading(2, "Left alone"), Pairs(left)] if left else []
    for path, lead, language, text in made.additions:
        blocks += [Heading(2, f"To add to {_shown(path)}"), Prose(lead), Code(text, language)]
    return [*blocks, *_next(made.steps)]


def _next(steps: Iterable[str]) -> list[Block]:
    from ..explain.page import Heading, Pairs

    return [Heading(2, "Next"), Pairs(tuple((str(number), step) for number, step in enumerate(steps, 1)))]


def _target(folder: str) -> str:
    """Give the folder to write to as an absolute path; it need not be there yet."""
    target = os.path.realpath(folder)
    above = target
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above):
        raise JudgementError(Problem("usage", "found a file, expected a folder to write to", Location(_shown(above))))
    return target


def _entries(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        message = f"could not look into this folder: {error.strerror or error}"
        raise JudgementError(Problem("input", message, Location(_shown(folder)))) from error


def _stays_inside(path: str, home: str) -> None:
    """Refuse a link that would make us write elsewhere."""
    above = os.path.dirname(path)
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    real, root = os.path.realpath(above), os.path.realpath(home)
    if os.path.commonpath((real, root)) not in {root, real}:
        message = "found a link that leads elsewhere, expected a folder; remove it and run again"
        raise JudgementError(Problem("output", message, Location(_shown(above))))


def _shown(path: str) -> str:
    """Name a path from where the person stands, if it lies below."""
    here = os.path.realpath(".")
    real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    if real == here:
        return "."
    return os.path.relpath(real, here) if real.startswith(os.path.join(here, "")) else path
