"""A saved JSON result back as a report, checked as strictly as any other input."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .. import finding as values
from ..errors import JudgementError, Problem, near_misses
from ..place import Location
from . import shape
from .json import summary
from .jsontext import Fault, Path, parse, pointer, span_of
from .load_why import location, reason
from .shape_base import Location as Shaped
from .wording import short_name

_MOST_PROBLEMS = 20
_KINDS = {
    "bool_type": "true or false",
    "dict_type": "an object",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "an object",
    "string_type": "a text",
}


class Saved(NamedTuple):
    """A saved report, and the keys that this version writes and the result lacks: `/findings/*/excerpt`."""

    report: values.Report
    lacks: tuple[str, ...]


def read_result(text: str, file: str = "RESULT.json") -> values.Report:
    """Read a JSON result; `file` is what problems name as its place.

    Raises:
        JudgementError: it is no JSON, no result, or one that contradicts itself.
    """
    return read_saved(text, file).report


def read_saved(text: str, file: str = "RESULT.json") -> Saved:
    """Read a JSON result and say what it lacks.

    Raises:
        JudgementError: it is no JSON, no result, or one that contradicts itself.
    """
    text = text.removeprefix("\ufeff")
    try:
        found = shape.Result.model_validate(parse(text))
        report = _report(found)
        _agree(found, report)
    except ValidationError as invalid:
        faults = [_describe(detail) for detail in invalid.errors(include_url=False)[:_MOST_PROBLEMS]]
        raise JudgementError(*(_problem(fault, text, file) for fault in faults)) from None
    except Fault as fault:
        raise JudgementError(_problem(fault, text, file)) from None
    return Saved(report, tuple(sorted(set(_lacking(found, ())))))


def _problem(fault: Fault, text: str, file: str) -> Problem:
    place = Location(file, fault.span or span_of(text, fault.path), pointer(fault.path))
    return Problem("input", str(fault), place)


def _describe(detail: ErrorDetails) -> Fault:
    """Say what was found and what was expected, in the words of every other error."""
    path: Path = detail["loc"]
    if detail["type"] == "missing":
        key = path[-1]
        return Fault(f"found no key '{key}' at {_at(path[:-1])}, expected one in a result", path[:-1])
    if detail["type"] == "extra_forbidden":
        return Fault(f"found the unknown key '{short_name(str(path[-1]))}' at {_at(path[:-1])}{_near(path)}", path)
    return Fault(f"found {_shown(detail['input'])} at {_at(path)}, expected {_expected(detail)}", path)


def _expected(detail: ErrorDetails) -> str:
    pattern = shape.PATTERNS.get(detail.get("ctx", {}).get("pattern", ""))
    kind = pattern or _KINDS.get(detail["type"])
    return kind or detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")


def _at(path: Path) -> str:
    return short_name(pointer(path)) or "the top"


def _shown(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    if isinstance(value, str):
        return f"'{short_name(value)}'"
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else short_name(json.dumps(value))


def _near(path: Path) -> str:
    model: Any = shape.Result
    for token in path[:-1]:
        if isinstance(token, str):
            model = next((inner for key, inner in _inner(model) if key == token), None)
    return near_misses(str(path[-1]), [key for key, _ in _inner(model)])


def _inner(model: type[BaseModel] | None) -> Iterator[tuple[str, type[BaseModel] | None]]:
    """Give the keys of a model, each with the model of its values."""
    for field in model.model_fields.values() if model else ():
        yield str(field.alias), _model_in(field.annotation)


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 -- any annotation may hold a model
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts: Iterable[Any] = getattr(annotation, "__args__", ())
    return next((found for part in parts if (found := _model_in(part))), None)


def _lacking(found: BaseModel, path: Path) -> Iterator[str]:
    for name, field in type(found).model_fields.items():
        here = (*path, str(field.alias))
        if name not in found.model_fields_set:
            yield pointer(here)
        value = getattr(found, name)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, BaseModel):
                yield from _lacking(inner, (*here, "*") if isinstance(value, list) else here)


def _agree(found: shape.Result, report: values.Report) -> None:
    """Refuse a result that says one thing in its summary and another in what it lists."""
    said = found.summary.model_dump(by_alias=True, exclude_unset=True)
    for key, number in summary(report).items():
        if key in said and said[key] != number and not isinstance(number, dict):
            raise Fault(
                f"found {_shown(said[key])} at /summary/{key}, expected {_shown(number)}, as the findings and"
                " problems of the same result have it",
                ("summary", key),
            )
    for key in ("deployments", "inventories"):
        if found.summary.passed and not said[key]:
            expected = "at least 1 in a result that passed: nothing was judged without"
            raise Fault(f"found 0 at /summary/{key}, expected {expected}", ("summary", key))
    for index, row in enumerate(found.position):
        if row.balance != row.owned - row.required:
            path = ("position", index, "balance")
            expected = f"owned less required, {row.owned - row.required}"
            raise Fault(f"found {row.balance} at {pointer(path)}, expected {expected}", path)
    _agree_on_reasons(found)


def _agree_on_reasons(found: shape.Result) -> None:
    """Refuse reasons of other numbers than the position has."""
    rows = {(row.product, row.license, row.edition, row.metric): (row.required, row.owned) for row in found.position}
    for index, why in enumerate(found.why):
        required, owned = rows.get((why.product, why.license, why.edition, why.metric), (0, 0))
        for key, number, expected in (("required", why.required, required), ("owned", why.owned, owned)):
            if number != expected:
                path = ("why", index, key)
                raise Fault(f"found {number} at {pointer(path)}, expected {expected}, as in the position", path)


def _report(found: shape.Result) -> values.Report:
    return values.Report(
        found.as_of,
        found.tool.version,
        _fail_on(found),
        plugins=tuple(values.PluginInfo(plugin.name, plugin.version) for plugin in found.plugins),
        rules=tuple(
            values.RuleInfo(
                rule.id,
                rule.name,
                values.Severity(rule.severity),
                rule.plugin,
                rule.summary,
                rule.description,
                rule.waivable,
            )
            for rule in found.rules
        ),
        deployments=tuple(found.deployments),
        findings=tuple(map(_finding, found.findings)),
        position=tuple(
            values.PositionRow(row.product, row.license, row.edition, row.metric, row.required, row.owned)
            for row in found.position
        ),
        waivers=tuple(
            values.WaiverInfo(
                waiver.rule,
                waiver.reason,
                waiver.expires,
                waiver.approved_by,
                waiver.state,
                location(waiver.location),
            )
            for waiver in found.waivers
        ),
        problems=tuple(
            Problem(trouble.kind, trouble.message, _maybe(trouble.location), trouble.excerpt)
            for trouble in found.problems
        ),
        summary=_summary(found.summary),
        why=tuple(map(reason, found.why)),
        scope=tuple(found.scope),
    )


def _fail_on(found: shape.Result) -> values.Severity | None:
    """Give the severity that fails the build; where the result does not say, the one that fits its verdict."""
    if "fail_on" in found.model_fields_set:
        return None if found.fail_on == "never" else values.Severity(found.fail_on)
    counting = [values.Severity(one.severity) for one in found.findings if one.waived is None]
    gravest = min(counting, key=lambda severity: severity.rank, default=values.Severity.ERROR)
    if found.summary.passed and gravest is values.Severity.ERROR and counting:
        return None
    return values.Severity.ERROR if found.summary.passed else gravest


def _summary(found: shape.Summary) -> values.Summary:
    return values.Summary(
        deployments=found.deployments,
        inventories=found.inventories,
        lines=found.lines if "lines" in found.model_fields_set else None,
        rules=found.rules if "rules" in found.model_fields_set else None,
        sharing=tuple(found.sharing),
        skipped_files=found.skipped.files,
        skipped_documents=found.skipped.documents,
        skipped_links=found.skipped.links,
    )


def _finding(found: shape.Finding) -> values.Finding:
    waived = found.waived
    return values.Finding(
        rule=found.rule,
        name=found.name,
        severity=values.Severity(found.severity),
        certainty=values.Certainty(found.certainty),
        message=found.message,
        deployment=found.deployment,
        subject=found.subject,
        location=_maybe(found.location),
        facts=found.facts,
        remedy=found.remedy,
        source=tuple(found.source),
        key=(),
        related=tuple(values.Related(place.message, location(place.location)) for place in found.related),
        excerpt=found.excerpt,
        waived=values.Waived(waived.reason, waived.expires, waived.approved_by, location(waived.location))
        if waived
        else None,
        saved_fingerprint=found.fingerprint,
    )


def _maybe(found: Shaped | None) -> Location | None:
    return location(found) if found else None
