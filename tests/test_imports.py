"""Start-up is a feature: a module imported more is a decision, written into the committed list."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from golden_files import GOLDEN, compare
from process import environment, estate

from ocspolicy.commands import SUMMARIES

PROGRAM = """
import json, sys
sys.argv = ["ocspolicy", *sys.argv[1:]]
from ocspolicy.__main__ import main
try:
    status = main()
except SystemExit as exit:
    status = exit.code
print(json.dumps([status, sorted(sys.modules)]), file=sys.stderr)
"""

OURS = ("ocspolicy", "pydantic", "ruamel", "yaml", "pluggy", "pathspec", "packaging", "argparse", "dataclasses", "inspect",
        "subprocess", "importlib.metadata", "logging", "csv", "json", "tomllib", "fractions", "decimal")  # fmt: skip


def imported(*arguments: str, cwd: Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    status, modules = json.loads(done.stderr.splitlines()[-1])
    # Deep inside a library is the library's decision; which libraries and which of our modules is ours.
    ours = [it for it in modules if it in OURS or (it.startswith("ocspolicy") and not it.endswith("__mypyc"))]
    return status, ours


@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [("version", ["--version"], 0), ("help", ["--help"], 0), ("nothing-of-ours", ["check"], 2)],
)
def test_light_runs_import_only_what_is_listed(tmp_path: Path, name: str, arguments: list[str], status: int) -> None:
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    got, modules = imported(*arguments, cwd=tmp_path)
    assert got == status
    assert not {"pydantic", "ruamel.yaml", "ruamel", "pluggy"} & set(modules)
    compare(GOLDEN / "imports" / f"{name}.txt", "\n".join(modules) + "\n")


@pytest.mark.parametrize("command", SUMMARIES)
def test_help_of_a_command_imports_nothing_heavy(tmp_path: Path, command: str) -> None:
    got, modules = imported(command, "--help", cwd=tmp_path)
    assert got == 0
    assert not {"pydantic", "ruamel.yaml", "ruamel", "pluggy"} & set(modules)


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the list is that of one version")
@pytest.mark.parametrize("shown", ["text", "json"])
def test_a_small_check_imports_only_what_is_listed(tmp_path: Path, shown: str) -> None:
    status, modules = imported("check", "--format", shown, cwd=estate(tmp_path))
    assert status == 0
    assert "subprocess" not in modules, "git is not run where there is no repository"
    compare(GOLDEN / "imports" / f"check-{shown}.txt", "\n".join(modules) + "\n")


def test_update_is_refused_in_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCSPOLICY_UPDATE", "1")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match="not rewritten in CI"):
        compare(tmp_path / "a.txt", "a")
    assert not os.path.exists(tmp_path / "a.txt")
