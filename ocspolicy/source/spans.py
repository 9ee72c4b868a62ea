"""Where values really begin and end: the marks of parsers run on to the next token, or back to an anchor."""

from __future__ import annotations

import re

_BLANKS = re.compile("[ \t\n]*")
_TAG = re.compile(r"!(?:<[^>\n]*>|[^ \t\n]*)")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


def skip_gap(content: str, at: int) -> int:
    """Give the offset of the next character that is neither blank nor part of a comment."""
    while True:
        at = _end(_BLANKS, content, at)
        if not content.startswith("#", at):
            return at
        end = content.find("\n", at)
        at = end if end >= 0 else len(content)


def skip_properties(content: str, start: int, end: int, anchor: str | None) -> int:
    """Give the offset of what an anchor and a tag belong to; `end` where nothing follows them."""
    at = skip_gap(content, start)
    while at < end:
        if anchor is not None and content.startswith("&" + anchor, at):
            at += 1 + len(anchor)
        elif content.startswith("!", at):
            at = _end(_TAG, content, at)
        else:
            return at
        at = skip_gap(content, at)
    return end


def place_of_nothing(content: str, reached: int, mark: int, *, after_key: bool) -> int:
    """Give the place of a value that is left out: behind its `:`, or else behind what stands before it.

    Args:
        content: the text.
        reached: the end of what was read before.
        mark: where the parser believes the value to be; ruamel.yaml puts it at the next token.
        after_key: whether it is the value of a key.
    """
    at = skip_gap(content, reached)
    if after_key:
        return at + 1 if content.startswith(":", at) else reached
    if at >= mark:
        return reached
    return reached + len(content[reached:mark].rstrip(" \t\n"))


def collection_start(content: str, end: int, *, bracketed: bool) -> int:
    """Give the first character of a collection that has an anchor or a tag, from the end mark of its start event."""
    # The mark of a list that is not indented below its key lies behind its first dash.
    return end - 1 if bracketed or content[end - 1 : end] == "-" else end


def block_scalar_end(content: str, start: int, end: int) -> int:
    """Give one past the last character of a block scalar's text, or of its `|` or `>` where it has none."""
    line_end = content.find("\n", start, end)
    body = content[line_end:end].rstrip(" \t\n") if line_end >= 0 else ""
    if body:
        return line_end + len(body)
    return _end(_BLOCK_HEADER, content, start)


def _end(pattern: re.Pattern[str], content: str, at: int) -> int:
    found = pattern.match(content, at)
    return found.end() if found else at
