"""Lay what an organization states over what the catalog holds, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .facts import Raw

SECTIONS = ("licenses", "tiers", "roles", "features", "limits")


def merge_product(known: Raw, stated: Raw) -> Raw:
    """Extend a product: its own keys and those of each entry by id; new entries come last."""
    merged = _merge_entry(known, {key: value for key, value in stated.items() if key not in SECTIONS})
    if "externalUsers" in stated:
        merged["externalUsers"] = _merge_entry(known.get("externalUsers", {}), stated["externalUsers"])
    for section in SECTIONS:
        if section in stated:
            merged[section] = merge_entries(known.get(section, ()), stated[section])
    return merged


def merge_suite(known: Raw, stated: Raw) -> Raw:
    """Extend a suite; what is granted for a product replaces what was granted for it before."""
    merged = _merge_entry(known, stated)
    again = {grant["product"] for grant in stated.get("grants", ())}
    kept = [grant for grant in known.get("grants", ()) if grant["product"] not in again]
    merged["grants"] = [*kept, *stated.get("grants", ())]
    return merged


def merge_entries(known: Sequence[Raw], stated: Sequence[Raw]) -> list[Raw]:
    """Extend a list of entries that are told apart by `id`."""
    entries = {entry["id"]: entry for entry in known}
    for entry in stated:
        before = entries.get(entry["id"])
        entries[entry["id"]] = entry if before is None else _merge_entry(before, entry)
    return list(entries.values())


def _merge_entry(known: Raw, stated: Raw) -> dict[str, Any]:
    # A new source is a new fact: the doubts and the note belonged to the old one.
    old = {key: known[key] for key in known if "source" not in stated or key not in ("certainty", "note")}
    merged = {**old, **stated}
    if "aliases" in known and "aliases" in stated:
        merged["aliases"] = list(dict.fromkeys([*known["aliases"], *stated["aliases"]]))
    return merged
