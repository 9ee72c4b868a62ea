"""Bytes to documents whose every value knows where it stands."""

from .build import Document
from .comments import Comment
from .read import Source, parse
from .text import excerpt
from .tree import Node, Unspelled

__all__ = ["Comment", "Document", "Node", "Source", "Unspelled", "excerpt", "parse"]
