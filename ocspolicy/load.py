"""The first half: everything is read and checked once, and judged as often as asked."""

from __future__ import annotations

import gc
import os
import posixpath
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from . import configured
from .discovery import Candidate, Discovery, discover
from .errors import JudgementError, Problem
from .place import Location, folded
from .reading import KINDS, Reading, read, with_excerpts
from .settings import Settings

if TYPE_CHECKING:
    from .catalog import Catalog
    from .census import ListRead, Members
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

# What --policy-from and --inventory-from take from a revision instead of the working tree.
POLICY = frozenset({"Waivers", "Catalog"})
OWNED = frozenset({"LicenseInventory"})

# The file in the root whose waivers count for every check, whatever its paths are.
STANDING = "ocspolicy-waivers.yaml"


class Request(NamedTuple):
    """What a command line asks to be read.

    `policy` is the revision that waivers, catalogs (and, before this, the configuration) come from, `owned` that of the
    inventories; None for the working tree. `named` asks for the identities of people, which are only counted otherwise.
    """

    paths: tuple[str, ...]
    inventories: tuple[str, ...] = ()
    tracked: bool = False
    allow_local_plugins: bool = False
    no_waivers: bool = False
    policy: Revision | None = None
    owned: Revision | None = None
    progress: Callable[[str, int], None] | None = None
    named: bool = False


class Loaded(NamedTuple):
    """All that was read: documents, people, catalog, plugins, and what could not be read.

    `people` says how many people are in exactly these groups (folded names of deployment and group), `members` who they
    are, if that was asked for. `unsound` are
    the deployments that contradict themselves or another one: what is wrong in them is said, and they are not judged.
    """

    settings: Settings
    root: str
    whole_root: bool
    scope: tuple[str, ...]
    deployments: tuple[Placed[Deployment], ...]
    unsound: tuple[Placed[Deployment], ...]
    inventories: tuple[Placed[LicenseInventory], ...]
    people: Mapping[frozenset[GroupKey], int]
    members: Members
    look_alikes: tuple[tuple[str, str, GroupKey], ...]
    lists: tuple[ListRead, ...]
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
    found, of_terms = _gather(worktree, settings, request, reading)
    plugins, catalog = None, None
    people: Mapping[frozenset[GroupKey], int] = {}
    members: Members = {}
    alike: tuple[tuple[str, str, GroupKey], ...] = ()
    lists: tuple[ListRead, ...] = ()
    if reading.deployments or reading.unsound or reading.inventories:
        plugins = _equip(worktree, settings, request, reading)
        catalog = _terms(of_terms, plugins, reading)
        from . import census

        if census.lists_people(reading.deployments):
            people, alike, lists, unread, members = census.take(
                worktree, reading.deployments, request.progress, named=request.named
            )
            reading.problems += [*unread, *(_untracked(worktree, lists) if request.tracked else ())]
        if census.lists_people(reading.unsound):
            reading.problems += census.take(worktree, reading.unsound, request.progress).problems
    scope = tuple(sorted({worktree.name(path) for path in request.paths}))
    return Loaded(
        settings=settings,
        root=str(worktree.root),
        whole_root="." in scope,
        scope=scope,
        deployments=tuple(reading.deployments),
        unsound=tuple(reading.unsound),
        inventories=tuple(sorted(reading.inventories, key=lambda it: (it.node.file, it.node.line))),
        people=people,
        members=members,
        look_alikes=alike,
        lists=lists,
        catalog=catalog,
        plugins=plugins,
        waivers=() if request.no_waivers else _stated_waivers(reading, request),
        # Two texts under one name: lines of the one would be shown for places in the other.
        sources={file: source for file, source in reading.sources.items() if file not in reading.twofold},
        problems=tuple(reading.problems),
        inventory_unread=reading.inventory_unread,
        skipped_files=found.skipped + reading.foreign_files,
        skipped_documents=reading.foreign_documents,
        skipped_links=found.links,
    )


