"""Build the values of the catalog from entries of its documents, which were checked before."""

from __future__ import annotations

from typing import TypedDict

from ocspolicy.finding import Certainty

from .facts import (
    Edition,
    ExternalUsers,
    Feature,
    FeatureLicensing,
    Grant,
    License,
    Limit,
    Product,
    Raw,
    Role,
    RoleLicensing,
    Suite,
    Tier,
)


class _Proof(TypedDict):
    source: tuple[str, ...]
    certainty: Certainty
    note: str | None


def _proof(raw: Raw) -> _Proof:
    said = raw.get("certainty")
    if said is None:
        said = "undetermined" if raw.get("licensing") == "undetermined" else "certain"
    return {"source": tuple(raw.get("source", ())), "certainty": Certainty(said), "note": raw.get("note")}


def product_from(raw: Raw) -> Product:
    """Build a product from a checked entry of `products`; what is left out is undetermined or empty."""
    roles = tuple(_role(entry) for entry in raw.get("roles", ()))
    features = tuple(_feature(entry) for entry in raw.get("features", ()))
    return Product(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        family=raw.get("family", raw["id"]),
        version=raw.get("version", 1),
        licenses=tuple(_license(entry) for entry in raw.get("licenses", ())),
        tiers=tuple(_tier(entry) for entry in raw.get("tiers", ())),
        roles=roles,
        features=features,
        external_users=_external_users(raw.get("externalUsers", {"licensing": "undetermined"})),
        limits=tuple(_limit(entry) for entry in raw.get("limits", ())),
        **_proof(raw),
        _roles={alias: role for role in roles for alias in role.aliases} | {role.id: role for role in roles},
        _features={feature.id: feature for feature in features},
    )


def suite_from(raw: Raw) -> Suite:
    """Build a suite from a checked entry of `suites`."""
    source = tuple(raw.get("source", ()))
    grants = tuple(_grant(entry, source) for entry in raw.get("grants", ()))
    return Suite(id=raw["id"], name=raw.get("name", raw["id"]), grants=grants, **_proof(raw))


def _license(raw: Raw) -> License:
    proof = _proof(raw)
    return License(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        holders=tuple(raw.get("holders", ())),
        editions=tuple(_edition(entry, proof["source"]) for entry in raw.get("editions", ())),
        redundant=raw.get("redundant", False),
        **proof,
    )


def _edition(raw: Raw, source: tuple[str, ...]) -> Edition:
    return Edition(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        serves=tuple(raw.get("serves", (raw["id"],))),
        source=tuple(raw.get("source", source)),
    )


def _tier(raw: Raw) -> Tier:
    return Tier(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        base=raw.get("base", False),
        requires=tuple(raw.get("requires", ())),
        **_proof(raw),
    )


def _role(raw: Raw) -> Role:
    licensing: RoleLicensing = raw.get("licensing", "undetermined")
    counted = licensing == "counted"
    return Role(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        aliases=tuple(raw.get("aliases", ())),
        licensing=licensing,
        license=raw.get("license") if counted else None,
        edition=raw.get("edition", "none") if counted else "none",
        **_proof(raw),
    )


def _feature(raw: Raw) -> Feature:
    licensing: FeatureLicensing = raw.get("licensing", "undetermined")
    return Feature(
        id=raw["id"],
        name=raw.get("name", raw["id"]),
        licensing=licensing,
        tier=raw.get("tier") if licensing == "tier" else None,
        license=raw.get("license") if licensing == "license" else None,
        **_proof(raw),
    )


def _external_users(raw: Raw) -> ExternalUsers:
    return ExternalUsers(licensing=raw.get("licensing", "undetermined"), license=raw.get("license"), **_proof(raw))


def _limit(raw: Raw) -> Limit:
    return Limit(
        id=raw["id"],
        edition=raw["edition"],
        of=raw["of"],
        per=raw["per"],
        most=raw["most"],
        **_proof(raw),
    )


def _grant(raw: Raw, source: tuple[str, ...]) -> Grant:
    start = raw.get("validFrom")
    return Grant(
        product=raw["product"],
        tiers=tuple(raw.get("tiers", ())),
        valid_from=None if start is None else str(start),
        source=tuple(raw.get("source", source)),
    )
