"""The base of every document's model, and the types its fields share."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic.alias_generators import to_camel

from .validators import checked_day

LARGEST_QUANTITY = 10**9
LONGEST_NAME = 255
LONGEST_TEXT = 2_000


def without_null(schema: dict[str, Any]) -> None:
    """Drop null from a JSON Schema: an optional key is left out, never empty."""
    for name, field in schema.get("properties", {}).items():
        options = [option for option in field.get("anyOf", ()) if option != {"type": "null"}]
        if options:
            kept = {key: value for key, value in field.items() if key not in {"anyOf", "default"}}
            schema["properties"][name] = {**options[0], **kept} if len(options) == 1 else {**kept, "anyOf": options}


Day: TypeAlias = Annotated[date, BeforeValidator(checked_day), WithJsonSchema({"type": "string", "format": "date"})]
Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^\S(.*\S)?$")]
Identifier: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Quantity: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_QUANTITY)]
Labels: TypeAlias = dict[Name, Text]
ApiVersion: TypeAlias = Literal["ocspolicy/v1"]


class Model(BaseModel):
    """A strict, frozen mapping with camelCase keys; a key that no field has is an error."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        defer_build=True,
        json_schema_extra=without_null,
    )
