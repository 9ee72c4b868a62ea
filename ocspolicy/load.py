"""The first half: everything is read and checked once, and judged as often as asked."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from .discovery import discover
from .errors import Problem
from .place import Location
from .reading import KINDS, Reading, read
from .settings import Settings

if TYPE_CHECKING:
    from .catalog import Catalog
    from .documents import Placed
    from .documents.deployment import Deployment
    from .documents.inventory import LicenseInventory
    from .documents.waivers import Waivers
    from .plugins import Plugins
    from .revision import Revision
    from .snapshot import WorkTree
    from .source import Source
    from .waivers import Waiver

GroupKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """What a command line asks to be read.

    `policy` is the revision that waivers (and, before this, the configuration) come from, `owned` that of the
    inventories; None for the working tree.
    """

    paths: tuple[str, ...]
    inventories: tuple[str, ...] = ()
    tracked: bool = False
    allow_local_plugins: bool = False
    no_waivers: bool = False
    policy: Revision | None = None
    owned: Revision | None = None


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
    waivers: tuple[Waiver, ...]
    sources: Mapping[str, Source]
    problems: tuple[Problem, ...]
    inventory_unread: bool
    skipped_files: int
    skipped_documents: int
    skipped_links: int


def load(worktree: WorkTree, settings: Settings, request: Request) -> Loaded:
    """Read all that a judgement needs; whatever cannot be read is among the problems."""
    reading = Reading()
    named = [*request.inventories, *_configured(worktree, settings, reading.problems)]
    found = discover(worktree, [*request.paths, *named], tracked=request.tracked, exclude=settings.exclude)
    reading.problems += found.problems
    # What cannot be read may have been an inventory.
    reading.inventory_unread = bool(reading.problems)
    kinds = set(KINDS)
    if request.policy is not None:
        kinds.discard("Waivers")
        _read_revision(request.policy, worktree, settings, request, {"Waivers"}, reading)
    if request.owned is not None:
        kinds.discard("LicenseInventory")
        _read_revision(request.owned, worktree, settings, request, {"LicenseInventory"}, reading)
    with _paused_collector():
        for candidate in found.candidates:
            read(candidate, reading, kinds)
    if request.owned is None:
        _expect_inventories(worktree, named, reading)
    plugins, catalog = None, None
    people: Mapping[frozenset[GroupKey], int] = {}
    alike: tuple[tuple[str, str, GroupKey], ...] = ()
    if reading.deployments or reading.inventories:
        plugins, catalog = _equip(worktree, settings, request, reading)
        from . import census

        if census.lists_people(reading.deployments):
            people, alike, unread = census.take(worktree, reading.deployments)
            reading.problems += unread
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
        waivers=() if request.no_waivers else _waivers(reading, request),
        sources=reading.sources,
        problems=tuple(reading.problems),
        inventory_unread=reading.inventory_unread,
        skipped_files=found.skipped + reading.foreign_files,
        skipped_documents=reading.foreign_documents,
        skipped_links=found.links,
    )


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Pause the garbage collector: trees of nodes make it look at everything again and again, and free nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_revision(  # noqa: PLR0913, PLR0917 -- all that says what is read, and where to
    revision: Revision,
    worktree: WorkTree,
    settings: Settings,
    request: Request,
    kinds: Collection[str],
    reading: Reading,
) -> None:
    """Read documents of some kinds from a git revision, below the same paths."""
    from .discovery import discover_at

    names = [worktree.name(path) or "." for path in request.paths]
    if "LicenseInventory" in kinds:
        names += [worktree.name(path) for path in request.inventories]
        names += [name for name in revision.files() if any(fnmatch(name, it) for it in settings.inventory)]
    found = discover_at(revision, names, exclude=settings.exclude)
    reading.problems += found.problems
    reading.inventory_unread |= bool(found.problems)
    for candidate in found.candidates:
        read(candidate, reading, kinds)


def _waivers(reading: Reading, request: Request) -> tuple[Waiver, ...]:
    """Gather the waivers of documents and of comments; a malformed comment is a problem."""
    stated = [waiver for placed in reading.waivers for waiver in _declared(placed)]
    for file, source in sorted(reading.sources.items()):
        if any("ignore" in comment.text for comment in source.comments):
            from . import in_place

            found, problems = in_place.read(source)
            reading.problems += problems
            approved = in_place.approved(request.policy, file, found) if request.policy is not None else found
            stated += [waiver for it in approved for waiver in it.waivers]
    return tuple(stated)


def _declared(placed: Placed[Waivers]) -> Iterator[Waiver]:
    from .waivers import Waiver

    for index, model in enumerate(placed.model.waivers):
        yield Waiver(
            rule=model.rule,
            reason=model.reason,
            expires=model.expires,
            location=placed.node.at(("waivers", index)).location,
            deployment=model.deployment,
            file=model.file,
            subject=model.subject,
            approved_by=model.approved_by,
            max_short=model.max_short,
        )


def validate(files: Sequence[str]) -> tuple[tuple[Problem, ...], int, int]:
    """Check the shape of files alone: the problems, and how many documents are ours and how many things are not."""
    if not files:
        return (), 0, 0
    from .snapshot import open_worktree
    from .verdict import with_excerpts

    worktree = open_worktree(files[0])
    reading = Reading()
    found = discover(worktree, files, tracked=False, exclude=())
    reading.problems += found.problems
    for candidate in found.candidates:
        read(candidate._replace(named=False), reading)
    ours = len(reading.deployments) + len(reading.inventories) + len(reading.waivers)
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


def _expect_inventories(worktree: WorkTree, named: Sequence[str], reading: Reading) -> None:
    """A file that is named as an inventory holds one, or the run cannot judge."""
    holding = {placed.node.file for placed in reading.inventories}
    failed = {problem.location.file for problem in reading.problems if problem.location}
    for path in named:
        file = worktree.name(path)
        if file not in holding and file not in failed:
            message = "found no 'kind: LicenseInventory' in a file named as an inventory, expected one"
            reading.problems.append(Problem("input", message, Location(file)))
            reading.inventory_unread = True


def _equip(worktree: WorkTree, settings: Settings, request: Request, reading: Reading) -> tuple[Plugins, Catalog]:
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
