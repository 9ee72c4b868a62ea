"""Finds the examples of a rule: the cases `bad` and `good` that its author ships beside it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..testing import DAY, Case, find_cases
from .rules import Example

if TYPE_CHECKING:
    from ..rule import Rule

SHOWN = {"bad": True, "good": False}
AS_OF = re.compile(r"#\s*as-of:\s*(\d{4}-\d{2}-\d{2})\s*\n")


def find_examples(rule: type[Rule[Any]], *, here: bool) -> list[Example]:
    """Read a rule's examples; `here` says whether the page may name places on this machine."""
    return [_read(case, here=here) for case in _cases(rule) if case.path.stem in SHOWN]


def _cases(rule: type[Rule[Any]]) -> list[Case]:
    """Find the cases in the package that the rule's module lies in, or the nearest one above it."""
    package = rule.__module__
    while package:
        for home in getattr(sys.modules.get(package), "__path__", ()):
            found = find_cases(Path(home) / "cases" / rule.id)
            if found:
                return found
        package = package.rpartition(".")[0]
    return []


def _read(case: Case, *, here: bool) -> Example:
    whole = case.path.is_dir()
    paths = sorted(path for path in case.path.rglob("*") if path.is_file()) if whole else [case.path]
    root = case.path if whole else case.path.parent
    texts = [(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace")) for path in paths]
    days = [match[1] for _, text in texts if (match := AS_OF.match(text))]
    place = str(case.path.parent if whole else case.path) if here else None
    return Example(SHOWN[case.path.stem], tuple(texts), days[0] if days else str(DAY), whole, place)
