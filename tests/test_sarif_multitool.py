"""SARIF as its own validator judges it, with GitHub's rules; runs where $SARIF_MULTITOOL names the program."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import report_samples

from ocspolicy.report import render

TOOL = os.environ.get("SARIF_MULTITOOL", "")

pytestmark = pytest.mark.skipif(not TOOL, reason="$SARIF_MULTITOOL does not name the validator")

# The project has no page of its own yet to name.
KNOWN = {"SARIF2005"}


@pytest.mark.parametrize("name", sorted(report_samples.SAMPLES))
def test_validator_and_the_rules_of_github_find_nothing(tmp_path: Path, name: str) -> None:
    report = tmp_path / "report.sarif"
    report.write_text(render(report_samples.SAMPLES[name], "sarif"))
    found = tmp_path / "found.sarif"
    subprocess.run(
        [TOOL, "validate", str(report), "--rule-kind", "Sarif;Ghas", "--output", str(found)],
        env={"PATH": os.environ["PATH"], "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        timeout=120,
    )
    runs: list[dict[str, Any]] = json.loads(found.read_text(encoding="utf-8-sig"))["runs"]
    results = [it for run in runs for it in run.get("results", []) if it["ruleId"] not in KNOWN]
    assert [(it["ruleId"], it.get("level"), it["message"]) for it in results] == []
