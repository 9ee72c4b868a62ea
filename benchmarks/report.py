"""What was measured, as Markdown."""

import os
import platform
import re
from pathlib import Path

from bench import Growth, Part, Sizes
from goals import GOALS, GROWTH, Row, verdict
from peers import Peers

BEGIN, END = "<!-- results, written by run.py -->", "<!-- end of results -->"

_MOST_ASTRAY = 10
"""Percent: far less than a cost that grows with the square strays over these sizes."""


def table(part: Part, peers: Peers, sizes: Sizes) -> str:
    """Write the goals with what was measured for each, the lines of growth, and what it was measured with."""
    lines = ["| what | measured | ocspolicy | beside it | figure | at most | goal |", "|---|---|---|---|---|---|---|"]
    rows = [*part.rows, *(bent(it) for it in part.growth if it.line)]
    for goal in GOALS:
        of_goal = [it for it in rows if it.goal == goal] or [Row(goal, "", absent="left out of this run")]
        lines += [f"| **{goal.what}** | | | | | | {goal.limits} |", *map(_line, of_goal)]
    return "\n".join([*lines, "", _sentences(part, peers, sizes)])


def bent(growth: Growth) -> Row:
    """Say how straight a line of growth is."""
    line = growth.line
    if line is None:
        return Row(GROWTH, growth.title)
    each = f"{_per_one(line.slope)} for each {growth.unit.removesuffix('s')}"
    shown = f"{line.start:.2f} s + {each}; the upper half is {line.bend:.2f} times as steep as the lower"
    return Row(GROWTH, growth.title, 100 * line.astray, "% off the line", _MOST_ASTRAY, shown)


def _per_one(slope: float) -> str:
    return f"{slope:.2f} s" if slope >= 0.1 else f"{1000 * slope:.2f} ms"  # noqa: PLR2004 -- a tenth of a second


def _line(row: Row) -> str:
    figure = "" if row.figure is None else f"{_number(row.figure)} {row.unit}".strip()
    limit = "" if row.limit is None else f"{row.limit:g}"
    return f"| | {row.what} | {row.ours} | {row.peer} | {figure} | {limit} | {verdict(row)} |"


def _number(figure: float) -> str:
    if isinstance(figure, int):
        return str(figure)
    return f"{figure:.2f}" if abs(figure) < 100 else f"{figure:.0f}"  # noqa: PLR2004 -- three digits


def _sentences(part: Part, peers: Peers, sizes: Sizes) -> str:
    notes = " ".join(
        (*part.notes, f"Medians of {sizes.rounds} rounds of short programs and {sizes.long_rounds} of long ones.")
    )
    versions = ", ".join(f"{name} {version}" for name, version in sorted(peers.versions.items(), key=_folded))
    return f"{notes}\n\n{machine()}. {versions}.\n"


def _folded(pair: tuple[str, str]) -> str:
    return pair[0].lower()


def machine() -> str:
    """Say what kind of machine this is."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()} on {_processor()}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def _processor() -> str:
    try:
        said = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        said = None
    return said[1] if said else platform.machine()


def write_between(path: Path, text: str) -> None:
    """Put text between the markers of a page written by hand.

    Raises:
        ValueError: the page has no markers.
    """
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"found no '{BEGIN}' and '{END}' in {path}, expected both; put them where the results belong")
    path.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")
