"""What is there before a first estate is written: documents of ours, the configuration that counts, git, its hooks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..errors import JudgementError
from ..place import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..load import Loaded
    from ..settings import Settings
    from ..snapshot import WorkTree
    from ..source import Node

MANIFEST = "estate.yaml"
INVENTORY = "licenses.yaml"
CONFIGURATION = "ocspolicy.toml"
HOOKS = ".pre-commit-config.yaml"
SCHEMAS = (".ocspolicy/deployment.schema.json", ".ocspolicy/license-inventory.schema.json")


class Hooks(NamedTuple):
    """What a configuration of pre-commit says: the ids of its hooks, and how its list `repos` is written."""

    ids: frozenset[str]
    repos: Literal["block", "flow", "none"]


class Surroundings(NamedTuple):
    """What is there, as absolute paths.

    `top` is that of the git repository, None outside any. `deployments` and `inventories` are files in the folder that
    hold some; `names` those of the deployments of the whole repository, folded, `owned` whether it has any inventory.
    `configuration` is the file that counts here, `stated` its keys where it is a pyproject.toml, `exclude` its patterns
    of what is not looked at. `hooks` is the configuration of pre-commit. `existing` names what init would write, where
    something of that name is there.
    """

    folder: str
    top: str | None
    deployments: tuple[str, ...] = ()
    inventories: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    owned: bool = False
    configuration: str | None = None
    stated: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()
    hooks: Hooks | None = None
    existing: frozenset[str] = frozenset()

    @property
    def home(self) -> str:
        """The folder in which pre-commit looks for its configuration."""
        return self.top or self.folder


def look(folder: str) -> Surroundings:
    """Look at what is there.

    Args:
        folder: a real path; it need not be there yet.

    Raises:
        JudgementError: something of it cannot be read, so that nobody can tell what is missing.
    """
    from ..snapshot import open_worktree

    worktree = open_worktree(folder)
    top = worktree.top if worktree.is_git else None
    settings = _settings(folder, worktree)
    loaded = _load(top or folder, worktree, settings)
    places = {name: os.path.join(folder, *name.split("/")) for name in (MANIFEST, INVENTORY, CONFIGURATION, *SCHEMAS)}
    places[HOOKS] = os.path.join(top or folder, HOOKS)
    return Surroundings(
        folder=folder,
        top=top,
        deployments=_files(folder, worktree, [it.node for it in loaded.deployments]) if loaded else (),
        inventories=_files(folder, worktree, [it.node for it in loaded.inventories]) if loaded else (),
        names=frozenset(folded(it.model.metadata.name) for it in loaded.deployments) if loaded else frozenset(),
        owned=bool(loaded and loaded.inventories),
        configuration=os.path.join(worktree.top, settings.file) if settings.file else None,
        stated=_stated(worktree, settings),
        exclude=settings.exclude,
        hooks=_hooks(worktree, places[HOOKS]),
        existing=frozenset(name for name, path in places.items() if os.path.lexists(path)),
    )


def _settings(folder: str, worktree: WorkTree) -> Settings:
    """Find the configuration that counts in a folder, as a check of it does."""
    from ..settings import find

    def read(file: str) -> bytes | None:
        return worktree.read(file, named=True) if os.path.lexists(os.path.join(worktree.top, file)) else None

    inside = worktree.name(folder)
    return find("" if inside == "." else inside, read)


def _load(folder: str, worktree: WorkTree, settings: Settings) -> Loaded | None:
    """Read the whole repository: what is owned anywhere in it counts everywhere."""
    from ..load import Request, load

    if not os.path.isdir(folder):
        return None
    loaded = load(worktree, settings, Request((folder,)))
    if loaded.problems:
        raise JudgementError(*loaded.problems)
    return loaded


def _files(folder: str, worktree: WorkTree, nodes: Iterable[Node]) -> tuple[str, ...]:
    """Name the files below a folder that hold these documents, given by their roots."""
    paths = {os.path.join(worktree.top, *node.file.split("/")) for node in nodes}
    return tuple(sorted(path for path in paths if path.startswith(os.path.join(folder, ""))))


def _stated(worktree: WorkTree, settings: Settings) -> frozenset[str]:
    """Name the keys of a pyproject.toml that is the configuration."""
    if settings.file is None or os.path.basename(settings.file) != "pyproject.toml":
        return frozenset()
    import tomllib

    table: dict[str, object] = tomllib.loads(worktree.read(settings.file).decode("utf-8-sig"))["tool"]["ocspolicy"]
    return frozenset(table)


def _hooks(worktree: WorkTree, path: str) -> Hooks | None:
    """Read the configuration of pre-commit; None where there is none."""
    if not os.path.exists(path):
        return None
    from ..source import parse

    documents = parse(worktree.read(worktree.name(path), named=True), HOOKS).documents
    repos = documents[0].root.items.get("repos") if documents else None
    if repos is None:
        return Hooks(frozenset(), "none")
    flow = repos.kind == "sequence" and repos.source.content[repos.start] == "["
    return Hooks(frozenset(_ids(repos)), "flow" if flow else "block")


def _ids(repos: Node) -> Iterator[str]:
    for repository in repos.elements:
        hooks = repository.items.get("hooks")
        for hook in hooks.elements if hooks else ():
            if "id" in hook.items:
                yield hook.items["id"].text
