"""Runs the selected rules over one position; a rule that fails is named and never a finding."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from typing import Any, NamedTuple

from .errors import JudgementError, Problem, near_misses
from .estate import Estate
from .finding import Certainty, Finding, Severity
from .place import Location
from .plain import plain
from .plugins import Plugins, Registered, said
from .position import Position
from .rule import Context, Rule
from .settings import Settings


class Selected(NamedTuple):
    """A rule that is on, with its severity in this run and its options."""

    registered: Registered
    severity: Severity
    options: Any


class Unread(NamedTuple):
    """What could not be read: findings that it could take back are withheld."""

    anything: bool = False
    inventory: bool = False


def select(plugins: Plugins, settings: Settings) -> tuple[list[Selected], list[Problem]]:
    """Choose the rules of a run.

    A rule that is always on stays so when only a prefix ignores it: silence about what nobody
    understands must be asked for by name, and even then is refused.
    """
    problems = list(_unknown_ids(plugins, settings))
    selected = []
    for registered in plugins.rules:
        rule = registered.rule
        severity = Severity(settings.severity.get(rule.id, rule.severity))
        on = not settings.select or any(rule.id.startswith(prefix) for prefix in settings.select)
        ignored = any(rule.id.startswith(prefix) for prefix in settings.ignore)
        if rule.always_on:
            problems += _refused(rule.id, settings)
            severity, on, ignored = rule.severity, True, False
        if on and not ignored and severity is not Severity.OFF:
            options, wrong = _options(registered, settings)
            problems += wrong
            if not wrong:
                selected.append(Selected(registered, severity, options))
    if plugins.rules and all(_is_forced(entry.registered.rule, settings) for entry in selected):
        message = (
            "found every rule switched off, expected at least one in this run; look at select, ignore and severity"
        )
        problems.append(_problem(message, settings))
    return selected, problems


def _is_forced(rule: type[Rule[Any]], settings: Settings) -> bool:
    """Tell whether a rule is on only because it cannot be switched off."""
    silent = rule.always_on or rule.needs_verdict
    return silent and not any(rule.id.startswith(prefix) for prefix in settings.select)


def _problem(message: str, settings: Settings) -> Problem:
    return Problem("configuration", message, Location(settings.file) if settings.file else None)


def _refused(rule_id: str, settings: Settings) -> Iterator[Problem]:
    if rule_id in settings.ignore:
        yield _problem(f"found {rule_id} in ignore, expected it to stay on: what is unknown cannot be judged", settings)
    if rule_id in settings.severity:
        yield _problem(
            f"severity.{rule_id}: found another severity, expected none: this rule cannot be lowered",
            settings,
        )


def _unknown_ids(plugins: Plugins, settings: Settings) -> Iterator[Problem]:
    known = [registered.rule.id for registered in plugins.rules]
    for key, prefixes in (("select", settings.select), ("ignore", settings.ignore)):
        for prefix in prefixes:
            if not any(rule_id.startswith(prefix) for rule_id in known):
                yield _problem(
                    f"{key}: found '{prefix}', expected a rule id or the beginning of one{near_misses(prefix, known)}",
                    settings,
                )
    exact = {"severity": settings.severity, "rules": settings.rules, "non-waivable": settings.non_waivable}
    for key, ids in exact.items():
        for rule_id in ids:
            if rule_id not in known:
                yield _problem(f"{key}: found '{rule_id}', expected a rule id{near_misses(rule_id, known)}", settings)


def _options(registered: Registered, settings: Settings) -> tuple[Any, list[Problem]]:
    model = registered.rule.options
    given: Mapping[str, Any] = settings.rules.get(registered.rule.id, {})
    fields = getattr(model, "model_fields", {})
    names = [field.alias or name for name, field in fields.items()]
    path = f"rules.{registered.rule.id}"
    unknown = [key for key in given if key not in names]
    if unknown:
        expected = f"one of {', '.join(names)}" if names else "none: this rule takes no options"
        found = f"found an unknown option, expected {expected}"
        return None, [_problem(f"{path}.{key}: {found}{near_misses(key, names)}", settings) for key in unknown]
    if not fields:
        return model(), []
    from pydantic import ValidationError

    try:
        return model.model_validate(dict(given)), []
    except ValidationError as invalid:
        return None, [_problem(f"{path}{_wrong_option(detail)}", settings) for detail in invalid.errors()]


def _wrong_option(detail: Mapping[str, Any]) -> str:
    keys = "".join(f".{key}" for key in detail["loc"])
    expected = detail["msg"][0].lower() + detail["msg"][1:]
    try:
        found = repr(str(detail["input"])[:60])
    except ValueError:
        found = "a number that is too large to show"
    return f"{keys}: found {found}, expected that {expected}"


def judge(
    selected: list[Selected], estate: Estate, position: Position, unread: Unread
) -> tuple[list[Finding], list[Problem]]:
    """Run rules; their findings in the report's order, and the problems of those that failed."""
    findings: list[Finding] = []
    problems: list[Problem] = []
    for entry in selected:
        rule = entry.registered.rule
        if rule.needs_verdict:
            continue
        if (unread.anything and rule.speaks_of_absence) or (unread.inventory and rule.speaks_of_supply):
            continue
        try:
            with redirect_stdout(sys.stderr):  # what a rule prints is no part of the result
                context = Context(estate, position, entry.options, unread.anything)
                found = [_checked(thing, entry) for thing in rule().judge(context)]
            findings += found
        except JudgementError as error:
            problems += (_named(entry.registered, it) for it in error.problems)
        except BaseException as error:  # noqa: BLE001 -- whatever a rule raises is named; a signal raises nothing
            problems.append(_failed(entry.registered, said(error), traceback.format_exc()))
    return sorted(findings, key=lambda finding: finding.order), list(dict.fromkeys(problems))


def _checked(thing: object, entry: Selected) -> Finding:
    """Give a finding that every format can show, so that the status does not depend on the format."""
    rule = entry.registered.rule
    if not isinstance(thing, Finding) or thing.rule != rule.id:
        raise TypeError(f"it gave {str(thing)[:60]!r}, expected a finding of {rule.id}")
    wanted: list[tuple[object, Any]] = [
        *((text, str) for text in (thing.name, thing.message, thing.remedy, *thing.source)),
        *((name, str | None) for name in (thing.deployment, thing.subject)),
        *(pair for it in thing.related for pair in ((it.message, str), (it.location, Location))),
        (thing.location, Location | None),
        (thing.certainty, Certainty),
        (thing.facts, Mapping),
    ]
    for value, kind in wanted:
        if not isinstance(value, kind):
            expected = getattr(kind, "__name__", kind)
            raise TypeError(f"it gave {str(value)[:60]!r} in a finding of {rule.id}, expected {expected}")
    return thing._replace(severity=entry.severity, facts=plain(thing.facts, rule.id))


def _named(registered: Registered, problem: Problem) -> Problem:
    """Name the rule that raised a problem; a limit of ours is nobody's fault."""
    if problem.kind == "limit":
        return problem
    rule = registered.rule
    return problem._replace(message=f"rule {rule.id} ({rule.name}) of {registered.plugin}: {problem.message}")


def _failed(registered: Registered, reason: str, trace: str) -> Problem:
    rule = registered.rule
    version = f" {registered.version}" if registered.version else ""
    what = f"rule {rule.id} ({rule.name}) of {registered.plugin}{version} failed"
    return Problem("plugin", f"{what}: {reason}; report it to its author", trace=trace)
