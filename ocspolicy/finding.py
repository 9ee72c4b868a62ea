"""What a judgement says: findings, and the report that holds all that any format shows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .errors import Problem
from .place import Location

if TYPE_CHECKING:
    from .reason import Reason

Facts: TypeAlias = Mapping[str, Any]


class Severity(StrEnum):
    """How much a finding weighs; `OFF` switches its rule off."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"

    @property
    def rank(self) -> int:
        """Order severities: 0 for the gravest."""
        return list(Severity).index(self)


class Certainty(StrEnum):
    """How far the sources carry a finding."""

    CERTAIN = "certain"
    DISPUTED = "disputed"
    UNDETERMINED = "undetermined"


class Related(NamedTuple):
    """Another place that a finding is about, and what it has to do with it.

    `kind` is `uncovered` for a server or group that a shortage leaves without a license, `line` for an inventory
    line, `note` otherwise.
    """

    message: str
    location: Location
    kind: str = "note"


class Waived(NamedTuple):
    """Why a finding does not count today, who said so and until which day (ISO date, inclusive)."""

    reason: str
    expires: str
    approved_by: str | None
    location: Location


class Finding(NamedTuple):
    """One thing that a rule found, at its place.

    `facts` are JSON values; `message` is made from them. `key` names what identifies the finding over time:
    `fingerprint` (32 hexadecimal digits) is made of rule and key, so it stays the same when lines move and
    numbers change; it is given only where a saved result, which holds no key, is read back.
    `excerpt` is the source text of the lines of the location, without line ends at its end.
    """

    rule: str
    name: str
    severity: Severity
    certainty: Certainty
    message: str
    deployment: str | None
    subject: str | None
    location: Location | None
    facts: Facts
    remedy: str
    source: tuple[str, ...]
    key: tuple[str, ...]
    related: tuple[Related, ...] = ()
    excerpt: str | None = None
    waived: Waived | None = None
    saved_fingerprint: str = ""

    @property
    def fingerprint(self) -> str:
        """Give what the finding is known by over time."""
        if self.saved_fingerprint:
            return self.saved_fingerprint
        from hashlib import sha256

        named = "\0".join((self.rule, *self.key)).encode("utf-8", "surrogatepass")
        return sha256(named).hexdigest()[:32]

    @property
    def order(self) -> tuple[Any, ...]:
        """Sort by file, line, column, rule, subject, deployment; what has no place comes first."""
        where = self.location
        span = where.span if where else None
        return (
            where.file if where else "",
            span.line if span else 0,
            span.column if span else 0,
            self.rule,
            self.subject or "",
            self.deployment or "",
            self.message,
            self.fingerprint,
        )


class PluginInfo(NamedTuple):
    """A rule plugin that took part: its distribution and version."""

    name: str
    version: str


class RuleInfo(NamedTuple):
    """A rule that took part, as the report names it; `summary` is one sentence.

    `waivable` is false where no waiver may cover its findings.
    """

    id: str
    name: str
    severity: Severity
    plugin: str
    summary: str = ""
    description: str = ""
    waivable: bool = True


def kind_name(product: str | None, license_: str, edition: str | None, metric: str | None = None) -> str:
    """Name a license kind as people read it: `ocs-2007-r2 server/enterprise`, `enterprise-cal-suite/user`."""
    kind = "/".join(part for part in (license_, edition, metric) if part)
    return f"{product} {kind}" if product else kind


class PositionRow(NamedTuple):
    """How many units of one license kind are required and owned, on the day of judgement.

    `product` is None for suites, `edition` where the kind has none, `metric` (user or device) where it is
    no suite.
    """

    product: str | None
    license: str
    edition: str | None
    metric: str | None
    required: int
    owned: int

    @property
    def name(self) -> str:
        """The license kind as people read it."""
        return kind_name(self.product, self.license, self.edition, self.metric)

    @property
    def balance(self) -> int:
        """Owned less required: negative is a shortage."""
        return self.owned - self.required


class WaiverInfo(NamedTuple):
    """A waiver and what became of it: `state` is used, ending, expired, overruled, exceeded, unused or invalid."""

    rule: str
    reason: str
    expires: str
    approved_by: str | None
    state: str
    location: Location


class Summary(NamedTuple):
    """What was judged. `sharing` names the deployments that share inventory lines with another one.

    `lines` and `rules` are None where a saved result does not say.
    """

    deployments: int = 0
    inventories: int = 0
    lines: int | None = 0
    rules: int | None = 0
    sharing: tuple[str, ...] = ()
    skipped_files: int = 0
    skipped_documents: int = 0
    skipped_links: int = 0


class Report(NamedTuple):
    """A whole judgement: all that any format shows, and nothing else.

    `scope` names the paths that were judged, relative to the root, which is `.`; none where nothing says so. `why`
    holds the reasons of the position, filled only where a format shows them.
    """

    as_of: str
    version: str
    fail_on: Severity | None
    plugins: tuple[PluginInfo, ...] = ()
    rules: tuple[RuleInfo, ...] = ()
    deployments: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    position: tuple[PositionRow, ...] = ()
    waivers: tuple[WaiverInfo, ...] = ()
    problems: tuple[Problem, ...] = ()
    summary: Summary = Summary()
    why: tuple[Reason, ...] = ()
    scope: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity, without the waived ones."""
        return sum(1 for found in self.findings if found.severity is severity and found.waived is None)

    @property
    def waived(self) -> int:
        """Count the waived findings."""
        return sum(1 for found in self.findings if found.waived is not None)

    @property
    def undetermined(self) -> int:
        """Count what the terms leave open, without what is waived."""
        return sum(1 for found in self.findings if found.certainty is not Certainty.CERTAIN and found.waived is None)

    def fails(self, found: Finding) -> bool:
        """Tell whether a finding alone is enough to fail the build: not waived, at or above `fail_on`."""
        return self.fail_on is not None and found.waived is None and found.severity.rank <= self.fail_on.rank

    @property
    def status(self) -> int:
        """Give the exit status: 0 covered, 1 findings at or above `fail_on`, 2 could not judge."""
        if self.problems:
            return 2
        return 1 if any(map(self.fails, self.findings)) else 0
