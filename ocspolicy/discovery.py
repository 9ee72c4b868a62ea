"""Which files of a tree can be ours: those that are named, and those whose bytes hold a word of ours."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from .disk import LIMIT, Odd, too_large
from .errors import JudgementError, Problem
from .git import Listing
from .place import Location
from .recognition import any_holds_ours, holds_ours
from .revision import Revision
from .snapshot import POINTER, WorkTree, is_lfs_pointer, open_worktree

Tree: TypeAlias = WorkTree | Revision
Excluded: TypeAlias = Callable[[str], bool]

SUFFIXES = (".yaml", ".yml", ".json")

_BLOCK = 1 << 16  # bytes of small files that are tested together
_PATTERN_LENGTH = 1000
_STARS = 3  # in one part of a pattern: each further one can make matching a name 250 times as slow


class Candidate(NamedTuple):
    """A file to be parsed: its name, its bytes, and whether a person named it."""

    file: str
    data: bytes
    named: bool


class Discovery(NamedTuple):
    """What was found, sorted by file.

    `skipped` counts the files that hold nothing of ours and the repositories inside the repository,
    `links` the links that lead out of the tree.
    """

    candidates: tuple[Candidate, ...]
    skipped: int
    links: int
    problems: tuple[Problem, ...]


def discover(worktree: WorkTree, paths: Sequence[str], *, tracked: bool, exclude: Sequence[str]) -> Discovery:
    """Find the files below a person's paths that can be ours.

    Args:
        worktree: The tree that names are relative to.
        paths: Files and folders. A file that is named is a candidate, whatever it holds and `exclude` says.
        tracked: Whether only what git tracks is looked at, below folders.
        exclude: Patterns as in a `.gitignore` in the root.
    """
    search = _Search(worktree, exclude)
    folders: dict[str, tuple[WorkTree, set[str]]] = {}
    for path in sorted(set(paths)):
        with search.collecting():
            name = worktree.name(path)
            if worktree.is_folder(name):
                tree = _tree_of(worktree, name)
                below = folders.setdefault(tree.top, (tree, set()))[1]
                below.add(tree.name(os.path.join(worktree.top, name)))
            else:
                search.take(name, lambda file: worktree.read(file, named=True))
    for _, (tree, below) in sorted(folders.items()):
        with search.collecting():
            listing = tree.listing(() if "." in below else sorted(below), tracked=tracked)
            search.go_through(tree, listing, "" if tree is worktree else f"{worktree.name(tree.top)}/")
    return search.found()


def discover_at(revision: Revision, names: Sequence[str], *, exclude: Sequence[str]) -> Discovery:
    """Find the files of a revision that can be ours; names that it does not have are passed over.

    Args:
        revision: The revision to look at.
        names: Files and folders, as `WorkTree.name` gives them.
        exclude: Patterns as in a `.gitignore` in the root.
    """
    search = _Search(revision, exclude)
    files = {name for name in names if name != "." and revision.has(name)}
    for name in sorted(files):
        search.take(name, revision.read)
    below = sorted(set(names) - files)
    if below:
        with search.collecting():
            search.go_through(revision, revision.listing(() if "." in below else below), "")
    return search.found()


class _Search:
    def __init__(self, snapshot: Tree, exclude: Sequence[str]) -> None:
        self.problems: list[Problem] = []
        self._snapshot = snapshot
        self._is_excluded = _compile(exclude, self.problems)
        self._seen: set[str] = set()
        self._candidates: list[Candidate] = []
        self._skipped = 0
        self._links = 0

    def take(self, file: str, read: Callable[[str], bytes]) -> None:
        """Take a file that a person named."""
        if file not in self._seen:
            self._seen.add(file)
            with self.collecting():
                self._judge(file, read(file), named=True)

    def go_through(self, tree: Tree, listing: Listing, prefix: str) -> None:
        """Look into what was listed of a tree whose names begin with `prefix` in ours."""
        self.problems += (_placed(it, prefix) for it in listing.problems)
        self._skipped += len(self._select(listing.nested, prefix, ("",)))
        sparse = self._select(listing.sparse, prefix, SUFFIXES)
        if sparse:
            message = f"left out by the sparse checkout, as {len(sparse)} files are; check them out, or name folders"
            self.problems.append(Problem("input", message, Location(prefix + sparse[0])))
        links = self._select(listing.links, prefix, ("",))
        links += self._sift(tree, self._select(listing.files, prefix, SUFFIXES), prefix)
        for link in sorted(links):
            with self.collecting(prefix):
                self._follow(tree, link, prefix)

    def found(self) -> Discovery:
        """Give what was found, in order."""
        problems = sorted(set(self.problems), key=lambda it: (it.location.file if it.location else "", it.message))
        return Discovery(tuple(sorted(self._candidates)), self._skipped, self._links, tuple(problems))

    @contextmanager
    def collecting(self, prefix: str = "") -> Iterator[None]:
        """Turn an error into problems; the search goes on."""
        try:
            yield
        except JudgementError as error:
            self.problems += (_placed(it, prefix) for it in error.problems)

    def _select(self, names: Iterable[str], prefix: str, suffixes: tuple[str, ...]) -> list[str]:
        """Choose what has the suffix, is not excluded and was not met before; sorted."""
        wanted = dict.fromkeys(name for name in names if name[-5:].lower().endswith(suffixes))
        chosen = [
            name for name in sorted(wanted) if prefix + name not in self._seen and not self._is_excluded(prefix + name)
        ]
        self._seen.update(prefix + name for name in chosen)
        return chosen

    def _sift(self, tree: Tree, names: Iterable[str], prefix: str) -> list[str]:
        """Look into files; give those that turn out to be links."""
        links = []
        block: list[tuple[str, bytes]] = []
        size = 0
        for name, met in tree.glances(names):
            if isinstance(met, bytes) and not met.startswith(POINTER):
                block.append((name, met))
                size += len(met)
                if size > _BLOCK:
                    self._judge_block(block, prefix)
                    block = []
                    size = 0
            elif isinstance(met, bytes):
                self._judge(prefix + name, met, named=False)
            elif met is Odd.LINK:
                links.append(name)
            elif isinstance(met, Problem):
                self.problems.append(_placed(met, prefix))
            else:
                with self.collecting(prefix):
                    self._judge_large(tree, name)
        self._judge_block(block, prefix)
        return links

    def _judge_block(self, block: Sequence[tuple[str, bytes]], prefix: str) -> None:
        """Judge files that were glanced at; most often they are foreign, and shown to be so all at once."""
        together = b"\n".join([data for _, data in block])
        if b"\0" in together or holds_ours(together):
            for name, data in block:
                self._judge(prefix + name, data, named=False)
        else:
            self._skipped += len(block)

    def _judge_large(self, tree: Tree, name: str) -> None:
        if any_holds_ours(tree.chunks(name)):
            raise JudgementError(too_large(name, LIMIT))
        self._skipped += 1

    def _judge(self, file: str, data: bytes, *, named: bool) -> None:
        if is_lfs_pointer(data):
            message = "found a Git LFS pointer instead of the file; run 'git lfs pull', or exclude it"
            self.problems.append(Problem("input", message, Location(file)))
        elif named or holds_ours(data):
            self._candidates.append(Candidate(file, data, named))
            if not named:
                self._snapshot.keep(file, data)
        else:
            self._skipped += 1

    def _follow(self, tree: Tree, link: str, prefix: str) -> None:
        target = tree.behind(link)
        if target is None:
            self._links += 1
        elif link.lower().endswith(SUFFIXES) and prefix + target not in self._seen and not tree.is_folder(target):
            self._seen.add(prefix + target)
            before = len(self.problems)
            if self._sift(tree, [target], prefix) or len(self.problems) > before:
                message = f"a link to '{prefix + target}', which is no file; correct the link, or remove it"
                self.problems[before:] = [Problem("input", message, Location(prefix + link))]


def _tree_of(worktree: WorkTree, name: str) -> WorkTree:
    """Give the tree that a folder is part of: this one, or another repository or folder."""
    if name == ".":
        return worktree
    other = open_worktree(os.path.join(worktree.top, name), worktree.cwd)
    is_inside = not name.startswith("../") and not os.path.isabs(name)
    return worktree if other.top == worktree.top or (is_inside and not other.is_git) else other


def _placed(problem: Problem, prefix: str) -> Problem:
    where = problem.location
    return problem if where is None else problem._replace(location=Location(prefix + where.file))


def _compile(patterns: Sequence[str], problems: list[Problem]) -> Excluded:
    if not patterns:
        return lambda _: False
    from pathspec import GitIgnoreSpec

    valid = []
    for pattern in patterns:
        if len(pattern) > _PATTERN_LENGTH or any(len(re.findall(r"\*+", it)) > _STARS for it in pattern.split("/")):
            message = f"exclude: found '{pattern[:60]}', expected at most {_STARS} '*' between slashes"
            problems.append(Problem("limit", message))
            continue
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error):
            message = f"exclude: found '{pattern}', expected a pattern as in a .gitignore"
            problems.append(Problem("configuration", message))
        else:
            valid.append(pattern)
    return GitIgnoreSpec.from_lines(valid).match_file
