"""Whether a check sees what was written, and what hides it where it does not."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable

from ..errors import JudgementError, Problem
from ..place import Location
from .surroundings import INVENTORY, MANIFEST, Surroundings


def refuse_unseen(written: Iterable[str], found: Surroundings, shown: Callable[[str], str]) -> None:
    """Refuse files that no check would find.

    Args:
        written: the paths of what was written.
        found: what is there now.
        shown: names a path for people.

    Raises:
        JudgementError: a manifest or an inventory is among them and hidden; what hides it is named.
    """
    seen = {*found.deployments, *found.inventories}
    ours = {os.path.join(found.folder, name) for name in (MANIFEST, INVENTORY)}
    hidden = [path for path in written if path in ours and path not in seen]
    if hidden:
        raise JudgementError(*(_problem(path, found, shown(path)) for path in hidden))


def _problem(path: str, found: Surroundings, name: str) -> Problem:
    pattern = _pattern(path, found)
    if pattern is not None and found.configuration is not None:
        message = f"exclude: found '{pattern}', which hides {name} from every check, expected it to be seen"
        advice = "; change the pattern and run again, nothing was written"
        return Problem("configuration", message + advice, Location(found.configuration))
    told = f"'git check-ignore -v {shlex.quote(name)}' names the pattern, change it and run again"
    message = f"git ignores this file, expected one that a check sees; {told}, nothing was written"
    return Problem("input", message, Location(name))


def _pattern(path: str, found: Surroundings) -> str | None:
    """Give the last pattern of the configuration that leaves a file out."""
    from pathspec import GitIgnoreSpec

    name = os.path.relpath(path, found.home).replace(os.sep, "/")
    return next((it for it in reversed(found.exclude) if GitIgnoreSpec.from_lines([it]).match_file(name)), None)
