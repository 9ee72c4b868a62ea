"""The files of a git revision, read from git's objects: nothing is checked out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from . import disk, git
from .disk import LIMIT, Odd
from .errors import JudgementError, Problem, problem
from .place import Location
from .snapshot import Glance, Snapshot, WorkTree

_LINKS = 40  # as many as Linux follows on one path


def open_revision(worktree: WorkTree, revision: str) -> Revision:
    """Open a git revision of the repository that a tree is of; nothing is checked out.

    Raises:
        JudgementError: There is no repository, git does not know the revision, or fails.
    """
    if not worktree.is_git:
        message = f"no git repository, expected one that has the revision '{revision}'"
        raise problem("git", message)
    return Revision(worktree.top, revision)


class Revision(Snapshot):
    """The files of a commit, read from git's objects.

    Attributes:
        top: the root of the repository, as a real path.
        revision: how a person named the commit.
        commit: the commit's id.
    """

    def __init__(self, top: str, revision: str) -> None:
        super().__init__()
        self.top = top
        self.revision = revision
        self.commit = git.resolve(top, revision)
        self._leaves = git.list_tree(top, self.commit)

    def files(self) -> Sequence[str]:
        """Name all files and links, sorted."""
        return sorted(name for name, leaf in self._leaves.items() if leaf.mode != git.NESTED)

    def has(self, name: str) -> bool:
        """Tell whether there is a file or a link of this name."""
        return name in self._leaves

    def is_folder(self, name: str) -> bool:
        """Tell whether a name is that of a folder."""
        return any(leaf.startswith(f"{name}/") for leaf in self._leaves)

    def listing(self, below: Sequence[str]) -> git.Listing:
        """List what lies below the named folders (none: everywhere)."""
        listing = git.Listing([], [], [], [], [])
        folders = tuple(f"{folder}/" for folder in below) or ("",)
        for name, leaf in self._leaves.items():
            if name.startswith(folders):
                kinds = {git.LINK: listing.links, git.NESTED: listing.nested}
                kinds.get(leaf.mode, listing.files).append(name)
        return listing

    def read(self, file: str, limit: int = LIMIT) -> bytes:
        """Give the bytes of a file; links are followed inside the commit.

        Raises:
            JudgementError: There is no such file, it exceeds `limit` bytes, or git fails.
        """
        name = self.behind(file)
        leaf = self._leaves.get(name) if name is not None else None
        if name is None or leaf is None or leaf.mode == git.NESTED:
            raise JudgementError(self._absent(file))
        return self._read_once(name, limit, lambda: self._fetch(leaf, limit))

    def glances(self, names: Iterable[str]) -> Iterator[tuple[str, Glance]]:
        """Look into listed files, one after the other; nothing is remembered."""
        plain = []
        for name in names:
            leaf = self._leaves.get(name)
            if leaf is not None and leaf.mode == git.LINK:
                yield name, Odd.LINK
            elif leaf is None or leaf.mode == git.NESTED:
                yield name, self._absent(name)
            else:
                plain.append((name, leaf.id))
        contents = git.blobs(self.top, [identifier for _, identifier in plain])
        for (name, _), blob in zip(plain, contents, strict=True):
            yield name, Odd.LARGE if blob.size > LIMIT else blob.read(LIMIT)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Give a listed file of any size piece by piece; nothing is remembered."""
        for blob in git.blobs(self.top, [self._leaves[name].id]):
            while chunk := blob.read(1 << 20):
                yield chunk

    def behind(self, link: str) -> str | None:
        """Name what a path leads to inside the commit; None if that is outside.

        Raises:
            JudgementError: It leads in a circle, or git fails.
        """
        todo = link.split("/")[::-1]
        done: list[str] = []
        links = 0
        while todo:
            part = todo.pop()
            if part == ".." and not done:
                return None
            if part == "..":
                done.pop()
            elif part not in {"", "."}:
                done.append(part)
                leaf = self._leaves.get("/".join(done))
                if leaf is not None and leaf.mode == git.LINK:
                    links += 1
                    if links > _LINKS:
                        raise JudgementError(disk.circle(link))
                    target = self._fetch(leaf, 4096)
                    if isinstance(target, Odd) or target.startswith(b"/"):
                        return None
                    done.pop()
                    todo += os.fsdecode(target).split("/")[::-1]
        return "/".join(done)

    def _absent(self, file: str) -> Problem:
        return Problem("input", f"no such file in revision '{self.revision}'", Location(file))

    def _fetch(self, leaf: git.Leaf, limit: int) -> bytes | Odd:
        for blob in git.blobs(self.top, [leaf.id]):
            return blob.read(limit) if blob.size <= limit else Odd.LARGE
        raise AssertionError("one object was asked for")
