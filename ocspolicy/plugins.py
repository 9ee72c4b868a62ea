"""Finds, checks and loads rule plugins: sorted and complete, or the run cannot judge.

Entry points are read off the installed distributions by hand: the standard library's reader costs half of a
small run. The first distribution of a name on `sys.path` counts, as in an import.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from . import __version__, waivers
from .errors import JudgementError, Problem, near_misses
from .rule import RESERVED, Rule, faults

if TYPE_CHECKING:
    from types import ModuleType

GROUP = "ocspolicy"


class Distribution(NamedTuple):
    """An installed distribution that declares plugins; `entries` maps the entry's name to its import name."""

    name: str
    version: str
    entries: Mapping[str, str]


class Registered(NamedTuple):
    """A rule class and the distribution it came with."""

    rule: type[Rule[Any]]
    plugin: str
    version: str


class Plugins(NamedTuple):
    """What was loaded: distributions with a rule or catalog, and the rules sorted by id.

    `catalogs` holds what each plugin calls itself and a text that it hands over; None where a hook failed.
    """

    distributions: tuple[Distribution, ...] = ()
    rules: tuple[Registered, ...] = ()
    catalogs: tuple[tuple[str, Any], ...] | None = ()


def installed() -> list[Distribution]:
    """List the installed distributions that declare plugins, sorted by name."""
    found: dict[str, Distribution | None] = {}
    for folder in sys.path:
        try:
            names = sorted(os.listdir(folder or "."))
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                _note(found, folder or ".", name)
    return sorted(it for it in found.values() if it is not None)


def _note(found: dict[str, Distribution | None], folder: str, info: str) -> None:
    name, _, version = info.rpartition(".")[0].partition("-")
    normal = name.replace("_", "-").replace(".", "-").lower()
    if normal in found:
        return
    found[normal] = None
    try:
        with open(os.path.join(folder, info, "entry_points.txt"), encoding="utf-8") as stream:
            entries = _entries(stream)
    except (OSError, UnicodeDecodeError):
        return
    if entries:
        found[normal] = Distribution(normal, version, entries)


def _entries(lines: Iterable[str]) -> dict[str, str]:
    entries: dict[str, str] = {}
    section = ""
    for raw in lines:
        line = raw.strip()
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, _, target = line.partition("=")
            entries[name.strip()] = target.partition("[")[0].strip()
    return entries


def load(
    names: Iterable[str], required: Mapping[str, str], root: str, *, allow_local: bool
) -> tuple[Plugins, list[Problem]]:
    """Load all installed plugins, and those named by the configuration.

    Args:
        names: import names to load besides the installed ones.
        required: distribution to version range, each of which must be installed.
        root: the root of the judged tree; code that lies in it is not loaded unless `allow_local`.
    """
    refused = _without_docstrings() or (None if allow_local else _tracked_installation(os.path.realpath(root)))
    if refused is not None:
        return Plugins(catalogs=None), [refused]
    with redirect_stdout(sys.stderr):  # what a plugin prints is no part of a result
        return _load(names, required, root, allow_local=allow_local)


def _load(
    names: Iterable[str], required: Mapping[str, str], root: str, *, allow_local: bool
) -> tuple[Plugins, list[Problem]]:
    from pluggy import PluginManager, PluginValidationError

    from . import hookspecs

    manager = PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    problems: list[Problem] = []
    distributions = installed()
    problems += _absent(required, distributions)
    for plugin, label in [
        *_declared(distributions),
        *((name, Distribution(name, "", {})) for name in dict.fromkeys(names)),
    ]:
        try:
            module = _import(plugin, label, root, allow_local=allow_local)
            if not manager.is_registered(module):
                manager.register(module, f"{label.name}\0{label.version}\0{plugin}")
            manager.check_pending()
        except (JudgementError, PluginValidationError, ValueError) as error:
            problems += _load_problems(error, plugin, label)
            # What stays registered would be found wrong again with each that comes after it.
            if isinstance(error, PluginValidationError):
                manager.unregister(module)
    registered = _rules(manager, problems)
    if registered:
        registered += [Registered(rule, "ocspolicy", __version__) for rule in waivers.RULES]
    plugins = Plugins(
        distributions=tuple(distributions),
        rules=tuple(sorted(registered, key=lambda entry: entry.rule.id)),
        catalogs=_catalogs(manager, problems),
    )
    if not plugins.rules:
        message = (
            "found no rule plugin installed, expected at least the ones that ship with ocspolicy; install it with pip"
        )
        problems.append(Problem("plugin", message))
    return plugins, problems


