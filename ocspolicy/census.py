"""Who is in which groups: the people of all deployments, each counted once."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from .errors import JudgementError, Problem
from .place import Location, folded

if TYPE_CHECKING:
    from .documents import Placed
    from .documents.deployment import Deployment, Group
    from .snapshot import WorkTree
    from .source import Node

GroupKey = tuple[str, str]


class Census(NamedTuple):
    """How many people are in exactly these groups, and which identities look alike."""

    classes: dict[frozenset[GroupKey], int]
    look_alikes: tuple[tuple[str, str, GroupKey], ...]
    problems: tuple[Problem, ...]


def take(
    worktree: WorkTree,
    deployments: Sequence[Placed[Deployment]],
    progress: Callable[[str, int], None] | None = None,
) -> Census:
    """Read the people of all groups that list them; a file that cannot be read is a problem.

    Args:
        progress: is told now and then which file is being read, and how many lines of it have been.
    """
    from .people import Roll

    listed = list(_listed(deployments))
    keys = sorted({key for key, _, _ in listed})
    number = {key: index for index, key in enumerate(keys)}
    roll = Roll()
    problems: list[Problem] = []
    for key, group, node in listed:
        try:
            roll.add(number[key], _identities(worktree, group, node, progress))
        except JudgementError as error:
            problems += error.problems
    classes = {frozenset(keys[index] for index in groups): count for groups, count in roll.classes().items()}
    alike = tuple((pair.first, pair.second, keys[pair.groups[0]]) for pair in roll.look_alikes())
    return Census(classes, alike, tuple(problems))


def lists_people(deployments: Iterable[Placed[Deployment]]) -> bool:
    """Tell whether any group lists people; a plain count needs no reading."""
    return any(True for _ in _listed(deployments))


def _listed(deployments: Iterable[Placed[Deployment]]) -> Iterator[tuple[GroupKey, Group, Node]]:
    for placed in deployments:
        for index, group in enumerate(placed.model.users):
            if group.members is not None or group.from_ is not None:
                key = (folded(placed.model.metadata.name), folded(group.group))
                yield key, group, placed.node.at(("users", index))


def _identities(
    worktree: WorkTree, group: Group, node: Node, progress: Callable[[str, int], None] | None
) -> Iterator[str]:
    from .people import fold, identity_fault, read_identities

    if group.from_ is None:
        faults: list[Problem] = []
        for index, member in enumerate(group.members or ()):
            identity = fold(member)
            fault = identity_fault(identity)
            if fault is None:
                yield identity
            else:
                faults.append(Problem("input", fault, node.at(("members", index)).location))
        if faults:
            raise JudgementError(*faults)
        return
    file = _beside(node.file, group.from_.path, node.at(("from", "path")).location)
    with worktree.open(file) as stream:
        yield from read_identities(
            stream,
            file,
            identity=group.from_.identity,
            where=group.from_.where,
            progress=partial(progress, file) if progress is not None else None,
        )


def _beside(manifest: str, path: str, where: Location) -> str:
    """Resolve a path beside a manifest; it may not leave the root."""
    if path.startswith(("/", "\\")) or path[1:2] == ":":
        message = f"found absolute path '{path[:60]}', expected one relative to this file"
        raise JudgementError(Problem("input", message, where))
    file = posixpath.normpath(posixpath.join(posixpath.dirname(manifest), path.replace("\\", "/")))
    if file == ".." or file.startswith("../"):
        message = f"found path '{path[:60]}' that leaves the root, expected one inside it"
        raise JudgementError(Problem("input", message, where))
    return file
