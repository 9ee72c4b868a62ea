"""Why a finding is right, in words: its related places, its certificate, its facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..reason import Certificate, Counted
from .sanitize import Shown, shown
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


def related(found: Finding, *, verbose: bool = False) -> list[Shown]:
    """Name the related places with what they have to do with the finding, the first ten or all."""
    places = [Shown(f"{shown(str(place.location))}: {shown(place.message)}") for place in found.related]
    if verbose or len(places) <= _MOST:
        return places
    return [*places[:_MOST], Shown(f"and {len(places) - _MOST:,} more (--verbose names all)")]


def certificate(found: Finding, *, verbose: bool = False) -> list[Shown]:
    """Say in a sentence what anyone can check by hand: these needs, and all lines that can serve them.

    Gives nothing for a finding whose facts hold no certificate.
    """
    proof = _read(found.facts.get("certificate"))
    if proof is None:
        return []
    return in_words(proof, str(found.facts.get("license")), found.deployment, verbose=verbose)


def in_words(proof: Certificate, license_kind: str, own: str | None, *, verbose: bool = False) -> list[Shown]:
    """Say a certificate so that a reader can add it up.

    Args:
        license_kind: what is short, for the noun.
        own: the deployment that needs no mention where it is the only one.
    """
    required, short = proof.required, proof.required - proof.owned
    noun, needs, need = _NEEDS.get(license_kind, _ANY_NEED)
    asked = f"{counted(required, noun)}{_where(proof.deployments, own)} {needs if required == 1 else need}"
    any_of = "it" if required == 1 else "any of them"
    rest = _beyond(proof.indivisible)
    if not proof.lines:
        return [Shown(f"{asked}, and no inventory line can serve {any_of}"), *rest]
    what, cover = ("only line", "covers") if len(proof.lines) == 1 else (f"{len(proof.lines):,} lines", "cover")
    sum_up = f"; {required:,} - {proof.owned:,} = {short:,} short" if short > 0 else ""
    lines = _lines(proof.lines, None if verbose else _MOST)
    sentence = f"{asked}, and the {what} that can serve {any_of} {cover} {proof.owned:,}: {lines}{sum_up}"
    return [Shown(sentence), *rest]


def _lines(lines: Sequence[Counted], most: int | None) -> str:
    """Name lines with what each can serve, the first of them or all; of the others, the sum."""
    several = len(lines) > 1
    named = [_line(line, several=several) for line in lines[:most]]
    others = lines[len(named) :]
    if others:
        known = [line.serves for line in others if line.serves is not None]
        named.append(f"{len(others):,} more{f' ({sum(known):,})' if len(known) == len(others) else ''}")
    return listed(named, None)


def _line(line: Counted, *, several: bool) -> str:
    """Name a line; the number of the only one is the sum already."""
    said = [f"{line.serves:,}"] if several and line.serves is not None else []
    if line.apart:
        verb = "is" if line.apart == 1 else "are"
        servers = listed([shown(name) for name in line.servers])
        said.append(f"{line.apart:,} more {verb} assigned to {servers}, not counted here")
    aside = f" ({'; '.join(said)})" if said else ""
    return shown(line.name) + aside


def _read(value: object) -> Certificate | None:
    """Read the certificate among the facts of a finding, which a plugin or a saved result may have got wrong."""
    if not isinstance(value, Mapping):
        return None
    required, owned, names = value.get("required"), value.get("owned"), _names(value.get("lines"))
    if not isinstance(required, int) or not isinstance(owned, int):
        return None
    serves, apart, indivisible = value.get("serves"), _apart(value.get("apart")), value.get("indivisible")
    if not isinstance(serves, (list, tuple)) or len(serves) != len(names):
        serves = [None] * len(names)
    numbers = [number if isinstance(number, int) else None for number in serves]
    lines = (
        Counted(name, name, number, *apart.get(name, (0, ()))) for name, number in zip(names, numbers, strict=True)
    )
    deployments = tuple(_names(value.get("deployments")))
    beyond = indivisible if isinstance(indivisible, int) else 0
    return Certificate(required, owned, required - owned, deployments, tuple(lines), beyond)


def _apart(value: object) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Read how many units of which lines are assigned to servers that a certificate does not speak of."""
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for entry in value if isinstance(value, (list, tuple)) else ():
        if isinstance(entry, Mapping) and isinstance(entry.get("line"), str) and isinstance(entry.get("units"), int):
            found[entry["line"]] = entry["units"], tuple(_names(entry.get("servers")))
    return found


def _beyond(indivisible: int) -> list[Shown]:
    """Say what a certificate does not show, where units that serve two needs of one holder leave more uncovered."""
    if indivisible <= 0:
        return []
    stay = "stays" if indivisible == 1 else "stay"
    return [Shown(f"{indivisible:,} more {stay} uncovered, since a suite cannot be split")]


def facts(found: Finding) -> list[Shown]:
    """Give the facts that the message is made of, except the certificate."""
    said = (f"{shown(key)}={_value(value)}" for key, value in found.facts.items() if key != "certificate")
    return [Shown(text)] if (text := ", ".join(said)) else []


def _where(deployments: Sequence[str], own: str | None) -> str:
    """Name the deployments that a certificate speaks of, where it is not just the finding's own."""
    if not deployments or list(deployments) == [own]:
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
