"""The skeleton of a rule plugin: a package with one rule, its cases and its tests."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import combinations
from keyword import iskeyword, issoftkeyword
from typing import NamedTuple

from ..errors import JudgementError, Problem
from ..rule import RESERVED
from . import template

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 60


class Piece(NamedTuple):
    """A file of a plugin: its path in the plugin's folder, its text, and what it is for."""

    path: str
    text: str
    purpose: str


def skeleton(name: str) -> list[Piece]:
    """Give the files of a plugin.

    Raises:
        JudgementError: this cannot be the name of a package.
    """
    package = name.replace("-", "_")
    wrong = _wrong(name, package)
    if wrong:
        raise JudgementError(Problem("usage", f"--plugin: found '{name[:LONGEST_NAME]}', {wrong}"))
    values = {"name": name, "package": package, "id": f"{_prefix(name)}001"}
    cases = f"{package}/cases/{values['id']}"
    pieces = (
        ("pyproject.toml", "pyproject.toml", "names the package and its entry point"),
        ("README.md", "README.md", "how to work on it"),
        (f"{package}/__init__.py", "init.py", "lists the rules"),
        (f"{package}/py.typed", "py.typed", "says that its types can be checked"),
        (f"{package}/server_without_site.py", "rule.py", "a rule, as an example"),
        (f"{cases}/bad.yaml", "bad.yaml", "an input on which it must fire"),
        (f"{cases}/good.yaml", "good.yaml", "an input on which it must not"),
        ("tests/test_cases.py", "test_cases.py", "runs all cases"),
    )
    return [Piece(path, template(f"plugin/{text}", values), purpose) for path, text, purpose in pieces]


def _wrong(name: str, package: str) -> str | None:
    """Say why this cannot name a package that Python imports; None where it can."""
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        return f"expected at most {LONGEST_NAME} lower-case letters, digits and single hyphens, such as acme-rules"
    if iskeyword(package) or issoftkeyword(package) or package in sys.stdlib_module_names:
        return "which Python uses itself, expected a name of your own, such as acme-rules"
    if package in set(_taken()):
        return "which an installed package has already, expected a name of your own, such as acme-rules"
    return None


def _taken() -> Iterator[str]:
    """Name what is installed, but for the plugins of others: who makes one again may have it installed already."""
    from importlib.metadata import packages_distributions

    from ..plugins import installed

    own = {"ocspolicy"}
    theirs = {entry for it in installed() if it.name not in own for entry in it.entries.values()}
    yield from {*own, *packages_distributions()} - theirs


def _prefix(name: str) -> str:
    """Choose three capitals for the ids of the rules that are not the program's own."""
    letters = [char for char in name.upper() if char.isascii() and char.isalpha()]
    candidates = ("".join(chosen) for chosen in combinations([*letters, "X", "X", "X"], 3))
    return next(it for it in candidates if it not in RESERVED)
