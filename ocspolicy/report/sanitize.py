r"""The one sanitizer: what stands in a document must never act on a terminal or a CI log.

Characters that are invisible or that move, hide or reorder text are shown as escapes (`\u202e`). CI systems
take lines for commands: GitHub those that begin with `::`, Azure Pipelines and GitHub those that hold
`##[` or `##vso[` anywhere; the first character of such a mark is shown as an escape.
"""

from __future__ import annotations

import re

# Controls but tab, separators of lines and paragraphs, surrogates, and all that Unicode lets a screen ignore:
# format characters (bidi, zero-width, tags), variation selectors and fillers that have no ink.
_HIDDEN = (
    "\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_COMMAND = r"#(?=#(?:[vV][sS][oO])?\[)"
_UNSAFE = re.compile(f"[{_HIDDEN}]|{_COMMAND}")
_COMMAND_START = re.compile(_COMMAND)


def escape(char: str) -> str:
    r"""Show one character as an escape: `\n`, `\u202e`, `\U000e0001`."""
    if char == "\n":
        return "\\n"
    if char == "\r":
        return "\\r"
    number = ord(char)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 -- the last of four digits


def shown(text: str) -> str:
    """Give a text as one line that only shows, to stand inside an output line; line ends become escapes."""
    return _UNSAFE.sub(lambda match: escape(match[0]), text)


def cells(text: str) -> list[str]:
    """Give, for each character of one line, what `shown` makes of it, so that columns can be found again."""
    starts = {match.start() for match in _COMMAND_START.finditer(text)}
    return [escape(char) if index in starts else shown(char) for index, char in enumerate(text)]


def guard(line: str) -> str:
    """Make a whole output line inert: it must not be a command, whatever it was put together from."""
    line = _COMMAND_START.sub(lambda match: escape(match[0]), line)
    # The runner trims Unicode's blanks, as lstrip does.
    body = line.lstrip()
    if body.startswith("::"):
        return line[: len(line) - len(body)] + escape(":") + body[1:]
    return line
