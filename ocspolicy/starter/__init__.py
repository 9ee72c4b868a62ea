"""What `ocspolicy init` writes: a first estate, or the skeleton of a rule plugin, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from .. import __version__

_HERE = Path(__file__).parent


def template(name: str, values: Mapping[str, str]) -> str:
    """Give a text of this package, such as `estate/estate.yaml`, with each `@key@` filled in."""
    text = (_HERE / f"{name}.txt").read_text(encoding="utf-8")
    for key, value in {"version": __version__, **values}.items():
        text = text.replace(f"@{key}@", value)
    return text


def write_all(files: Mapping[str, str], accept: Callable[[], None] | None = None) -> None:
    """Write files that are not there yet, with the folders that they need: all of them, or none.

    Args:
        files: texts by path.
        accept: looks at what was written before it is left there; what it raises makes it go again.

    Raises:
        JudgementError: one could not be written; what was written and made before it is gone again.
    """
    from ..output import unfinished

    written: list[str] = []
    made: list[str] = []
    try:
        for path, text in files.items():
            _write(path, text, made)
            written.append(path)
            unfinished.add(path)
        if accept is not None:
            accept()
    except BaseException:
        _undo(written, made)
        raise
    finally:
        unfinished.difference_update(written)


def _write(path: str, text: str, made: list[str]) -> None:
    from ..errors import JudgementError, Problem
    from ..output import to_file
    from ..place import Location

    try:
        _make_folders(os.path.dirname(path), made)
        to_file(text, path)
    except (OSError, JudgementError) as error:
        cause = error.__cause__ if isinstance(error, JudgementError) else error
        reason = getattr(cause, "strerror", None) or str(error)
        message = f"could not write this file: {reason}; nothing was written, make it possible and run again"
        raise JudgementError(Problem("output", message, Location(path))) from error


def _make_folders(folder: str, made: list[str]) -> None:
    if folder and not os.path.isdir(folder):
        _make_folders(os.path.dirname(folder), made)
        os.mkdir(folder)
        made.append(folder)


def _undo(written: list[str], made: list[str]) -> None:
    for path in written:
        os.unlink(path)
    for folder in reversed(made):
        os.rmdir(folder)
