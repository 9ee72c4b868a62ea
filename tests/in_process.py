"""Runs the command line inside the test's own process, where thousands of runs are wanted."""

import io
import os
import sys
from pathlib import Path
from typing import NamedTuple

from ocspolicy import cli


class Outcome(NamedTuple):
    status: int
    out: str
    err: str


def run_here(*arguments: str, cwd: Path) -> Outcome:
    """Run a command with captured streams; whatever it raises is the test's."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    before, sys.stdout, sys.stderr, here = (sys.stdout, sys.stderr), out, err, os.getcwd()
    os.chdir(cwd)
    try:
        status = cli.main(list(arguments))
    finally:
        os.chdir(here)
        sys.stdout, sys.stderr = before
    return Outcome(status, *(stream.buffer.getvalue().decode() for stream in (out, err)))
