"""What runs in forges, run as far as a machine without the forge can: the shells, with the runners' variables."""

import json
import os
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
from process import COMMAND, INVENTORY, ROOT, environment, estate, git
from ruamel.yaml import YAML

SHORT = INVENTORY.replace("quantity: 4", "quantity: 3")
BASH = which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="no bash here")


def load(name: str) -> object:
    return YAML(typ="safe", pure=True).load((ROOT / name).read_text())


def step(folder: Path, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """Run the action's step as the runner does; status, output, the step's outputs, the summary."""
    temporary = folder / "runner"
    temporary.mkdir(exist_ok=True)
    given = {f"OCSPOLICY_{name.upper()}": value for name, value in inputs.items()}
    done = subprocess.run(
        [str(BASH), str(ROOT / "action" / "check.sh")],
        cwd=folder / "root",
        env=environment(
            OCSPOLICY_COMMAND=COMMAND,
            OCSPOLICY_ACTION=str(ROOT),
            OCSPOLICY_AS_OF="2009-06-01",
            RUNNER_TEMP=str(temporary),
            GITHUB_STEP_SUMMARY=str(folder / "summary.md"),
            GITHUB_OUTPUT=str(folder / "outputs"),
            GITHUB_ACTIONS="true",
            **given,
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done.stderr
    outputs = dict(line.split("=", 1) for line in (folder / "outputs").read_text().splitlines())
    summary = folder / "summary.md"
    return done.returncode, done.stdout, outputs, summary.read_text() if summary.exists() else ""


def test_action_fails_the_step_and_writes_everything(tmp_path: Path) -> None:
    estate(tmp_path / "root", inventory=SHORT)
    status, out, outputs, summary = step(tmp_path)
    assert status == 1
    assert out.startswith("::error file=estate.yaml,line=12,")
    assert outputs["status"] == "1"
    assert json.loads(Path(outputs["json"]).read_text())["summary"]["error"] == 1
    assert json.loads(Path(outputs["sarif"]).read_text())["version"] == "2.1.0"
    assert Path(outputs["junit"]).read_text().startswith("<?xml")
    assert "failed" in summary


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({}, 1),
        ({"fail_on": "never"}, 0),
        ({"ignore": "ROL001,ROL002"}, 0),
        ({"paths": "estate.yaml\nlicenses.yaml"}, 1),
        ({"paths": "estate.yaml"}, 2),
        ({"paths": "estate.yaml", "inventory": "licenses.yaml"}, 1),
        ({"paths": "--help"}, 2),
        ({"select": "XYZ"}, 2),
        ({"fail_on": "$(touch ran)"}, 2),
        ({"paths": "`touch ran`"}, 2),
        ({"config": '"; touch ran; "'}, 2),
        ({"policy_from": "main"}, 2),
    ],
)
def test_action_takes_inputs_as_options_never_as_a_script(tmp_path: Path, inputs: dict[str, str], status: int) -> None:
    estate(tmp_path / "root", inventory=SHORT)
    temporary = tmp_path / "runner"
    temporary.mkdir()
    done = subprocess.run(
        [str(BASH), str(ROOT / "action" / "check.sh")],
        cwd=tmp_path / "root",
        env=environment(
            OCSPOLICY_COMMAND=COMMAND,
            OCSPOLICY_AS_OF="2009-06-01",
            RUNNER_TEMP=str(temporary),
            **{f"OCSPOLICY_{name.upper()}": value for name, value in inputs.items()},
        ),
        capture_output=True,
        check=False,
    )
    assert done.returncode == status
    assert not (tmp_path / "root" / "ran").exists()


def test_action_can_be_quiet(tmp_path: Path) -> None:
    estate(tmp_path / "root", inventory=SHORT)
    _, out, _, summary = step(tmp_path, summary="false", annotations="false")
    assert "::error" not in out
    assert summary == ""


def test_action_passes_every_input_through_the_environment() -> None:
    action = load("action.yml")
    assert isinstance(action, dict)
    (run,) = action["runs"]["steps"]
    assert "${{" not in run["run"]
    named = set(re.findall(r"inputs\.([a-z-]+)", " ".join(run["env"].values())))
    assert named == set(action["inputs"])
    script = (ROOT / "action" / "check.sh").read_text()
    assert all(name in script for name in run["env"])
    assert os.access(ROOT / "action" / "check.sh", os.X_OK)


def test_action_is_linted() -> None:
    linter = Path(COMMAND).parent / "zizmor"
    if not linter.exists():
        pytest.skip("zizmor is not installed")
    done = subprocess.run(
        [str(linter), "--offline", "--no-progress", "action.yml"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def job() -> tuple[dict[str, object], str]:
    """The GitLab component's job with its default inputs filled in."""
    header, body = (ROOT / "templates" / "ocspolicy.yml").read_text().split("\n---\n")
    inputs = YAML(typ="safe", pure=True).load(header)["spec"]["inputs"]
    for name, given in inputs.items():
        body = body.replace(
            f"$[[ inputs.{name} ]]",
            str(given["default"]).lower() if given.get("type") == "boolean" else str(given["default"]),
        )
    assert "$[[" not in body, "every input that is used is declared"
    return YAML(typ="safe", pure=True).load(body)["ocspolicy"], body


def repository(folder: Path) -> tuple[Path, Path]:
    """A repository with a main branch that is covered, and a clone of it whose branch is short by one."""
    origin = estate(folder / "origin")
    git("init", "-q", cwd=origin)
    git("add", ".", cwd=origin)
    git("commit", "-qm", "main", cwd=origin)
    clone = folder / "clone"
    git("clone", "-q", str(origin), str(clone), cwd=folder)
    (clone / "licenses.yaml").write_text(SHORT)
    return origin, clone


@pytest.mark.parametrize(("target", "status"), [("", 1), ("main", 0)])
def test_gitlab_job_runs(tmp_path: Path, target: str, status: int) -> None:
    _, clone = repository(tmp_path)
    definition, _ = job()
    commands = list(definition["script"])  # type: ignore[call-overload]
    (clone / ".ocspolicy-env" / "bin").mkdir(parents=True)
    (clone / ".ocspolicy-env" / "bin" / "ocspolicy").symlink_to(COMMAND)
    script = "set -e\n" + "\n".join(it for it in commands if "pip install" not in it and "git config" not in it)
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=clone,
        env=environment(
            CI_PROJECT_DIR=str(clone),
            CI_MERGE_REQUEST_TARGET_BRANCH_NAME=target,
            **definition["variables"],  # type: ignore[dict-item]
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    issues = json.loads((clone / "gl-code-quality-report.json").read_text())
    assert bool(issues) is (status == 1)
    assert (clone / "ocspolicy.xml").exists()


@pytest.mark.parametrize(("target", "status"), [("", 1), ("refs/heads/main", 0)])
def test_azure_step_runs(tmp_path: Path, target: str, status: int) -> None:
    _, clone = repository(tmp_path)
    template = load("azure/ocspolicy-steps.yml")
    assert isinstance(template, dict)
    scripts = [it["bash"] for it in template["steps"] if "bash" in it]
    assert not any("${{" in it for it in scripts)
    agent = tmp_path / "agent"
    (agent / "ocspolicy" / "bin").mkdir(parents=True)
    (agent / "ocspolicy" / "bin" / "ocspolicy").symlink_to(COMMAND)
    first = "\n".join(it for it in scripts[0].splitlines() if "venv" not in it and "pip" not in it)
    given = environment(
        AGENT_TEMPDIRECTORY=str(agent),
        OCSPOLICY_PATHS="estate.yaml\nlicenses.yaml",
        OCSPOLICY_FAIL_ON="error",
        OCSPOLICY_PROTECT="True",
        SYSTEM_PULLREQUEST_TARGETBRANCH=target,
        TF_BUILD="True",
    )
    done = subprocess.run([str(BASH), "-c", first], cwd=clone, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert ("##vso[task.logissue type=error;" in done.stdout) is (status == 1)
    shown = subprocess.run(
        [str(BASH), "-c", scripts[1]], cwd=clone, env=given, capture_output=True, text=True, check=True
    )
    assert shown.stdout == f"##vso[task.uploadsummary]{agent}/ocspolicy.md\n"
