"""The second half of a judgement: what was loaded once is judged as often as asked."""

from __future__ import annotations

from datetime import date

from . import waivers
from .errors import JudgementError, Problem, near_misses
from .estate import Policy, Situation
from .estate.resolve import resolve
from .finding import Finding, PositionRow, Report
from .judge import Selected, Unread, judge, select
from .load import STANDING, Loaded
from .position import Position
from .verdict import Judgement, nothing_found, of_documents, of_judgement


def situation(loaded: Loaded, day: date, *, include_planned: bool = False) -> Situation:
    """Build the situation that a loaded configuration asks for."""
    settings = loaded.settings
    policy = Policy(settings.external_authenticated, settings.undetermined, settings.headroom, settings.file)
    return Situation(day, policy, include_planned, whole_root=loaded.whole_root)


def judged(loaded: Loaded, asked: Situation) -> Report:
    """Judge what was loaded in one situation."""
    return judgement(loaded, asked).report


def judgement(loaded: Loaded, asked: Situation) -> Judgement:
    """Judge what was loaded in one situation: estate, need, allocation, position, rules, waivers, report."""
    problems = [*loaded.problems, *nothing_found(loaded)]
    if loaded.catalog is None or loaded.plugins is None:
        return Judgement(of_documents(loaded, asked.day, problems))
    estate, unresolved = resolve(
        loaded.deployments, loaded.inventories, loaded.people, loaded.catalog, asked, look_alikes=loaded.look_alikes
    )
    # What contradicts itself is not judged; what else is wrong with it is said all the same.
    unresolved += resolve(loaded.unsound, (), {}, loaded.catalog, asked)[1]
    selected, wrong = select(loaded.plugins, loaded.settings)
    unread = Unread(
        anything=bool(loaded.problems or unresolved),
        inventory=loaded.inventory_unread or not loaded.inventories or _of_lines(unresolved, loaded),
    )
    position = Position(estate)
    findings, failed = judge(selected, estate, position, unread)
    outcome = _waive(findings, loaded, selected, asked, unread)
    rows, limited = _rows(position, unread)
    problems += [*unresolved, *wrong, *failed, *limited]
    report = of_judgement(loaded, estate, selected, outcome, rows, problems)
    return Judgement(report, estate, position, loaded.members)


def _waive(
    findings: list[Finding], loaded: Loaded, selected: list[Selected], asked: Situation, unread: Unread
) -> waivers.Outcome:
    """Apply the waivers, and find what is wrong with them."""
    rules = {it.rule.id: it.rule for it in loaded.plugins.rules} if loaded.plugins else {}
    settings = loaded.settings

    def fault(rule_id: str) -> str | None:
        if rule_id not in rules:
            return f"found rule '{rule_id}', expected a rule id{near_misses(rule_id, list(rules))}"
        if not rules[rule_id].waivable:
            return f"{rule_id} can never be waived"
        return f"the configuration lists {rule_id} in non-waivable" if rule_id in settings.non_waivable else None

    on = {entry.registered.rule.id: entry.severity for entry in selected}

    def took_part(waiver: waivers.Waiver) -> bool:
        standing = waiver.location.file == STANDING and not loaded.whole_root
        return waiver.rule in on and not (unread.anything or unread.inventory or standing)

    return waivers.apply(findings, loaded.waivers, asked.day, settings.waiver_warning_days, fault, on, took_part)


def _of_lines(problems: list[Problem], loaded: Loaded) -> bool:
    files = {placed.node.file for placed in loaded.inventories}
    return any(problem.location is not None and problem.location.file in files for problem in problems)


def _rows(position: Position, unread: Unread) -> tuple[tuple[PositionRow, ...], tuple[Problem, ...]]:
    """Give the rows of the position; none while an inventory is unread, since they would be wrong."""
    if unread.inventory:
        return (), ()
    try:
        return position.rows, ()
    except JudgementError as error:
        return (), error.problems
