"""Judges a text with all first-party rules, as `ocspolicy check` would judge the folder it stands in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ocspolicy import load
from ocspolicy.check import judgement, situation
from ocspolicy.finding import Report
from ocspolicy.settings import Settings
from ocspolicy.snapshot import WorkTree
from ocspolicy.verdict import Judgement

PACKAGES = ("ocspolicy_cal", "ocspolicy_counted_roles", "ocspolicy_group_chat", "ocspolicy_inventory")


def judge(folder: Path, text: str, **configured: Any) -> Report:
    """Write the text into the folder and judge it on 2009-06-01."""
    return judgement_of(folder, text, **configured).report


def judgement_of(folder: Path, text: str, **configured: Any) -> Judgement:
    """Do the same, and give what the judgement rests on too."""
    (folder / "estate.yaml").write_text(text, encoding="utf-8")
    worktree = WorkTree(str(folder.resolve()), is_git=False, cwd=str(folder.resolve()))
    asked = Settings(plugins=PACKAGES, **configured)
    loaded = load.load(worktree, asked, load.Request((".",), allow_local_plugins=True))
    return judgement(loaded, situation(loaded, date(2009, 6, 1)))
