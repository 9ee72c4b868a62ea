"""Runs programs in turn, and says what each took of processor, clock and memory."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

PATIENCE = 900.0
"""Seconds after which a program is ended."""

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
_PER_MIB = 2**20 if sys.platform == "darwin" else 2**10


class MeasurementError(Exception):
    """A program did not do what it was to be measured at."""


class Command(NamedTuple):
    """A program to measure.

    `statuses` are the exit statuses that show that it did its work. One that is `timed_inside` ends its standard output
    with a line of the CPU seconds of the part that counts.
    """

    argv: tuple[str, ...]
    folder: Path
    statuses: tuple[int, ...] = (0,)
    timed_inside: bool = False


class Sample(NamedTuple):
    """One run: CPU seconds (user and system, with all that it started), seconds, peak memory in MiB, what it said."""

    cpu: float
    wall: float
    peak: float
    said: str


class Series(NamedTuple):
    """The runs of one program, in the order of the rounds."""

    samples: tuple[Sample, ...]

    @property
    def cpu(self) -> float:
        """The median of the CPU seconds."""
        return median(it.cpu for it in self.samples)

    @property
    def wall(self) -> float:
        """The median of the seconds."""
        return median(it.wall for it in self.samples)

    @property
    def peak(self) -> float:
        """The median of the peak memory in MiB."""
        return median(it.peak for it in self.samples)

    def over(self, other: "Series", of: Callable[[Sample], float]) -> float:
        """Give the median of the ratios, round by round, so that both have met the same weather."""
        return median(of(a) / of(b) for a, b in zip(self.samples, other.samples, strict=True))

    def less(self, other: "Series", share: float = 1.0) -> "Series":
        """Take another program's time off, round by round, and give the stated share of the rest; memory stays."""
        pairs = zip(self.samples, other.samples, strict=True)
        return Series(tuple(a._replace(cpu=share * (a.cpu - b.cpu), wall=share * (a.wall - b.wall)) for a, b in pairs))


def by_cpu(sample: Sample) -> float:
    """Compare CPU time: right where both use one thread, whoever else uses the machine."""
    return sample.cpu


def by_wall(sample: Sample) -> float:
    """Compare what a person waits."""
    return sample.wall


def by_peak(sample: Sample) -> float:
    """Compare peak memory."""
    return sample.peak


def in_turn(commands: Sequence[Command], rounds: int) -> list[Series]:
    """Run programs A B A B, so that all of them meet the same minutes.

    Where there are several rounds, one more goes before them, which only warms the caches.
    """
    for command in commands if rounds > 1 else ():
        run(command)
    taken = [tuple(run(command) for command in commands) for _ in range(rounds)]
    return [Series(samples) for samples in zip(*taken, strict=True)]


def run(command: Command) -> Sample:
    """Run a program once.

    Raises:
        MeasurementError: it ended with another status than expected, or not in time.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        child = subprocess.Popen(
            command.argv, cwd=command.folder, env=kept, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        timer = threading.Timer(PATIENCE, child.kill)
        timer.start()
        # Its usage is that of the child and what it waited for. The peak counts from the fork on, so nothing that is
        # measured may be smaller than this program, which therefore holds little.
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode("utf-8", "replace")
    if child.returncode not in command.statuses:
        raise MeasurementError(f"found status {child.returncode} of {' '.join(command.argv)}: {said[-2000:]}")
    cpu = float(said.splitlines()[-1]) if command.timed_inside else usage.ru_utime + usage.ru_stime
    return Sample(cpu, wall, usage.ru_maxrss / _PER_MIB, said)


class Line(NamedTuple):
    """A straight line through points: y = `start` + `slope` x.

    `astray` is how far the point that lies farthest from the line does so, as a share of its y. `bend` is the slope of
    the upper half over that of the lower half: 1 for a straight line, 2 and more where the cost grows with the square.
    """

    start: float
    slope: float
    astray: float
    bend: float


def line(points: Sequence[tuple[float, float]]) -> Line:
    """Fit a line to at least three points, sorted by x, by least squares of what each is astray as a share of its y.

    Squares of seconds would be those of the largest point alone, which would throw the line off the small ones.
    """
    weights = [1 / y**2 for _, y in points]
    total = sum(weights)
    mean_x = sum(w * x for w, (x, _) in zip(weights, points, strict=True)) / total
    mean_y = sum(w * y for w, (_, y) in zip(weights, points, strict=True)) / total
    spread = sum(w * (x - mean_x) ** 2 for w, (x, _) in zip(weights, points, strict=True))
    slope = sum(w * (x - mean_x) * (y - mean_y) for w, (x, y) in zip(weights, points, strict=True)) / spread
    start = mean_y - slope * mean_x
    astray = max(abs(start + slope * x - y) / y for x, y in points)
    half = len(points) // 2
    lower, upper = _slope(points[0], points[half]), _slope(points[half], points[-1])
    return Line(start, slope, astray, upper / lower if lower else float("inf"))


def _slope(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (b[1] - a[1]) / (b[0] - a[0])
