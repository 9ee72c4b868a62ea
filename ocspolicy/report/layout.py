"""Text on a screen: how wide it is, where it wraps, how it is painted."""

from __future__ import annotations

from .sanitize import guard

_NARROWEST = 20

BOLD = "1"
DIM = "2"
RED = "1;31"
GREEN = "1;32"
YELLOW = "1;33"
BLUE = "1;34"
CYAN = "1;36"


def paint(text: str, style: str, *, color: bool) -> str:
    """Give a text a style by ANSI codes, or leave it plain."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text


def width_of(text: str) -> int:
    """Count the columns that a sanitized text takes: East Asian wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(char) in {"Mn", "Me"} else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break a sanitized text at blanks into lines of at most `width` columns where its words allow it.

    The lines after the first begin with `indent`. No word is broken: a path stays whole to be copied.
    """
    room = max(width, len(indent) + _NARROWEST)
    lines: list[str] = []
    line, used = "", 0
    for number, word in enumerate(text.split(" ")):
        size = width_of(word)
        if number and used + 1 + size > room and line.strip():
            lines.append(guard(line.rstrip(" ")))
            line, used = indent + word, len(indent) + size
        else:
            line, used = (f"{line} {word}", used + 1 + size) if number else (word, size)
    return [*lines, guard(line)]
