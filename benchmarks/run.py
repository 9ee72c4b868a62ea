"""Measures ocspolicy against its goals and its peers: `python benchmarks/run.py`, or `--quick` as CI does."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import parsing
import picture
import report
import scale
import startup
from bench import QUICK, Bench, Part, Sizes
from measure import MeasurementError
from peers import here, installed

HOME = Path(__file__).resolve().parent

PARTS: dict[str, Callable[[Bench], Part]] = {
    "startup": startup.measure,
    "parsing": parsing.measure,
    "files": scale.files,
    "people": scale.people,
    "allocation": scale.allocation,
}

SLACK = {"× BASE": 2.5, "× event loop": 6.0}
"""A quick run fails where a ratio is this many times its limit: few rounds, on a machine that others use; the events of
so small a file take 3 ms."""


def main(arguments: list[str]) -> int:
    """Measure, print the table, and write the results.

    Returns:
        0; 1 where a quick run finds a ratio far above its limit; 2 where something could not be measured.
    """
    asked = _parser().parse_args(arguments)
    sizes = _sizes(asked)
    asked.work.mkdir(parents=True, exist_ok=True)
    peers = here() if asked.quick else installed(asked.work / "environments")
    bench = Bench(asked.work, peers, sizes)
    began = time.monotonic()
    parts = []
    for name in asked.only or PARTS:
        print(f"measures {name}", file=sys.stderr)
        try:
            parts.append(PARTS[name](bench))
        except MeasurementError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    print(f"took {time.monotonic() - began:.0f} s", file=sys.stderr)
    whole = Part(*(tuple(chain.from_iterable(field)) for field in zip(*parts, strict=True)))
    text = report.table(whole, peers, sizes)
    print(text)
    _write(asked, text, picture.draw(whole.growth))
    return int(asked.quick and _fails(whole))


def _fails(part: Part) -> bool:
    far = [row for row in part.rows if row.unit in SLACK and not row.within(SLACK[row.unit])]
    for row in far:
        print(f"error: found {row.figure:.2f} {row.unit} for {row.what}, expected {row.limit}", file=sys.stderr)
    return bool(far)


def _write(asked: argparse.Namespace, text: str, drawn: str) -> None:
    """Write the results into the work folder, and those of a whole run into the page too."""
    (asked.work / "results.md").write_text(text, encoding="utf-8")
    (asked.work / "growth.svg").write_text(drawn, encoding="utf-8")
    if not (asked.quick or asked.only or asked.no_write):
        (HOME / "growth.svg").write_text(drawn, encoding="utf-8")
        report.write_between(HOME / "README.md", text)


def _sizes(asked: argparse.Namespace) -> Sizes:
    sizes = QUICK if asked.quick else Sizes()
    given = {name: value for name in ("rounds", "long_rounds", "foreign", "seeds") if (value := getattr(asked, name))}
    if asked.millions:
        given["millions"] = tuple(asked.millions)
    return sizes._replace(**given)


def _parser() -> argparse.ArgumentParser:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser = argparse.ArgumentParser(prog="run.py", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="small sizes, few rounds, no peers, the ocspolicy of this interpreter")
    add("--only", action="append", choices=PARTS, help="measure only this part; repeatable; the page stays as it is")
    add("--no-write", action="store_true", help="leave the page as it is")
    add("--work", type=Path, default=cache / "ocspolicy-benchmarks", help="for inputs and environments; %(default)s")
    add("--rounds", type=int, help=f"of short programs; {Sizes().rounds}")
    add("--long-rounds", type=int, help=f"of programs that take seconds; {Sizes().long_rounds}")
    add("--millions", type=float, action="append", help="people to count against polars; repeatable; 1 and 5")
    add("--foreign", type=int, help=f"files of other tools; {Sizes().foreign}")
    add("--seeds", type=int, help=f"random estates of each size; {Sizes().seeds}")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
