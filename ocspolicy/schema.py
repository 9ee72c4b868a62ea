"""The JSON Schemas of our documents, generated from the models that check them."""

from __future__ import annotations

import json
from typing import Any

from .errors import JudgementError, Problem, near_misses

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAMES = ("catalog", "configuration", "deployment", "license-inventory", "result", "waivers")


def schema(name: str) -> str:
    """Give the JSON Schema of a kind, or of the result, as text.

    Raises:
        JudgementError: there is no such schema.
    """
    wanted = name.lower().replace("licenseinventory", "license-inventory")
    if wanted not in NAMES:
        message = f"found no schema '{name}', expected one of {', '.join(NAMES)}"
        raise JudgementError(Problem("usage", message + near_misses(wanted, list(NAMES))))
    if wanted == "result":
        from .report.shape import schema as result

        return json.dumps(result(), indent=2) + "\n"
    if wanted == "configuration":
        return json.dumps({"$schema": DRAFT, **_configuration()}, indent=2) + "\n"
    return json.dumps({"$schema": DRAFT, **_untitled(_model(wanted))}, indent=2) + "\n"


def _model(name: str) -> dict[str, Any]:
    from .documents import model_of

    kinds = {"deployment": "Deployment", "catalog": "Catalog", "waivers": "Waivers"}
    return model_of(kinds.get(name, "LicenseInventory")).model_json_schema(by_alias=True)


def _configuration() -> dict[str, Any]:
    from .settings import KEYS

    return {
        "description": "The keys of ocspolicy.toml, the same as of [tool.ocspolicy] in pyproject.toml.",
        "type": "object",
        "properties": {name: {"description": key.says, **key.shape} for name, key in KEYS.items()},
        "additionalProperties": False,
    }


def _untitled(part: Any) -> Any:  # noqa: ANN401 -- any part of a schema
    """Drop the titles that pydantic makes of field names: an editor shows the name already."""
    if isinstance(part, list):
        return [_untitled(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    return {key: _untitled(value) for key, value in part.items() if key != "title" or not isinstance(value, str)}
