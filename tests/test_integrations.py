"""What runs in forges, run as far as a machine without the forge can: the shells, with the runners' variables."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from forges import SHORT, azure_steps, gitlab_job, interpreter, load, repository
from process import ROOT, environment, estate, git, run

BASH = which("bash")
SCRIPT = ROOT / "action" / "check.sh"

pytestmark = pytest.mark.skipif(BASH is None, reason="no bash here")


def step(folder: Path, **given: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str], str]:
    """Run the action's step as the runner does; what it did, the step's outputs, the summary."""
    estate(folder / "root", inventory=SHORT)
    (folder / "runner").mkdir()
    variables = {
        "OCSPOLICY_PYTHON": sys.executable,
        "OCSPOLICY_ACTION": str(ROOT),
        "OCSPOLICY_AS_OF": "2009-06-01",
        "RUNNER_TEMP": str(folder / "runner"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "outputs"),
        "GITHUB_ACTIONS": "true",
    }
    done = subprocess.run(
        [str(BASH), str(SCRIPT)],
        cwd=folder / "root",
        env=environment(**variables | given),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (folder / "outputs").read_text().splitlines()
    summary = folder / "summary.md"
    return done, dict(line.split("=", 1) for line in lines), summary.read_text() if summary.exists() else ""


def test_action_fails_the_step_and_writes_everything(tmp_path: Path) -> None:
    done, outputs, summary = step(tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error file=estate.yaml,line=12,")
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
        ({"paths": "estate.yaml\r\nlicenses.yaml\r\n"}, 1),
        ({"paths": "\n"}, 1),
        ({"paths": "estate.yaml"}, 2),
        ({"paths": "estate.yaml", "inventory": "licenses.yaml"}, 1),
        ({"paths": "--help"}, 2),
        ({"select": "XYZ"}, 2),
        ({"fail_on": "$(touch ran)"}, 2),
        ({"paths": "`touch ran`"}, 2),
        ({"config": '"; touch ran; "'}, 2),
        ({"policy_from": "main"}, 2),
        ({"tracked": "true"}, 1),
        ({"tracked": "yes"}, 2),
        ({"quiet": "true", "verbose": "true", "allow_local_plugins": "true"}, 1),
    ],
)
def test_action_takes_inputs_as_options_never_as_a_script(tmp_path: Path, inputs: dict[str, str], status: int) -> None:
    done, outputs, summary = step(tmp_path, **{f"OCSPOLICY_{name.upper()}": value for name, value in inputs.items()})
    assert done.returncode == status, done.stdout + done.stderr
    assert outputs.pop("status") == str(status)
    assert all(Path(path).is_file() for path in outputs.values())
    assert ("could not judge" in summary) is (status == 2)
    assert not (tmp_path / "root" / "ran").exists()


def test_action_names_no_report_that_nobody_wrote(tmp_path: Path) -> None:
    _, outputs, summary = step(tmp_path, OCSPOLICY_FAIL_ON="wrong")
    assert outputs == {"status": "2"}
    assert summary == "**could not judge** (status 2): there is no report; the log of the step says why\n"


@pytest.mark.parametrize("python", ["/bin/false", "/bin/true", "/nowhere/python3"])
def test_action_takes_a_run_without_a_result_for_no_judgement(tmp_path: Path, python: str) -> None:
    done, outputs, summary = step(tmp_path, OCSPOLICY_PYTHON=python)
    assert done.returncode == 2
    assert outputs == {"status": "2"}
    assert summary.startswith("**could not judge**")


@pytest.mark.parametrize(("status", "pip"), [(1, 0), (2, 1)])
@pytest.mark.parametrize("own", ["environment/bin/python", "environment/Scripts/python.exe"])
def test_action_installs_where_the_environment_has_its_programs(
    tmp_path: Path, own: str, status: int, pip: int
) -> None:
    done, outputs, summary = step(tmp_path, OCSPOLICY_PYTHON="", **interpreter(tmp_path / "bin", own=own, pip=pip))
    assert done.returncode == status, done.stdout + done.stderr
    assert outputs["status"] == str(status)
    assert ("sarif" in outputs) is (status == 1)
    assert summary.startswith("**could not judge**") is (status == 2)


def test_action_can_be_quiet(tmp_path: Path) -> None:
    done, _, summary = step(tmp_path, OCSPOLICY_SUMMARY="false", OCSPOLICY_ANNOTATIONS="false")
    assert "::error" not in done.stdout
    assert summary == ""


def test_action_has_an_input_for_every_option() -> None:
    options = set(re.findall(r"^  (?:-\w, )?--([a-z-]+)", run("check", "--help", cwd=ROOT).out, re.MULTILINE))
    # Which reports are written, and where to, is the action's own affair.
    own = {"help", "format", "output", "color"}
    assert options > own
    assert set(load(ROOT / "action.yml")["inputs"]) - {"paths", "summary", "annotations"} == options - own


def test_action_passes_every_input_through_the_environment() -> None:
    action = load(ROOT / "action.yml")
    (only,) = action["runs"]["steps"]
    assert "${{" not in only["run"]
    named = set(re.findall(r"inputs\.([a-z-]+)", " ".join(only["env"].values())))
    assert named == set(action["inputs"])
    assert all(name in SCRIPT.read_text() for name in only["env"])
    assert os.access(SCRIPT, os.X_OK)


@pytest.mark.parametrize("script", [SCRIPT.read_text(), azure_steps(install="")[0][0]], ids=["action", "azure"])
def test_scripts_run_on_the_bash_of_macos(script: str) -> None:
    newer = r"\$\{\w+(,,|\^\^|@)|declare -A|mapfile|readarray|\|&|&>>|local -n|\[\[ -v"
    assert not re.search(newer, script)
    # There an empty array counts as unset: those that are expanded are never empty.
    for name in re.findall(r"\$\{(\w+)\[@\]\}", script):
        assert re.search(rf"^\s*{name}\+=\(--format ", script, re.MULTILINE)


@pytest.mark.parametrize(("target", "status"), [("", 1), ("main", 0)])
@pytest.mark.parametrize("fork", [False, True])
def test_gitlab_job_runs(tmp_path: Path, target: str, status: int, *, fork: bool) -> None:
    origin, clone = repository(tmp_path)
    project = origin.rename(tmp_path / "project.git")
    if fork:  # whose main branch is the author's own
        git("clone", "-q", "--bare", str(project), str(tmp_path / "fork"), cwd=tmp_path)
        git("remote", "set-url", "origin", str(tmp_path / "fork"), cwd=clone)
        git("commit", "-qam", "short", cwd=clone)
        git("push", "-q", "origin", "HEAD:main", cwd=clone)
    else:
        git("remote", "set-url", "origin", str(project), cwd=clone)
    (clone / "gl-code-quality-report.json").write_text("a report that the tree brought")
    script, variables = gitlab_job(install="ocspolicy")
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=clone,
        env=environment(
            HOME=str(tmp_path),
            CI_PROJECT_DIR=str(clone),
            CI_PROJECT_URL=str(tmp_path / ("fork" if fork else "project")),
            CI_MERGE_REQUEST_PROJECT_URL=str(tmp_path / "project"),
            CI_MERGE_REQUEST_TARGET_BRANCH_NAME=target,
            **interpreter(tmp_path / "bin"),
            **variables,
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    issues = json.loads((clone / "gl-code-quality-report.json").read_text())
    assert bool(issues) is (status == 1)
    assert (clone / "ocspolicy.xml").exists()


@pytest.mark.parametrize(("pip", "branch", "said"), [(1, "main", "could not install"), (0, "gone", "could not fetch")])
def test_gitlab_job_that_cannot_judge_says_so(tmp_path: Path, pip: int, branch: str, said: str) -> None:
    _, clone = repository(tmp_path)
    (clone / "gl-code-quality-report.json").write_text("[]")
    script, variables = gitlab_job(install="ocspolicy")
    given = environment(
        HOME=str(tmp_path),
        CI_PROJECT_DIR=str(clone),
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=branch,
        **interpreter(tmp_path / "bin", pip=pip),
        **variables,
    )
    done = subprocess.run(["sh", "-c", script], cwd=clone, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (clone / "gl-code-quality-report.json").exists()


def azure(folder: Path, clone: Path, *, target: str = "", **given: object) -> subprocess.CompletedProcess[str]:
    """Run the first script of the Azure template as the agent does."""
    script, variables = azure_steps(install="ocspolicy", **given)[0]
    (folder / "agent").mkdir(exist_ok=True)
    more = {"AGENT_TEMPDIRECTORY": str(folder / "agent"), "SYSTEM_PULLREQUEST_TARGETBRANCH": target, "TF_BUILD": "True"}
    known = interpreter(folder / "bin", own="environment/Scripts/python.exe")
    return subprocess.run(
        [str(BASH), "-c", script],
        cwd=clone,
        env=environment(**known | variables | more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("target", "status"), [("", 1), ("refs/heads/main", 0), ("main", 0), ("gone", 2)])
def test_azure_step_runs(tmp_path: Path, target: str, status: int) -> None:
    _, clone = repository(tmp_path)
    git("tag", "origin/main", git("stash", "create", cwd=clone).strip(), cwd=clone)
    done = azure(tmp_path, clone, target=target)
    assert done.returncode == status, done.stdout + done.stderr
    assert ("##vso[task.logissue type=error;" in done.stdout) is (status != 0)
    script, _ = azure_steps(install="")[1]
    given = environment(AGENT_TEMPDIRECTORY=str(tmp_path / "agent"))
    shown = subprocess.run([str(BASH), "-c", script], env=given, capture_output=True, text=True, check=True)
    assert shown.stdout == f"##vso[task.uploadsummary]{tmp_path}/agent/ocspolicy.md\n"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"paths": "estate.yaml\nlicenses.yaml\n"}, 1),
        ({"paths": "estate.yaml"}, 2),
        ({"protectPolicy": False}, 1),
        ({"protectPolicy": True}, 0),
        ({"protectPolicy": False, "failOn": "never"}, 0),
    ],
)
def test_azure_step_takes_its_parameters(tmp_path: Path, given: dict[str, object], status: int) -> None:
    _, clone = repository(tmp_path)
    target = "" if "paths" in given else "refs/heads/main"
    done = azure(tmp_path, clone, target=target, **given)
    assert done.returncode == status, done.stdout + done.stderr


@pytest.mark.parametrize(("fail_on", "status"), [("", 0), ("error", 1)])
def test_azure_step_leaves_the_severity_to_the_configuration(tmp_path: Path, fail_on: str, status: int) -> None:
    _, clone = repository(tmp_path)
    (clone / "ocspolicy.toml").write_text('fail-on = "never"\n')
    assert azure(tmp_path, clone, failOn=fail_on).returncode == status


def test_azure_step_that_cannot_install_says_so(tmp_path: Path) -> None:
    _, clone = repository(tmp_path)
    script, variables = azure_steps(install="ocspolicy")[0]
    given = environment(**interpreter(tmp_path / "bin", pip=1), **variables, AGENT_TEMPDIRECTORY=str(tmp_path))
    done = subprocess.run([str(BASH), "-c", script], cwd=clone, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout.startswith("##vso[task.logissue type=error]could not install")
