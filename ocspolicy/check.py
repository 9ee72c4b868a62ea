"""The two halves of a judgement: load once, judge as often as asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from . import __version__
from .errors import JudgementError, Problem
from .estate import Estate, Policy, Situation
from .estate.resolve import resolve
from .finding import Finding, PluginInfo, Report, RuleInfo, Severity, Summary
from .judge import Selected, Unread, judge, select
from .load import Loaded
from .place import Location, folded
from .position import Position
from .rule import summary

if TYPE_CHECKING:
    from collections.abc import Iterable


def situation(loaded: Loaded, day: date, *, include_planned: bool = False) -> Situation:
    """Build the situation that a loaded configuration asks for."""
    settings = loaded.settings
    policy = Policy(settings.external_authenticated, settings.undetermined, settings.headroom)
    return Situation(day, policy, include_planned, whole_root=loaded.whole_root)


def judged(loaded: Loaded, asked: Situation) -> Report:
    """Judge what was loaded in one situation: the whole second half."""
    problems = [*loaded.problems, *_nothing_to_judge(loaded)]
    if loaded.catalog is None or loaded.plugins is None:
        return _report(loaded, asked, problems)
    estate, unresolved = resolve(loaded.deployments, loaded.inventories, loaded.people, loaded.catalog, asked)
    selected, wrong = select(loaded.plugins, loaded.settings)
    unread = Unread(
        anything=bool(loaded.problems or unresolved),
        inventory=loaded.inventory_unread or not loaded.inventories or _of_lines(unresolved, loaded),
    )
    problems += [*unresolved, *wrong]
    position = Position(estate)
    findings, failed = judge(selected, estate, position, unread)
    problems += failed
    return _report(loaded, asked, problems, estate, position, selected, findings, unread)


def _nothing_to_judge(loaded: Loaded) -> Iterable[Problem]:
    if not loaded.deployments and not loaded.problems:
        yield Problem("input", "found no deployment to judge, expected at least one document of 'kind: Deployment'; ocspolicy init writes a first one")
    elif not loaded.inventories and not loaded.problems:
        yield Problem("input", "found no license inventory, expected a document of 'kind: LicenseInventory' in the checked paths or with --inventory")


def _of_lines(problems: list[Problem], loaded: Loaded) -> bool:
    files = {placed.node.file for placed in loaded.inventories}
    return any(problem.location is not None and problem.location.file in files for problem in problems)


def _report(
    loaded: Loaded,
    asked: Situation,
    problems: list[Problem],
    estate: Estate | None = None,
    position: Position | None = None,
    selected: list[Selected] | None = None,
    findings: list[Finding] | None = None,
    unread: Unread | None = None,
) -> Report:
    fail_on = loaded.settings.fail_on
    plugins = loaded.plugins
    rows = ()
    if position is not None and unread is not None and not unread.inventory:
        try:
            rows = position.rows
        except JudgementError as error:
            problems = [*problems, *error.problems]
    return Report(
        as_of=asked.day.isoformat(),
        version=__version__,
        fail_on=None if fail_on == "never" else Severity(fail_on),
        plugins=tuple(PluginInfo(it.name, it.version) for it in plugins.distributions) if plugins else (),
        rules=tuple(_rule(entry) for entry in selected or ()),
        deployments=tuple(it.name for it in estate.deployments) if estate else (),
        findings=tuple(replace(it, excerpt=_excerpt(loaded, it.location)) for it in findings or ()),
        position=rows,
        problems=tuple(_with_excerpt(loaded, it) for it in _ordered(problems)),
        summary=Summary(
            deployments=len(estate.deployments) if estate else 0,
            inventories=len(loaded.inventories),
            lines=len(estate.lines) if estate else 0,
            rules=len(selected or ()),
            sharing=_sharing(estate) if estate else (),
            skipped_files=loaded.skipped_files,
            skipped_documents=loaded.skipped_documents,
            skipped_links=loaded.skipped_links,
        ),
    )


def _rule(entry: Selected) -> RuleInfo:
    rule = entry.registered.rule
    return RuleInfo(rule.id, rule.name, entry.severity, entry.registered.plugin, summary(rule))


def _ordered(problems: Iterable[Problem]) -> list[Problem]:
    def order(problem: Problem) -> tuple[str, int, int, str]:
        where = problem.location
        span = where.span if where else None
        return (where.file if where else "", span.line if span else 0, span.column if span else 0, problem.message)

    return sorted(dict.fromkeys(problems), key=order)


def _excerpt(loaded: Loaded, where: Location | None) -> str | None:
    from .source import excerpt

    source = loaded.sources.get(where.file) if where is not None else None
    if source is None or where is None or where.span is None:
        return None
    return excerpt(source.lines, where.span)


def _with_excerpt(loaded: Loaded, problem: Problem) -> Problem:
    return problem if problem.excerpt else problem._replace(excerpt=_excerpt(loaded, problem.location))


def _sharing(estate: Estate) -> tuple[str, ...]:
    """Name the deployments that a line serves together with another one."""
    sharing: set[str] = set()
    for line in estate.lines:
        reached = [it.name for it in estate.deployments if line.reaches(frozenset([folded(it.name)]))]
        if len(reached) > 1:
            sharing.update(reached)
    return tuple(it.name for it in estate.deployments if it.name in sharing)
