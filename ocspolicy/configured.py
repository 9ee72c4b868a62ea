"""Which files the configuration names: patterns relative to its folder, inside the root since anybody may write it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from .discovery import Tree
from .errors import Problem
from .place import Location
from .revision import Revision
from .settings import Settings

DEEP = "**"
MOST_DEEP = 2  # each further one multiplies the time that matching takes


def files(key: str, settings: Settings, tree: Tree, problems: list[Problem]) -> tuple[str, ...]:
    """Name the files of a tree that a key of the configuration names, relative to the root, in the order of patterns.

    Args:
        key: `inventory` or `catalogs`.
        settings: the configuration.
        tree: the working tree, or the revision that the key is read for.
        problems: grows by the patterns that lead outside, or to no file.
    """
    found: dict[str, None] = {}
    where = Location(settings.file or "")
    for pattern in getattr(settings, key):
        place = posixpath.normpath(posixpath.join(settings.folder, pattern))
        wrong = _wrong(key, pattern, place)
        matches = [] if wrong else sorted(_matches(tree, place))
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
    if place.split("/").count(DEEP) > MOST_DEEP:
        return f"{key}: found '{pattern[:60]}', expected at most {MOST_DEEP} '{DEEP}'"
    return None


def _matches(tree: Tree, place: str) -> Iterable[str]:
    if isinstance(tree, Revision):
        pattern = place.split("/")
        return (name for name in tree.files() if _fits(name.split("/"), pattern))
    from glob import glob

    return glob(place, root_dir=tree.top, recursive=True)


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a path fits a pattern, as `glob` would say: no wildcard stands for a name that begins with a dot."""
    if not pattern:
        return not parts
    head, rest = pattern[0], pattern[1:]
    hidden = bool(parts) and parts[0].startswith(".")
    if head == DEEP:
        return _fits(parts, rest) or (bool(parts) and not hidden and _fits(parts[1:], pattern))
    named = bool(parts) and fnmatchcase(parts[0], head) and (not hidden or head.startswith("."))
    return named and _fits(parts[1:], rest)
