"""A first estate: which files to write beside what is there, what to leave alone, what to do next."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from . import template
from .surroundings import CONFIGURATION, HOOKS, INVENTORY, MANIFEST, SCHEMAS, Surroundings

PURPOSE = {
    MANIFEST: "what runs, and who uses it",
    INVENTORY: "what the company owns",
    CONFIGURATION: "how this is judged",
    HOOKS: "judges before every commit",
    **dict.fromkeys(SCHEMAS, "schemas that give editors completion and checks"),
}
WHERE = {
    "block": "Below 'repos:':",
    "flow": "As the list 'repos', before what stands in its brackets now, an entry to a line:",
    "none": "As the list 'repos', which is not there:",
}


class Plan(NamedTuple):
    """What to do.

    `files` are to be written with their texts, `written` names them and what for, `left` what is left alone and why,
    `additions` what a person may add: to which file, where in it, in which language, what.
    """

    files: Mapping[str, str]
    written: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    additions: tuple[tuple[str, str, str, str], ...]
    steps: tuple[str, ...]


def plan(found: Surroundings, schemas: Mapping[str, str], folder: str) -> Plan:
    """Decide what to write.

    Args:
        found: what is there.
        schemas: the texts of the schemas, by their names here.
        folder: how a person goes to the folder, empty for who stands in it.
    """
    wanted = dict(_wanted(found)) | dict(schemas)
    new = [name for name in wanted if name not in found.existing]
    return Plan(
        files={_place(found, name): wanted[name] for name in new},
        written=tuple(dict.fromkeys((_listed(found, name), PURPOSE[name]) for name in new)),
        left=tuple(_left(found)),
        additions=tuple(_additions(found)),
        steps=tuple(_steps(found, new, folder)),
    )


def _place(found: Surroundings, name: str) -> str:
    return os.path.join(found.home if name == HOOKS else found.folder, *name.split("/"))


def _listed(found: Surroundings, name: str) -> str:
    """Name a file for people; the schemas by their folder."""
    place = _place(found, name)
    return os.path.dirname(place) if name in SCHEMAS else place


def _wanted(found: Surroundings) -> Iterator[tuple[str, str]]:
    # Beside a real estate an invented license would make it look covered, beside real licenses an invented
    # server would make it look short: then the examples are comments.
    values = {"deployment": _name(found)}
    if not found.deployments:
        yield MANIFEST, _text("estate/estate.yaml", values, examples=not (found.names or found.owned))
    if not found.inventories:
        yield INVENTORY, _text("estate/licenses.yaml", values, examples=not (found.names or found.owned))
    if found.configuration is None:
        yield CONFIGURATION, template("estate/ocspolicy.toml", {})
    if found.hooks is None:
        yield HOOKS, template("estate/pre-commit-config.yaml", {"entry": _entry(found)})


def _name(found: Surroundings) -> str:
    """Choose a name that no other deployment of the repository has."""
    own = os.path.basename(found.folder)
    # Some words are no text to YAML.
    choices = [own] if re.fullmatch(r"(?!(?:true|false|null)$)[a-z][a-z0-9-]{0,59}", own) else []
    choices += ["head-office", *(f"head-office-{number}" for number in range(2, len(found.names) + 3))]
    return next(it for it in choices if it not in found.names)


def _text(name: str, values: Mapping[str, str], *, examples: bool) -> str:
    text = template(name, values)
    if examples:
        return text
    commented = re.sub(r"^  (?! *#)", "  # ", text, flags=re.MULTILINE)
    return re.sub(r"^(pools|servers|users|licenses):$", r"\1: []", commented, flags=re.MULTILINE)


def _entry(found: Surroundings) -> str:
    """Give the command of the hook as a YAML scalar: it is run at the top of the repository."""
    inside = os.path.relpath(found.folder, found.home)
    command = "ocspolicy check --tracked" + ("" if inside == "." else f" {shlex.quote(inside)}")
    return command if re.fullmatch(r"[\w ./-]+", command, re.ASCII) else json.dumps(command)


def _left(found: Surroundings) -> Iterator[tuple[str, str]]:
    for file in found.deployments:
        yield file, "holds a deployment"
    for file in found.inventories:
        if file not in found.deployments:
            yield file, "holds an inventory"
    if found.configuration is not None:
        yield found.configuration, "the configuration that counts here"
    if found.hooks is not None:
        yield os.path.join(found.home, HOOKS), "the hooks of this repository"
    said = {*found.deployments, *found.inventories, found.configuration}
    for name in sorted(found.existing):
        place = _place(found, name)
        if place not in said and not (name == HOOKS and found.hooks is not None):
            yield place, "already there"


def _additions(found: Surroundings) -> Iterator[tuple[str, str, str, str]]:
    """Say what to add to files that are left alone."""
    if found.configuration is not None and os.path.basename(found.configuration) == "pyproject.toml":
        active = re.findall(r"^([a-z-]+) = .*$", template("estate/ocspolicy.toml", {}), re.MULTILINE)
        lines = template("estate/ocspolicy.toml", {}).splitlines()
        missing = [line for line in lines if line.partition(" = ")[0] in set(active) - found.stated]
        if missing:
            where = "Below [tool.ocspolicy], where you want another value than these defaults:"
            yield found.configuration, where, "toml", "\n".join(missing)
    if found.hooks is not None and "ocspolicy" not in found.hooks.ids:
        entry = template("estate/pre-commit-config.yaml", {"entry": _entry(found)})
        hook = entry.partition("repos:\n")[2]
        whole = "" if found.hooks.repos == "block" else "repos:\n"
        yield os.path.join(found.home, HOOKS), WHERE[found.hooks.repos], "yaml", whole + hook


def _steps(found: Surroundings, new: Sequence[str], folder: str) -> Iterator[str]:
    if folder:
        yield f"go there: cd {'-- ' if folder.startswith('-') else ''}{shlex.quote(folder)}"
    written = [name for name in new if name in {MANIFEST, INVENTORY}]
    for name, has in ((MANIFEST, found.deployments), (INVENTORY, found.inventories or found.owned)):
        if not has and name not in written:
            kind = "Deployment" if name == MANIFEST else "LicenseInventory"
            yield f"write a document of 'kind: {kind}': {name} is there and holds none"
    if written:
        yield f"put what is yours into {' and '.join(written)}; 'ocspolicy explain' says what the ids mean"
    if any(_additions(found)):
        yield "add what is said above to the files that were left alone"
    yield "judge it: ocspolicy check"
    if found.top is None:
        yield "put it under git: git init"
    if new:
        paths = dict.fromkeys(os.path.relpath(_listed(found, name), found.folder) for name in new)
        yield f"add it to the next commit: git add {' '.join(map(shlex.quote, paths))}"
    yield "switch the hook on: pre-commit install (where that is not found: pip install pre-commit)"
    yield "see it work: pre-commit run --all-files"
