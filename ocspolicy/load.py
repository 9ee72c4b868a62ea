"""The first half: everything is read and checked once, and judged as often as asked."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .discovery import Candidate, discover
from .errors import JudgementError, Problem
from .place import Location, folded
from .settings import Settings

if TYPE_CHECKING:
    from .catalog import Catalog
    from .documents import Placed
    from .documents.deployment import Deployment
    from .documents.inventory import LicenseInventory
    from .plugins import Plugins
    from .snapshot import WorkTree
    from .source import Source

GroupKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """What a command line asks to be read."""

    paths: tuple[str, ...]
    inventories: tuple[str, ...] = ()
    tracked: bool = False
    allow_local_plugins: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was read: documents, people, catalog, plugins, and what could not be read.

    `people` says how many people are in exactly these groups (folded names of deployment and group).
    """

    settings: Settings
    root: str
    whole_root: bool
    deployments: tuple[Placed[Deployment], ...]
    inventories: tuple[Placed[LicenseInventory], ...]
    people: Mapping[frozenset[GroupKey], int]
    look_alikes: tuple[tuple[str, str, GroupKey], ...]
    catalog: Catalog | None
    plugins: Plugins | None
    sources: Mapping[str, Source]
    problems: tuple[Problem, ...]
    inventory_unread: bool
    skipped_files: int
    skipped_documents: int
    skipped_links: int


@dataclass(slots=True)
class _Reading:
    """What has been read so far; grows while the files are gone through."""

    deployments: list[Any] = field(default_factory=list)
    inventories: list[Any] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    inventory_unread: bool = False
    foreign_files: int = 0
    foreign_documents: int = 0


def load(worktree: WorkTree, settings: Settings, request: Request) -> Loaded:
    """Read all that a judgement needs; whatever cannot be read is among the problems."""
    reading = _Reading()
    named = [*request.inventories, *_configured(worktree, settings, reading.problems)]
    found = discover(worktree, [*request.paths, *named], tracked=request.tracked, exclude=settings.exclude)
    reading.problems += found.problems
    # What cannot be read may have been an inventory.
    reading.inventory_unread = bool(reading.problems)
    paused = gc.isenabled()
    gc.disable()
    try:
        for candidate in found.candidates:
            _read(candidate, reading)
    finally:
        if paused:
            gc.enable()
    _expect_inventories(worktree, named, reading)
    plugins, catalog = None, None
    people: Mapping[frozenset[GroupKey], int] = {}
    alike: tuple[tuple[str, str, GroupKey], ...] = ()
    if reading.deployments or reading.inventories:
        plugins, catalog = _equip(worktree, settings, request, reading)
        people, alike = _people(worktree, reading)
    return Loaded(
        settings=settings,
        root=str(worktree.root),
        whole_root=any(worktree.name(path) in {"", "."} for path in request.paths),
        deployments=tuple(reading.deployments),
        inventories=tuple(sorted(reading.inventories, key=lambda it: (it.node.file, it.node.line))),
        people=people,
        look_alikes=alike,
        catalog=catalog,
        plugins=plugins,
        sources=reading.sources,
        problems=tuple(reading.problems),
        inventory_unread=reading.inventory_unread,
        skipped_files=found.skipped + reading.foreign_files,
        skipped_documents=reading.foreign_documents,
        skipped_links=found.links,
    )


def validate(files: Sequence[str]) -> tuple[tuple[Problem, ...], int, int]:
    """Check the shape of files alone: the problems, and how many documents are ours and how many things are not."""
    if not files:
        return (), 0, 0
    from .snapshot import open_worktree
    from .verdict import with_excerpts

    worktree = open_worktree(files[0])
    reading = _Reading()
    found = discover(worktree, files, tracked=False, exclude=())
    reading.problems += found.problems
    for candidate in found.candidates:
        _read(candidate._replace(named=False), reading)
    ours = len(reading.deployments) + len(reading.inventories)
    passed_over = found.skipped + found.links + reading.foreign_files + reading.foreign_documents
    return with_excerpts(reading.sources, reading.problems), ours, passed_over


def _configured(worktree: WorkTree, settings: Settings, problems: list[Problem]) -> Iterator[str]:
    """Name the inventory files of the configuration; they lie in the root, since a pull request may write it."""
    import posixpath
    from glob import glob

    for pattern in settings.inventory:
        place = posixpath.normpath(posixpath.join(settings.folder, pattern))
        where = Location(settings.file or "")
        if place.startswith(("../", "/")) or place == "..":
            message = f"inventory: found '{pattern}', expected a path inside the root; name others with --inventory"
            problems.append(Problem("configuration", message, where))
            continue
        matches = sorted(glob(place, root_dir=worktree.root, recursive=True))
        if not matches:
            problems.append(Problem("configuration", f"inventory: found no file that matches '{pattern}'", where))
        yield from (str(worktree.root / match) for match in matches)


def _expect_inventories(worktree: WorkTree, named: Sequence[str], reading: _Reading) -> None:
    """A file that is named as an inventory holds one, or the run cannot judge."""
    holding = {placed.node.file for placed in reading.inventories}
    failed = {problem.location.file for problem in reading.problems if problem.location}
    for path in named:
        file = worktree.name(path)
        if file not in holding and file not in failed:
            message = "found no 'kind: LicenseInventory' in a file named as an inventory, expected one"
            reading.problems.append(Problem("input", message, Location(file)))
            reading.inventory_unread = True


