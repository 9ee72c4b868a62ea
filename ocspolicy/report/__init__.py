"""A report as text: one pure module a format, which knows no clock, no file and no terminal.

A format module has one function, `render(report, view) -> str`; its text ends with a line end.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from ..finding import Report

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "azure", "markdown", "html")
"""The formats, each rendered by the module of this package that bears its name."""


MARKDOWN_LIMIT = 60_000
"""What a Markdown report takes at most, in bytes: a comment on GitHub holds 65,536 characters."""

SHOW_REASONS = frozenset({"json", "html"})
"""The formats that show the reasons of the position."""

MOST_REASONS = 1000
"""How many entries each list of a report's reasons holds before the rest is counted."""


class View(NamedTuple):
    """How a person wants to see a report; formats for machines ignore it.

    `width` is the number of columns of the screen. `quiet` leaves what fails the build and the last line. `limit` is
    what Markdown may take, in bytes. `base` is where the root lies in the project of a CI system, with / between its
    parts; empty where that is the root.
    """

    color: bool = False
    width: int = 80
    quiet: bool = False
    verbose: bool = False
    limit: int = MARKDOWN_LIMIT
    base: str = ""


Renderer: TypeAlias = "Callable[[Report, View], str]"


def renderer(name: str) -> Renderer:
    """Find the function that renders a format, importing its module.

    Raises:
        JudgementError: there is no format of that name.
    """
    if name not in FORMATS:
        from ..errors import near_misses, problem

        known = ", ".join(FORMATS)
        raise problem("usage", f"found format '{name}', expected one of {known}{near_misses(name, list(FORMATS))}")
    module = import_module(f".{name}", __name__)
    render_one: Renderer = module.render
    return render_one


def render(  # noqa: PLR0913 -- the command line's display options, each by its name
    report: Report,
    format: str,  # noqa: A002 -- what the option is called
    *,
    color: bool = False,
    width: int = 80,
    quiet: bool = False,
    verbose: bool = False,
    limit: int = MARKDOWN_LIMIT,
) -> str:
    """Give a report in a format.

    Raises:
        JudgementError: there is no such format, or a plugin's finding carries what the format cannot show.
    """
    return renderer(format)(report, View(color, width, quiet, verbose, limit))
