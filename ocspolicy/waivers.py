"""Findings that are accepted for a stated time: waivers in files and in place, and the rules about them.

A waived finding stays in the report. Of two waivers for one finding the earlier end wins, so that a waiver is
prolonged where it stands and never by a second one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import product
from typing import Any, NamedTuple

from .finding import Finding, Severity, Waived, WaiverInfo
from .place import Location, Span, folded
from .rule import Rule


class UnusedWaiver(Rule[Any]):
    """A waiver that no finding needed.

    Why: it accepts what is not there any more, and would silently accept it again if it came back.
    Remedy: remove it.
    """

    id = "WVR001"
    name = "waiver-unused"
    severity = Severity.WARNING
    sources = ("D",)
    message = "the waiver for {rule} is not needed: no finding matches it"
    needs_verdict = True
    speaks_of_absence = True


class InvalidWaiver(Rule[Any]):
    """A waiver without reason or end, or for a rule that does not exist or cannot be waived.

    Why: an acceptance that nobody explains or that never ends is no decision.
    Remedy: give it a rule, a reason and a last day, or remove it.
    """

    id = "WVR002"
    name = "waiver-invalid"
    severity = Severity.ERROR
    sources = ("D",)
    message = "the waiver waives nothing: {fault}"
    waivable = False
    always_on = True
    needs_verdict = True


class ExpiredWaiver(Rule[Any]):
    """A waiver past its last day; what it waived counts again.

    Why: the time for which the finding was accepted is over.
    Remedy: mend what it accepted, or prolong it where it stands, with a reason.
    """

    id = "WVR003"
    name = "waiver-expired"
    severity = Severity.WARNING
    sources = ("D",)
    message = "the waiver for {rule} ended on {expires}; {findings} {findings:finding counts|findings count} again"
    needs_verdict = True


class EndingWaiver(Rule[Any]):
    """A waiver in use ends soon.

    Why: what it accepts fails the build from the day after its end.
    Remedy: mend what it accepts before that day.
    """

    id = "WVR004"
    name = "waiver-ending"
    severity = Severity.WARNING
    sources = ("D",)
    message = "the waiver for {rule} ends on {expires}, in {days} {days:day|days}"
    today = "the waiver for {rule} ends on {expires}, today"
    needs_verdict = True


RULES: tuple[type[Rule[Any]], ...] = (UnusedWaiver, InvalidWaiver, ExpiredWaiver, EndingWaiver)


class Waiver(NamedTuple):
    """A waiver as declared; `line` is the line of `location.file` that one in place is for."""

    rule: str | None
    reason: str | None
    expires: date | None
    location: Location
    deployment: str | None = None
    file: str | None = None
    subject: str | None = None
    approved_by: str | None = None
    max_short: int | None = None
    line: int | None = None

    def suffices(self, finding: Finding) -> bool:
        """Tell whether a shortage is no larger than what was accepted."""
        short = finding.facts.get("short")
        return self.max_short is None or not isinstance(short, int) or short <= self.max_short


class _About:
    """Finds the waivers that are about a finding, whatever their day, without a look at each: there may be many."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self._declared: dict[tuple[str | None, ...], list[Waiver]] = {}
        self._on_line: dict[tuple[str | None, str], dict[int, list[Waiver]]] = {}
        for waiver in waivers:
            if waiver.line is None:
                key = (waiver.rule, _folded(waiver.deployment), _folded(waiver.subject), waiver.file)
                self._declared.setdefault(key, []).append(waiver)
            else:
                lines = self._on_line.setdefault((waiver.rule, waiver.location.file), {})
                lines.setdefault(waiver.line, []).append(waiver)

    def __call__(self, finding: Finding) -> list[Waiver]:
        """Give the waivers that are about a finding."""
        file = finding.location.file if finding.location is not None else None
        narrowing = (_folded(finding.deployment), _folded(finding.subject), file)
        keys = product((finding.rule,), *(dict.fromkeys((None, it)) for it in narrowing))
        met = [waiver for key in keys for waiver in self._declared.get(key, ())]
        return met + [waiver for line in self._touched(finding) for waiver in line]

    def _touched(self, finding: Finding) -> Iterator[list[Waiver]]:
        """Give the waivers in place on each line that the finding touches."""
        seen: set[tuple[str, int]] = set()
        for file, span in _places(finding):
            lines = self._on_line.get((finding.rule, file), {})
            within = range(span.line, span.end_line + 1)
            for line in within if len(within) <= len(lines) else [it for it in lines if it in within]:
                if line in lines and (file, line) not in seen:
                    seen.add((file, line))
                    yield lines[line]


def _folded(name: str | None) -> str | None:
    return None if name is None else folded(name)


def _places(finding: Finding) -> Iterator[tuple[str, Span]]:
    related = (related.location for related in finding.related if related.kind == "uncovered")
    for place in (finding.location, *related):
        if place is not None and place.span is not None:
            yield place.file, place.span


class Outcome(NamedTuple):
    """What waivers made of the findings."""

    findings: list[Finding]
    waivers: tuple[WaiverInfo, ...]


def apply(  # noqa: PLR0913, PLR0917 -- each argument is a step's result
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    day: date,
    warning_days: int,
    faults: Callable[[str], str | None],
    on: Mapping[str, Severity],
    took_part: Callable[[Waiver], bool],
) -> Outcome:
    """Waive findings on a day, and find what is wrong with waivers; that may be waived in turn, once.

    Args:
        faults: says why a rule id cannot be waived, None where it can.
        on: the rules about waivers that are on, with their severity.
        took_part: says whether all was judged that a waiver may be for; else it may be needed another time.
    """
    ours = {rule.id for rule in RULES}
    about_waivers = [waiver for waiver in waivers if waiver.rule in ours]
    others = [waiver for waiver in waivers if waiver.rule not in ours]
    run = partial(_applied, day=day, warning_days=warning_days, faults=faults, on=on, took_part=took_part)
    judged, wrong, infos = run(findings, others)
    wrong, also, more = run(wrong, about_waivers)
    results = sorted([*judged, *wrong, *also], key=lambda finding: finding.order)
    return Outcome(results, tuple(sorted([*infos, *more], key=_order)))


