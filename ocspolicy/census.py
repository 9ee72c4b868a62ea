"""Who is in which groups: the people of all deployments, each counted once."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from .errors import JudgementError, Problem
from .place import folded

if TYPE_CHECKING:
    from .documents import Placed
    from .documents.deployment import Deployment, Group
    from .snapshot import WorkTree
    from .source import Node

GroupKey = tuple[str, str]
Members = Mapping[frozenset[GroupKey], Sequence[str]]


class ListRead(NamedTuple):
    """A list of people that was read: its file, the group it is for, and how many distinct people are in it.

    `chosen` tells whether `where` chose among its rows.
    """

    file: str
    deployment: str
    group: str
    people: int
    chosen: bool


class Census(NamedTuple):
    """How many people are in exactly these groups, which identities look alike, and what was read to know.

    `members` names those in exactly these groups, if that was asked for.
    """

    classes: dict[frozenset[GroupKey], int]
    look_alikes: tuple[tuple[str, str, GroupKey], ...]
    lists: tuple[ListRead, ...]
    problems: tuple[Problem, ...]
    members: Members


def take(
    worktree: WorkTree,
    deployments: Sequence[Placed[Deployment]],
    progress: Callable[[str, int], None] | None = None,
    *,
    named: bool = False,
) -> Census:
    """Read the people of all groups that list them; a file that cannot be read is a problem.

    Args:
        progress: is told now and then which file is being read, and how many lines of it have been.
        named: whether to keep the identities.
    """
    from .people import Roll

    listed = list(_listed(deployments))
    keys = sorted({key for key, *_ in listed})
    number = {key: index for index, key in enumerate(keys)}
    roll = Roll()
    problems: list[Problem] = []
    lists: list[ListRead] = []
    for key, deployment, group, node in listed:
        try:
            count = roll.add(number[key], _identities(worktree, group, node, progress))
            if group.from_ is not None:
                chosen = bool(group.from_.where)
                lists.append(ListRead(_beside(node, group.from_.path), deployment, group.group, count, chosen))
        except JudgementError as error:
            problems += error.problems
    classes = {frozenset(keys[index] for index in groups): count for groups, count in roll.classes().items()}
    alike = tuple((pair.first, pair.second, keys[pair.groups[0]]) for pair in roll.look_alikes())
    members = roll.members() if named else {}
    by_key = {frozenset(keys[index] for index in groups): people for groups, people in members.items()}
    return Census(classes, alike, tuple(lists), tuple(problems), by_key)


def lists_people(deployments: Iterable[Placed[Deployment]]) -> bool:
    """Tell whether any group lists people; a plain count needs no reading."""
    return any(True for _ in _listed(deployments))


def _listed(deployments: Iterable[Placed[Deployment]]) -> Iterator[tuple[GroupKey, str, Group, Node]]:
    for placed in deployments:
        name = placed.model.metadata.name
        for index, group in enumerate(placed.model.users):
            if group.members is not None or group.from_ is not None:
                yield (folded(name), folded(group.group)), name, group, placed.node.at(("users", index))


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
    file = _beside(node, group.from_.path)
    with worktree.open(file) as stream:
        yield from read_identities(
            stream,
            file,
            identity=group.from_.identity,
            where=group.from_.where,
            progress=partial(progress, file) if progress is not None else None,
        )


def _beside(group: Node, path: str) -> str:
    """Resolve a group's path beside its manifest; it may not leave the root."""
    where = group.at(("from", "path")).location
    if path.startswith(("/", "\\")) or path[1:2] == ":":
        message = f"found absolute path '{path[:60]}', expected one relative to this file"
        raise JudgementError(Problem("input", message, where))
    file = posixpath.normpath(posixpath.join(posixpath.dirname(group.file), path.replace("\\", "/")))
    if file == ".." or file.startswith("../"):
        message = f"found path '{path[:60]}' that leaves the root, expected one inside it"
        raise JudgementError(Problem("input", message, where))
    return file
