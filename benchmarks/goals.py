"""What is aimed at, and what a measurement says about it."""

from typing import NamedTuple

_FAR = 2


class Goal(NamedTuple):
    """A row of the goals: what is measured, in words, and the limits, in words."""

    what: str
    limits: str


START = Goal("`--version`, `--help`; a run in which no file is ours", "≤ 0.5 × BASE; ≤ 0.6 × BASE")
SMALL = Goal(
    "one small manifest and inventory, whole check, all rules",
    "≤ 2.8 × BASE, ≤ 0.75 × check-jsonschema, ≤ 0.19 × cfn-lint",
)
FURTHER = Goal("each further small file of ours", "≤ 2 ms, ≤ 0.25 × check-yaml's")
PARSE = Goal(
    "parse with positions, 1 and 8 MB; parse, validate and all rules",
    "≤ 10 × the raw event loop; ≤ 30 ×",
)
MEMORY = Goal("memory for each MB of YAML", "≤ 20 MiB, + 30 MiB")
FOREIGN = Goal("20,000 foreign files, 50 ours", "≤ 1.5 × `rg -j1` for finding them, start-up aside")
PEOPLE = Goal("1 and 5 million people in CSV", "≤ 4 × polars in time, ≤ 0.5 × its memory")
ALLOCATION = Goal(
    "allocation, exact, classes × lines",
    "≤ 2 s at 200 × 200, ≤ 15 s at 500 × 500, no solver imported where bounds meet",
)
GROWTH = Goal("growth in files, people and bytes", "straight lines")

GOALS = (START, SMALL, FURTHER, PARSE, MEMORY, FOREIGN, PEOPLE, ALLOCATION, GROWTH)


class Row(NamedTuple):
    """One measurement beside its goal.

    `figure` is in `unit` and may be at most `limit`, if there is one.
    `ours` and `peer` are the medians behind it. `absent` says why nothing was measured.
    """

    goal: Goal
    what: str
    figure: float | None = None
    unit: str = ""
    limit: float | None = None
    ours: str = ""
    peer: str = ""
    absent: str = ""

    def within(self, slack: float) -> bool:
        """Tell whether the figure is at most `slack` times its limit."""
        return self.figure is None or self.limit is None or self.figure <= slack * self.limit


def verdict(row: Row) -> str:
    """Say whether a goal is reached, else by how much it is missed."""
    if row.absent:
        return f"not measured: {row.absent}"
    if row.figure is None or row.limit is None:
        return ""
    if row.within(1):
        return "met"
    times = row.figure / row.limit if row.limit else float("inf")
    return f"**missed** by {100 * (times - 1):.0f} %" if times < _FAR else f"**missed**: {times:.1f} times the limit"