def _gather(
    worktree: WorkTree, settings: Settings, request: Request, reading: Reading
) -> tuple[Discovery, frozenset[str]]:
    """Find and read all documents; name the files whose catalogs count."""
    catalogs = configured.files(
        "catalogs", settings, request.policy or worktree, reading.problems, tracked=request.tracked
    )
    reading.catalog_unread = bool(reading.problems)
    inventories = configured.files(
        "inventory", settings, request.owned or worktree, reading.problems, tracked=request.tracked
    )
    owned = [] if request.owned else [*request.inventories, *_paths(worktree, inventories)]
    terms = [] if request.policy else _paths(worktree, catalogs)
    found = discover(worktree, [*request.paths, *owned, *terms], tracked=request.tracked, exclude=settings.exclude)
    reading.problems += found.problems
    # What cannot be read may have been an inventory.
    reading.inventory_unread = bool(reading.problems)
    kinds = set(KINDS)
    below = [worktree.name(path) or "." for path in request.paths]
    if request.policy is not None:
        kinds -= POLICY
        _read_revision(request.policy, [*below, *catalogs, STANDING], settings, POLICY, reading)
    if request.owned is not None:
        kinds -= OWNED
        names = [worktree.name(path) for path in request.inventories]
        reading.problems += _absent(request.owned, names)
        _read_revision(request.owned, [*below, *names, *inventories], settings, OWNED, reading)
    with _paused_collector():
        for candidate in found.candidates:
            read(candidate, reading, kinds)
        if request.policy is None and all(it.file != STANDING for it in found.candidates):
            _read_standing(worktree, request, reading)
    if request.owned is None:
        holding = {placed.node.file for placed in reading.inventories}
        reading.inventory_unread |= _lacking("LicenseInventory", map(worktree.name, owned), holding, reading)
    counted = frozenset(catalogs if request.policy else map(worktree.name, terms))
    _look_for_catalogs(counted, reading)
    return found, counted


def _look_for_catalogs(named: Collection[str], reading: Reading) -> None:
    """Say which of the files named for catalogs holds none; the terms are not known then."""
    holding = {placed.node.file for placed in reading.catalogs}
    reading.catalog_unread |= _lacking("Catalog", sorted(named), holding, reading)


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


def _read_revision(
    revision: Revision, names: Sequence[str], settings: Settings, kinds: Collection[str], reading: Reading
) -> None:
    """Read documents of some kinds from a git revision."""
    from .discovery import discover_at

    found = discover_at(revision, names, exclude=settings.exclude)
    reading.problems += found.problems
    reading.inventory_unread |= bool(found.problems)
    for candidate in found.candidates:
        read(candidate, reading, kinds)


def _absent(revision: Revision, names: Iterable[str]) -> Iterator[Problem]:
    """Say which files and folders that a person named are not in the revision that inventories come from."""
    for name in names:
        if not revision.has(name) and not revision.is_folder(name):
            message = (
                f"found no such file in revision '{revision.revision}', which --inventory-from asks to take it from"
            )
            yield Problem("input", message, Location(name))


def _untracked(worktree: WorkTree, lists: Iterable[ListRead]) -> Iterator[Problem]:
    """Say which lists of people are on this disk only: whoever clones the repository would not have them."""
    for it in lists:
        if not worktree.is_tracked(it.file):
            message = f"found a list of people for group '{it.group}' that git does not track, expected it tracked"
            yield Problem("input", f"{message} with --tracked; run 'git add'", Location(it.file))


def _read_standing(worktree: WorkTree, request: Request, reading: Reading) -> None:
    """Read the waivers in the root that count whatever is checked; other kinds of documents there wait to be named."""
    if not os.path.lexists(os.path.join(worktree.top, STANDING)):
        return
    try:
        # A link out of the tree is passed over, as everywhere.
        inside = worktree.behind(STANDING) is not None
        if inside and (not request.tracked or worktree.is_tracked(STANDING)):
            read(Candidate(STANDING, worktree.read(STANDING), named=False), reading, {"Waivers"})
    except JudgementError as error:
        reading.problems += error.problems


def _stated_waivers(reading: Reading, request: Request) -> tuple[Waiver, ...]:
    """Gather the waivers of documents and of comments; a malformed comment is a problem."""
    stated = [waiver for placed in reading.waivers for waiver in _declared(placed)]
    for file, source in sorted(reading.sources.items()):
        if any(_may_waive(comment.text.lower()) for comment in source.comments):
            from . import in_place

            found, problems = in_place.read(source)
            reading.problems += problems
            if request.policy is not None:
                found = in_place.approved(request.policy, file, found)
            if request.owned is not None and file in reading.twofold:
                found = in_place.approved(request.owned, file, found, in_line=True)
            stated += [waiver for it in found for waiver in it.waivers]
    return tuple(stated)


def _may_waive(comment: str) -> bool:
    return "ignor" in comment or "ocspolicy" in comment


def _declared(placed: Placed[Waivers]) -> Iterator[Waiver]:
    from .waivers import Waiver

    for index, model in enumerate(placed.model.waivers):
        yield Waiver(
            rule=model.rule,
            reason=model.reason,
            expires=model.expires,
            location=placed.node.at(("waivers", index)).location,
            deployment=model.deployment,
            file=posixpath.normpath(model.file) if model.file else None,
            subject=model.subject,
            approved_by=model.approved_by,
            max_short=model.max_short,
        )