def _read(candidate: Candidate, reading: _Reading) -> None:
    """Parse one file and keep its documents of ours."""
    from .documents.ownership import kind_of
    from .source import parse

    source = parse(candidate.data, candidate.file)
    before = len(reading.problems)
    ours = 0
    if source.problem is not None and (candidate.named or _means_us(candidate.data)):
        reading.problems.append(source.problem)
    for document in source.documents:
        kind = kind_of(document.root)
        if kind is None:
            continue
        ours += 1
        if isinstance(kind, Problem):
            reading.problems.append(kind)
        elif document.problems:
            reading.problems += document.problems
        else:
            _keep(kind, document.root, reading)
    failed = len(reading.problems) > before
    if ours or failed:
        reading.sources[candidate.file] = source
        reading.foreign_documents += len(source.documents) - ours
    else:
        reading.foreign_files += 1
    if failed and (b"licenseinventory" in candidate.data.lower() or b"\0" in candidate.data):
        reading.inventory_unread = True


def _means_us(data: bytes) -> bool:
    """Tell whether a file that is no YAML has our word in an apiVersion: a syntax error must not open the gate."""
    import re

    text = data.replace(b"\0", b"") if b"\0" in data else data
    return re.search(rb"""apiversion["']?\s*:\s*["']?\s*ocspolicy""", text, re.IGNORECASE) is not None


def _keep(kind: str, root: Any, reading: _Reading) -> None:  # noqa: ANN401 -- a Node, whose module is loaded late
    from .documents import Placed, consistency
    from .documents.shape import check

    if kind == "Deployment":
        from .documents.deployment import Deployment

        deployment = check(Deployment, root)
        if isinstance(deployment, list):
            reading.problems += deployment
            return
        reading.problems += consistency.deployment_problems(Placed(deployment, root))
        reading.deployments.append(Placed(deployment, root))
    else:
        from .documents.inventory import LicenseInventory

        inventory = check(LicenseInventory, root)
        if isinstance(inventory, list):
            reading.problems += inventory
            return
        reading.problems += consistency.inventory_problems(Placed(inventory, root))
        reading.inventories.append(Placed(inventory, root))


def _equip(worktree: WorkTree, settings: Settings, request: Request, reading: _Reading) -> tuple[Plugins, Catalog]:
    """Load plugins and catalogs, and check what only all documents together show."""
    from . import plugins
    from .catalog import Catalog
    from .documents import consistency

    reading.problems += consistency.doubled_deployments(reading.deployments)
    reading.problems += consistency.doubled_lines(reading.inventories)
    loaded, problems = plugins.load(
        settings.plugins,
        settings.required_plugins,
        str(worktree.root),
        allow_local=request.allow_local_plugins,
    )
    reading.problems += problems
    return loaded, Catalog.builtin()


def _people(
    worktree: WorkTree, reading: _Reading
) -> tuple[dict[frozenset[GroupKey], int], tuple[tuple[str, str, GroupKey], ...]]:
    """Read the people of all groups; one who is met in several groups is one person."""
    listed = [
        (group, placed.model, placed.node.at(("users", index)))
        for placed in reading.deployments
        for index, group in enumerate(placed.model.users)
        if group.members is not None or group.from_ is not None
    ]
    if not listed:
        return {}, ()
    from .people import Roll

    keys = sorted({(folded(model.metadata.name), folded(group.group)) for group, model, _ in listed})
    number = {key: index for index, key in enumerate(keys)}
    roll = Roll()
    for group, model, node in listed:
        try:
            roll.add(number[folded(model.metadata.name), folded(group.group)], _identities(worktree, group, node))
        except JudgementError as error:
            reading.problems += error.problems
    classes = {frozenset(keys[index] for index in groups): count for groups, count in roll.classes().items()}
    alike = tuple((pair.first, pair.second, keys[pair.groups[0]]) for pair in roll.look_alikes())
    return classes, alike


def _identities(worktree: WorkTree, group: Any, node: Any) -> Iterator[str]:  # noqa: ANN401 -- models are loaded late
    from .people import fold, identity_fault, read_identities

    if group.from_ is None:
        for index, member in enumerate(group.members):
            identity = fold(member)
            fault = identity_fault(identity)
            if fault is not None:
                raise JudgementError(Problem("input", fault, node.at(("members", index)).location))
            yield identity
        return
    file = _beside(node.file, group.from_.path, node.at(("from", "path")).location)
    with worktree.open(file) as stream:
        yield from read_identities(stream, file, identity=group.from_.identity, where=group.from_.where)


def _beside(manifest: str, path: str, where: Location) -> str:
    """Resolve a path beside a manifest; it may not leave the root."""
    import posixpath

    if path.startswith(("/", "\\")) or path[1:2] == ":":
        raise JudgementError(
            Problem("input", f"found absolute path '{path[:60]}', expected one relative to this file", where)
        )
    file = posixpath.normpath(posixpath.join(posixpath.dirname(manifest), path.replace("\\", "/")))
    if file == ".." or file.startswith("../"):
        raise JudgementError(
            Problem("input", f"found path '{path[:60]}' that leaves the root, expected one inside it", where)
        )
    return file
