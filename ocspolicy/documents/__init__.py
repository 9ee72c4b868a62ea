"""The documents that people write: what is ours, strict models, errors at their place."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from ..source import Node

M = TypeVar("M")


class Placed(NamedTuple, Generic[M]):
    """A checked document and the node it was read from, so that every value can name its line."""

    model: M
    node: Node
