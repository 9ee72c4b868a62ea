"""JSON text read strictly, and where in it a value stands, which the standard library does not say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from ..place import Span, escape_pointer
from ..plain import GREATEST
from .json import surrogates
from .wording import short_name

Path: TypeAlias = "tuple[str | int, ...]"

_DEEPEST = 100

_BLANK = re.compile(r"[ \t\n\r]*")


class Fault(Exception):  # noqa: N818 -- no error of the program's: it becomes a problem at a place
    """What is wrong with the result, and at which value or place."""

    def __init__(self, message: str, path: Path = (), span: Span | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.span = span


def parse(text: str) -> Any:  # noqa: ANN401 -- any JSON value
    """Parse strictly: no key twice, only finite numbers of bounded size, bounded depth; surrogates as they were."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        expected = "expected a result that 'ocspolicy check --format json' wrote"
        raise Fault(f"found no JSON ({error.msg.lower()}), {expected}", span=span) from None
    except RecursionError:
        raise _too_deep(()) from None
    except ValueError:
        raise Fault(f"found a number of too many digits, expected at most {GREATEST}") from None
    _bound(value, (), _DEEPEST)
    return _read_back(value) if r"\\ud" in text else value


def _read_back(value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    if isinstance(value, str):
        return surrogates(value)
    if isinstance(value, list):
        return [_read_back(item) for item in value]
    if isinstance(value, dict):
        return {surrogates(key): _read_back(item) for key, item in value.items()}
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        last = {key: index for index, (key, _) in enumerate(pairs)}
        twice = next(key for index, (key, _) in enumerate(pairs) if last[key] != index)
        raise Fault(f"found the key '{short_name(twice)}' twice in one object, expected it once")
    return found


def _refuse(constant: str) -> Any:  # noqa: ANN401 -- it never returns
    raise Fault(f"found {constant}, expected a number")


def _too_deep(path: Path) -> Fault:
    return Fault(f"found values nested too deep, expected at most {_DEEPEST} levels", path)


def _bound(value: Any, path: Path, depth: int) -> None:  # noqa: ANN401 -- any JSON value
    if isinstance(value, (int, float)) and not -GREATEST <= value <= GREATEST:
        raise Fault(f"found the number {value:.3e}, expected at most {GREATEST}", path)
    if not isinstance(value, (dict, list)):
        return
    if not depth:
        raise _too_deep(path)
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        _bound(inner, (*path, key), depth - 1)


def pointer(path: Iterable[str | int]) -> str:
    """Give a path of keys and indexes as a JSON Pointer."""
    return "".join("/" + escape_pointer(str(token)) for token in path)


def span_of(text: str, path: Path) -> Span:
    """Find the value at a path of a JSON text, or the last value on the way there."""
    decoder = json.JSONDecoder()
    start = _skip(text, 0)
    for token in path:
        inner = _inner(text, start, token, decoder)
        if inner is None:
            break
        start = inner
    try:
        end = decoder.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        end = start + 1
    return Span(*_line_and_column(text, start), *_line_and_column(text, end))


def _inner(text: str, start: int, token: str | int, decoder: json.JSONDecoder) -> int | None:
    """Find where the value of a key or an index begins inside the object or list at `start`."""
    is_object = text[start : start + 1] == "{"
    at = _skip(text, start + 1)
    index = 0
    while at < len(text) and text[at] not in "]}":
        key: str | int = index
        if is_object:
            key, at = decoder.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == token:
            return at
        at = _skip(text, decoder.raw_decode(text, at)[1])
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        index += 1
    return None


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
