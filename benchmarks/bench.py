"""What all measurements share: where to work, whom to compare with, how large and how often."""

import shutil
from pathlib import Path
from typing import NamedTuple

from goals import Row
from measure import Command, Line
from peers import Peers

PROBES = Path(__file__).resolve().parent / "probes"

DAY = ("--as-of", "2009-06-01", "--format", "concise")


class Sizes(NamedTuple):
    """How much is measured. `rounds` are those of short programs, `long_rounds` those of programs that take seconds."""

    rounds: int = 15
    long_rounds: int = 3
    further: int = 50
    megabytes: tuple[float, ...] = (1, 8)
    foreign: int = 20_000
    millions: tuple[float, ...] = (1, 5)
    classes: tuple[int, ...] = (200, 500)
    seeds: int = 5
    growing_files: tuple[int, ...] = (50, 100, 200, 400, 800)
    growing_megabytes: tuple[float, ...] = (0.5, 1, 2, 4, 8)
    growing_millions: tuple[float, ...] = (0.25, 0.5, 1, 2, 4)
    growing_classes: tuple[int, ...] = (50, 100, 200, 350, 500)


QUICK = Sizes(
    rounds=3,
    long_rounds=1,
    further=10,
    megabytes=(0.1,),
    foreign=300,
    millions=(0.02,),
    classes=(20,),
    seeds=1,
    growing_files=(4, 12, 20),
    growing_megabytes=(0.02, 0.05, 0.1),
    growing_millions=(0.01, 0.03, 0.05),
    growing_classes=(10, 20, 30),
)


class Growth(NamedTuple):
    """How CPU seconds grow with a size; `line` is None where no straight line is expected."""

    title: str
    unit: str
    points: tuple[tuple[float, float], ...]
    line: Line | None


class Part(NamedTuple):
    """What a group of measurements found; `notes` are sentences for below the table."""

    rows: tuple[Row, ...]
    growth: tuple[Growth, ...] = ()
    notes: tuple[str, ...] = ()


class Bench(NamedTuple):
    """What a group of measurements is given."""

    work: Path
    peers: Peers
    sizes: Sizes

    def folder(self, name: str) -> Path:
        """Make an empty folder for inputs."""
        path = self.work / "inputs" / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def check(self, folder: Path, *, statuses: tuple[int, ...] = (0,), form: tuple[str, ...] = DAY) -> Command:
        """Judge an estate, as a person would in its folder."""
        return Command((self.peers.ocspolicy, "check", *form), folder, statuses)

    def probe(self, name: str, *arguments: str, python: Path | None = None) -> tuple[str, ...]:
        """Give the words that start one of the programs in `probes/`, in our environment or in another."""
        return (str(python or self.peers.python), "-P", str(PROBES / name), *arguments)


def short(seconds: float) -> str:
    """Write a short time."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.01 else f"{1000 * seconds:.2f} ms"  # noqa: PLR2004 -- 10 ms


def both(cpu: float, wall: float) -> str:
    """Write CPU time and time by the clock."""
    return f"{short(cpu)} CPU, {short(wall)}"
