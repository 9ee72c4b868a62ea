"""`ocspolicy compare`: the same estate under the terms of two products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import JudgementError, Problem, near_misses
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ..catalog import Catalog, Product


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "compare",
        "Shows the same estate under the terms of two products: needs, balances,\nand the facts that differ.",
        "examples:\n"
        "  ocspolicy compare --product ocs-2007 --product ocs-2007-r2 estate/\n"
        "  ocspolicy compare --product ocs-2007-r2 --product lync-2010 --format json\n\n"
        "exit status: 0, or 2 could not judge",
    )
    options.add_estate(made)
    options.add_look(made)
    made.add_argument("--product", action="append", default=[], metavar="ID", help="a product id; given twice")
    made.add_argument("--format", choices=("text", "json"), default="text", help="text or json (default: text)")
    return made


def run(arguments: Namespace) -> int:
    """Compare."""
    if len(arguments.product) != 2:  # noqa: PLR2004 -- two are compared
        message = f"--product: found {len(arguments.product)}, expected two: --product A --product B"
        raise JudgementError(Problem("usage", message))
    from ..check import judgement, situation
    from ..compare import compare
    from ..report.comparison import as_json, as_text

    day = options.read_day(arguments.as_of)
    _, loaded = options.load_estate(arguments)
    if loaded.catalog is None:
        raise JudgementError(*(loaded.problems or [Problem("input", "found no deployment to compare, expected one")]))
    one, other = (_product(loaded.catalog, name) for name in arguments.product)
    asked = situation(loaded, day, include_planned=arguments.include_planned)
    before, after = (judgement(loaded, asked._replace(product=product.id)) for product in (one, other))
    comparison = compare(before, after, (one, other))
    if comparison is None:
        raise JudgementError(*before.report.problems)
    render = as_json if arguments.format == "json" else as_text
    options.write([(arguments.format, render(comparison, options.view(arguments)), arguments.output)])
    problems = dict.fromkeys([*before.report.problems, *after.report.problems])
    if problems:
        raise JudgementError(*problems)
    return 0


def _product(catalog: Catalog, name: str) -> Product:
    product = catalog.product(name)
    if product is None:
        known = list(catalog.product_ids)
        message = f"--product: found '{name}', expected one of {', '.join(known)}{near_misses(name, known)}"
        raise JudgementError(Problem("usage", message))
    return product
