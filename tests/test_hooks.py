"""The pre-commit hooks as their users have them: installed by pre-commit from this repository, run by git.

Two environments are built, as on a user's machine, from packages that are fetched once.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from process import DEPLOYMENT, INVENTORY, ROOT, environment, estate
from ruamel.yaml import YAML

# Whoever runs these tests in several processes builds the environments in one.
pytestmark = pytest.mark.xdist_group("hooks")

IDENTITY = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "a"), ("EMAIL", "a@example.com"))}  # fmt: skip
PLUGIN = '''
from ocspolicy.api import Rule, Severity, hookimpl


class OwnerMissing(Rule):
    """A deployment without an owner.

    Why: somebody has to answer for it.
    Remedy: name one.
    """

    id = "ACM001"
    name = "owner-missing"
    severity = Severity.ERROR
    sources = ("the handbook",)
    message = "nobody owns {deployment}"

    def judge(self, context):
        for deployment in context.estate.deployments:
            if deployment.name == "unowned":
                facts = {"deployment": deployment.name}
                yield self.finding(at=deployment.node, facts=facts, remedy="name an owner", deployment=deployment.name)


@hookimpl
def ocspolicy_rules():
    return [OwnerMissing]
'''
DISTRIBUTION = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-licensing"
version = "1.0"
dependencies = ["ocspolicy"]

[project.entry-points.ocspolicy]
acme = "acme_licensing"

[tool.hatch.build.targets.wheel]
include = ["acme_licensing.py"]
"""


class Machine:
    """A user's machine: where pre-commit keeps its environments, this project as a repository, a plugin."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.project = home / "ocspolicy"
        self.plugin = home / "acme-licensing"
        (home / "packages").mkdir()
        self.environment = environment(
            PRE_COMMIT_HOME=str(home / "pre-commit"),
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            PIP_NO_INDEX="1",
            PIP_FIND_LINKS=str(home / "packages"),
            PIP_CONSTRAINT="",
            GIT_CONFIG_GLOBAL=os.devnull,
            GIT_CONFIG_NOSYSTEM="1",
            **IDENTITY,
        )

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, cwd=cwd, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done

    def pre_commit(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments, cwd=cwd)

    def git(self, *arguments: str, cwd: Path) -> str:
        done = self.run("git", *arguments, cwd=cwd)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit_all(self, folder: Path) -> str:
        self.git("init", "--quiet", "--initial-branch=main", cwd=folder)
        self.git("add", "--all", cwd=folder)
        self.git("commit", "--quiet", "--no-verify", "--message=first", cwd=folder)
        return self.git("rev-parse", "HEAD", cwd=folder)


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    made = Machine(tmp_path_factory.mktemp("machine"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(made.home / "packages"), *needed]
    subprocess.run(fetch, check=True, capture_output=True)
    listed = made.git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (made.project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, made.project / name)
    made.commit_all(made.project)
    made.plugin.mkdir()
    (made.plugin / "pyproject.toml").write_text(DISTRIBUTION)
    (made.plugin / "acme_licensing.py").write_text(PLUGIN)
    return made


def hooks(machine: Machine, *ids: str, **more: object) -> str:
    """Write the configuration of a user, with the plugin of the user's organization."""
    listed = [{"id": name, "additional_dependencies": [str(machine.plugin)], **more} for name in ids]
    rev = machine.git("rev-parse", "HEAD", cwd=machine.project)
    return json.dumps({"repos": [{"repo": str(machine.project), "rev": rev, "hooks": listed}]})


@pytest.fixture
def repository(machine: Machine, tmp_path: Path) -> Path:
    """A user's repository that is covered, with the hooks installed."""
    people = "users:\n  - {group: staff, from: {path: people.csv}}\n"
    folder = estate(tmp_path / "repository", DEPLOYMENT.partition("users:")[0] + people)
    (folder / "people.csv").write_text("mail\n" + "".join(f"person{number}@example.com\n" for number in range(100)))
    (folder / "chart.yaml").write_text("{{ if .Values }}\na: 1\n{{ end }}\n")
    (folder / ".pre-commit-config.yaml").write_text(hooks(machine, "ocspolicy", "ocspolicy-validate"))
    machine.commit_all(folder)
    assert machine.pre_commit("install", cwd=folder).returncode == 0
    return folder


