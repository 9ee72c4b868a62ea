"""The reasons of a position as a tree: from each balance down to servers, groups and inventory lines."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..finding import Certainty
from .layout import BOLD, DIM, RED, paint, wrap
from .sanitize import guard, shown
from .wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..position.shortage import Proof
    from ..position.why import Asking, Reason, Serving
    from . import View

NOUNS = {
    "instance": ("running server", "running servers"),
    "user": ("person", "people"),
    "device": ("device", "devices"),
}
BRIEF = 10


def as_text(reasons: Sequence[Reason], view: View) -> str:
    """Give a tree for each license kind."""
    return "\n".join("\n".join([*_tree(reason, view), ""]) for reason in reasons)


def _tree(reason: Reason, view: View) -> Iterator[str]:
    row = reason.row
    numbers = f"required {row.required:,}, owned {row.owned:,}, balance {row.balance:,}"
    head = guard(f"{shown(row.name)}: {numbers if row.required or row.owned else 'wholly met by other kinds'}")
    yield paint(head, RED if row.balance < 0 else BOLD, color=view.color)
    if reason.asking:
        yield "  asked for by"
        for deployment, group in groupby(reason.asking, key=lambda it: it.subject.deployment):
            asking = list(group)
            yield guard(f"    {shown(deployment)}: {sum(it.number for it in asking):,}")
            yield from _cut([line for it in asking for line in _asking(it, view)], view, "      ")
    if reason.serving:
        yield "  served from"
        yield from _cut([line for it in reason.serving for line in _serving(it, view)], view, "    ")
    if reason.proof is not None:
        yield from wrap(f"  proof: {proof_in_words(reason.proof)}", view.width, "    ")


def _cut(lines: list[str], view: View, indent: str) -> Iterator[str]:
    most = len(lines) if view.verbose else BRIEF * 4
    yield from lines[:most]
    if len(lines) > most:
        yield f"{indent}… {counted(len(lines) - most, 'line')} more, all with --verbose"


def _asking(asking: Asking, view: View) -> Iterator[str]:
    noun = NOUNS[asking.holder][asking.number != 1]
    served = [f"{number:,} by {shown(name)}" for name, number in asking.by]
    parts = [f"served {listed(served, None)}"] if served else []
    if asking.uncovered:
        parts.append(f"{asking.uncovered:,} uncovered")
    text = f"      {shown(asking.subject.name)}: {asking.number:,} {noun}; {', '.join(parts)}"
    yield from wrap(guard(text), view.width, "        ")
    facts = [f"{shown(fact.name)} [{shown(', '.join(fact.source))}]{_doubt(fact.certainty)}" for fact in asking.facts]
    because = "because of " + listed(facts, None) if facts else "the base CAL is needed whatever they use [S 1]"
    where = shown(str(asking.subject.node.location))
    yield from (
        paint(line, DIM, color=view.color)
        for line in wrap(guard(f"        {because}; {where}"), view.width, "          ")
    )


def _doubt(certainty: Certainty) -> str:
    return "" if certainty is Certainty.CERTAIN else f" ({certainty})"


def _serving(serving: Serving, view: View) -> Iterator[str]:
    names = [f"{shown(subject.name)}{'' if count == 1 else f' ({count:,})'}" for subject, count in serving.to]
    to = f"; for {listed(names, None if view.verbose else BRIEF)}" if names else ""
    left = serving.units - serving.used
    text = f"    {shown(serving.line.name)}: {serving.used:,} of {serving.units:,} used, {left:,} left over{to}"
    yield from wrap(guard(text), view.width, "      ")


def proof_in_words(proof: Proof) -> str:
    """Say a proof so that a reader can add it up."""
    lines = [f"{shown(line.name)} ({line.quantity:,})" for line in proof.lines]
    where = listed([shown(name) for name in proof.deployments], BRIEF)
    some = f"every line that can serve any of them, {listed(lines, None)}, serves at most {proof.owned:,}"
    text = f"{counted(proof.required, 'need')} in {where}; " + (some if lines else "no line can serve any of them")
    text += f"; {proof.required:,} - {proof.owned:,} = {proof.short:,} short"
    if proof.indivisible:
        text += f", and {proof.indivisible:,} more that this sum does not show, since a suite cannot be split"
    return guard(text)


def as_data(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Give the trees as JSON values, in the order of the position's rows."""
    return [
        {
            "product": reason.row.product,
            "license": reason.row.license,
            "edition": reason.row.edition,
            "metric": reason.row.metric,
            "asking": [_asking_data(it) for it in reason.asking],
            "serving": [_serving_data(it) for it in reason.serving],
            "proof": _proof_data(reason.proof) if reason.proof is not None else None,
        }
        for reason in reasons
    ]


def _asking_data(asking: Asking) -> dict[str, Any]:
    from .json import location

    return {
        "deployment": asking.subject.deployment,
        "subject": asking.subject.name,
        "holder": asking.holder,
        "number": asking.number,
        "servedBy": dict(asking.by),
        "uncovered": asking.uncovered,
        "facts": [{"id": it.id, "certainty": str(it.certainty), "source": list(it.source)} for it in asking.facts],
        "location": location(asking.subject.node.location),
    }


def _serving_data(serving: Serving) -> dict[str, Any]:
    return {
        "line": serving.line.id,
        "units": serving.units,
        "used": serving.used,
        "left": serving.units - serving.used,
        "to": [{"deployment": it.deployment, "subject": it.name, "number": number} for it, number in serving.to],
    }


def _proof_data(proof: Proof) -> dict[str, Any]:
    return {
        "required": proof.required,
        "owned": proof.owned,
        "short": proof.short,
        "indivisible": proof.indivisible,
        "deployments": list(proof.deployments),
        "lines": [line.id for line in proof.lines],
    }
