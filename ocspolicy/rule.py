"""A rule: data, prose and one pure generator over a context that the core has resolved, measured and allocated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from .finding import Certainty, Finding, Related, Severity
from .place import Location, folded

if TYPE_CHECKING:
    from datetime import date

    from .catalog import Catalog
    from .estate import Estate, Policy
    from .position import Position, Shortage
    from .source import Node

ID = re.compile(r"[A-Z]{3}\d{3}")
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
RESERVED = {"CAL": "ocspolicy", "ROL": "ocspolicy", "GCH": "ocspolicy", "INV": "ocspolicy", "HDR": "ocspolicy",
            "IDN": "ocspolicy", "WVR": "ocspolicy"}  # fmt: skip

O = TypeVar("O")  # noqa: E741 -- O for options


class NoOptions:
    """The options of a rule that takes none."""


class Context(NamedTuple, Generic[O]):
    """All that a rule may know: the estate on the day, the position of licenses, its own options.

    `unread` says that something could not be read: nothing that is missing may be claimed then.
    """

    estate: Estate
    position: Position
    options: O
    unread: bool = False

    @property
    def day(self) -> date:
        """The day of judgement."""
        return self.estate.day

    @property
    def catalog(self) -> Catalog:
        """What the terms say."""
        return self.estate.catalog

    @property
    def policy(self) -> Policy:
        """What the organization decided where the terms leave it a choice."""
        return self.estate.policy


class Rule(Generic[O]):
    """One question that a judgement answers.

    A subclass names its `id` (three capitals, three digits), its `name` (what is wrong, so that it reads after
    "ignore"), its default `severity`, the `sources` of what it claims, and a `message`: a template over the
    facts of a finding, in which `{short:is|are}` chooses the word by the number. Its docstring says in one line
    what is found, then under `Why:` and `Remedy:` what a reader needs.

    `waivable` says whether a waiver may cover its findings, `always_on` that it can be neither ignored nor lowered.
    `needs_verdict` marks a rule about the findings of the others: the core calls it after them.

    `speaks_of_absence` marks a rule whose findings an unread document could take back: it is silent when there
    is one. `speaks_of_supply` marks the same for an unread inventory.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    sources: ClassVar[tuple[str, ...]]
    message: ClassVar[str]
    options: ClassVar[type[Any]] = NoOptions
    waivable: ClassVar[bool] = True
    always_on: ClassVar[bool] = False
    needs_verdict: ClassVar[bool] = False
    speaks_of_absence: ClassVar[bool] = False
    speaks_of_supply: ClassVar[bool] = False

    def judge(self, context: Context[O]) -> Iterator[Finding]:
        """Yield what is found; pure: no file, no clock, no printing."""
        raise NotImplementedError

    def finding(  # noqa: PLR0913 -- a finding says all this
        self,
        *,
        at: Node | Location | None,
        facts: Mapping[str, Any],
        remedy: str,
        deployment: str | None = None,
        subject: str | None = None,
        related: Sequence[Related] = (),
        key: tuple[str, ...] | None = None,
        certainty: Certainty = Certainty.CERTAIN,
        sources: tuple[str, ...] | None = None,
        message: str | None = None,
    ) -> Finding:
        """Build a finding of this rule.

        Args:
            at: the node or place to point at; None only for what stands in no file.
            facts: JSON values that the message names; they go into every format.
            remedy: the next step, with numbers.
            key: what identifies the finding while lines move and numbers change; deployment and subject unless
                the subject moves with the numbers.
            sources: where they differ from the rule's.
            message: where one template cannot say it.
        """
        return Finding(
            rule=self.id,
            name=self.name,
            severity=self.severity,
            certainty=certainty,
            message=fill(message or self.message, facts),
            deployment=deployment,
            subject=subject,
            location=at if at is None or isinstance(at, Location) else at.location,
            facts=facts,
            remedy=remedy,
            source=self.sources if sources is None else sources,
            key=key if key is not None else (folded(deployment or ""), folded(subject or "")),
            related=tuple(related),
        )

    def shortage(self, found: Shortage, *, remedy: str, sources: Iterable[str], message: str | None = None) -> Finding:
        """Build the finding of a shortage: where it stands, its numbers and proof, what identifies it.

        Args:
            remedy: the next step, with numbers.
            sources: the marks, in their order; one that is named twice counts once.
            message: where it is not the rule's.
        """
        return self.finding(
            at=found.first.node,
            deployment=found.deployment,
            subject=found.first.name,
            facts=found.facts(),
            related=found.related(),
            remedy=remedy,
            key=found.key,
            certainty=found.certainty,
            sources=tuple(dict.fromkeys(sources)),
            message=message,
        )


class _Count(int):
    """A number that chooses a word in a template: `{short:license is|licenses are}`."""

    def __format__(self, spec: str) -> str:
        if "|" in spec:
            one, many = spec.split("|")
            return one if self == 1 else many
        return format(int(self), spec or ",")


def fill(template: str, facts: Mapping[str, Any]) -> str:
    """Fill a message template; numbers get thousands separators, lists are joined by commas."""
    return template.format_map({name: _shown(value) for name, value in facts.items()})


def _shown(value: Any) -> Any:  # noqa: ANN401 -- facts are any JSON value
    if isinstance(value, int) and not isinstance(value, bool):
        return _Count(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return value


def summary(rule: type[Rule[Any]]) -> str:
    """Give the one line that says what a rule finds."""
    return (rule.__doc__ or "").strip().splitlines()[0].strip()


def prose(rule: type[Rule[Any]]) -> str:
    """Give the rest of what a rule's docstring says, as one paragraph a section."""
    lines = [line.strip() for line in (rule.__doc__ or "").strip().splitlines()[1:]]
    paragraphs: list[str] = []
    for line in lines:
        if line.startswith(("Why:", "Remedy:")) or not paragraphs or not line:
            paragraphs.append(line)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}".strip()
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def faults(rule: object) -> Iterator[str]:
    """Say what is wrong with a rule's own data; nothing for a sound rule."""
    if not (isinstance(rule, type) and issubclass(rule, Rule)):
        yield f"found {str(rule)[:60]!r}, expected a subclass of Rule"
        return
    for attribute, pattern in (("id", ID), ("name", NAME)):
        value = getattr(rule, attribute, None)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield f"{rule.__name__}.{attribute}: found {value!r}, expected a match of {pattern.pattern}"
    if not isinstance(getattr(rule, "severity", None), Severity):
        yield f"{rule.__name__}.severity: found {getattr(rule, 'severity', None)!r}, expected a Severity"
    if not isinstance(getattr(rule, "message", None), str):
        yield f"{rule.__name__}.message: found none, expected a template"
    sources = getattr(rule, "sources", None)
    if not isinstance(sources, tuple) or not sources or not all(map(str, sources)):
        yield f"{rule.__name__}.sources: found {sources!r}, expected a tuple of source marks"
    document = rule.__doc__ or ""
    missing = [section for section in ("Why:", "Remedy:") if section not in document]
    if missing:
        yield f"{rule.__name__}: found no {' and no '.join(missing)} in its docstring, expected both"
