"""`ocspolicy schema`: the JSON Schema of a kind of document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..output import to_standard_output
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "schema",
        "Prints the JSON Schema of a kind of document, the same as in schemas/;\nwithout KIND, what there is.",
        "examples:\n  ocspolicy schema Deployment > deployment.schema.json\n  ocspolicy schema result",
    )
    made.add_argument("kind", nargs="?", metavar="KIND", help="such as Deployment, LicenseInventory or result")
    return made


def run(arguments: Namespace) -> int:
    """Print a schema, or the names of all."""
    from ..schema import NAMES, schema

    text = schema(arguments.kind) if arguments.kind else "".join(f"{name}\n" for name in NAMES)
    to_standard_output(text, "json")
    return 0
