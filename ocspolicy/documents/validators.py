"""Validators of documents, made of core schemas that were compiled from the models beforehand.

Importing pydantic's models and building them takes longer than the rest of a small check. What a model says is compiled
into `compiled/<kind>.json` once, and compared with the model by a test; what comes out has the model's attributes.
"""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any, Literal, NoReturn, TypeAlias

from pydantic_core import PydanticCustomError, SchemaError, SchemaValidator

from ..day import EXPECTED, read_day
from . import model_of

Kind: TypeAlias = Literal["Deployment", "LicenseInventory", "Waivers", "Catalog"]


class Record:
    """A checked mapping of a document, frozen, with the attributes of its model."""

    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse to change what was checked."""
        raise AttributeError(f"{name} is frozen")


def checked_day(value: object) -> date:
    """Read a day as `day.read_day` does.

    Raises:
        PydanticCustomError: it is none.
    """
    day = read_day(value) if isinstance(value, str) else None
    if day is None:
        raise PydanticCustomError("day", EXPECTED)
    return day


_DAY = {
    "type": "function-before",
    "function": {"type": "no-info", "function": checked_day},
    "schema": {"type": "date"},
}


def validate(kind: Kind, data: object) -> Any:  # noqa: ANN401 -- what has the attributes of the kind's model
    """Check plain data: what has the attributes of the kind's model.

    Raises:
        ValidationError: with everything that is wrong.
    """
    validator = None if kind == "Catalog" else _compiled(kind)
    return model_of(kind).model_validate(data) if validator is None else validator.validate_python(data)


def _compiled(kind: Kind) -> SchemaValidator | None:
    """Build the validator of a compiled schema; None where this pydantic-core does not understand it."""
    if kind not in _BUILT:
        with open(os.path.join(os.path.dirname(__file__), "compiled", f"{kind}.json"), "rb") as stream:
            schema = json.loads(stream.read(), object_hook=_with_code)
        try:
            _BUILT[kind] = SchemaValidator(schema)
        except SchemaError:
            _BUILT[kind] = None
    return _BUILT[kind]


_BUILT: dict[Kind, SchemaValidator | None] = {}


def _with_code(part: dict[str, Any]) -> dict[str, Any]:
    """Put in what a file cannot hold: the class of a mapping, and how a day is read."""
    if part.get("type") == "model":
        return {**part, "cls": Record}
    return _DAY if part.get("type") == "day" else part
