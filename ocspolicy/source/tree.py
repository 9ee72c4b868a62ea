"""A YAML value that knows where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from ..finding import Related
from ..place import Location, Span, escape_pointer

Scalar: TypeAlias = str | int | float | bool | None
Kind: TypeAlias = Literal["mapping", "sequence", "scalar"]


class Unspelled:
    """The value of a number in a spelling that no field of ours takes: `010`, `0x1F`, `+5`, `1e3`.

    It is no str, int or float, so every field of a strict model refuses it.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Node:
    """One value of a document, made by the builder and never changed afterwards.

    Attributes:
        kind: `mapping`, `sequence` or `scalar`.
        items: a mapping's values by key; empty for other kinds.
        keys: a mapping's key nodes by key, in the order of the document.
        elements: a sequence's values; empty for other kinds.
        value: a scalar's value under the YAML 1.2 core schema (or `Unspelled`); None for other kinds.
        text: a scalar's text after unquoting and unescaping; empty for other kinds.
        plain: whether a scalar is written without quotes, so that its text decides its type.

    An aliased value is the anchored node itself, so it stands where the anchor stands.
    """

    __slots__ = (
        "column",
        "elements",
        "end_column",
        "end_line",
        "file",
        "items",
        "keys",
        "kind",
        "line",
        "parent",
        "plain",
        "text",
        "token",
        "value",
    )

    kind: Kind
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    items: dict[str, Node]
    keys: dict[str, Node]
    elements: list[Node]
    value: Scalar | Unspelled
    text: str
    plain: bool
    parent: Node | None
    token: str | int

    @property
    def span(self) -> Span:
        """Give the stretch of text from the value's first character to one past its last."""
        return Span(self.line, self.column, self.end_line, self.end_column)

    @property
    def pointer(self) -> str:
        """Give the JSON Pointer from the document's root."""
        tokens: list[str] = []
        node = self
        while node.parent is not None:
            tokens.append(escape_pointer(str(node.token)))
            node = node.parent
        return "".join("/" + token for token in reversed(tokens))

    @property
    def location(self) -> Location:
        """Give the place a person can be sent to."""
        return Location(self.file, self.span, self.pointer)

    def at(self, path: Iterable[str | int]) -> Node:
        """Follow a path of keys and indexes as far as it leads; the last node met."""
        node = self
        for token in path:
            if isinstance(token, str) and token in node.items:
                node = node.items[token]
            elif isinstance(token, int) and 0 <= token < len(node.elements):
                node = node.elements[token]
            else:
                break
        return node

    def data(self) -> Any:  # noqa: ANN401 -- plain data has any shape until a model has checked it
        """Give the value as plain data: dict, list, str, int, float, bool, None or `Unspelled`."""
        if self.kind == "mapping":
            return {key: node.data() for key, node in self.items.items()}
        if self.kind == "sequence":
            return [node.data() for node in self.elements]
        return self.value

    def note(self, message: str) -> Related:
        """Make this place a related one of a finding."""
        return Related(message, self.location)