def _applied(  # noqa: PLR0913 -- likewise
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    *,
    day: date,
    warning_days: int,
    faults: Callable[[str], str | None],
    on: Mapping[str, Severity],
    took_part: Callable[[Waiver], bool],
) -> tuple[list[Finding], list[Finding], list[WaiverInfo]]:
    """Waive findings: what became of them, what is wrong with the waivers, and the state of each."""
    invalid = {id(waiver): fault for waiver in waivers if (fault := _fault(waiver, faults)) is not None}
    valid = [waiver for waiver in waivers if id(waiver) not in invalid]
    about = _About(valid)
    touching = [(finding, about(finding)) for finding in findings]
    judged = [(finding, _decisive(finding, near)) for finding, near in touching]
    results = [finding if waiver is None else _waived(finding, waiver, day) for finding, waiver in judged]
    used: dict[int, int] = {}
    for _, waiver in judged:
        if waiver is not None:
            used[id(waiver)] = used.get(id(waiver), 0) + 1
    met = {
        id(waiver): "overruled" if waiver.suffices(finding) else "exceeded"
        for finding, near in touching
        for waiver in near
    }
    failing = Counter(
        id(waiver)
        for (_, near), result in zip(touching, results, strict=True)
        for waiver in near
        if result.waived is None
    )
    wrong, infos = [], []
    for waiver in waivers:
        state = _state(waiver, invalid, used, met, day, warning_days, counts_again=bool(failing[id(waiver)]))
        infos.append(_info(waiver, state))
        found = _found(waiver, state, invalid.get(id(waiver)), failing[id(waiver)], day)
        if found is not None and found.rule in on and (state != "unused" or took_part(waiver)):
            wrong.append(found._replace(severity=on[found.rule]))
    return results, wrong, infos


def _fault(waiver: Waiver, faults: Callable[[str], str | None]) -> str | None:
    lacking = [
        name
        for name, value in (("rule", waiver.rule), ("reason", waiver.reason), ("expires", waiver.expires))
        if not value or (isinstance(value, str) and not value.strip())
    ]
    if lacking:
        return f"found no {' and no '.join(lacking)}, expected {'it' if len(lacking) == 1 else 'them'}"
    return faults(waiver.rule or "")


def _decisive(finding: Finding, waivers: Iterable[Waiver]) -> Waiver | None:
    matching = [waiver for waiver in waivers if waiver.suffices(finding)]
    return min(matching, key=lambda waiver: (waiver.expires or date.max, waiver.location), default=None)


def _waived(finding: Finding, waiver: Waiver, day: date) -> Finding:
    if waiver.expires is None or waiver.expires < day:
        return finding
    said = Waived(waiver.reason or "", waiver.expires.isoformat(), waiver.approved_by, waiver.location)
    return finding._replace(waived=said)


def _state(  # noqa: PLR0913, PLR0917 -- a waiver's state follows from all of this
    waiver: Waiver,
    invalid: Mapping[int, str],
    used: Mapping[int, int],
    met: Mapping[int, str],
    day: date,
    warning_days: int,
    *,
    counts_again: bool,
) -> str:
    if id(waiver) in invalid or waiver.expires is None:
        return "invalid"
    state = "used" if id(waiver) in used else met.get(id(waiver), "unused")
    if state in {"used", "exceeded"} and waiver.expires < day and counts_again:
        return "expired"
    if state != "used":
        return state
    return "ending" if (waiver.expires - day).days <= warning_days else "used"


def _found(waiver: Waiver, state: str, fault: str | None, findings: int, day: date) -> Finding | None:
    """Give the finding about a waiver itself, None where it is in order."""
    rule: Rule[Any]
    message = None
    facts: dict[str, Any] = {"rule": waiver.rule, "expires": waiver.expires.isoformat() if waiver.expires else None}
    match state:
        case "invalid":
            rule, facts["fault"] = InvalidWaiver(), fault
            remedy = "give the waiver a rule, a reason and a last day, or remove it"
        case "unused":
            rule, remedy = UnusedWaiver(), "remove the waiver"
        case "expired":
            rule, facts["findings"] = ExpiredWaiver(), findings
            remedy = "mend what it accepted, or prolong it where it stands"
        case "ending" if waiver.expires is not None:
            rule, facts["days"] = EndingWaiver(), (waiver.expires - day).days
            message = EndingWaiver.today if waiver.expires == day else None
            remedy = f"mend what it accepts until {waiver.expires}"
        case _:
            return None
    key = (folded(waiver.deployment or ""), folded(waiver.subject or ""), waiver.rule or "", waiver.location.file)
    return rule.finding(
        at=waiver.location,
        facts=facts,
        remedy=remedy,
        deployment=waiver.deployment,
        subject=waiver.subject,
        key=key,
        message=message,
    )


def _info(waiver: Waiver, state: str) -> WaiverInfo:
    return WaiverInfo(
        rule=waiver.rule or "",
        reason=waiver.reason or "",
        expires=waiver.expires.isoformat() if waiver.expires else "",
        approved_by=waiver.approved_by,
        state=state,
        location=waiver.location,
    )


def _order(info: WaiverInfo) -> tuple[str, Span, str]:
    return info.location.file, info.location.span or Span(0, 0, 0, 0), info.rule
