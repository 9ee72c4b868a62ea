"""The benchmarks run, and their page has a row for every goal; no time is judged, for the machine may be busy."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from process import ROOT, environment

BENCHMARKS = ROOT / "benchmarks"
GOALS = runpy.run_path(str(BENCHMARKS / "goals.py"))["GOALS"]


def rows(page: str) -> dict[str, list[str]]:
    """The measured rows below each goal."""
    found: dict[str, list[str]] = {}
    goal = ""
    for line in page.splitlines():
        if line.startswith("| **"):
            goal = line.split("**")[1]
            found[goal] = []
        elif line.startswith("| | "):
            found[goal].append(line)
    return found


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not hasattr(os, "wait4"):
        pytest.skip("this system does not say what a process took")
    work = tmp_path_factory.mktemp("benchmarks")
    command = [sys.executable, str(BENCHMARKS / "run.py"), "--quick", "--work", str(work)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=600, env=environment())
    assert done.returncode == 0, done.stderr
    return work


def test_a_quick_run_measures_every_goal(quick: Path) -> None:
    found = rows((quick / "results.md").read_text())
    assert list(found) == [goal.what for goal in GOALS]
    # What has no peer here is measured all the same, but for the parser's bound, which needs libyaml.
    lone = {goal for goal, lines in found.items() if not any(" CPU" in line or " MiB" in line for line in lines)}
    assert not {goal for goal in lone if not goal.startswith(("parse", "growth"))}


def test_growth_is_drawn_for_light_and_dark_pages(quick: Path) -> None:
    drawn = (quick / "growth.svg").read_text()
    picture: Any = ET.fromstring(drawn)  # noqa: S314 -- our own
    points = picture.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(picture.findall("{http://www.w3.org/2000/svg}g")) == 4
    assert len(points) == 12
    assert "prefers-color-scheme: dark" in drawn


def test_the_page_has_a_row_for_every_goal_and_the_picture() -> None:
    page = (BENCHMARKS / "README.md").read_text()
    found = rows(page)
    for goal in GOALS:
        assert f"| **{goal.what}** |" in page
        assert goal.limits in page
        assert found[goal.what], "no row was measured"
    assert "](growth.svg)" in page
    assert len(ET.parse(BENCHMARKS / "growth.svg").findall(".//{http://www.w3.org/2000/svg}circle")) > 12  # noqa: S314 -- our own
