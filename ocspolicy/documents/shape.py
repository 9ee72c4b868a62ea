"""Checks a document against the model of its kind; every error stands at its line, with what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, overload

from pydantic_core import ValidationError

from ..errors import Problem, near_misses
from ..source import Node
from . import model_of
from .validators import Kind, validate

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from .catalog import Catalog
    from .deployment import Deployment
    from .inventory import LicenseInventory
    from .waivers import Waivers

LONGEST_SHOWN = 60

EXPECTED = {
    "bool_type": "true or false",
    "greater_than_equal": "a whole number of at least {ge}",
    "less_than_equal": "a whole number of at most {le:,}",
    "string_too_long": "a text of at most {max_length:,} characters",
    "dict_type": "a mapping",
    "int_type": "a whole number spelled 0, or with digits that do not begin with 0",
    "list_type": "a list",
    "model_type": "a mapping",
    "string_type": "text",
    "day": "a day that exists, written YYYY-MM-DD",
    "too_short": "at least one entry",
    "string_too_short": "a text that is not empty",
}


@overload
def check(kind: Literal["Deployment"], root: Node) -> Deployment | list[Problem]: ...
@overload
def check(kind: Literal["LicenseInventory"], root: Node) -> LicenseInventory | list[Problem]: ...
@overload
def check(kind: Literal["Waivers"], root: Node) -> Waivers | list[Problem]: ...
@overload
def check(kind: Literal["Catalog"], root: Node) -> Catalog | list[Problem]: ...
def check(kind: Kind, root: Node) -> Any:
    """Check the shape of a document of a kind: what has the attributes of its model, or every problem that it has."""
    problems = list(_empty_values(root))
    try:
        checked = validate(kind, root.data())
    except ValidationError as invalid:
        model = model_of(kind)
        details = invalid.errors(include_url=False, include_context=True)
        unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
        wrong = [detail for detail in details if detail["input"] is not None and not _misspelled(detail, unknown)]
        return [*problems, *(_describe(model, root, detail) for detail in wrong)]
    return problems or checked


def _empty_values(root: Node) -> Iterator[Problem]:
    """Refuse a key without a value: read as left out, `validUntil:` would count for ever."""
    stack = [root]
    while stack:
        node = stack.pop()
        for key, value in node.items.items():
            if value.kind == "scalar" and value.value is None:
                message = f"found no value for '{_cut(key)}', expected one; leave the key out where it does not apply"
                yield Problem("input", message, node.keys[key].location)
        for element in node.elements:
            if element.kind == "scalar" and element.value is None:
                yield Problem("input", "found an empty list entry, expected a value", element.location)
        stack.extend(reversed([*node.items.values(), *node.elements]))


def _misspelled(detail: ErrorDetails, unknown: Sequence[tuple[int | str, ...]]) -> bool:
    """Tell whether a key is missing because it stands there misspelled, which is said by itself."""
    return detail["type"] == "missing" and any(
        beside[:-1] == detail["loc"][:-1] and near_misses(str(beside[-1]), [str(detail["loc"][-1])])
        for beside in unknown
    )


def _describe(model: type[BaseModel], root: Node, detail: ErrorDetails) -> Problem:
    path = [token for token in detail["loc"] if token != "[key]"]  # noqa: S105 -- pydantic's mark of a key
    node = root.at(path)
    if detail["type"] == "missing":
        key = detail.get("ctx", {}).get("key") or path[-1]
        return Problem("input", f"found no '{key}' here, expected one", node.location)
    if detail["type"] == "extra_forbidden":
        parent = root.at(path[:-1])
        known = _keys_at(model, path[:-1])
        found = f"found unknown key '{_cut(str(path[-1]))}', expected one of {', '.join(known)}"
        return Problem("input", found + near_misses(str(path[-1]), known), parent.keys[str(path[-1])].location)
    where = f"in '{path[-1]}' " if path and isinstance(path[-1], str) else ""
    return Problem("input", f"{where}found {_found(node)}, expected {_expected(node, detail)}", node.location)


def _expected(node: Node, detail: ErrorDetails) -> str:
    kind = detail["type"]
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == "literal_error":
        return str(context["expected"]) + _near_literal(node, str(context["expected"]))
    if kind == "string_pattern_mismatch":
        is_id = "a-z" in str(context["pattern"])
        return "an id of lower-case letters, digits and hyphens" if is_id else "a name without blanks around it"
    if kind == "string_type" and node.kind == "scalar":
        return "text; put it in quotes"
    if kind in {"int_type", "bool_type"} and node.kind == "scalar" and not node.plain:
        return f"{'a whole number' if kind == 'int_type' else 'true or false'}; leave the quotes out"
    if kind in EXPECTED:
        return EXPECTED[kind].format_map(context)
    return detail["msg"].removeprefix("expected ")


def _near_literal(node: Node, expected: str) -> str:
    return near_misses(node.text, [word.strip("' ") for word in expected.replace(" or ", ",").split(",")])


def _found(node: Node) -> str:
    if node.kind != "scalar":
        return f"a {node.kind}" if node.items or node.elements else f"an empty {node.kind}"
    return f"'{_cut(node.text)}'" if not node.plain or node.text else "nothing"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


class _Field(NamedTuple):
    key: str
    annotation: Any


def _fields(model: type[BaseModel]) -> list[_Field]:
    return [_Field(field.alias or name, field.annotation) for name, field in model.model_fields.items()]


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Name the keys that the model knows at a path, so that a wrong one gets its near misses."""
    current: type[BaseModel] | None = model
    for token in path:
        if isinstance(token, int) or current is None:
            continue
        current = next((_model_in(field.annotation) for field in _fields(current) if field.key == token), None)
    return [field.key for field in _fields(current)] if current is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 -- any annotation may hold a model
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
