"""Draws what the documentation shows: text as a terminal does, and pages by a browser, each with the mark of its text."""

import re
import zlib
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

COLORS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea"}
INK, DIM = "#e6edf3", "#8b949e"
COLUMN, LINE, EDGE = 7.8, 19, 18
NO_BREAK = "\u00a0"  # SVG runs other blanks together
FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
# Forges bring a picture for it; not every machine has a font that does.
CROSS = '<svg width="18" height="18" viewBox="0 0 24 24"><path d="M5 5l14 14M19 5L5 19" stroke="#dd2e44" stroke-width="5" stroke-linecap="round"/></svg>'
STYLE = """body{margin:0;background:#fff;color:#1f2328;font:14px/1.5 "DejaVu Sans",sans-serif}
main{margin:20px;border:1px solid #d1d9e0;border-radius:6px;padding:4px 18px 12px}
h3{font-size:1.25em;margin:12px 0}h3 svg{vertical-align:-2px}p{margin:0 0 16px}details{margin-bottom:16px}summary{margin-bottom:10px}
table{border-collapse:collapse;margin-bottom:16px}th,td{border:1px solid #d1d9e0;padding:6px 13px;vertical-align:top}
tr:nth-child(2n){background:#f6f8fa}code{background:#818b981f;border-radius:6px;padding:.2em .4em;font:85% "DejaVu Sans Mono",monospace}
sub{font-size:75%;vertical-align:baseline;color:#59636e}"""


def _runs(line: str) -> Iterator[tuple[str, str, str]]:
    """Give the parts of a colored line, each with its color and weight."""
    ink, weight = INK, "normal"
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            marks = part[2:-1].split(";")
            weight = "bold" if "1" in marks else "normal"
            ink = next((COLORS[mark] for mark in marks if mark in COLORS), DIM if "2" in marks else INK)
        elif part:
            yield part, ink, weight


def _wrapped(line: str, columns: int) -> Iterator[list[tuple[str, str, str]]]:
    """Break a line where a terminal does."""
    row: list[tuple[str, str, str]] = []
    left = columns
    for text, ink, weight in _runs(line):
        while len(text) > left:
            yield [*row, (text[:left], ink, weight)]
            row, text, left = [], text[left:], columns  # noqa: PLW2901 -- what is left of it
        row.append((text, ink, weight))
        left -= len(text)
    yield row


def terminal(command: str, text: str, columns: int = 100) -> str:
    """Draw what a terminal shows of a command and its colored output."""
    rows = [row for line in [f"\x1b[2m$\x1b[0m {command}", *text.splitlines()] for row in _wrapped(line, columns)]
    width, height = round(columns * COLUMN) + 2 * EDGE, len(rows) * LINE + 2 * EDGE
    drawn = []
    for number, row in enumerate(rows):
        column = 0
        for part, ink, weight in row:
            x, length = EDGE + column * COLUMN, len(part) * COLUMN
            if part.strip():
                place = f'x="{x:.1f}" y="{EDGE + 14 + number * LINE}" textLength="{length:.1f}"'
                drawn.append(
                    f'<text {place} fill="{ink}" font-weight="{weight}">{escape(part).replace(" ", NO_BREAK)}</text>'
                )
            column += len(part)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
            f'<g font-family="{FONT}" font-size="13">',
            *drawn,
            "</g>\n</svg>\n",
        ]
    )


def comment(markdown: str) -> str:
    """Draw Markdown as a page, unfolded, as a forge shows a comment."""
    body = MarkdownIt("commonmark").enable("table").render(markdown).replace("<details>", "<details open>")
    body = body.replace("❌", CROSS)
    return f'<!doctype html><meta charset="utf-8"><title>comment</title><style>{STYLE}</style><main>{body}</main>'


def mark(picture: Path, text: str) -> None:
    """Write into a picture which text it shows."""
    data = picture.read_bytes()
    chunk = b"tEXtSource\0" + sha256(text.encode()).hexdigest().encode()
    end = 8 + 25  # the signature and the head
    added = (len(chunk) - 4).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
    picture.write_bytes(data[:end] + added + data[end:])


def shows(picture: Path, text: str) -> bool:
    """Tell whether a picture was drawn of a text."""
    return picture.is_file() and b"tEXtSource\0" + sha256(text.encode()).hexdigest().encode() in picture.read_bytes()
