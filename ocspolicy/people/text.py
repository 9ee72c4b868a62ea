"""Bytes to lines of text in bounded memory, for lists of people of any length."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

LONGEST_LINE = 1_048_576
"""The most characters that a line, or a row of several lines, may have."""

_CHUNK = 65_536
_LINES_BETWEEN_REPORTS = 65_536
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    (b"", "utf-8", "UTF-8"),
)
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


class MalformedTextError(Exception):
    """What makes the rest of a text unreadable; raised once all lines before it have been given."""


def blocks(stream: BinaryIO, progress: Callable[[int], None] | None = None) -> Iterator[str]:
    r"""Decode a stream to blocks of whole lines, each line ended by ``\n``, the last one too.

    UTF-8, or UTF-16 where its byte order mark says so; the mark is dropped, other line ends are kept.

    Args:
        stream: Read from where it stands to its end, and not closed.
        progress: Called with the number of lines read so far, not more often than every 65,536 lines.

    Raises:
        MalformedTextError: Unreadable or badly encoded stream, NUL, too long a line, Git LFS pointer.
    """
    rest = ""
    lines = reported = 0
    for text in _texts(stream):
        whole, newline, rest = (rest + text).rpartition("\n")
        if newline:
            yield from _before_nul(whole + newline)
            lines += whole.count("\n") + 1
        if progress and lines - reported >= _LINES_BETWEEN_REPORTS:
            reported = lines
            progress(lines)
        if len(rest) > LONGEST_LINE:
            raise MalformedTextError(f"the line has more than {LONGEST_LINE} characters; split the line")
    if rest:
        yield from _before_nul(rest + "\n")


def _before_nul(block: str) -> Iterator[str]:
    nul = block.find("\0")
    if nul < 0:
        yield block
        return
    yield block[: block.rfind("\n", 0, nul) + 1]
    raise MalformedTextError(
        "found a NUL character, expected text; save the file as UTF-8, or as UTF-16 with a byte order mark"
    )


def _texts(stream: BinaryIO) -> Iterator[str]:
    chunks = _chunks(stream)
    head = next(chunks, b"")
    if head.startswith(_LFS_POINTER):
        raise MalformedTextError("found a Git LFS pointer, expected the file itself; run `git lfs pull`")
    mark, codec, name = next(known for known in _MARKS if head.startswith(known[0]))
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        yield decoder.decode(head[len(mark) :])
        for chunk in chunks:
            yield decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        yield error.object[: error.start].decode(codec)
        byte = error.object[error.start]
        raise MalformedTextError(
            f"byte 0x{byte:02X} is not valid {name} ({error.reason}); "
            "save the file as UTF-8, or as UTF-16 with a byte order mark"
        ) from None


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    try:
        while chunk := stream.read(_CHUNK):
            while len(chunk) < _CHUNK and (more := stream.read(_CHUNK - len(chunk))):
                chunk += more
            yield chunk
    except OSError as error:
        raise MalformedTextError(f"cannot be read: {error.strerror or error}") from None
