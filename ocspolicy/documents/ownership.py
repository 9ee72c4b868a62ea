"""Which documents are ours: a typing mistake must not open the gate, and other tools' files must pass."""

from __future__ import annotations

from ..errors import Problem, near_misses
from ..source import Node

API_VERSION = "ocspolicy/v1"
KINDS = ("Deployment", "LicenseInventory", "Waivers", "Catalog")


def within_two_edits(word: str, target: str) -> bool:
    """Tell whether at most two insertions, deletions or substitutions turn one word into the other."""
    if abs(len(word) - len(target)) > 2:  # noqa: PLR2004 -- the two edits of the name
        return False
    row = list(range(len(target) + 1))
    for index, letter in enumerate(word, 1):
        before, row[0] = row[0], index
        for column, other in enumerate(target, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (letter != other)),
            )
    return row[-1] <= 2  # noqa: PLR2004 -- likewise


def kind_of(root: Node) -> str | Problem | None:
    """Give the kind of a document of ours, the problem of one that means to be, None for another tool's."""
    exact = root.items.get("apiVersion")
    if exact is not None and exact.text.startswith("ocspolicy/"):
        return _known_kind(root, exact)
    for key, value in root.items.items():
        # In a list, too, it is a slip.
        said = next((it.text for it in (value, *value.elements) if means_ours(it.text)), None)
        if said is not None and within_two_edits(key.lower(), "apiversion"):
            found = f"found '{key[:40]}: {said[:40]}', expected 'apiVersion: {API_VERSION}'"
            return Problem("input", found, root.keys[key].location)
    kind = root.items.get("kind")
    if kind is not None and kind.text.lower() == "licenseinventory" and not _names_an_api(root):
        message = f"found 'kind: {kind.text}' without an apiVersion, expected 'apiVersion: {API_VERSION}' above it"
        return Problem("input", message, kind.location)
    return None


def means_ours(value: str) -> bool:
    """Tell whether the value of an apiVersion is ours, or so near that it means to be."""
    return value.lower().startswith("ocspolicy") or within_two_edits(value.lower(), API_VERSION)


def _names_an_api(root: Node) -> bool:
    return any(key.lower() == "apiversion" for key in root.items)


def _known_kind(root: Node, version: Node) -> str | Problem:
    if version.text != API_VERSION:
        found = f"found apiVersion '{version.text[:40]}', expected '{API_VERSION}', the only one known"
        return Problem("input", found, version.location)
    kind = root.items.get("kind")
    if kind is None:
        message = f"found no 'kind', expected one of {', '.join(KINDS)}"
        return Problem("input", message, version.location)
    if kind.text not in KINDS or kind.value != kind.text:
        shown = f"'{kind.text[:40]}'" if kind.kind == "scalar" else f"a {kind.kind}"
        message = f"found kind {shown}, expected one of {', '.join(KINDS)}"
        return Problem("input", message + near_misses(kind.text, list(KINDS)), kind.location)
    return kind.text