def validate(files: Sequence[str]) -> tuple[tuple[Problem, ...], int, int]:
    """Check the shape of files alone: the problems, and how many documents are ours and how many things are not."""
    if not files:
        return (), 0, 0
    from .snapshot import open_worktree

    worktree = open_worktree(files[0])
    reading = Reading()
    found = discover(worktree, files, tracked=False, exclude=())
    reading.problems += found.problems
    for candidate in found.candidates:
        read(candidate._replace(named=False), reading)
    kept = (reading.deployments, reading.unsound, reading.inventories, reading.waivers, reading.catalogs)
    ours = sum(len(documents) for documents in kept)
    passed_over = found.skipped + found.links + reading.foreign_files + reading.foreign_documents
    return with_excerpts(reading.sources, reading.problems), ours, passed_over


def _paths(worktree: WorkTree, names: Iterable[str]) -> list[str]:
    return [os.path.join(worktree.top, name) for name in names]


def _lacking(kind: str, files: Iterable[str], holding: Collection[str], reading: Reading) -> bool:
    """Tell whether any file that is named for documents of a kind could not be read, or holds none."""
    failed = {problem.location.file for problem in reading.problems if problem.location}
    what = "an inventory" if kind == "LicenseInventory" else "a catalog"
    lacking = False
    for file in files:
        if file not in holding and file not in failed:
            message = f"found no 'kind: {kind}' in a file named as {what}, expected one"
            reading.problems.append(Problem("input", message, Location(file)))
        lacking |= file not in holding or file in failed
    return lacking


def _terms(named: Collection[str], plugins: Plugins, reading: Reading) -> Catalog | None:
    """Put the terms together; None where any catalog is wrong, since no need can be measured then.

    A catalog that is merely come across changes no terms, since a pull request may bring it; and it is not passed
    over in silence, since it was meant to.
    """
    stray = [placed for placed in reading.catalogs if placed.node.file not in named]
    for placed in stray:
        message = (
            "found a catalog that 'catalogs' in the configuration does not name; "
            "name it there if its terms are to count, or exclude it"
        )
        reading.problems.append(Problem("configuration", message, placed.node.at(("kind",)).location))
    if stray or reading.catalog_unread or plugins.catalogs is None:
        return None
    if not reading.catalogs and not plugins.catalogs:
        from .catalog import Catalog

        return Catalog.builtin()
    from . import terms

    counted = sorted(reading.catalogs, key=lambda it: (it.node.file, it.node.line))
    catalog, problems = terms.assemble(plugins.catalogs, counted)
    reading.problems += problems
    return catalog


def read_terms(worktree: WorkTree | None, settings: Settings, plugins: Plugins) -> tuple[Catalog | None, list[Problem]]:
    """Put the terms alone together, as a judgement would; None where any catalog is wrong, and what is wrong."""
    reading = Reading()
    named: tuple[str, ...] = ()
    if worktree is not None and settings.catalogs:
        named = configured.files("catalogs", settings, worktree, reading.problems)
        found = discover(worktree, _paths(worktree, named), tracked=False, exclude=settings.exclude)
        reading.problems += found.problems
        reading.catalog_unread = bool(reading.problems)
        for candidate in found.candidates:
            read(candidate, reading, {"Catalog"})
        _look_for_catalogs(named, reading)
    return _terms(named, plugins, reading), reading.problems


def _part_with_doubled(reading: Reading) -> None:
    """Judge no deployment whose name another one bears, too: which of them is meant, nobody can tell."""
    from .documents import consistency

    named = [*reading.deployments, *reading.unsound]
    reading.problems += consistency.doubled_deployments(named)
    bearers = Counter(folded(placed.model.metadata.name) for placed in named)
    reading.unsound += [it for it in reading.deployments if bearers[folded(it.model.metadata.name)] > 1]
    reading.deployments = [it for it in reading.deployments if bearers[folded(it.model.metadata.name)] == 1]


def _equip(worktree: WorkTree, settings: Settings, request: Request, reading: Reading) -> Plugins:
    """Load plugins, and check what only all documents together show."""
    from . import plugins
    from .documents import consistency

    _part_with_doubled(reading)
    doubled = list(consistency.doubled_lines(reading.inventories))
    reading.problems += doubled
    reading.inventory_unread |= bool(doubled)
    loaded, problems = plugins.load(
        settings.plugins,
        settings.required_plugins,
        str(worktree.root),
        allow_local=request.allow_local_plugins,
    )
    reading.problems += problems
    return loaded
