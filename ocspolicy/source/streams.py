"""Two parsers that give the same events: ruamel.yaml, the reference, and libyaml where PyYAML brings it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Protocol


class Mark(Protocol):
    """A place in the text: the number of characters before it."""

    index: int


class Event(Protocol):
    """An event of a YAML parser, known by its class's name; not every event has every attribute.

    `ScalarEvent`, `AliasEvent`, `SequenceStartEvent`, `SequenceEndEvent`, `MappingStartEvent`, `MappingEndEvent`,
    `DocumentStartEvent`, `DocumentEndEvent`, `StreamStartEvent` and `StreamEndEvent`: ruamel.yaml and PyYAML agree.
    """

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool | None
    version: tuple[int, int] | None


# Reading so many characters takes the reference as long as it takes to import libyaml: 22 ms at 0.27 MB/s.
WORTH_AN_IMPORT = 6_000
# Tabs, directives and document ends are read in other ways, or not at all, by one of the two.
_DISPUTED = re.compile(r"\t|^(?:%|\.\.\.)", re.MULTILINE)


class Declined(Exception):  # noqa: N818 -- no error: the reference shall read the file
    """The events of libyaml are missing, or cannot be trusted to be those of the reference."""


class Choice:
    """Says for each file of a run whether to bring in libyaml."""

    def __init__(self) -> None:
        self._characters = 0

    def is_fast(self, content: str) -> bool:
        """Tell whether all files so far, this one included, are worth the import."""
        self._characters += len(content)
        return self._characters > WORTH_AN_IMPORT


def reference(content: str) -> Iterator[Event]:
    """Read with ruamel.yaml's pure parser."""
    from ruamel.yaml import YAML

    events: Iterator[Event] = YAML(typ="safe", pure=True, plug_ins=[]).parse(content)
    return events


def fast(content: str) -> Iterator[Event]:
    """Read with libyaml.

    Raises:
        Declined: PyYAML is not installed, or without libyaml; or the text is one that libyaml reads differently.
    """
    parser = _libyaml()
    if parser is None or _DISPUTED.search(content):
        raise Declined
    return iter(parser(content).get_event, None)


@cache
def _libyaml() -> Callable[[str], Any] | None:
    try:
        from yaml._yaml import CParser  # type: ignore[import-untyped]
    except ImportError:
        return None
    return CParser  # type: ignore[no-any-return]
