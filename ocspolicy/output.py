"""Writes results: a report file is whole or absent, and a write that fails is never silent."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from .errors import JudgementError, Problem
from .place import Location

FOR_PEOPLE = frozenset({"text", "concise"})


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
        sys.stdout = None  # the documented value of a missing stream


def to_standard_error(text: str) -> None:
    """Write a message for people; a closed standard error loses it without a further error."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.buffer.write(text.encode(stream.encoding or "utf-8", "backslashreplace"))
        stream.buffer.flush()
    except (OSError, ValueError):
        return


def to_file(text: str, path: str) -> None:
    """Write a file whole: beside it first, flushed to the disk, then put in its place.

    Raises:
        JudgementError: it could not be written; what was there before is untouched.
    """
    import tempfile

    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        _write_through(text, path)
        return
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".ocspolicy-", dir=os.path.dirname(target))
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
        temporary = ""
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        if temporary:
            os.unlink(temporary)


def _mode(target: str) -> int:
    try:
        return os.stat(target).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


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
