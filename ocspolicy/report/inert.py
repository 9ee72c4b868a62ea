r"""Text for Markdown that shows as itself and does nothing, whatever it holds.

A forge looks for people, issues, merge requests, labels, commits, addresses, emoji and wiki links in what is left
once Markdown is rendered. Entities and backslashes are undone by then, and a zero-width character would travel with
a name into whatever it is pasted. No forge looks into code. So nothing is escaped: a word stands as prose only where
it is on the short list of what no forge can take for a reference, such as `licenses`, `front-end`, `4,200` or
`2009-06-01`; every other word, and every name, is a code span. Two characters cannot stand in the code of a table
cell and stand between two spans, as entities: the backtick and the pipe, which are part of no reference.
"""

from __future__ import annotations

import re

from .sanitize import Shown, shown

_ENTITIES = {"`": "&#96;", "|": "&#124;"}
_APART = re.compile(r"([`|])")
_OPENING, _CLOSING = "\"'(", ".,;:?\"'"
_HARMLESS = re.compile(r"(?:[a-z]+-)*[^\W\d_]+(?:'[a-z]+)?|\d{1,6}|\d{1,3}(?:,\d{3})+|\d{4}-\d\d-\d\d|")
_COMMIT_OR_HOST = re.compile("[0-9a-fA-F]{7}|^[wW]{3}$")


def prose(text: str) -> str:
    """Give a text as a part of one line, its harmless words as they are and the others as code; blanks run together.

    It may not begin a line, where a number or a mark could become a list.
    """
    return " ".join(map(_word, _plain(text).split(" ")))


def code(text: str) -> str:
    """Give a name as code, in a part of one line; nothing for an empty one."""
    return "".join(map(_span, _APART.split(_plain(text))))


def _plain(text: str) -> str:
    return " ".join(part for part in shown(text).replace("\t", " ").split(" ") if part)


def _word(word: str) -> str:
    body = word.lstrip(_OPENING)
    core = body.rstrip(_CLOSING if "(" in body else f"{_CLOSING})")
    if _HARMLESS.fullmatch(core) and not _COMMIT_OR_HOST.search(core):
        return word
    return f"{word[: len(word) - len(body)]}{code(Shown(core))}{body[len(core) :]}"


def _span(piece: str) -> str:
    if piece in _ENTITIES:
        return _ENTITIES[piece]
    name = piece.strip(" ")
    return piece.replace(name, f"`{name}`", 1) if name else piece
