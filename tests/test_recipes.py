"""The four recipes as they stand, installs included, in a tree whose author wants to run code and be covered."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import which

import pytest
from forges import SHORT, azure_steps, gitlab_job
from process import DEPLOYMENT, ROOT, environment, estate, git

BASH = which("bash")
NAMES = (
    *("venv", "pip", "ensurepip", "site", "sitecustomize", "usercustomize", "encodings", "subprocess", "hatchling"),
    *("ocspolicy", "ocspolicy_cal", "pydantic", "argcomplete", "tomllib"),
)

# Whoever runs these tests in several processes fetches and builds in one.
pytestmark = [pytest.mark.skipif(BASH is None, reason="no bash here"), pytest.mark.xdist_group("recipes")]


def readme_recipe() -> str:
    """The recipe of the README for any other CI."""
    (found,) = re.findall(r"Any other CI:\n\n```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    return str(found)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel of this project and all that its installation needs."""
    folder = tmp_path_factory.mktemp("packages")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    pip = [sys.executable, "-m", "pip"]
    for command in (
        [*pip, "download", "--quiet", "--dest", str(folder), *needed],
        [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)],
    ):
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository whose main branch is covered, and whose branch is short and brings code under known names."""
    folder = estate(tmp_path / "tree")
    git("init", "-q", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "-qm", "main", cwd=folder)
    git("update-ref", "refs/remotes/origin/main", "HEAD", cwd=folder)
    (folder / "estate.yaml").write_text(DEPLOYMENT.replace("users:", "  - {name: edge03, roles: [edge]}\nusers:"))
    (folder / "licenses.yaml").write_text(SHORT.replace("quantity: 3", "quantity: 9"))
    code = f"import os\nopen({str(tmp_path / 'ran')!r}, 'a').write(__file__ + '\\n')\nos._exit(0)\n"
    for name in NAMES:
        (folder / f"{name}.py").write_text(code)
    for name in ("python3", "python", "pip"):
        (folder / name).write_text(f"#!/bin/sh\necho {name} >>{tmp_path}/ran\nexit 0\n")
        (folder / name).chmod(0o755)
    (folder / "pip.conf").write_text("[global]\nindex-url = https://index.invalid/\n")
    (folder / ".python-version").write_text("../../tree\n")
    git("add", ".", cwd=folder)
    git("commit", "-qm", "branch", cwd=folder)
    return folder


def recipe(name: str, folder: Path, wheel: str) -> tuple[list[str], dict[str, str]]:
    """Give the command of a recipe and its variables, as for a request to merge into main."""
    if name == "action":
        given = {"OCSPOLICY_ACTION": str(ROOT), "RUNNER_TEMP": str(folder / "runner")}
        policy = {f"OCSPOLICY_{what}_FROM": "refs/remotes/origin/main" for what in ("POLICY", "INVENTORY")}
        return [str(BASH), str(ROOT / "action" / "check.sh")], given | policy
    if name == "gitlab":
        script, variables = gitlab_job(install=wheel)
        git("remote", "add", "origin", f"file://{folder}/tree", cwd=folder / "tree")
        git("branch", "-f", "target", "origin/main", cwd=folder / "tree")
        request = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "target", "CI_PROJECT_DIR": str(folder / "tree")}
        return ["sh", "-c", script], variables | request
    if name == "azure":
        script, variables = azure_steps(install=wheel)[0]
        request = {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main", "AGENT_TEMPDIRECTORY": str(folder / "runner")}
        return [str(BASH), "-c", script], variables | request
    script, count = re.subn(r'"git\+https://<[^"]*"', f'"{wheel}"', readme_recipe())
    assert count == 1
    return ["sh", "-c", script], {}


@pytest.mark.parametrize("name", ["action", "gitlab", "azure", "readme"])
def test_no_file_of_the_tree_runs_or_makes_it_covered(tmp_path: Path, packages: Path, tree: Path, name: str) -> None:
    (tmp_path / "runner").mkdir()
    (wheel,) = packages.glob("ocspolicy-*.whl")
    command, given = recipe(name, tmp_path, str(wheel))
    hostile = {
        "PYTHONPATH": str(tree),
        "PATH": f".:{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(packages),
        "PIP_CACHE_DIR": str(tree / ".cache"),
        "PIP_NO_COMPILE": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "HOME": str(tmp_path),
    }
    before = sorted(it.name for it in tree.iterdir())
    done = subprocess.run(
        command, cwd=tree, env=environment(**hostile | given), capture_output=True, text=True, check=False, timeout=300
    )
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 of 5 server licenses is missing" in done.stdout
    left = {it.name for it in tree.iterdir()} - set(before)
    assert left <= {"gl-code-quality-report.json", "ocspolicy.xml", "ocspolicy.html"}
    if name == "readme":
        assert left == {"ocspolicy.xml", "ocspolicy.html"}
