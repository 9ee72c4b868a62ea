"""What a document may not say though it can be parsed; kept until the places of all nodes are known."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import Problem
from .text import Text
from .tree import MappingNode, Node, ScalarNode

MAX_PROBLEMS = 100
MAX_PROBLEMS_IN_FILE = 1_000
LONGEST_SHOWN = 60


class _Fault(NamedTuple):
    message: str
    node: Node
    start: int
    end: int
    first: tuple[MappingNode, str] | None


class Faults:
    """The problems of the document that is being built, as many as can be shown."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._found: list[_Fault] = []
        self._left_out = 0
        self._in_file = 0

    def take(self) -> tuple[Problem, ...]:
        """Give the problems of the document, which is complete, in its order; and begin with the next one."""
        if not self._found:
            return ()
        problems = [self._problem(fault) for fault in sorted(self._found, key=lambda fault: fault.start)]
        if self._left_out:
            message = f"found {self._left_out:,} more problems in this document, not shown; mend those above first"
            problems.append(Problem("input", message, problems[-1].location))
        self._found.clear()
        self._left_out = 0
        return tuple(problems)

    def _problem(self, fault: _Fault) -> Problem:
        message = fault.message
        if fault.first is not None:
            mapping, key = fault.first
            message += f"; the first stands in line {mapping.keys[key].line}"
        return Problem("input", message, self._text.location(fault.start, fault.end, fault.node.pointer))

    def _add(
        self, message: str, node: Node, start: int | None = None, first: tuple[MappingNode, str] | None = None
    ) -> None:
        # A document keeps one at least, since one is what refuses it.
        if self._found and (len(self._found) >= MAX_PROBLEMS or self._in_file >= MAX_PROBLEMS_IN_FILE):
            self._left_out += 1
            return
        self._in_file += 1
        self._found.append(_Fault(message, node, node.start if start is None else start, node.end, first))

    def doubled_key(self, key: str, node: Node, mapping: MappingNode) -> None:
        """Report a key that a mapping has already."""
        self._add(f"found the key '{cut(key)}' a second time, expected it once", node, first=(mapping, key))

    def merge_key(self, node: Node) -> None:
        """Report a plain `<<`."""
        self._add("found the merge key '<<', expected plain keys; write the merged keys out", node)

    def question_mark(self, node: Node) -> None:
        """Report a text in brackets that begins with `?`, which is read without it."""
        content = self._text.content
        shown = cut(content[node.start - 1 : min(node.end, node.start + LONGEST_SHOWN)])
        self._add(f"found '{shown}', expected quotes around a text that begins with ?", node, node.start - 1)

    def key_of(self, node: Node, mapping: MappingNode) -> str:
        """Report a key that is no text, and give the text to know it by."""
        content = self._text.content
        source = cut(content[node.start : min(node.end, node.start + 2 * LONGEST_SHOWN)])
        if isinstance(node, ScalarNode):
            key, found = node.text, _kind_of(node)
        else:
            key, found = source, f"a {node.kind} as a key"
        if content.startswith("{{", mapping.start):
            line, _, _ = content[mapping.start : mapping.start + 2 * LONGEST_SHOWN].partition("\n")
            shown = cut(line)
            message = (
                f"found the template expression '{shown}', expected YAML; render the template first, or quote the text"
            )
        elif not source:
            message = "found a value without a key, expected 'key: value'"
        else:
            message = f"found {found}, '{source}', expected keys to be text; put it in quotes"
        self._add(message, node)
        return key

    def foreign_tag(self, tag: str, node: Node, start: int) -> None:
        """Report a tag outside the core schema."""
        self._add(f"found the tag '{cut(tag)}', expected none; only the core tags such as !!str are read", node, start)

    def unfit_tag(self, tag: str, node: Node, start: int) -> None:
        """Report a core tag on a value of another type."""
        what = f"'{cut(node.text)}'" if isinstance(node, ScalarNode) else f"a {node.kind}"
        self._add(f"found {what} under the tag !!{tag}, expected a value of that type; leave the tag out", node, start)

    def unknown_alias(self, name: str, node: Node) -> None:
        """Report an alias without an anchor, which mostly is a pattern that nobody quoted."""
        self._add(
            f"found '*{cut(name)}', an alias of an anchor that is not there; put text that begins with * in quotes",
            node,
        )

    def recursive_alias(self, name: str, node: Node) -> None:
        """Report an alias inside the value that it stands for."""
        self._add(
            f"found '*{cut(name)}' inside the value that it stands for, expected a value that ends; write it out", node
        )

    def unsafe_text(self, character: str, node: Node) -> None:
        """Report an escape for a character that no text may hold."""
        what = "half a surrogate pair" if "\ud800" <= character <= "\udfff" else "a character that is refused"
        self._add(f"found the escape for U+{ord(character):04X}, {what}, expected text; remove it", node)


def _kind_of(node: ScalarNode) -> str:
    if node.value is None:
        return "a null as a key"
    return "a boolean as a key" if isinstance(node.value, bool) else "a number as a key"


def cut(text: str) -> str:
    """Show the beginning of a text on one line."""
    shown = text[: LONGEST_SHOWN + 1].replace("\n", " ").rstrip()
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
