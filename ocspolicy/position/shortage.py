"""What is lacking, as values: each shortage with those who stay uncovered and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..estate import Line
from ..finding import Related
from ..need import Subject


class Uncovered(NamedTuple):
    """A server or group of which `count` members stay without a license."""

    subject: Subject
    count: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A set of needs and every line that could serve any of them: `short` is the size less what they can serve.

    `indivisible` is what stays uncovered beyond what any such set shows, because suites cannot be split.
    """

    required: int
    owned: int
    short: int
    deployments: tuple[str, ...]
    lines: tuple[Line, ...]
    indivisible: int = 0


@dataclass(frozen=True, slots=True)
class Shortage:
    """What one deployment lacks of one license kind: its part of the shared proof."""

    deployment: str
    product: str
    license: str
    edition: str | None
    required: int
    short: int
    uncovered: tuple[Uncovered, ...]
    proof: Proof

    @property
    def owned(self) -> int:
        """How much of the need the allocation covers."""
        return self.required - self.short

    def facts(self) -> dict[str, Any]:
        """Give the numbers as JSON values, the proof among them."""
        certificate: dict[str, Any] = {
            "required": self.proof.required,
            "owned": self.proof.owned,
            "short": self.proof.short,
            "deployments": list(self.proof.deployments),
            "lines": [line.id for line in self.proof.lines],
        }
        if self.proof.indivisible:
            certificate["indivisible"] = self.proof.indivisible
        edition = {} if self.edition is None else {"edition": self.edition}
        return {
            "product": self.product,
            "license": self.license,
            **edition,
            "required": self.required,
            "owned": self.owned,
            "short": self.short,
            "certificate": certificate,
        }

    def related(self) -> list[Related]:
        """Give the other places: what else stays uncovered, and the lines that could have served."""
        places = [
            Related(_counted(found), found.subject.node.location, "uncovered") for found in self.uncovered[1:]
        ]
        return places + [Related(owned_note(line), line.node.location, "line") for line in self.proof.lines]


def _counted(found: Uncovered) -> str:
    extra = f" ({found.count:,})" if found.count > 1 else ""
    return f"{found.subject.name} is uncovered too{extra}"


def owned_note(line: Line) -> str:
    """Say what a line holds, for a related place."""
    kind = f"{line.license}/{line.edition}" if line.edition else line.license
    return f"this line holds {line.quantity:,} {kind}"
