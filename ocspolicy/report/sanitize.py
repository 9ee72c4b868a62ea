r"""The one sanitizer: what stands in a document must never act on a terminal or a CI log, and can be read back.

Characters that are invisible or that move, hide or reorder text are shown as escapes (`\u202e`). CI systems
take lines for commands: GitHub those that begin with `::`, Azure Pipelines and GitHub those that hold
`##[` or `##vso[` anywhere; the first character of such a mark is shown as an escape.

Every escape is a backslash, `u` and four digits or `U` and eight (hexadecimal, lower case). Backslashes before what
would read as one are doubled, so that no two texts are shown alike. There is no shorter `\n`: with it, every
`C:\new` and `CONTOSO\nancy` would have to be doubled, and they are met far more often than a line end in a name.
"""

from __future__ import annotations

import re

# Controls but tab, separators of lines and paragraphs, surrogates, and all that Unicode lets a screen ignore:
# format characters (bidi, zero-width, tags), variation selectors, fillers that have no ink, and what is no character.
_HIDDEN = (
    "\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
COMMAND = r"#(?=#(?:[vV][sS][oO])?\[)"
"""A pattern for the first character of a mark that Azure Pipelines and GitHub take for a command."""

_ESCAPE = "u[0-9a-f]{4}|U[0-9a-f]{8}"
# The look behind keeps a long run of backslashes from being tried from each of them.
_BACKSLASHES = r"(?<!\\)\\++"
_UNSAFE = re.compile(rf"{_BACKSLASHES}(?={_ESCAPE}|[{_HIDDEN}]|{COMMAND})|[{_HIDDEN}]|{COMMAND}")
_COMMAND_START = re.compile(rf"{_BACKSLASHES}(?={COMMAND})|{COMMAND}")


class Shown(str):
    """A text that only shows: sanitized once, and left as it is by a second time."""

    __slots__ = ()


def escape(char: str) -> str:
    r"""Show one character as an escape: `\u202e`, `\U000e0001`; a backslash as two."""
    if char == "\\":
        return "\\\\"
    number = ord(char)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 -- the last of four digits


def shown(text: str) -> Shown:
    """Give a text as one line that only shows, to stand inside an output line; line ends become escapes."""
    return text if isinstance(text, Shown) else Shown(_UNSAFE.sub(_escaped, text))


def cells(text: str) -> list[str]:
    """Give, for each character of one line, what `shown` makes of it, so that columns can be found again."""
    drawn = list(text)
    for match in _UNSAFE.finditer(text):
        drawn[match.start() : match.end()] = map(escape, match[0])
    return drawn


def _escaped(match: re.Match[str]) -> str:
    return "".join(map(escape, match[0]))


def guard(line: str) -> str:
    """Make a whole output line inert: it must not be a command, whatever it was put together from."""
    line = _COMMAND_START.sub(_escaped, line)
    # The runner trims Unicode's blanks, as lstrip does.
    body = line.lstrip()
    if body.startswith("::"):
        return line[: len(line) - len(body)] + escape(":") + body[1:]
    return line
