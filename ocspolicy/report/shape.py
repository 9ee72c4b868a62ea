"""The shape of a saved result: what reading checks and what the JSON Schema says come from these models."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, JsonValue

from ..plain import GREATEST
from .shape_base import Count, Location, Shape
from .why_shape import Reason

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_FINGERPRINT = "^[0-9a-f]{32}$"
PATTERNS = {_DAY: "a day such as 2009-06-01", _FINGERPRINT: "32 digits of 0 to 9 and a to f"}
"""The patterns of texts, in words."""

Day: TypeAlias = Annotated[str, Field(pattern=_DAY)]
Level: TypeAlias = Literal["error", "warning", "info"]


class Tool(Shape):
    """The program that judged."""

    name: Literal["ocspolicy"] = Field(description="Always ocspolicy.")
    version: str = Field(description="Its version.")


class Plugin(Shape):
    """A rule plugin that took part."""

    name: str = Field(description="The distribution that brings it.")
    version: str = Field(description="The version of the distribution.")


class Rule(Shape):
    """A rule that took part."""

    id: str = Field(description="Its id, stable for ever.")
    name: str = Field(description="Its name in kebab case.")
    severity: Literal["error", "warning", "info", "off"] = Field(description="Its severity in this run.")
    plugin: str = Field(description="The plugin that brings it.")
    summary: str = Field("", description="What it finds, in one sentence.")
    description: str = Field("", description="Why that matters and what helps.")
    waivable: bool = Field(default=True, description="Whether a waiver may cover its findings.")


class Related(Shape):
    """Another place that a finding is about."""

    message: str = Field(description="What it has to do with the finding.")
    location: Location = Field(description="The place.")


class Waived(Shape):
    """Why a finding does not count today."""

    reason: str = Field(description="The reason that the waiver gives.")
    expires: str = Field(description="The last day on which the waiver holds.")
    approved_by: str | None = Field(description="Who approved it, as the waiver says.")
    location: Location = Field(description="Where the waiver stands.")


_CERTIFICATE: dict[str, Any] = {
    "type": "object",
    "description": (
        "The proof of a shortage that can be checked by hand: a set of needs, and every inventory line that"
        " could serve any of them. The deployments of one proof share it."
    ),
    "properties": {
        "required": {"type": "integer", "description": "How many needs the set holds."},
        "owned": {"type": "integer", "description": "The most of them that those lines can serve."},
        "short": {"type": "integer", "description": "The difference."},
        "deployments": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The deployments whose needs are in the set.",
        },
        "lines": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The inventory lines, each as FILE#POINTER.",
        },
        "serves": {
            "type": "array",
            "items": {"type": "integer"},
            "description": "How many of the needs each of those lines can serve at most; they add up to owned.",
        },
        "apart": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Units of those lines that are assigned to servers outside the set, where there are any.",
        },
    },
}


class Finding(Shape):
    """One thing that a rule found."""

    rule: str = Field(description="The id of the rule.")
    name: str = Field(description="The name of the rule.")
    severity: Level = Field(description="How much it weighs in this run.")
    certainty: Literal["certain", "disputed", "undetermined"] = Field(
        description=(
            "How far the sources carry it: disputed where they can be read in two ways (the facts carry"
            " both), undetermined where they are silent."
        )
    )
    message: str = Field(description="What was found, made from the facts.")
    deployment: str | None = Field(description="The deployment it is about; null where it is about none.")
    subject: str | None = Field(description="The server, group, line or other thing it is about.")
    location: Location | None = Field(description="Where it stands; null only where it stands nowhere.")
    excerpt: str | None = Field(None, description="The source lines of the location, from their first column on.")
    related: list[Related] = Field(description="Other places, such as the other uncovered servers.")
    facts: dict[str, JsonValue] = Field(
        description="The values behind the message; which ones depends on the rule.",
        json_schema_extra={"properties": {"certificate": _CERTIFICATE}, "additionalProperties": True},
    )
    remedy: str = Field(description="What helps.")
    source: list[str] = Field(description="The sources of the licensing facts, as in S 15.")
    fingerprint: str = Field(description="Stays the same when lines move and numbers change.", pattern=_FINGERPRINT)
    waived: Waived | None = Field(description="The waiver that covers it; null where it counts.")


class Row(Shape):
    """How much of a license kind is required and owned on the day of judgement."""

    product: str | None = Field(description="The product; null for suites.")
    license: str = Field(description="The license kind.")
    edition: str | None = Field(description="The server edition or CAL tier; null where there is none.")
    metric: str | None = Field(None, description="For suites, user or device; null otherwise.")
    required: Count = Field(description="Units in use plus uncovered needs that ask for this kind first.")
    owned: Count = Field(description="Units that count on that day.")
    balance: int = Field(description="Owned less required; negative is a shortage.", ge=-GREATEST, le=GREATEST)


class Waiver(Shape):
    """A waiver and what became of it."""

    rule: str = Field(description="The rule that it is for.")
    reason: str = Field(description="Its reason.")
    expires: str = Field(description="The last day on which it holds.")
    approved_by: str | None = Field(description="Who approved it, as it says.")
    state: Literal["used", "ending", "expired", "overruled", "exceeded", "unused", "invalid"] = Field(
        description="What became of it."
    )
    location: Location = Field(description="Where it stands.")


class Problem(Shape):
    """Something that prevented a full judgement."""

    kind: str = Field(description="Its kind, one word in kebab case.")
    message: str = Field(description="What was found, what was expected, the next step.")
    location: Location | None = Field(description="Where it stands; null where it stands nowhere.")
    excerpt: str | None = Field(None, description="The source lines of the location.")


class Skipped(Shape):
    """What was met and is none of ours."""

    files: Count = Field(description="Files that hold no document of ours.")
    documents: Count = Field(description="Foreign documents beside ours.")
    links: Count = Field(0, description="Links that lead out of the root.")


class Summary(Shape):
    """The numbers of the run. Those of findings leave out what is waived."""

    deployments: Count = Field(description="Deployments that were judged.")
    inventories: Count = Field(description="Inventories that were read.")
    lines: Count = Field(0, description="Inventory lines that were read.")
    rules: Count = Field(0, description="Rules that judged.")
    sharing: list[str] = Field([], description="Deployments that share inventory lines with another one.")
    skipped: Skipped = Field(description="What was met and passed over.")
    error: Count = Field(description="Findings of severity error.")
    warning: Count = Field(description="Findings of severity warning.")
    info: Count = Field(description="Findings of severity info.")
    waived: Count = Field(description="Findings that are waived.")
    undetermined: Count = Field(0, description="Findings that are not certain: what the terms leave open.")
    passed: bool = Field(description="Whether the exit status is 0.")


class Result(Shape):
    """What `ocspolicy check --format json` writes. Same input, same bytes."""

    schema_: Literal["ocspolicy/result/v1"] = Field(alias="schema", description="The name of this format.")
    as_of: Day = Field(description="The day of judgement.")
    scope: list[str] = Field([], description="The paths that were judged, relative to the root, which is `.`.")
    tool: Tool = Field(description="The program that judged, and its version.")
    fail_on: Literal["error", "warning", "info", "never"] = Field(
        "error", description="The severity from which on a finding fails the build."
    )
    plugins: list[Plugin] = Field(description="The rule plugins that took part.")
    rules: list[Rule] = Field(description="The rules that took part.")
    deployments: list[str] = Field(description="The names of the deployments that were judged.")
    findings: list[Finding] = Field(description="The findings, by file, line, column, rule and subject.")
    position: list[Row] = Field(description="A row for each license kind that is required or owned.")
    why: list[Reason] = Field(
        [],
        description="The reason of each row, and of each kind that is asked for and wholly met by others.",
    )
    waivers: list[Waiver] = Field(description="The waivers that were read.")
    problems: list[Problem] = Field(
        description="What prevented a full judgement; with one, nothing has passed and the exit status is 2."
    )
    summary: Summary = Field(description="The numbers of the run.")


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of the result: every key that this version writes is required."""
    made = _tidy(Result.model_json_schema(mode="serialization"))
    definitions = made.pop("$defs")
    definitions.pop("JsonValue", None)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ocspolicy result",
        "description": made.pop("description"),
    }
    return {**head, **made, "$defs": definitions}


def _tidy(part: Any) -> Any:  # noqa: ANN401 -- any part of a schema
    """Leave out titles that repeat their key, and defaults, which only reading has."""
    if isinstance(part, list):
        return [_tidy(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    noise = {"title", "default"} if "type" in part or "anyOf" in part or "$ref" in part else set()
    return {
        key: {name: _tidy(inner) for name, inner in value.items()} if key == "properties" else _tidy(value)
        for key, value in part.items()
        if key not in noise
    }
