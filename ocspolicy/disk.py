"""Regular files and folders as they lie on the disk: bounded, never waiting, never through a link."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from enum import Enum
from errno import EACCES, EISDIR, ELOOP, EMFILE, ENAMETOOLONG, ENFILE, ENOENT, ENOTDIR, ENXIO, EPERM, ESPIPE
from typing import TYPE_CHECKING, BinaryIO

from .errors import Problem, problem
from .place import Location

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LIMIT = 8 * 1024 * 1024
EXHAUSTED = frozenset({EMFILE, ENFILE})
_CHUNK = 1 << 16
_FOLLOWS = not hasattr(os, "O_NOFOLLOW")
_FLAGS: int = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)
_POSITIONS = hasattr(os, "pread")

_ABSENT = "no such file or folder; correct the path, or restore it"
_CLOSED = "permission denied; make it readable for the user who runs this"
_SPECIAL = "found a pipe, socket or device, expected a regular file"
_FULL = "too many open files; raise the limit (ulimit -n)"
_FAULTS = {
    ENOENT: _ABSENT,
    ENOTDIR: _ABSENT,
    EACCES: _CLOSED,
    EPERM: _CLOSED,
    EISDIR: "found a folder, expected a file",
    ELOOP: "found a link that leads in a circle, expected a file",
    ENAMETOOLONG: "the path is longer than the system allows; shorten it",
    ESPIPE: _SPECIAL,
    ENXIO: _SPECIAL,
    EMFILE: _FULL,
    ENFILE: _FULL,
}


class Odd(Enum):
    """What stood where a file of bounded size was expected."""

    LARGE = "larger than the limit"
    LINK = "a symbolic link"


def fault(file: str, error: OSError) -> Problem:
    """Say what is wrong with a file that the system did not let us read."""
    message = _FAULTS.get(error.errno or 0) or (error.strerror or "the system gave no reason").lower()
    return Problem("input", f"could not be read: {message}", Location(file))


def too_large(file: str, limit: int) -> Problem:
    """Say that a file exceeds a limit in bytes."""
    size = f"{limit >> 20} MiB" if limit % (1 << 20) == 0 else f"{limit} bytes"
    return Problem("limit", f"found more than {size}, the most that one file may hold; split it", Location(file))


def circle(link: str) -> Problem:
    """Say that a link leads back to itself."""
    return fault(link, OSError(ELOOP, os.strerror(ELOOP)))


def real_path(path: str, shown: str) -> str:
    """Resolve all links of a path, whether or not anything is there.

    Raises:
        JudgementError: It cannot be a path (NUL, lone surrogate), or has links without end; it is `shown`.
    """
    try:
        return os.path.realpath(path)
    except (OSError, ValueError, RecursionError):
        raise problem("input", "not a path that can be followed; correct it", Location(shown)) from None


def glance(path: str) -> bytes | Odd:
    """Read a file that most likely does not matter, in as few calls as possible.

    Raises:
        OSError: It cannot be read.
    """
    descriptor = _open(path)
    try:
        if _POSITIONS:
            # What has no position (a pipe, a terminal) refuses; a device gives nothing, or more than fits.
            data = os.pread(descriptor, _CHUNK, 0)
            if 0 < len(data) < _CHUNK and not os.pread(descriptor, 1, len(data)):
                return data
        return _whole(descriptor, LIMIT)
    finally:
        os.close(descriptor)


def slurp(path: str, limit: int) -> bytes | Odd:
    """Read a regular file of at most `limit` bytes.

    Raises:
        OSError: It cannot be read, or is no regular file.
    """
    descriptor = _open(path)
    try:
        return _whole(descriptor, limit)
    finally:
        os.close(descriptor)


def stream(path: str, done: Callable[[str], object]) -> BinaryIO:
    """Open a regular file of any size; at its end, `done` gets the SHA-256 of its bytes in hexadecimal.

    Raises:
        OSError: It cannot be opened, or is no regular file.
    """
    descriptor = _open(path)
    try:
        _expect_regular(descriptor)
        return io.BufferedReader(_Digesting(descriptor, done), _CHUNK)
    except BaseException:
        os.close(descriptor)
        raise


def chunks(path: str) -> Iterator[bytes]:
    """Give a regular file of any size in pieces of 1 MiB.

    Raises:
        OSError: It cannot be read, or is no regular file.
    """
    descriptor = _open(path)
    try:
        _expect_regular(descriptor)
        while chunk := os.read(descriptor, 1 << 20):
            yield chunk
    finally:
        os.close(descriptor)


def walk(top: str, start: str) -> Iterator[tuple[str, bool] | Problem]:
    """Name all below a folder, and whether it is a link; hidden folders and folders behind links are left out."""
    pending = [start]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(os.path.join(top, folder)) as entries:
                for entry in entries:
                    name = f"{folder}/{entry.name}" if folder else entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        yield name, entry.is_symlink()
                    elif not entry.name.startswith("."):
                        pending.append(name)
        except OSError as error:
            yield fault(folder or ".", error)


class _Digesting(io.RawIOBase):
    def __init__(self, descriptor: int, done: Callable[[str], object]) -> None:
        from hashlib import sha256

        self._file = io.FileIO(descriptor)
        self._digest = sha256()
        self._done = done

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        count = self._file.readinto(view) or 0
        self._digest.update(view[:count])
        if count == 0:
            self._done(self._digest.hexdigest())
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(path: str) -> int:
    if _FOLLOWS and os.path.islink(path):
        raise OSError(ELOOP, os.strerror(ELOOP))
    return os.open(path, _FLAGS)


def _expect_regular(descriptor: int) -> int:
    about = os.fstat(descriptor)
    if stat.S_ISDIR(about.st_mode):
        raise OSError(EISDIR, os.strerror(EISDIR))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(ESPIPE, os.strerror(ESPIPE))
    return about.st_size


def _whole(descriptor: int, limit: int) -> bytes | Odd:
    if _expect_regular(descriptor) > limit:
        return Odd.LARGE
    parts: list[bytes] = []
    size = 0
    while size <= limit and (part := os.read(descriptor, min(limit + 1 - size, 1 << 20))):
        parts.append(part)
        size += len(part)
    return b"".join(parts) if size <= limit else Odd.LARGE
