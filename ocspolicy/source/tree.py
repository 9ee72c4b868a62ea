"""A YAML value that knows where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from ..finding import Related
from ..place import Location, Span, escape_pointer
from .text import Text

Scalar: TypeAlias = str | int | float | bool | None
Kind: TypeAlias = Literal["mapping", "sequence", "scalar"]

OFFSET_BITS = 30
OFFSET_MASK = (1 << OFFSET_BITS) - 1


class Unspelled:
    """The value of a number in a spelling that no field of ours takes: `010`, `0x1F`, `+5`, `1e3`.

    It is no str, int or float, so every field of a strict model refuses it.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


_NO_NODES: Mapping[str, Node] = MappingProxyType({})


class Node:
    """One value of a document, made by the builder and never changed afterwards.

    Attributes:
        kind: `mapping`, `sequence` or `scalar`.
        items: a mapping's values by key, in the order of the document; empty for other kinds.
        elements: a sequence's values; empty for other kinds.
        value: a scalar's value under the YAML 1.2 core schema (or `Unspelled`); None for other kinds.
        text: a scalar's text after unquoting and unescaping; empty for other kinds.
        plain: whether a scalar is written without quotes, so that its text decides its type.
        token: the key or index under which it stands in its parent; empty for a root.

    An aliased value is the anchored node itself, so it stands where the anchor stands.
    """

    # Up to a million nodes are kept: both offsets share one int, the root alone knows the text,
    # and what a kind of node lacks is no slot of it.
    __slots__ = ("stretch", "token", "up")

    kind: Kind
    items: Mapping[str, Node]
    elements: Sequence[Node]
    value: Scalar | Unspelled
    text: str
    plain: bool
    stretch: int
    up: Node | Text
    token: str | int

    @property
    def parent(self) -> Node | None:
        """Give the collection that the value stands in; None for the root of a document."""
        return self.up if isinstance(self.up, Node) else None

    @property
    def source(self) -> Text:
        """Give the text of the file; `start` and `end` are offsets into it."""
        up = self.up
        while isinstance(up, Node):
            up = up.up
        return up

    @property
    def keys(self) -> Mapping[str, Node]:
        """Give a mapping's key nodes by key."""
        return _NO_NODES

    @property
    def start(self) -> int:
        """Give the offset of the value's first character."""
        return self.stretch >> OFFSET_BITS

    @property
    def end(self) -> int:
        """Give the offset one past the value's last character."""
        return self.stretch & OFFSET_MASK

    @property
    def file(self) -> str:
        """Name the file that the value stands in."""
        return self.source.file

    @property
    def line(self) -> int:
        """Give the line, from 1, of the value's first character."""
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        """Give the column, from 1, of the value's first character."""
        return self.source.place(self.start)[1]

    @property
    def end_line(self) -> int:
        """Give the line, from 1, of the value's end."""
        return self.source.place(self.end)[0]

    @property
    def end_column(self) -> int:
        """Give the column, from 1, one past the value's last character."""
        return self.source.place(self.end)[1]

    @property
    def span(self) -> Span:
        """Give the stretch of text from the value's first character to one past its last."""
        return self.source.span(self.start, self.end)

    @property
    def pointer(self) -> str:
        """Give the JSON Pointer from the document's root."""
        tokens: list[str] = []
        node = self
        while isinstance(node.up, Node):
            tokens.append(escape_pointer(str(node.token)))
            node = node.up
        return "".join("/" + token for token in reversed(tokens))

    @property
    def location(self) -> Location:
        """Give the place a person can be sent to."""
        return Location(self.source.file, self.span, self.pointer)

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


class ScalarNode(Node):
    """A text, number, boolean or null that is written without quotes."""

    __slots__ = ("text", "value")

    kind = "scalar"
    items = _NO_NODES
    elements = ()
    plain = True

    def __init__(self, stretch: int, text: str, value: Scalar | Unspelled) -> None:
        self.stretch = stretch
        self.text = text
        self.value = value


class QuotedNode(ScalarNode):
    """A scalar in quotes, or a block of text."""

    __slots__ = ()

    plain = False


class MappingNode(Node):
    """Keys and their values."""

    __slots__ = ("_by_key", "items", "key_nodes")

    kind = "mapping"
    elements = ()
    value = None
    text = ""
    plain = False

    items: dict[str, Node]

    def __init__(self, stretch: int) -> None:
        self.stretch = stretch
        self.items = {}
        self.key_nodes: list[Node] = []
        self._by_key: dict[str, Node] | None = None

    @property
    def keys(self) -> Mapping[str, Node]:
        """Give the key nodes by key, in the order of the document."""
        if self._by_key is None:
            self._by_key = dict(zip(self.items, self.key_nodes, strict=True))
        return self._by_key


class SequenceNode(Node):
    """Values in order."""

    __slots__ = ("elements",)

    kind = "sequence"
    items = _NO_NODES
    value = None
    text = ""
    plain = False

    elements: list[Node]

    def __init__(self, stretch: int) -> None:
        self.stretch = stretch
        self.elements = []