def _without_docstrings() -> Problem | None:
    if sys.flags.optimize <= 1:
        return None
    message = "found Python running without docstrings, in which rules say why they are there; unset PYTHONOPTIMIZE"
    return Problem("usage", message)


def _tracked_installation(root: str) -> Problem | None:
    """Refuse an installation that git tracks: whoever changes the judged tree would change the judge."""
    from . import git

    prefix = os.path.realpath(sys.prefix)
    if not _within(prefix, root) or git.find_top(root) != root:
        return None
    name = os.path.relpath(prefix, root)
    try:
        listing = git.list_files(root, tracked=True, below=() if name == os.curdir else (name,))
    except JudgementError as error:
        return error.problems[0]
    tracked = sorted([*listing.files, *listing.links, *listing.nested, *listing.sparse])
    if not tracked:
        return None
    found = f"found '{tracked[0]}' of the running installation tracked by git, so that anybody could change what judges"
    return Problem("plugin", f"{found}; take it out (git rm -r --cached {name}), or install elsewhere")


def _declared(distributions: list[Distribution]) -> Iterator[tuple[str, Distribution]]:
    for distribution in distributions:
        for _, target in sorted(distribution.entries.items()):
            yield target.strip(), distribution


def _load_problems(error: Exception, plugin: str, label: Distribution) -> list[Problem]:
    if isinstance(error, JudgementError):
        return list(error.problems)
    # The rest of pluggy's sentence shows where the plugin lies on this machine.
    reason = str(error).partition(" in plugin ")[0].splitlines()
    return [_broken(plugin, label, reason[0][:200] if reason else type(error).__name__)]


def _broken(plugin: str, label: Distribution, reason: str, trace: str | None = None) -> Problem:
    return Problem("plugin", f"{_called(plugin, label)} could not be loaded: {reason}", trace=trace)


def _called(plugin: str, label: Distribution) -> str:
    version = f" {label.version}" if label.version else ""
    return f"plugin {plugin} of {label.name}{version}" if label.name != plugin else f"plugin {plugin}"


def _import(plugin: str, label: Distribution, root: str, *, allow_local: bool) -> ModuleType:
    """Import a plugin's module, unless its code lies in the judged tree."""
    if ":" in plugin:
        raise JudgementError(_broken(plugin, label, "its entry point names an object, expected a module"))
    parts = plugin.split(".")
    if not label.entries and (parts[0] in sys.stdlib_module_names or "__main__" in parts):
        # Anybody may write the configuration, and some of these act when they are imported.
        raise JudgementError(_broken(plugin, label, "it is part of Python or a program, expected a module with rules"))
    try:
        spec = find_spec(plugin.partition(".")[0])
        places = [spec.origin or "", *(spec.submodule_search_locations or ())] if spec else []
        local = any(is_local(place, root) for place in places)
        if allow_local or not local:
            return import_module(plugin)
    except BaseException as error:
        raise JudgementError(_broken(plugin, label, said(error), traceback.format_exc())) from error
    reason = "its code lies in the judged tree; pass --allow-local-plugins if you trust every author of that tree"
    raise JudgementError(_broken(plugin, label, reason))


def said(error: BaseException) -> str:
    """Give the type of what a plugin raised, and its words where it has any: asking for them may fail as well."""
    try:
        words = str(error)[:200]
    except BaseException:  # noqa: BLE001 -- likewise a plugin's code
        words = ""
    return f"{type(error).__name__}: {words}".removesuffix(": ")


