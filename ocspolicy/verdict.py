"""Puts a judgement together as a report. Light to import: a run that finds nothing of ours needs no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from . import __version__
from .errors import Problem
from .finding import PluginInfo, PositionRow, Report, RuleInfo, Severity, Summary
from .place import folded
from .reading import excerpt_at, ordered, with_excerpts
from .settings import Settings

if TYPE_CHECKING:
    from .census import Members
    from .estate import Estate
    from .judge import Selected
    from .load import Loaded
    from .position import Position
    from .reason import Reason
    from .waivers import Outcome


class Judgement(NamedTuple):
    """A judgement and what it rests on; estate and position are None where nothing could be judged.

    `members` names the people in exactly these groups (folded names of deployment and group), if that was asked for.
    `root` is the folder that places in the report are relative to, where it was found.
    """

    report: Report
    estate: Estate | None = None
    position: Position | None = None
    members: Members | None = None
    root: str | None = None

    def reasons(self) -> list[Reason]:
        """Give the reason of each row of the position, nothing where there is none."""
        return self.position.reasons(self.members) if self.position and self.report.position else []


def unjudged(day: date, settings: Settings, problems: Iterable[Problem]) -> Report:
    """Report that nothing could be loaded at all."""
    return Report(as_of=day.isoformat(), version=__version__, fail_on=_fail_on(settings), problems=ordered(problems))


def nothing_found(loaded: Loaded) -> Iterable[Problem]:
    """Say what a judgement needs and was not there; an unread file may have held it."""
    if loaded.problems:
        return
    if not loaded.deployments:
        message = "found no deployment to judge, expected at least one document of 'kind: Deployment'"
        yield Problem("input", f"{message}; 'ocspolicy init' writes a first one")
    elif not loaded.inventories:
        message = (
            "found no license inventory, expected 'kind: LicenseInventory' in the checked paths or with --inventory"
        )
        yield Problem("input", message)


def of_documents(loaded: Loaded, day: date, problems: Iterable[Problem]) -> Report:
    """Report what was read, with nothing judged."""
    return Report(
        as_of=day.isoformat(),
        version=__version__,
        fail_on=_fail_on(loaded.settings),
        problems=with_excerpts(loaded.sources, problems),
        summary=_summary(loaded),
        scope=loaded.scope,
    )


def of_judgement(  # noqa: PLR0913, PLR0917 -- a report is made of all that the steps made
    loaded: Loaded,
    estate: Estate,
    selected: Sequence[Selected],
    outcome: Outcome,
    rows: tuple[PositionRow, ...],
    problems: Iterable[Problem],
) -> Report:
    """Report a judgement."""
    summary = _summary(loaded)
    return of_documents(loaded, estate.day, problems)._replace(
        plugins=tuple(PluginInfo(it.name, it.version) for it in loaded.plugins.distributions) if loaded.plugins else (),
        rules=tuple(_rule(entry, loaded.settings.non_waivable) for entry in selected),
        deployments=tuple(it.name for it in estate.deployments),
        findings=tuple(it._replace(excerpt=excerpt_at(loaded.sources, it.location)) for it in outcome.findings),
        position=rows,
        waivers=outcome.waivers,
        summary=summary._replace(
            deployments=len(estate.deployments),
            lines=len(estate.lines),
            rules=len(selected),
            sharing=_sharing(estate),
        ),
    )


def _summary(loaded: Loaded) -> Summary:
    return Summary(
        inventories=len(loaded.inventories),
        skipped_files=loaded.skipped_files,
        skipped_documents=loaded.skipped_documents,
        skipped_links=loaded.skipped_links,
    )


def _fail_on(settings: Settings) -> Severity | None:
    return None if settings.fail_on == "never" else Severity(settings.fail_on)


def _rule(entry: Selected, non_waivable: Collection[str]) -> RuleInfo:
    from .rule import prose, summary

    rule = entry.registered.rule
    return RuleInfo(
        id=rule.id,
        name=rule.name,
        severity=entry.severity,
        plugin=entry.registered.plugin,
        summary=summary(rule),
        description=prose(rule),
        waivable=rule.waivable and rule.id not in non_waivable,
    )


def _sharing(estate: Estate) -> tuple[str, ...]:
    """Name the deployments that a line serves together with another one."""
    sharing: set[str] = set()
    for line in estate.lines:
        reached = [it.name for it in estate.deployments if line.reaches(frozenset([folded(it.name)]))]
        if len(reached) > 1:
            sharing.update(reached)
    return tuple(it.name for it in estate.deployments if it.name in sharing)
