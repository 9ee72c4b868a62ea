"""Which files the configuration names: patterns relative to its folder, inside the root since anybody may write it."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from .discovery import Tree
from .errors import Problem
from .place import Location
from .revision import Revision
from .settings import Settings

DEEP = "**"
LONGEST = 1000
WILD = re.compile(r"[*?\[]")


def files(
    key: str, settings: Settings, tree: Tree, problems: list[Problem], *, tracked: bool = False
) -> tuple[str, ...]:
    """Name the files of a tree that a key of the configuration names, relative to the root, in the order of patterns.

    Args:
        key: `inventory` or `catalogs`.
        settings: the configuration.
        tree: the working tree, or the revision that the key is read for.
        problems: grows by the patterns that lead outside, or to no file.
        tracked: whether a pattern stands only for what git tracks.
    """
    found: dict[str, None] = {}
    where = Location(settings.file or "")
    for pattern in getattr(settings, key):
        place = posixpath.normpath(posixpath.join(settings.folder, pattern))
        wrong = _wrong(key, pattern, place)
        matches = [] if wrong else sorted(_matches(tree, place, tracked=tracked))
        if not wrong and not matches:
            wrong = f"{key}: found no file that matches '{pattern}'"
        if wrong:
            problems.append(Problem("configuration", wrong, where))
        found.update(dict.fromkeys(matches))
    return tuple(found)


def _wrong(key: str, pattern: str, place: str) -> str | None:
    if place.startswith(("../", "/")) or place == "..":
        elsewhere = "; name others with --inventory" if key == "inventory" else ""
        return f"{key}: found '{pattern}', expected a path inside the root{elsewhere}"
    if len(pattern) > LONGEST:
        return f"{key}: found '{pattern[:60]}…', expected at most {LONGEST} characters"
    return None


def _matches(tree: Tree, place: str, *, tracked: bool) -> Iterable[str]:
    if not WILD.search(place):
        untracked = tracked and not isinstance(tree, Revision) and not tree.is_tracked(place)
        return [place] if _stands(tree, place) and not untracked else []
    # Never the disk itself: links would lead a search out of the root, or around in it for hours.
    names = tree.files() if isinstance(tree, Revision) else tree.files(tracked=tracked)
    pattern = place.split("/")
    return (name for name in names if _fits(name.split("/"), pattern))


def _stands(tree: Tree, place: str) -> bool:
    if isinstance(tree, Revision):
        return tree.has(place)
    path = os.path.join(tree.top, place)
    return "\0" not in place and os.path.lexists(path) and not os.path.isdir(path)


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a path fits a pattern, as `glob` would say: no wildcard stands for a name that begins with a dot."""
    reached = _skipping({0}, pattern)
    for part in parts:
        hidden = part.startswith(".")
        onward = set()
        for at in reached:
            head = pattern[at] if at < len(pattern) else ""
            if head == DEEP:
                onward |= set() if hidden else {at}
            elif head and fnmatchcase(part, head) and (not hidden or head.startswith(".")):
                onward.add(at + 1)
        reached = _skipping(onward, pattern)
    return len(pattern) in reached


def _skipping(reached: set[int], pattern: Sequence[str]) -> set[int]:
    """Add the places behind each `**`, which may stand for nothing."""
    for at, part in enumerate(pattern):
        if at in reached and part == DEEP:
            reached.add(at + 1)
    return reached
