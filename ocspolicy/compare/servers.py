"""Which servers need another license under other terms, and which differing roles make that so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..estate import Estate, Policy, Server
from ..need import counted_roles, server_need


class Asked(NamedTuple):
    """A license that each instance of a server needs; `edition` is the one it is asked for in first.

    `any_edition` is whether every edition of a kind that has several serves.
    """

    license: str
    name: str
    edition: str | None
    any_edition: bool


class Pair(NamedTuple):
    """A server that counts on the day, under both products."""

    before: Server
    after: Server
    asked_before: tuple[Asked, ...]
    asked_after: tuple[Asked, ...]

    @property
    def changes(self) -> bool:
        """Whether it needs another license, one more or one less."""
        return self.asked_before != self.asked_after


def pairs(before: Estate, after: Estate) -> tuple[Pair, ...]:
    """Give each server that counts under both products; both estates are of the same documents."""
    return tuple(
        Pair(one, other, _asked(one, before.policy), _asked(other, after.policy))
        for one, other in zip(before.servers, after.servers, strict=True)
        if one.counts
    )


def _asked(server: Server, policy: Policy) -> tuple[Asked, ...]:
    need = server_need(server, policy)
    return (
        tuple(_read(ask.kind.license, ask.kind.edition, ask.first.edition, server) for ask in need.asks) if need else ()
    )


def _read(license_: str, edition: str | None, first: str | None, server: Server) -> Asked:
    kind = server.product.license(license_)
    several = kind is not None and len(kind.editions) > 1
    return Asked(license_, kind.name if kind else license_, first, several and edition is None)


def touched(role: str, found: tuple[Pair, ...], policy: Policy) -> Iterator[Pair]:
    """Give the servers for which it matters that two products state a role in different ways."""
    for pair in found:
        if any(role in (written, *_ids(pair, written)) for written in pair.before.model.roles):
            one, other = _effect(role, pair.before, policy), _effect(role, pair.after, policy)
            if _matters(one, other, pair):
                yield pair


def _ids(pair: Pair, written: str) -> tuple[str, ...]:
    known = (pair.before.product.role(written), pair.after.product.role(written))
    return tuple(role.id for role in known if role is not None)


class _Effect(NamedTuple):
    """What a role does to the need of a server: `license` is the kind it asks for, `says` what else it means."""

    license: str | None
    editioned: bool
    says: str


def _effect(name: str, server: Server, policy: Policy) -> _Effect:
    role = server.product.role(name)
    if role is None or role.licensing == "not-offered":
        return _Effect(None, editioned=False, says="not-offered")
    counted = {it.id: license_.id for it, license_ in counted_roles(server, policy)}
    if role.id in counted:
        return _Effect(counted[role.id], role.edition == "required", "")
    # What another role is licensed for covers this one, too.
    settled = counted or role.licensing == "free" or policy.decides(role)
    return _Effect(None, editioned=False, says="" if settled else role.licensing)


def _matters(one: _Effect, other: _Effect, pair: Pair) -> bool:
    if one.license is not None and other.license is not None:
        return pair.changes
    if one.license is not None:
        return other.says == "not-offered" or _alone(one, pair.asked_after, pair)
    if other.license is not None:
        return one.says == "not-offered" or _alone(other, pair.asked_before, pair)
    return one.says != other.says


def _alone(effect: _Effect, elsewhere: tuple[Asked, ...], pair: Pair) -> bool:
    """Tell whether what a role asks for under one product, no role asks for under the other."""
    return all(it.license != effect.license for it in elsewhere) or (effect.editioned and pair.changes)
