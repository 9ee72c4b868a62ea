"""Puts the terms of a run together: what ships with the program, what plugins add, what the configuration names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .catalog import Catalog
from .catalog.faults import faults
from .documents import Placed
from .documents.catalog import Catalog as Document
from .documents.ownership import kind_of
from .documents.shape import check
from .errors import Problem
from .source import Node, parse


def assemble(
    handed: Sequence[tuple[str, object]], configured: Sequence[Placed[Document]]
) -> tuple[Catalog | None, list[Problem]]:
    """Lay the catalogs of plugins over the built-in one, and those that the configuration names over both.

    Args:
        handed: what plugins call themselves, with a YAML or JSON text each.
        configured: documents of the right shape.

    Returns:
        The catalog, and what is wrong; no catalog then, since no need can be measured under terms that are not known.
    """
    owners: list[str] = []
    roots: list[Node] = []
    problems: list[Problem] = []
    for owner, text in handed:
        for found in _read(text):
            if isinstance(found, Problem):
                problems.append(_of_plugin(owner, found))
            else:
                owners.append(owner)
                roots.append(found)
    catalog, wrong = _lay(Catalog.builtin(), roots)
    problems += (_of_plugin(owners[index], problem) for index, problem in wrong)
    if not problems:
        catalog, wrong = _lay(catalog, [placed.node for placed in configured])
        problems += (problem for _, problem in wrong)
    return (None if problems else catalog), problems


def _lay(catalog: Catalog, roots: Sequence[Node]) -> tuple[Catalog, list[tuple[int, Problem]]]:
    """Add documents to a catalog, and say what leads nowhere then, with the number of the document."""
    if not roots:
        return catalog, []
    documents = [root.data() for root in roots]
    laid = catalog.with_documents(documents)
    return laid, [
        (it.document, Problem("input", it.message, roots[it.document].at(it.path).location))
        for it in faults(documents, laid)
    ]


def _read(text: object) -> Iterator[Node | Problem]:
    """Read the text that a plugin hands over: its documents of the right shape, and what is wrong with the others."""
    if not isinstance(text, str):
        yield Problem("plugin", f"found {type(text).__name__}, expected a YAML or JSON text")
        return
    source = parse(text.encode("utf-8", "surrogatepass"), "")
    if source.problem is not None:
        yield source.problem
    elif not source.documents:
        yield Problem("plugin", "found nothing, expected a document of 'kind: Catalog'")
    for document in source.documents:
        root, kind = document.root, kind_of(document.root)
        if kind != "Catalog":
            message = "found another document, expected 'apiVersion: ocspolicy/v1' and 'kind: Catalog'"
            yield kind if isinstance(kind, Problem) else Problem("plugin", message, root.location)
            continue
        checked = document.problems or check("Catalog", root)
        if isinstance(checked, Document):
            yield root
        else:
            yield from checked


def _of_plugin(owner: str, problem: Problem) -> Problem:
    """Name the plugin; its text stands in no file that a person could be sent to."""
    span = problem.location.span if problem.location else None
    line = f", line {span.line}" if span else ""
    return Problem("plugin", f"catalog of {owner}{line}: {problem.message}")
