"""What is lacking, as values: each shortage with those who stay uncovered and its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import ExternalUsers, Feature, Role
from ..estate import Line
from ..finding import Certainty, Related
from ..need import Subject
from ..place import folded

if TYPE_CHECKING:
    from ..reason import Counted


class Uncovered(NamedTuple):
    """A server or group of which `members` stay without a license."""

    subject: Subject
    members: int


class Missing(NamedTuple):
    """So many units of one kind that would end a shortage; `name` is the kind's in the catalog."""

    name: str
    edition: str | None
    units: int

    def __str__(self) -> str:
        """Give it as a purchase would: `2 user CALs (enterprise)`."""
        edition = f" ({self.edition})" if self.edition else ""
        return f"{self.units:,} {self.name}{'' if self.units == 1 else 's'}{edition}"


def take(missing: tuple[Missing, ...], number: int) -> tuple[tuple[Missing, ...], tuple[Missing, ...]]:
    """Divide what is missing: so many units of it, and the rest."""
    taken, rest = [], []
    for part in missing:
        units = min(number, part.units)
        number -= units
        taken.append(part._replace(units=units))
        rest.append(part._replace(units=part.units - units))
    return tuple(part for part in taken if part.units), tuple(part for part in rest if part.units)


class Proof(NamedTuple):
    """A set of needs and every line that could serve any of them: `short` is the size less what they can serve.

    `counted` says of each line how many of the needs it can serve at most. `indivisible` is what stays uncovered beyond
    what the set shows, since suites cannot be split.
    """

    required: int
    owned: int
    short: int
    deployments: tuple[str, ...]
    lines: tuple[Line, ...]
    indivisible: int = 0
    counted: tuple[Counted, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Give the numbers as JSON values."""
        apart = [{"line": it.line, "units": it.apart, "servers": list(it.servers)} for it in self.counted if it.apart]
        return {
            "required": self.required,
            "owned": self.owned,
            "short": self.short,
            "deployments": list(self.deployments),
            "lines": [line.id for line in self.lines],
            "serves": [it.serves for it in self.counted],
            **({"apart": apart} if apart else {}),
            **({"indivisible": self.indivisible} if self.indivisible else {}),
        }


class Shortage(NamedTuple):
    """What one deployment lacks of one license kind: its part of the shared proof.

    `of` is the license kind, or `cal` for those of users and devices together; `license` names the kinds that
    are short. `because` are the facts of the catalog that make the need; so much of it stands without the disputed ones
    is `undisputed`. `missing` adds up to `short`, by the kinds asked for first; `who` says whom it concerns; `bound`
    are those of the uncovered that not every edition serves.
    """

    deployment: str
    product: str
    of: str
    license: str
    edition: str | None
    required: int
    short: int
    uncovered: tuple[Uncovered, ...]
    proof: Proof
    because: tuple[Role | Feature | ExternalUsers, ...]
    undisputed: int
    missing: tuple[Missing, ...]
    who: str
    bound: tuple[Uncovered, ...] = ()

    @property
    def first(self) -> Subject:
        """The first uncovered server or group by name: where the shortage stands."""
        return self.uncovered[0].subject

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies the shortage while numbers change, and with them the first that is uncovered."""
        return (folded(self.deployment), self.product, self.of, self.edition or "")

    @property
    def owned(self) -> int:
        """How much of the need the allocation covers."""
        return self.required - self.short

    @property
    def certainty(self) -> Certainty:
        """How far the sources carry the need: disputed where any of it rests on disputed facts alone."""
        return Certainty.CERTAIN if self.undisputed == self.required else Certainty.DISPUTED

    def sources(self, *marks: str) -> tuple[str, ...]:
        """Give a rule's marks and those of the facts that make the need, each once."""
        return tuple(dict.fromkeys((*marks, *(mark for fact in self.because for mark in fact.source))))

    @property
    def purchase(self) -> str:
        """What would end the shortage, in words: `2 user CALs (enterprise) of ocs-2007-r2`."""
        return f"{' and '.join(map(str, self.missing))} of {self.product}"

    def facts(self) -> dict[str, Any]:
        """Give the numbers as JSON values, the proof among them."""
        edition = {} if self.edition is None else {"edition": self.edition}
        readings = {"with the disputed facts": self.required, "without them": self.undisputed}
        return {
            "product": self.product,
            "license": self.license,
            **edition,
            "required": self.required,
            "owned": self.owned,
            "short": self.short,
            **({} if self.certainty is Certainty.CERTAIN else {"readings": readings}),
            "certificate": self.proof.facts(),
        }

    def related(self) -> list[Related]:
        """Give the other places: what else stays uncovered, and the lines that could have served."""
        places = [Related(_counted(found), found.subject.node.location, "uncovered") for found in self.uncovered[1:]]
        return places + [Related(owned_note(line), line.node.location, "line") for line in self.proof.lines]


def _counted(found: Uncovered) -> str:
    extra = f" ({found.members:,})" if found.members > 1 else ""
    return f"{found.subject.name} is uncovered too{extra}"


def owned_note(line: Line) -> str:
    """Say what a line holds, for a related place."""
    kind = f"{line.license}/{line.edition}" if line.edition else line.license
    return f"this line holds {line.quantity:,} {kind}"