def is_local(place: str, root: str) -> bool:
    """Tell whether a path lies in the judged tree, other than under the running installation's prefix."""
    real = os.path.realpath(place)
    if not place or not _within(real, os.path.realpath(root)):
        return False
    return not _within(real, os.path.realpath(sys.prefix))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _handed(manager: Any, hook: str, problems: list[Problem]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- pluggy's hooks are untyped
    """Call each plugin's hook by itself, so that a crash names its plugin."""
    implementations = getattr(manager.hook, hook).get_hookimpls()
    # Ours come first, so that a clash of ids or names is laid at the other's door.
    for implementation in sorted(
        implementations, key=lambda it: (not it.plugin_name.startswith("ocspolicy\0"), it.plugin_name)
    ):
        name, version, plugin = implementation.plugin_name.split("\0")
        try:
            for thing in list(implementation.function()):
                yield implementation.plugin_name, thing
        except BaseException as error:  # noqa: BLE001 -- whatever a plugin raises is named; a signal raises nothing
            reason = f"its hook {hook} raised {said(error)}"
            problems.append(_broken(plugin, Distribution(name, version, {}), reason, traceback.format_exc()))


def _catalogs(manager: Any, problems: list[Problem]) -> tuple[tuple[str, Any], ...] | None:  # noqa: ANN401 -- likewise
    before = len(problems)
    handed = [(origin.split("\0"), text) for origin, text in _handed(manager, "ocspolicy_catalogs", problems)]
    if len(problems) > before:
        return None
    return tuple((_called(plugin, Distribution(name, version, {})), text) for (name, version, plugin), text in handed)


def _rules(manager: Any, problems: list[Problem]) -> list[Registered]:  # noqa: ANN401 -- likewise
    registered: dict[str, Registered] = {}
    names: dict[str, Registered] = {}
    owner = dict(RESERVED)
    for origin, rule in _handed(manager, "ocspolicy_rules", problems):
        name, version, plugin = origin.split("\0")
        label = Distribution(name, version, {})
        wrong = list(faults(rule))
        if not wrong:
            wrong = list(_clashes(rule, label, registered, names, owner))
        if wrong:
            problems += [_broken(plugin, label, reason) for reason in wrong]
            continue
        registered[rule.id] = names[rule.name] = Registered(rule, name, version)
    return list(registered.values())


def _clashes(
    rule: type[Rule[Any]],
    label: Distribution,
    ids: Mapping[str, Registered],
    names: Mapping[str, Registered],
    owner: dict[str, str],
) -> Iterator[str]:
    if rule.id in ids:
        yield f"rule id {rule.id} is taken by {ids[rule.id].plugin}"
    elif rule.name in names:
        yield f"rule name {rule.name} is taken by {names[rule.name].rule.id}"
    elif owner.setdefault(rule.id[:3], label.name) != label.name:
        yield f"rule prefix {rule.id[:3]} belongs to {owner[rule.id[:3]]}; choose another"


def _absent(required: Mapping[str, str], distributions: list[Distribution]) -> Iterator[Problem]:
    """Say which required plugins are not installed in the version range that the configuration asks for."""
    if not required:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    versions = {it.name: it.version for it in distributions} | {"ocspolicy": __version__}
    for name, wanted in sorted(required.items()):
        normal = name.replace("_", "-").replace(".", "-").lower()
        key = f"required-plugins.{name}"
        try:
            fits = SpecifierSet("" if wanted == "*" else wanted)
        except InvalidSpecifier:
            message = f"{key}: found '{wanted[:60]}', expected a version range such as '>=1.2'"
            yield Problem("configuration", message)
            continue
        if normal not in versions:
            near = near_misses(normal, list(versions))
            yield Problem("plugin", f"{key}: found no such plugin installed, expected {name} {wanted}{near}")
        elif not fits.contains(versions[normal], prereleases=True):
            yield Problem("plugin", f"{key}: found version {versions[normal]}, expected {wanted}")
