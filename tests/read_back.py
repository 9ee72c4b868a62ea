"""The inverses of what the escapers do, written from what their formats say, not from our code."""

import re
from typing import NamedTuple

_SHOWN = re.compile(r"(\\+)(u[0-9a-f]{4}|U[0-9a-f]{8})")


def unshown(text: str) -> str:
    """Read the sanitizer's output: an odd run of backslashes ends in an escape, and every other pair is one."""

    def original(match: re.Match[str]) -> str:
        slashes, rest = match.groups()
        half = "\\" * (len(slashes) // 2)
        return half + (chr(int(rest[1:], 16)) if len(slashes) % 2 else rest)

    return _SHOWN.sub(original, text)


class Link(NamedTuple):
    """A link of a SARIF message: what is read, and where it leads."""

    text: str
    destination: str


def message_of(text: str) -> list[str | Link]:
    r"""Read a plain text message of SARIF 2.1.0 (3.11.6).

    `[text](destination)` is a link; a backslash before `[`, `]` or a backslash takes its meaning away.
    """
    parts: list[str | Link] = [""]
    at = 0
    while at < len(text):
        link = re.compile(r"\[((?:[^\\\[\]]|\\[\\\[\]])*)\]\(([^)]*)\)").match(text, at)
        if link:
            parts += [Link(re.sub(r"\\([\\\[\]])", r"\1", link[1]), link[2]), ""]
            at = link.end()
            continue
        escaped = re.compile(r"\\([\\\[\]])").match(text, at)
        parts[-1] = f"{parts[-1]}{escaped[1] if escaped else text[at]}"
        at = escaped.end() if escaped else at + 1
    return [part for part in parts if part]
