"""Anchors and their aliases, counted as if every alias were written out."""

from __future__ import annotations

from .tree import Node

MAX_ALIASES = 1_000
MAX_EXPANDED = 100_000


class Anchored:
    """What an anchor names.

    Attributes:
        node: the value.
        open: whether it has not ended yet, so that an alias of it would hold itself.
        size: the number of values in it, itself included, aliases written out.
        levels: the number of nested collections in it, itself included; 0 for a scalar.
    """

    __slots__ = ("levels", "node", "open", "size")

    def __init__(self, node: Node, *, is_open: bool) -> None:
        self.node = node
        self.open = is_open
        self.size = 1
        self.levels = 0

    def end(self, size: int, levels: int) -> None:
        """Say that the value is complete."""
        self.open = False
        self.size = size
        self.levels = levels


class Anchors:
    """The anchors of the document that is being built, and the aliases of the file."""

    def __init__(self) -> None:
        self._named: dict[str, Anchored] = {}
        self._aliases = 0
        self._expanded = 0

    def forget(self) -> None:
        """Begin with the next document, which knows no anchor of this one."""
        self._named = {}

    def name(self, anchor: str, node: Node, *, is_open: bool) -> Anchored:
        """Give a node a name; it is the last node of that name until another takes it."""
        anchored = self._named[anchor] = Anchored(node, is_open=is_open)
        return anchored

    def find(self, alias: str) -> Anchored | None:
        """Give what an alias stands for."""
        return self._named.get(alias)

    def repeat(self, anchored: Anchored) -> str | None:
        """Count one more alias; what there is too much of, if a limit is passed."""
        self._aliases += 1
        self._expanded += anchored.size
        if self._aliases > MAX_ALIASES:
            return f"more than {MAX_ALIASES:,} aliases in a file"
        if self._expanded > MAX_EXPANDED:
            return f"aliases that stand for more than {MAX_EXPANDED:,} values in all"
        return None
