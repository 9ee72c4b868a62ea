"""What `ocspolicy init` writes: a first estate, or the skeleton of a rule plugin, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from .. import __version__

_HERE = Path(__file__).parent


def template(name: str, values: Mapping[str, str]) -> str:
    """Give a text of this package, such as `estate/estate.yaml`, with each `@key@` filled in."""
    text = (_HERE / f"{name}.txt").read_text(encoding="utf-8")
    for key, value in {"version": __version__, **values}.items():
        text = text.replace(f"@{key}@", value)
    return text


def write_all(files: Mapping[str, str]) -> None:
    """Write files that are not there yet, with the folders that they need: all of them, or none.

    Raises:
        JudgementError: one could not be written; what was written and made before it is gone again.
    """
    from ..errors import JudgementError, Problem
    from ..output import to_file, unfinished
    from ..place import Location

    written: list[str] = []
    made: list[str] = []
    path = ""
    try:
        for path, text in files.items():
            _make_folders(os.path.dirname(path), made)
            to_file(text, path)
            written.append(path)
            unfinished.add(path)
    except BaseException as error:
        _undo(written, made)
        if not isinstance(error, OSError | JudgementError):
            raise
        cause = error.__cause__ if isinstance(error, JudgementError) else error
        reason = getattr(cause, "strerror", None) or str(error)
        message = f"could not write this file: {reason}; nothing was written, make it possible and run again"
        raise JudgementError(Problem("output", message, Location(path))) from error
    unfinished.difference_update(written)


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
