"""Builds HTML from values: whatever is not markup yet is text, so nothing from a document can become an element."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ..sanitize import guard, shown

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_VOID = frozenset({"meta", "wbr"})


class Markup(str):
    """HTML, made by the functions of this module and never from data."""

    __slots__ = ()


Child: TypeAlias = "str | None"
"""Markup as it is, any other string as text, None for nothing."""


def text(value: str) -> Markup:
    """Give a text for the content of an element or for a quoted attribute: both read it back as `shown` gives it."""
    return value if isinstance(value, Markup) else Markup(shown(value).translate(_ESCAPES))


def element(name: str, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """Build an element with a literal name.

    Attributes are named as in Python: `class_` is class, `aria_label` is aria-label. True gives one without a value,
    None and False give none.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(children)}</{name}>")


def joined(children: Iterable[Child], between: str = "") -> Markup:
    """Put parts side by side, with a literal text between them."""
    return Markup(between.join(text(child) for child in children if child is not None))


def stacked(*children: Child) -> Markup:
    """Put blocks below one another, each on lines of its own."""
    lines = joined((child for child in children if child), "\n")
    return Markup(f"\n{lines}\n") if lines else lines


def safe_lines(markup: Markup) -> Markup:
    """Make each line inert for a CI system that reads the page in its log."""
    return Markup("\n".join(map(guard, markup.split("\n"))))


def _attribute(key: str, value: str | int | bool) -> str:  # noqa: FBT001 -- a flag is one kind of attribute
    name = key.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {name}" if value else ""
    return f' {name}="{text(str(value))}"'
