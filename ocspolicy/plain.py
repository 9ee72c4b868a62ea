"""The facts of a finding as plain data: what a result may hold, checked once for every format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import problem

GREATEST = 10**15
"""The greatest number that a result may hold."""

DEPTH = 64
"""How deep the facts of a finding may nest."""


def plain(value: Any, rule: str, depth: int = DEPTH) -> Any:  # noqa: ANN401 -- any JSON value
    """Give a fact of a rule's finding as plain JSON data, a copy that nobody else can change.

    Raises:
        JudgementError: it holds what JSON cannot express, or is nested too deep.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and -GREATEST <= value <= GREATEST:
        return value
    if depth and isinstance(value, (list, tuple)):
        return [plain(item, rule, depth - 1) for item in value]
    if depth and isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: plain(item, rule, depth - 1) for key, item in value.items()}
    found = type(value).__name__
    raise problem(
        "plugin",
        f"found a fact of type {found} in a finding of {rule}, expected a JSON value, numbers of at most"
        f" {GREATEST}, nested at most {DEPTH} deep; report it to the author of the rule",
    )
