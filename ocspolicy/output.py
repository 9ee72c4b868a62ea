"""Writes results: a report file is whole or absent, and a write that fails is never silent."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from .errors import JudgementError, Problem
from .place import Location

FOR_PEOPLE = frozenset({"text", "concise"})
unfinished: set[str] = set()
"""The files that must not outlive a run that is ended."""


class ReaderLeft(Exception):  # noqa: N818 -- no error: who reads us has seen enough
    """The reader of our standard output closed it early."""


def to_standard_output(text: str, format_name: str) -> None:
    """Write a result to standard output and flush it.

    What people read is written in the stream's own encoding, what machines read in UTF-8.

    Raises:
        ReaderLeft: the reader closed the stream early.
        JudgementError: the stream is closed, full, or otherwise not written to.
    """
    stream = sys.stdout
    if stream is None:
        raise JudgementError(Problem("output", "found standard output closed, expected to write the result there"))
    encoding = (stream.encoding or "utf-8") if format_name in FOR_PEOPLE else "utf-8"
    try:
        stream.flush()
        stream.buffer.write(text.encode(encoding, "backslashreplace"))
        stream.buffer.flush()
    except BrokenPipeError:
        _detach(stream)
        raise ReaderLeft from None
    except (OSError, ValueError) as error:
        _detach(stream)
        reason = getattr(error, "strerror", None) or str(error)
        raise JudgementError(Problem("output", f"could not write the result to standard output: {reason}")) from error


def _detach(stream: TextIO) -> None:
    """Let the interpreter's own flush at exit go nowhere, so that it cannot fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        # The documented value of a missing stream.
        if stream is sys.stdout:
            sys.stdout = None
        else:
            sys.stderr = None


def to_standard_error(text: str) -> None:
    """Write a message for people; a closed standard error loses it without a further error."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.buffer.write(text.encode(stream.encoding or "utf-8", "backslashreplace"))
        stream.buffer.flush()
    except (OSError, ValueError):
        _detach(stream)


def finish() -> bool:
    """Flush both streams, as others may have written to them too; False where standard output lost something."""
    whole = True
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            _detach(stream)
            whole = whole and (stream is not sys.stdout or isinstance(error, BrokenPipeError))
    return whole


def to_file(text: str, path: str) -> None:
    """Write a file whole: beside it first, flushed to the disk, then put in its place.

    Raises:
        JudgementError: it could not be written; what was there before is untouched.
    """
    refuse_link(path)
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        _write_through(text, path)
        return
    temporary = os.path.join(os.path.dirname(target), f".ocspolicy-{os.urandom(8).hex()}")
    unfinished.add(temporary)
    try:
        with open(temporary, "xb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
            stream.flush()
            os.fsync(stream.fileno())
        if os.path.exists(target):
            os.chmod(temporary, os.stat(target).st_mode & 0o777)
        os.replace(temporary, target)
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        _remove(temporary)
        unfinished.discard(temporary)


def abandon() -> None:
    """Remove what is half written, now that nobody finishes it."""
    for path in tuple(unfinished):
        _remove(path)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:  # it stands in its place by now, or never was
        return


def refuse_link(path: str) -> None:
    """Refuse to write or read a file of one's own by way of a link in a repository or the current folder.

    Whoever may change the tree could let it lead to any file of the person who runs this.

    Raises:
        JudgementError: there is such a link on the way.
    """
    from pathlib import PurePath

    from .git import find_top, is_within

    try:
        here = os.path.realpath(os.getcwd())
    except OSError as error:
        raise _unwritten(path, error) from error
    reached, *parts = PurePath(here, path).parts
    for part in parts:
        ahead = os.path.dirname(reached) if part == os.pardir else os.path.join(reached, part)
        if os.path.islink(ahead):
            if find_top(reached) is not None or (here != os.sep and is_within(reached, here)):
                found = f"found the link '{part}' on the way, expected none in a repository or the current folder"
                raise JudgementError(Problem("output", f"{found}; name what it leads to", Location(path)))
            ahead = os.path.realpath(ahead)
        reached = ahead


def _write_through(text: str, path: str) -> None:
    """Write to what is no regular file, such as /dev/stdout or a named pipe."""
    try:
        with open(path, "wb", buffering=0) as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritten(path, error) from error


def _unwritten(path: str, error: OSError) -> JudgementError:
    reason = error.strerror or str(error)
    return JudgementError(Problem("output", f"could not write the report: {reason}", Location(path)))
