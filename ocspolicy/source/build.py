"""Parser events to documents of nodes, without recursion, every limit kept before anything walks the tree."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..errors import JudgementError, Problem, problem
from ..place import Location
from .anchors import Anchored, Anchors
from .faults import Faults
from .scalars import CORE, CORE_NAMES, convert, resolve
from .spans import block_scalar_end, collection_start, place_of_nothing, skip_properties
from .streams import Declined, Event
from .text import Text
from .tree import OFFSET_BITS, MappingNode, Node, QuotedNode, ScalarNode, SequenceNode

MAX_DEPTH = 64
MAX_NODES = 1_000_000
MAX_DOCUMENTS = 10_000

# Texts that come often are kept once: keys, editions, roles. Only so many are remembered.
_SHORT = 40
_REMEMBERED = 4_096

# What follows the name of an anchor or alias where both parsers agree on its end.
_AFTER_NAME = " \n,]}"
_DISPUTED_BLOCK = re.compile(r"[|>][-+0-9]*(?:#|[^\n]*\n *\n)")
_REFUSED = re.compile("[\0\x85\u2028\u2029\ud800-\udfff]")


class Document(NamedTuple):
    """One document of a file.

    `problems` are what a document of ours may not have though it can be parsed: a key given twice, a merge key,
    a tag outside the core schema, a key that is no text, a recursive alias. They mean nothing in a foreign one.
    """

    root: Node
    problems: tuple[Problem, ...]


class _Outer(NamedTuple):
    """The collection that waits while one inside it is read; and what to know when the inner one ends."""

    node: MappingNode | SequenceNode | None
    key: str | None
    levels: int
    counted: int
    bracketed: bool
    anchored: Anchored | None
    start: Event


class Builder:
    """Takes the events of one file, in order.

    Attributes:
        documents: those that are complete.
        opaque_starts: where the scalars begin that hold a `#`, which is no comment there.
        opaque_ends: where they end.
        began: where the last scalar begins.
        reached: the offset up to which the text has been read.
    """

    def __init__(self, text: Text, *, trusted: bool) -> None:
        """Begin a file.

        Args:
            text: what the events' marks point into.
            trusted: whether the events are those of the reference.
        """
        self.documents: list[Document] = []
        self.opaque_starts = array("I")
        self.opaque_ends = array("I")
        self.began = 0
        self.reached = 0
        self._text = text
        self._content = text.content
        self._trusted = trusted
        self._faults = Faults(text)
        self._anchors = Anchors()
        self._count = 0
        self._remembered: dict[str, str] = {}
        self._stack: list[_Outer] = []
        self._current: MappingNode | SequenceNode | None = None
        self._key: str | None = None
        self._levels = 0
        self._root: Node | None = None

    def feed(self, events: Iterable[Event]) -> None:
        """Build the documents of a stream.

        Raises:
            JudgementError: a limit is passed, or a `%YAML` directive asks for another version than 1.2.
            Declined: the events cannot be trusted to be those of the reference.
        """
        take: dict[str, Callable[[Event], None]] = {
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
            "MappingStartEvent": self._open,
            "SequenceStartEvent": self._open,
            "MappingEndEvent": self._close,
            "SequenceEndEvent": self._close,
            "DocumentStartEvent": self._start_document,
            "DocumentEndEvent": self._end_document,
            "StreamStartEvent": _pass_over,
            "StreamEndEvent": _pass_over,
        }
        for event in events:
            take[type(event).__name__](event)

    def _start_document(self, event: Event) -> None:
        version = event.version
        if version is not None and tuple(version) != (1, 2):
            found = f"found the directive %YAML {version[0]}.{version[1]}"
            start = max(self._content.rfind("%YAML", 0, event.start_mark.index), 0)
            place = self._text.location(start, event.start_mark.index - 1)
            raise problem("input", f"{found}, expected %YAML 1.2 or none; remove it", place)
        if len(self.documents) >= MAX_DOCUMENTS:
            raise self._excess(event, f"more than {MAX_DOCUMENTS:,} documents in a file", "split the file")
        self._anchors.forget()
        self.reached = event.end_mark.index

    def _end_document(self, event: Event) -> None:
        if self._root is not None:
            self.documents.append(Document(self._root, self._faults.take()))
        self._root = None
        self.reached = max(self.reached, event.end_mark.index)

    def _scalar(self, event: Event) -> None:
        start, end, text, style = event.start_mark.index, event.end_mark.index, event.value, event.style
        decorated = event.anchor is not None or event.tag is not None
        if decorated:
            start = skip_properties(self._content, start, end, event.anchor)
        if "#" in text:
            self._hide(start, end, style)
        if len(text) < _SHORT:
            text = self._once(text)
        node: ScalarNode
        if not style:
            if not text and not decorated:
                start = end = place_of_nothing(self._content, self.reached, end, after_key=self._key is not None)
            node = ScalarNode(start << OFFSET_BITS | end, text, resolve(text))
        else:
            if style in "|>":
                end = self._end_of_block(start, end)
            node = QuotedNode(start << OFFSET_BITS | end, text, text)
            if style == '"' and _REFUSED.search(text):
                self._mend_text(node)
        self.began, self.reached = start, end
        if decorated:
            self._decorate(event, node)
        self._attach(node)

    def _once(self, text: str) -> str:
        remembered = self._remembered.get(text)
        if remembered is None:
            if len(self._remembered) < _REMEMBERED:
                self._remembered[text] = text
            return text
        return remembered

    def _hide(self, start: int, end: int, style: str | None) -> None:
        """Note a scalar whose `#` begins no comment; the header line of a block scalar may well have one."""
        self.opaque_starts.append(self._content.find("\n", start) if style and style in "|>" else start)
        self.opaque_ends.append(end)

    def _end_of_block(self, start: int, end: int) -> int:
        # libyaml wants text at the root indented, and takes some headers and first lines that the reference refuses.
        if not self._trusted and (self._current is None or _DISPUTED_BLOCK.match(self._content, start)):
            raise Declined
        return block_scalar_end(self._content, start, end)

    def _mend_text(self, node: ScalarNode) -> None:
        """Join the surrogate pairs that JSON writes as two escapes; report what no text may hold."""
        try:
            joined = node.text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            joined = node.text
        refused = _REFUSED.search(joined)
        if refused:
            self._faults.unsafe_text(refused[0], node)
        node.text = node.value = joined

    def _decorate(self, event: Event, node: ScalarNode) -> None:
        if event.tag is not None:
            tag = self._core_tag(event, node)
            if tag is None:
                node.value = node.text
            else:
                try:
                    node.value = convert(tag, node.text)
                except ValueError:
                    self._faults.unfit_tag(tag, node, event.start_mark.index)
        if event.anchor is not None:
            self._name(event, node, is_open=False)

    def _core_tag(self, event: Event, node: Node) -> str | None:
        """Give the short name of a core tag; report any other."""
        if not self._trusted:
            raise Declined
        tag = str(event.tag)
        name = tag.removeprefix(CORE)
        if name != tag and name in CORE_NAMES:
            return name
        self._faults.foreign_tag(tag, node, event.start_mark.index)
        return None

    def _name(self, event: Event, node: Node, *, is_open: bool) -> Anchored:
        anchor = str(event.anchor)
        self._require_end_of_name(event.start_mark.index + 1 + len(anchor))
        return self._anchors.name(anchor, node, is_open=is_open)

    def _require_end_of_name(self, offset: int) -> None:
        if not self._trusted and self._content[offset : offset + 1] not in _AFTER_NAME:
            raise Declined

    def _alias(self, event: Event) -> None:
        name = str(event.anchor)
        start, self.reached = event.start_mark.index, event.end_mark.index
        self._require_end_of_name(self.reached)
        anchored = self._anchors.find(name)
        if anchored is None or anchored.open:
            text = "*" + name
            node = ScalarNode(start << OFFSET_BITS | self.reached, text, text)
            report = self._faults.unknown_alias if anchored is None else self._faults.recursive_alias
            report(name, node)
            self._attach(node)
        else:
            self._repeat(event, anchored)

    def _repeat(self, event: Event, anchored: Anchored) -> None:
        """Put an anchored node in a second place."""
        excess = self._anchors.repeat(anchored)
        if excess:
            raise self._excess(event, excess, "write the values out")
        if len(self._stack) + anchored.levels > MAX_DEPTH:
            raise self._too_deep(event)
        self._count += anchored.size - 1
        self._levels = max(self._levels, anchored.levels)
        node = anchored.node
        up, token = node.up, node.token
        self._attach(node)
        node.up, node.token = up, token

    def _open(self, event: Event) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise self._too_deep(event)
        start, end, flow = event.start_mark.index, event.end_mark.index, event.flow_style
        # The mapping of a pair in a flow sequence, [a: b], has no brackets of its own.
        bracketed = bool(flow) and end > start and self._content[end - 1] in "[{"
        if flow and not bracketed and not self._trusted:
            raise Declined
        if event.anchor is not None or event.tag is not None:
            start = collection_start(self._content, end, bracketed=bracketed)
        kind = MappingNode if type(event).__name__ == "MappingStartEvent" else SequenceNode
        node = kind(start << OFFSET_BITS)
        anchored = self._name(event, node, is_open=True) if event.anchor is not None else None
        self._stack.append(_Outer(self._current, self._key, self._levels, self._count, bracketed, anchored, event))
        self._current, self._key, self._levels = node, None, 0
        self.reached = end if bracketed else start

    def _close(self, event: Event) -> None:
        node, outer = self._current, self._stack.pop()
        if node is None:
            return
        if outer.bracketed:
            self.reached = event.end_mark.index
        node.stretch |= self.reached
        levels = self._levels + 1
        self._current, self._key, self._levels = outer.node, outer.key, max(outer.levels, levels)
        if outer.anchored is not None:
            outer.anchored.end(self._count - outer.counted + 1, levels)
        if outer.start.tag is not None:
            tag = self._core_tag(outer.start, node)
            if tag is not None and tag != ("map" if node.kind == "mapping" else "seq"):
                self._faults.unfit_tag(tag, node, outer.start.start_mark.index)
        self._attach(node)

    def _attach(self, node: Node) -> None:
        """Put a node where the next one belongs."""
        self._count += 1
        if self._count > MAX_NODES:
            message = f"found more than {MAX_NODES:,} values in a file, expected fewer; move people into CSV files"
            raise problem("limit", message, self._text.location(node.start, node.end))
        current, key = self._current, self._key
        if current is None:
            node.up, node.token = self._text, ""
            self._root = node
        elif isinstance(current, SequenceNode):
            elements = current.elements
            node.up, node.token = current, len(elements)
            elements.append(node)
        elif key is not None:
            node.up, node.token = current, key
            current.items.setdefault(key, node)
            self._key = None
        else:
            node.up = current
            node.token = self._key = self._take_key(node, current)

    def _take_key(self, node: Node, mapping: MappingNode) -> str:
        key = node.value
        if not isinstance(key, str):
            key = self._faults.key_of(node, mapping)
        elif key == "<<" and node.plain:
            self._faults.merge_key(node)
        # Both parsers take any ? inside brackets for the sign of a key.
        if self._content[node.start - 1 : node.start] == "?" and node.start < node.end:
            self._faults.question_mark(node)
        if key in mapping.items:
            self._faults.doubled_key(key, node, mapping)
        else:
            mapping.key_nodes.append(node)
        return key

    def _too_deep(self, event: Event) -> JudgementError:
        return self._excess(event, f"collections nested more than {MAX_DEPTH} deep", "flatten them")

    def _excess(self, event: Event, found: str, step: str) -> JudgementError:
        return problem("limit", f"found {found}, expected fewer; {step}", self._place(event))

    def _place(self, event: Event) -> Location:
        return self._text.location(event.start_mark.index, event.end_mark.index)


def _pass_over(_: Event) -> None:
    pass
