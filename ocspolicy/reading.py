"""Reads files one by one: parses them, keeps the documents of ours, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from .discovery import Candidate
from .errors import Problem
from .place import Location

if TYPE_CHECKING:
    from .documents import Placed
    from .documents.catalog import Catalog
    from .documents.deployment import Deployment
    from .documents.inventory import LicenseInventory
    from .documents.waivers import Waivers
    from .source import Node, Source

PATIENCE = 10_000  # pairs that may mean us are looked at; a file with more of them is taken to mean us

KINDS = frozenset({"Deployment", "LicenseInventory", "Waivers", "Catalog"})


class Reading:
    """What has been read so far; grows while the files are gone through.

    `twofold` are the files that are not the same in the tree and in a revision, where documents come from both.
    """

    def __init__(self) -> None:
        self.deployments: list[Placed[Deployment]] = []
        self.unsound: list[Placed[Deployment]] = []
        self.inventories: list[Placed[LicenseInventory]] = []
        self.waivers: list[Placed[Waivers]] = []
        self.catalogs: list[Placed[Catalog]] = []
        self.sources: dict[str, Source] = {}
        self.twofold: set[str] = set()
        self.problems: list[Problem] = []
        self.inventory_unread = False
        self.catalog_unread = False
        self.foreign_files = 0
        self.foreign_documents = 0

    def remember(self, source: Source) -> None:
        """Keep a file's source; that of the tree comes after that of a revision."""
        other = self.sources.get(source.file)
        if other is not None and other.lines != source.lines:
            self.twofold.add(source.file)
        self.sources[source.file] = source


def read(candidate: Candidate, reading: Reading, kinds: Collection[str] = KINDS) -> None:
    """Parse one file and keep its documents of ours, those of `kinds` only."""
    from .documents.ownership import kind_of
    from .source import parse

    source = parse(candidate.data, candidate.file)
    before = len(reading.problems)
    ours = 0
    if source.problem is not None and (candidate.named or _means_us(candidate.data)):
        reading.problems.append(source.problem)
    for document in source.documents:
        kind = kind_of(document.root)
        if kind is None:
            # Of two versions only the first is seen in the tree; the other may be ours.
            doubled = [it for it in document.problems if "key 'apiVersion' a second time" in it.message]
            if doubled and _means_us(candidate.data):
                ours += 1
                reading.problems += doubled
            continue
        ours += 1
        if isinstance(kind, Problem):
            reading.problems.append(kind)
        elif kind not in kinds:
            continue
        elif document.problems:
            reading.problems += document.problems
            reading.catalog_unread |= kind == "Catalog"
        else:
            _keep(kind, document.root, reading)
    failed = len(reading.problems) > before
    if ours or failed:
        reading.remember(source)
        reading.foreign_documents += len(source.documents) - ours
    else:
        reading.foreign_files += 1
    if failed and (b"licenseinventory" in candidate.data.lower() or b"\0" in candidate.data):
        reading.inventory_unread = True


def _means_us(data: bytes) -> bool:
    """Tell whether a file that is no YAML has our word in an apiVersion: a syntax error must not open the gate.

    Near misses of both count as they do in a document: who makes one mistake may well make two.
    """
    import re

    from .documents.ownership import means_ours, within_two_edits

    text = (data.replace(b"\0", b"") if b"\0" in data else data).decode("utf-8", "replace").lower()
    # What may stand before a value is no part of it: comments, an anchor, a tag, the mark of a block of text.
    # Nothing is ever given back: trying every way to share out blanks takes hours for a file full of them.
    aside = r"(?:\s++|\#[^\n]*+|[&!|>][^\s,\[\]{}]*+)*+"
    found = re.finditer(rf"""(?<!\w)(\w{{8,12}})(?=["']?\s*+:{aside}[\["']?\s*+([^\s"',}}\]]{{1,40}}))""", text)
    # Two edits leave one of these whole.
    pairs = (it.groups() for it in found if any(piece in it[2] for piece in ("ocspo", "licy", "/v1")))
    return any(
        count >= PATIENCE or (means_ours(value) and within_two_edits(key, "apiversion"))
        for count, (key, value) in enumerate(pairs)
    )


def _keep(kind: str, root: Node, reading: Reading) -> None:
    """Check a document's shape and consistency, and keep it."""
    from .documents import Placed, consistency
    from .documents.shape import check

    wrong: list[Problem] = []
    match kind:
        case "Deployment":
            if not isinstance(deployment := check("Deployment", root), list):
                placed = Placed(deployment, root)
                contradictions = list(consistency.deployment_problems(placed))
                (reading.unsound if contradictions else reading.deployments).append(placed)
                wrong = contradictions
            else:
                wrong = deployment
        case "LicenseInventory":
            if not isinstance(inventory := check("LicenseInventory", root), list):
                wrong = list(consistency.inventory_problems(Placed(inventory, root)))
                reading.inventories.append(Placed(inventory, root))
            else:
                wrong = inventory
        case "Catalog":
            if not isinstance(catalog := check("Catalog", root), list):
                reading.catalogs.append(Placed(catalog, root))
            else:
                wrong = catalog
                reading.catalog_unread = True
        case _:
            if not isinstance(waivers := check("Waivers", root), list):
                reading.waivers.append(Placed(waivers, root))
            else:
                wrong = waivers
    reading.problems += wrong


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by place; the same problem counts once."""

    def order(problem: Problem) -> tuple[str, int, int, str]:
        where = problem.location
        span = where.span if where else None
        return (
            where.file if where else "",
            span.line if span else 0,
            span.column if span else 0,
            problem.message,
        )

    return tuple(sorted(dict.fromkeys(problems), key=order))


def with_excerpts(sources: Mapping[str, Source], problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems and give each the source lines of its place."""
    return tuple(
        it if it.excerpt else it._replace(excerpt=excerpt_at(sources, it.location)) for it in ordered(problems)
    )


def excerpt_at(sources: Mapping[str, Source], where: Location | None) -> str | None:
    """Give the source lines of a place, None where none were read."""
    source = sources.get(where.file) if where is not None else None
    if source is None or where is None or where.span is None:
        return None
    from .source import excerpt

    return excerpt(source.lines, where.span)