def commit(machine: Machine, folder: Path, *arguments: str) -> str:
    """Commit what is staged, with its hooks; what a refusal says, nothing where it went through."""
    before = machine.git("rev-parse", "HEAD", cwd=folder)
    done = machine.run("git", "commit", "--quiet", "--message=change", *arguments, cwd=folder)
    after = machine.git("rev-parse", "HEAD", cwd=folder)
    assert (after != before) is (done.returncode == 0)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text())


MORE = "  - {name: edge03, roles: [edge]}\nusers:"


def test_try_repo_installs_both_hooks_and_fails_for_a_shortage(machine: Machine, tmp_path: Path) -> None:
    folder = estate(tmp_path / "repository", DEPLOYMENT.replace("users:", MORE))
    machine.git("init", "--quiet", cwd=folder)
    machine.git("add", ".", cwd=folder)
    done = machine.pre_commit("try-repo", str(machine.project), cwd=folder)
    assert done.returncode == 1, done.stdout + done.stderr
    results = [line.partition(".")[0] for line in done.stdout.splitlines() if line.endswith(("Passed", "Failed"))]
    assert results == ["ocspolicy", "ocspolicy-validate"]
    assert "ocspolicy................................................................Failed" in done.stdout
    assert "- exit code: 1" in done.stdout
    assert "error[ROL001] server-license-shortage: 1 of 5 server licenses is missing" in done.stdout
    assert "--> estate.yaml:13:5" in done.stdout
    assert done.stdout.rstrip().endswith("Passed")


def test_a_covered_commit_passes_and_a_short_one_is_refused(machine: Machine, repository: Path) -> None:
    edit(repository / "estate.yaml", "users:", MORE)
    edit(repository / "licenses.yaml", "quantity: 4", "quantity: 5")
    assert commit(machine, repository, "--all") == ""
    edit(repository / "licenses.yaml", "quantity: 5", "quantity: 4")
    said = commit(machine, repository, "--all")
    assert "1 of 5 server licenses is missing" in said
    assert "failed: 1 error; judged 1 deployment (here)" in said


def test_a_deleted_inventory_is_refused_and_a_deleted_manifest_is_not(machine: Machine, repository: Path) -> None:
    (repository / "other.yaml").write_text(DEPLOYMENT.replace("here", "there"))
    edit(repository / "licenses.yaml", "quantity: 4", "quantity: 8")
    edit(repository / "licenses.yaml", "quantity: 100", "quantity: 200")
    machine.git("add", ".", cwd=repository)
    assert commit(machine, repository) == ""
    machine.git("rm", "--quiet", "other.yaml", cwd=repository)
    assert commit(machine, repository) == ""
    (repository / "licenses.yaml").unlink()
    assert "found no license inventory" in " ".join(commit(machine, repository, "--all").split())
    machine.git("rm", "--quiet", "licenses.yaml", "estate.yaml", cwd=repository)
    assert "found no deployment to judge" in " ".join(commit(machine, repository).split())


def test_a_changed_list_of_people_is_judged(machine: Machine, repository: Path) -> None:
    with (repository / "people.csv").open("a") as stream:
        stream.write("one.more@example.com\n")
    assert "error[CAL001]" in commit(machine, repository, "--all")


def test_what_is_not_committed_does_not_count(machine: Machine, repository: Path) -> None:
    (repository / "broken.yaml").write_text("apiVersion: ocspolicy/v1\nkind: Deploymant\n")
    edit(repository / "people.csv", "person0@", "nobody@")
    assert commit(machine, repository, "--all") == "", "what is untracked and broken"
    (repository / "broken.yaml").write_text(INVENTORY)
    edit(repository / "estate.yaml", "users:", MORE)
    machine.git("add", "estate.yaml", cwd=repository)
    edit(repository / "licenses.yaml", "quantity: 4", "quantity: 9")
    assert "1 of 5 server licenses is missing" in commit(machine, repository), "licenses untracked, and unstaged"
    assert "quantity: 9" in (repository / "licenses.yaml").read_text()


