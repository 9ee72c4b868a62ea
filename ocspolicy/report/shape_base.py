"""What the parts of a saved result have in common."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from ..plain import GREATEST

Count: TypeAlias = Annotated[int, Field(ge=0, le=GREATEST)]
Place: TypeAlias = Annotated[int, Field(ge=1, le=GREATEST)]


class Shape(BaseModel):
    """What all parts of a result have in common."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        json_schema_serialization_defaults_required=True,
        strict=True,
        defer_build=True,
    )


class Location(Shape):
    """A place in a file. The numbers are null where the place is the whole file."""

    file: str = Field(description="The file, relative to the root, with / between its parts.")
    line: Place | None = Field(description="The first line, from 1.")
    column: Place | None = Field(
        description="The column of the first character, from 1; columns count Unicode characters."
    )
    end_line: Place | None = Field(description="The last line.")
    end_column: Place | None = Field(description="One past the column of the last character.")
    path: str = Field(description="A JSON Pointer (RFC 6901) to the value in its document.")

    @model_validator(mode="after")
    def _all_or_none(self) -> Location:
        numbers = (self.line, self.column, self.end_line, self.end_column)
        if None in numbers and any(number is not None for number in numbers):
            raise ValueError("four numbers or four times null")
        return self
