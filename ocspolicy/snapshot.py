"""Files by name, as they lie in the working tree; each is read once, and only below here are files read.

Names are relative to the root, with `/` between their parts, and real: no link stands in them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from errno import ENOENT
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from . import disk, git
from .disk import LIMIT, Odd
from .errors import JudgementError, Problem, problem
from .place import Location

if TYPE_CHECKING:
    from pathlib import Path

Glance: TypeAlias = bytes | Odd | Problem

POINTER = b"version https://git-lfs.github.com/spec/"
_POINTER_SIZE = 1024  # the specification of Git LFS: a pointer is smaller


def is_lfs_pointer(data: bytes) -> bool:
    """Tell whether these bytes stand for a file that Git LFS has not fetched."""
    return data.startswith(POINTER) and len(data) <= _POINTER_SIZE and b"\noid " in data


class Snapshot:
    """What was read of a tree: each file once, and its digest (SHA-256, hexadecimal) by its name."""

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}
        self._kept: dict[str, bytes] = {}

    def keep(self, file: str, data: bytes) -> None:
        """Remember what a file holds, now that it matters."""
        from hashlib import sha256

        self._kept[file] = data
        self.digests[file] = sha256(data).hexdigest()

    def _read_once(self, file: str, limit: int, fetch: Callable[[], bytes | Odd]) -> bytes:
        data = self._kept.get(file)
        if data is None:
            fetched = fetch()
            if isinstance(fetched, Odd):
                raise JudgementError(disk.too_large(file, limit))
            data = fetched
            self.keep(file, data)
        if len(data) > limit:
            raise JudgementError(disk.too_large(file, limit))
        return data


class WorkTree(Snapshot):
    """The files as they lie on the disk.

    Attributes:
        top: the root, as a real path.
        is_git: whether git lists the files.
        cwd: the folder from which a person's paths start, as a real path.
    """

    def __init__(self, top: str, *, is_git: bool, cwd: str) -> None:
        super().__init__()
        self.top = top
        self.is_git = is_git
        self.cwd = cwd
        self._tracked: frozenset[str] | None = None
        self._prefix = os.path.join(top, "")
        self._plain = {"": True}

    @property
    def root(self) -> Path:
        """Give the root as a real path."""
        from pathlib import Path

        return Path(self.top)

    def name(self, path: str) -> str:
        """Give the name of a path that a person typed: absolute, or from the current folder.

        The root is `.`, a path outside it begins with `../`. Whether anything is there is not asked.

        Raises:
            JudgementError: A link in the root leads out of it, or this cannot be a path.
        """
        typed = os.path.join(self.cwd, path)
        real = disk.real_path(typed, path)
        if not git.is_within(real, self.top) and _passes(typed, self.top):
            message = "found a link that leads out of the root; name the file that it leads to, or remove it"
            raise problem("input", message, Location(self._relative(os.path.normpath(typed))))
        return self._relative(real)

    def typed(self, path: str) -> str:
        """Give the name of a path as a person typed it, no link in it followed."""
        return self._relative(os.path.normpath(os.path.join(self.cwd, path)))

    def is_folder(self, name: str) -> bool:
        """Tell whether a name is that of a folder."""
        return os.path.isdir(self._prefix + name)

    def read(self, file: str, limit: int = LIMIT, *, named: bool = False) -> bytes:
        """Give the bytes of a file; only one that a person `named` may lie outside the root.

        Raises:
            JudgementError: There is no such regular file, it cannot be read, or exceeds `limit` bytes.
        """
        real = self._locate(file, named=named)
        name = self._relative(real)
        try:
            return self._read_once(name, limit, lambda: disk.slurp(real, limit))
        except OSError as error:
            raise JudgementError(disk.fault(file, error)) from None

    def open(self, file: str, *, named: bool = False) -> BinaryIO:
        """Open a file of any size, to be read once and to its end: then its digest is known.

        Raises:
            JudgementError: As for `read`; reading on may raise OSError.
        """
        real = self._locate(file, named=named)
        name = self._relative(real)
        if name in self._kept:
            return BytesIO(self._kept[name])
        try:
            return disk.stream(real, lambda digest: self._note(name, digest))
        except OSError as error:
            raise JudgementError(disk.fault(file, error)) from None

    def files(self, *, tracked: bool) -> Sequence[str]:
        """Name all files and links, sorted: in a git repository those that git tracks or would track.

        Raises:
            JudgementError: git fails, or a folder cannot be read.
        """
        listing = self.listing((), tracked=tracked)
        if listing.problems:
            raise JudgementError(*listing.problems)
        return sorted({*listing.files, *listing.links, *listing.sparse})

    def is_tracked(self, name: str) -> bool:
        """Tell whether git tracks a file or link; outside of a repository, whether it is there.

        Raises:
            JudgementError: As for `files`.
        """
        if self._tracked is None:
            self._tracked = frozenset(self.files(tracked=True))
        return name in self._tracked

    def listing(self, below: Sequence[str], *, tracked: bool) -> git.Listing:
        """List what lies below the named folders (none: everywhere).

        In a git repository that is what git tracks, and unless `tracked` what it would track; elsewhere all
        but hidden folders.

        Raises:
            JudgementError: git fails.
        """
        if self.is_git:
            return git.list_files(self.top, tracked=tracked, below=below)
        listing = git.Listing([], [], [], [], [])
        for folder in below or ("",):
            for met in disk.walk(self.top, folder):
                if isinstance(met, Problem):
                    listing.problems.append(met)
                else:
                    (listing.links if met[1] else listing.files).append(met[0])
        return listing

    def glances(self, names: Iterable[str]) -> Iterator[tuple[str, Glance]]:
        """Look into listed files, one after the other; nothing is remembered."""
        last = ""
        for name in names:
            folder = name.rpartition("/")[0]
            if folder != last and not self._is_plain(folder):
                message = "listed by git, but behind a link; restore its folder"
                yield name, Problem("input", message, Location(name))
                continue
            last = folder
            try:
                met: Glance = disk.glance(self._prefix + name)
            except OSError as error:
                met = self._missed(name, error)
                if error.errno in disk.EXHAUSTED:
                    yield name, met
                    return
            yield name, met

    def chunks(self, name: str) -> Iterator[bytes]:
        """Give a listed file of any size piece by piece; nothing is remembered.

        Raises:
            JudgementError: It cannot be read.
        """
        try:
            yield from disk.chunks(self._prefix + name)
        except OSError as error:
            raise JudgementError(disk.fault(name, error)) from None

    def behind(self, link: str) -> str | None:
        """Name what a listed link leads to; None if that is outside the tree, or git's own.

        Raises:
            JudgementError: It leads in a circle.
        """
        real = disk.real_path(self._prefix + link, link)
        if os.path.islink(real):
            raise JudgementError(disk.circle(link))
        return self._relative(real) if self._has(real) else None

    def _note(self, name: str, digest: str) -> None:
        if self.digests.setdefault(name, digest) != digest:
            raise problem("input", "changed while it was read; run again", Location(name))

    def _locate(self, file: str, *, named: bool) -> str:
        real = disk.real_path(self._prefix + file, file)
        if not self._has(real) and (not named or git.is_within(real, self.top)):
            message = "leads out of the root, or to git's own files; expected a file of this tree"
            raise problem("input", message, Location(file))
        return real

    def _has(self, real: str) -> bool:
        return git.is_within(real, self.top) and ".git" not in self._relative(real).lower().split("/")

    def _relative(self, real: str) -> str:
        if real.startswith(self._prefix):
            name = real[len(self._prefix) :]
        else:
            try:
                name = os.path.relpath(real, self.top)
            except ValueError:  # on another drive
                name = real
        return name if os.sep == "/" else name.replace(os.sep, "/")

    def _is_plain(self, folder: str) -> bool:
        """Tell whether neither a link nor a step upward stands on the way to a folder."""
        path = ""
        for part in folder.split("/"):
            path = f"{path}/{part}" if path else part
            if path not in self._plain:
                self._plain[path] = part not in {"", ".", ".."} and not os.path.islink(self._prefix + path)
            if not self._plain[path]:
                return False
        return True

    def _missed(self, name: str, error: OSError) -> Glance:
        if os.path.islink(self._prefix + name):
            return Odd.LINK
        if error.errno == ENOENT and self.is_git:
            message = "listed by git but missing; restore it, or remove it from git too (git rm --cached)"
            return Problem("input", message, Location(name))
        return disk.fault(name, error)


def open_worktree(first_path: str, cwd: str | os.PathLike[str] | None = None) -> WorkTree:
    """Open the tree that a person's first path lies in.

    Its root is the top of the git repository, elsewhere the path itself (its folder, for a file). A link that
    leads out of a repository does not lead to another root.

    Raises:
        JudgementError: The current folder is gone, or this cannot be a path.
    """
    try:
        here = os.path.realpath(os.getcwd() if cwd is None else cwd)
    except OSError:
        raise problem("usage", "the current folder no longer exists; change to another one") from None
    typed = os.path.join(here, first_path)
    real = disk.real_path(typed, first_path)
    left = _left_repository(typed, real, here)
    if left is not None:
        return WorkTree(left, is_git=True, cwd=here)
    folder = real if os.path.isdir(real) else os.path.realpath(os.path.dirname(typed))
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    top = git.find_top(folder)
    return WorkTree(top or folder, is_git=top is not None, cwd=here)


def _left_repository(typed: str, real: str, here: str) -> str | None:
    """Give the repository that a link on the way to a real path leads out of, if one does."""
    path = os.path.normpath(typed)
    top = git.find_top(here)
    if top is None or not git.is_within(path, top):
        above = git.find_top(os.path.dirname(path))
        top = None if above is None else os.path.realpath(above)
    return None if top is None or git.is_within(real, top) else top


def _passes(typed: str, top: str) -> bool:
    """Tell whether a path goes through a folder: if it ends outside all the same, a link led out."""
    path = os.path.dirname(os.path.normpath(typed))
    while not git.is_within(disk.real_path(path, path), top):
        above = os.path.dirname(path)
        if above == path:
            return False
        path = above
    return True