def test_a_misspelt_key_is_refused_where_it_stands(machine: Machine, repository: Path) -> None:
    edit(repository / "estate.yaml", "  - {name: edge02, roles: [edge]}", "  - {name: edge02, rolez: [edge]}")
    said = " ".join(commit(machine, repository, "--all").split())
    assert "ocspolicy-validate" in said
    assert said.count("did you mean 'roles'?") == 2
    assert said.count("estate.yaml:12:20") == 2
    assert "invalid: 1 problem;" in said


def test_a_file_named_like_an_option_is_a_file(machine: Machine, repository: Path) -> None:
    (repository / "--output=people.yaml").write_text("apiVersion: ocspolicy/v1\nkind: Deploymant\n")
    machine.git("add", ".", cwd=repository)
    assert "--> --output=people.yaml:2:7" in commit(machine, repository)
    assert not (repository / "people.yaml").exists()


def test_the_plugin_of_an_organization_takes_part(machine: Machine, repository: Path) -> None:
    edit(repository / "estate.yaml", "{name: here}", "{name: unowned}")
    assert "error[ACM001] owner-missing: nobody owns unowned" in commit(machine, repository, "--all")
    edit(repository / "estate.yaml", "unowned", "owned")
    assert commit(machine, repository, "--all") == ""


def test_code_in_the_repository_does_not_run_in_the_hook(machine: Machine, repository: Path) -> None:
    for name in ("acme_licensing", "ocspolicy_cal", "sitecustomize", "usercustomize", "pluggy", "pydantic"):
        (repository / f"{name}.py").write_text("open('ran', 'w').close()\n")
    (repository / "ocspolicy").mkdir()
    (repository / "ocspolicy" / "__init__.py").write_text("open('ran', 'w').close()\n")
    machine.git("add", ".", cwd=repository)
    assert commit(machine, repository) == ""
    assert not (repository / "ran").exists()


def test_a_shortage_is_no_business_of_validate(machine: Machine, repository: Path) -> None:
    edit(repository / "licenses.yaml", "quantity: 4", "quantity: 3")
    machine.git("add", ".", cwd=repository)
    done = machine.pre_commit("run", "ocspolicy-validate", cwd=repository)
    assert done.returncode == 0, done.stdout
    assert machine.pre_commit("run", "ocspolicy", cwd=repository).returncode == 1


def test_the_manifest_of_hooks_is_what_pre_commit_expects(machine: Machine) -> None:
    done = machine.pre_commit("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"), cwd=machine.home)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    listed = read_yaml(ROOT / ".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in listed] == ["ocspolicy", "ocspolicy-validate"]


@pytest.fixture
def ours(machine: Machine, tmp_path: Path) -> Path:
    machine.git("clone", "--quiet", str(machine.project), str(tmp_path / "ours"), cwd=tmp_path)
    return tmp_path / "ours"


def test_our_own_configuration_runs_on_our_own_examples(machine: Machine, ours: Path) -> None:
    done = machine.pre_commit("run", "--all-files", "--verbose", cwd=ours)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("covered: ") >= 6
    edit(
        ours / "examples" / "contoso" / "licenses.yaml",
        "edition: standard, quantity: 3",
        "edition: standard, quantity: 2",
    )
    done = machine.pre_commit("run", "--all-files", cwd=ours)
    assert done.returncode == 1
    assert "1 of 7 server licenses is missing" in done.stdout


def test_our_own_configuration_has_the_entries_of_our_hooks(machine: Machine, ours: Path) -> None:
    entries = {hook["id"]: hook["entry"] for hook in read_yaml(ROOT / ".pre-commit-hooks.yaml")}
    used = [hook["entry"] for hook in read_yaml(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]]
    assert {entry for entry in entries.values() if any(it.startswith(entry) for it in used)} == set(entries.values())
    arguments = [it.removeprefix(entries["ocspolicy"]).split() for it in used if it.startswith(entries["ocspolicy"])]
    config = ours / "config.json"
    config.write_text(hooks(machine, "ocspolicy", args=arguments[0]))
    done = machine.pre_commit("run", "--config", str(config), "--verbose", cwd=ours)
    assert done.returncode == 0, done.stdout
    assert "covered: " in done.stdout
