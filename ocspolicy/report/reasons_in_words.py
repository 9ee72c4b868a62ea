"""What a tree of reasons says, part by part, for every format that shows one to people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ..finding import Certainty
from .reasons import in_words
from .sanitize import Shown, shown
from .wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..reason import Asking, Fact, Part, Reason, Serving

HOLDERS = {
    "instance": ("running server", "running servers"),
    "user": ("person", "people"),
    "device": ("device", "devices"),
    "deployment": ("license", "licenses"),
}
BRIEF = 10
"""How many names a sentence of a tree holds before the rest is counted."""


def head(reason: Reason) -> str:
    """Name a license kind with its numbers."""
    row = reason.row
    numbers = f"required {row.required:,}, owned {row.owned:,}, balance {row.balance:,}"
    return f"{shown(row.name)}: {numbers if row.required or row.owned else 'wholly met by other kinds'}"


def bridge(reason: Reason) -> str | None:
    """Say how what is required adds up from what is asked for, where other kinds stand in between."""
    if not reason.elsewhere and not reason.stands_in:
        return None
    parts = [f"{reason.asked:,} asked for"] if reason.asked or reason.elsewhere else []
    text = " ".join([*parts, *(f"- {number:,} served by {_kinds(names)}" for names, number in reason.elsewhere)])
    serving = [f"{number:,} in use for {_kinds(names)}" for names, number in reason.stands_in]
    return f"required {reason.row.required:,} = {' + '.join([*([text] if text else []), *serving])}"


def _kinds(names: Sequence[str]) -> str:
    return listed([shown(name) for name in names], None)


def deployments(asking: Sequence[Asking]) -> Iterator[tuple[str, list[Asking]]]:
    """Give the askers of each deployment."""
    for name, group in groupby(asking, key=lambda it: it.deployment):
        yield name, list(group)


def asks(asking: Asking) -> str:
    """Say who asks, for how many, and what serves them."""
    noun = HOLDERS.get(asking.holder, ("", ""))[asking.number != 1]
    served = [f"{it.number:,} by {shown(it.license)}{_by(it.facts)}" for it in asking.served]
    parts = [f"served {listed(served, None)}"] if served else []
    if asking.uncovered:
        parts.append(f"{asking.uncovered:,} uncovered")
    return f"{shown(asking.subject)}: {asking.number:,} {noun}; {', '.join(parts)}"


def because(asking: Asking) -> str:
    """Say which facts make the need, and where it stands."""
    base = [fact for fact in asking.facts if fact.kind == "base-tier"]
    uses = [_fact(fact) for fact in asking.facts if fact.kind != "base-tier"]
    said = ([f"because of {listed(uses, None)}"] if uses else []) + [
        f"{shown(fact.name)} is needed whatever they use{_marks(fact)}" for fact in base
    ]
    return "; ".join([*said, shown(str(asking.location))])


def covers(asking: Asking, most: int | None) -> list[str]:
    """Say which servers a deployment needs a license each for, and which people these cover."""
    servers = [it for it in asking.parts if it.kind == "server"]
    groups = [it for it in asking.parts if it.kind == "group"]
    said = []
    if servers:
        named = [_part(it, "") for it in servers]
        said.append(f"one for each server that needs a license: {listed(named, most)}")
    elif asking.parts:
        said.append("one, since no server that needs a license runs")
    if groups:
        said.append(f"covers {listed([_part(it, ' external') for it in groups], most)}")
    return said


def _part(part: Part, what: str) -> str:
    if part.kind == "server":
        return shown(part.name) if part.number == 1 else f"{shown(part.name)} ({part.number:,})"
    return f"{shown(part.name)} ({part.number:,}{what} {HOLDERS['user'][part.number != 1]})"


def people(asking: Asking, most: int | None) -> str | None:
    """Name the people who ask, where they were asked for; those of a plain count have no names."""
    if not asking.people:
        return None
    return f"people: {listed([shown(name) for name in asking.people], most)}"


def waits(reason: Reason) -> list[str]:
    """Say which deployments would need more units at once than there are."""
    return [
        f"{shown(name)} would need {number:,} at once, more than are left, so its external people ask for CALs"
        for name, number in reason.waiting
    ]


def serves(serving: Serving, most: int | None) -> str:
    """Say how much of a line is used and for whom."""
    left = serving.units - serving.used
    return f"{shown(serving.name)}: {serving.used:,} of {serving.units:,} used, {left:,} left over{_for(serving, most)}"


def _for(serving: Serving, most: int | None) -> str:
    said = []
    for deployment, group in groupby(serving.to, key=lambda use: use.deployment):
        numbers: dict[str, int] = {}
        for use in group:
            numbers[use.subject] = numbers.get(use.subject, 0) + use.number
        names = [f"{shown(name)}{'' if count == 1 else f' ({count:,})'}" for name, count in numbers.items()]
        # External Connectors serve a deployment as a whole.
        whole = list(numbers) == [deployment]
        said.append(listed(names, most) + ("" if whole else f" of {shown(deployment)}"))
    return f"; for {listed(said, most)}" if said else ""


def by_which_facts(serving: Serving) -> str | None:
    """Say what the units of a line serve, and which fact lets them."""
    if not serving.to:
        return None
    said: dict[tuple[str, ...], dict[Fact, None]] = {}
    for use in serving.to:
        said.setdefault(use.serves, {}).update(dict.fromkeys(use.facts))
    return "; ".join(f"serves {_kinds(names)}{_by(tuple(facts))}" for names, facts in said.items())


def proof(reason: Reason) -> list[Shown]:
    """Say the certificate of what is short, so that a reader can add it up."""
    return in_words(reason.proof, reason.row.license, None) if reason.proof is not None else []


def left_out(reason: Reason) -> str | None:
    """Count the entries that were left out."""
    return f"{counted(reason.left_out, 'entry', 'entries')} left out" if reason.left_out else None


def _by(facts: Sequence[Fact]) -> str:
    return f" ({listed([_fact(fact) for fact in facts], None)})" if facts else ""


def _fact(fact: Fact) -> str:
    through = f" (through {listed([shown(name) for name in fact.through])})" if fact.through else ""
    return f"{shown(fact.name)}{_marks(fact)}{through}"


def _marks(fact: Fact) -> str:
    doubt = "" if fact.certainty is Certainty.CERTAIN else f" ({fact.certainty})"
    return f" [{shown(', '.join(fact.source))}]{doubt}"
