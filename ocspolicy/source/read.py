"""A file's bytes to its documents and comments, or to the problem that hides them."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import NamedTuple

from ..errors import JudgementError, Problem
from .build import Builder, Document
from .comments import Comment, Comments
from .streams import Choice, fast, reference
from .text import Lines, Text, decode

_CHOICE = Choice()


class Source(NamedTuple):
    """What a file holds.

    `problem` says why the file, or the rest of it behind `documents`, cannot be read: syntax, encoding or a limit.
    """

    text: Text
    documents: tuple[Document, ...]
    comments: Sequence[Comment]
    problem: Problem | None

    @property
    def file(self) -> str:
        """Name the file as its places do."""
        return self.text.file

    @property
    def lines(self) -> Lines:
        """Give the lines without their ends."""
        return self.text.lines


def parse(data: bytes, file: str) -> Source:
    """Read a YAML or JSON file; it never raises, whatever the bytes are.

    Args:
        data: the bytes of the file.
        file: its name in places.
    """
    text, problem = decode(data, file)
    if problem:
        return Source(text, (), (), problem)
    was_enabled = gc.isenabled()
    # The collector would walk the growing tree again and again.
    gc.disable()
    try:
        return (_CHOICE.is_fast(text.content) and read_fast(text)) or read_reference(text)
    finally:
        if was_enabled:
            gc.enable()


def read_fast(text: Text) -> Source | None:
    """Read with libyaml; None where the reference has to read the file."""
    builder = Builder(text, trusted=False)
    try:
        builder.feed(fast(text.content))
    except JudgementError as error:
        return _source(text, builder, error.problems[0])
    except (MemoryError, ImportError):
        raise
    except Exception:  # noqa: BLE001 -- whatever it refuses, the reference explains
        return None
    return _source(text, builder, None)


def read_reference(text: Text) -> Source:
    """Read with the reference."""
    builder = Builder(text, trusted=True)
    try:
        builder.feed(reference(text.content))
    except JudgementError as error:
        return _source(text, builder, error.problems[0])
    except (MemoryError, ImportError):
        raise
    except Exception as error:  # noqa: BLE001 -- parsers raise anything; the file is what is wrong
        from .explain import explain

        return _source(text, builder, explain(error, text, builder.began, builder.reached))
    return _source(text, builder, None)


def _source(text: Text, builder: Builder, problem: Problem | None) -> Source:
    reached = len(text.content) if problem is None else builder.reached
    comments = Comments(text, builder.opaque_starts, builder.opaque_ends, reached)
    return Source(text, tuple(builder.documents), comments, problem)
