"""Why a finding is right, in words: its related places, its certificate, its facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .sanitize import shown
from .wording import counted, listed, short_name

if TYPE_CHECKING:
    from ..finding import Finding

_MOST = 10
_LONGEST_FACT = 200
_NEEDS = {
    "server": ("running server", "needs a license", "need a license"),
    "user-cal": ("user", "needs a CAL", "need a CAL"),
    "device-cal": ("device", "needs a CAL", "need a CAL"),
}
_ANY_NEED = ("need", "is to be served", "are to be served")


def related(found: Finding, *, verbose: bool = False) -> list[str]:
    """Name the related places with what they have to do with the finding, the first ten or all."""
    places = [f"{shown(str(place.location))}: {shown(place.message)}" for place in found.related]
    if verbose or len(places) <= _MOST:
        return places
    return [*places[:_MOST], f"and {len(places) - _MOST:,} more (--verbose names all)"]


def certificate(found: Finding, *, verbose: bool = False) -> list[str]:
    """Say in a sentence what anyone can check by hand: these needs, and all lines that can serve them.

    Gives nothing for a finding whose facts hold no certificate.
    """
    proof = found.facts.get("certificate")
    if not isinstance(proof, Mapping):
        return []
    required, owned, lines = proof.get("required"), proof.get("owned"), _names(proof.get("lines"))
    if not isinstance(required, int) or not isinstance(owned, int):
        return []
    noun, needs, need = _NEEDS.get(str(found.facts.get("license")), _ANY_NEED)
    where = _where(_names(proof.get("deployments")), found)
    asked = f"{counted(required, noun)}{where} {needs if required == 1 else need}"
    if not lines:
        return [f"{asked}, and no inventory line can serve {'it' if required == 1 else 'any of them'}"]
    any_of = "it" if required == 1 else "any of them"
    named = listed([shown(line) for line in lines], None if verbose else _MOST)
    rest = _beyond(proof.get("indivisible"))
    if len(lines) == 1:
        return [f"{asked}, and the only line that can serve {any_of} covers {owned:,}: {named}", *rest]
    return [f"{asked}, and the {len(lines):,} lines that can serve {any_of} cover {owned:,}: {named}", *rest]


def _beyond(indivisible: object) -> list[str]:
    """Say what a certificate does not show, where units that serve two needs of one holder leave more uncovered."""
    if not isinstance(indivisible, int) or indivisible <= 0:
        return []
    return [f"{indivisible:,} more {'stays' if indivisible == 1 else 'stay'} uncovered, since a suite cannot be split"]


def facts(found: Finding) -> list[str]:
    """Give the facts that the message is made of, except the certificate."""
    said = (f"{shown(key)}={_value(value)}" for key, value in found.facts.items() if key != "certificate")
    return [text] if (text := ", ".join(said)) else []


def _where(deployments: list[str], found: Finding) -> str:
    """Name the deployments that a certificate speaks of, where it is not just the finding's own."""
    if not deployments or deployments == [found.deployment]:
        return ""
    return f" of {listed([short_name(name) for name in deployments])}"


def _names(value: Any) -> list[str]:  # noqa: ANN401 -- a fact is any JSON value
    return [item for item in value if isinstance(item, str)] if isinstance(value, (list, tuple)) else []


def _value(value: Any) -> str:  # noqa: ANN401 -- a fact is any JSON value
    if isinstance(value, str):
        text = shown(value)
    else:
        from json import dumps

        text = shown(dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST_FACT else text[: _LONGEST_FACT - 3] + "..."
