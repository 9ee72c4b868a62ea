"""The hooks as users get them: pre-commit installs the real repository and runs in real ones."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from process import DEPLOYMENT, INVENTORY, ROOT, environment, estate, git
from ruamel.yaml import YAML

PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
SHORT = INVENTORY.replace("quantity: 4", "quantity: 3")

pytestmark = [
    pytest.mark.skipif(not PRE_COMMIT.exists(), reason="pre-commit is not installed"),
    pytest.mark.xdist_group("hooks"),
]

RULE = '''
from ocspolicy.api import Rule, Severity, hookimpl


class NoServers(Rule):
    """A deployment exists.

    Why: because.
    Remedy: none.
    """

    id = "ACM001"
    name = "deployment-exists"
    severity = Severity.ERROR
    sources = ("D",)
    message = "there is {deployment}"

    def judge(self, context):
        for it in context.estate.deployments:
            yield self.finding(at=it.node, facts={"deployment": it.name}, remedy="none", deployment=it.name)


@hookimpl
def ocspolicy_rules():
    return [NoServers]
'''


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this project, as it stands in the working tree, committed."""
    clone = tmp_path_factory.mktemp("hooks") / "ocspolicy"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            target = clone / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    git("init", "-q", cwd=clone)
    git("add", ".", cwd=clone)
    git("commit", "-qm", "all", cwd=clone)
    return clone


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where pre-commit keeps its environments: each is built once for this file."""
    return str(tmp_path_factory.mktemp("home"))


def project(folder: Path, hooks: Path, hook: str = "ocspolicy", more: str = "") -> Path:
    """A deployment repository that uses a hook."""
    estate(folder)
    revision = git("rev-parse", "HEAD", cwd=hooks).strip()
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n{more}"
    )
    git("init", "-q", cwd=folder)
    git("add", ".", cwd=folder)
    return folder


def pre_commit(home: str, *arguments: str, cwd: Path) -> tuple[int, str]:
    done = subprocess.run(
        [str(PRE_COMMIT), *arguments],
        cwd=cwd,
        env=environment(PRE_COMMIT_HOME=home, PATH=f"{PRE_COMMIT.parent}{os.pathsep}{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def commit(home: str, folder: Path) -> tuple[int, str]:
    """Commit with the hook installed; status and what was said."""
    pre_commit(home, "install", cwd=folder)
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "change"],
        cwd=folder,
        env=environment(PRE_COMMIT_HOME=home),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_try_repo(tmp_path: Path, hooks: Path, home: str) -> None:
    folder = project(tmp_path / "project", hooks)
    status, said = pre_commit(home, "try-repo", str(hooks), "ocspolicy", "--verbose", cwd=folder)
    assert status == 0, said
    assert "covered: no findings" in said
    (folder / "licenses.yaml").write_text(SHORT)
    git("add", ".", cwd=folder)
    status, said = pre_commit(home, "try-repo", str(hooks), "ocspolicy", cwd=folder)
    assert status == 1
    assert "1 of 4 server licenses is missing" in said


def test_commits_that_pass_and_that_are_refused(tmp_path: Path, hooks: Path, home: str) -> None:
    folder = project(tmp_path / "project", hooks)
    status, said = commit(home, folder)
    assert status == 0, said
    (folder / "licenses.yaml").write_text(SHORT)
    git("add", ".", cwd=folder)
    status, said = commit(home, folder)
    assert status == 1
    assert "estate.yaml:12:5" in said
    assert "failed: 1 error" in said


def test_deleted_manifest_counts(tmp_path: Path, hooks: Path, home: str) -> None:
    folder = project(tmp_path / "project", hooks)
    assert commit(home, folder)[0] == 0
    git("rm", "-q", "licenses.yaml", cwd=folder)
    status, said = commit(home, folder)
    assert status == 1
    assert "found no license inventory" in said


def test_changed_list_of_people_counts(tmp_path: Path, hooks: Path, home: str) -> None:
    folder = project(tmp_path / "project", hooks)
    (folder / "estate.yaml").write_text(DEPLOYMENT.replace("count: 100", "from: {path: people.txt}"))
    people = folder / "people.txt"
    people.write_text("".join(f"p{number}@example.com\n" for number in range(100)))
    git("add", ".", cwd=folder)
    assert commit(home, folder)[0] == 0
    people.write_text(people.read_text() + "one.more@example.com\n")
    git("add", ".", cwd=folder)
    status, said = commit(home, folder)
    assert status == 1
    assert "CAL001" in said


def test_untracked_files_are_not_judged(tmp_path: Path, hooks: Path, home: str) -> None:
    folder = project(tmp_path / "project", hooks)
    (folder / "more.yaml").write_text(DEPLOYMENT.replace("here", "there"))
    status, said = commit(home, folder)
    assert status == 0, said
    git("add", ".", cwd=folder)
    assert commit(home, folder)[0] == 1


def test_plugin_of_an_organization(tmp_path: Path, hooks: Path, home: str) -> None:
    acme = tmp_path / "acme"
    (acme / "acme_rules").mkdir(parents=True)
    (acme / "acme_rules" / "__init__.py").write_text(RULE)
    (acme / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "acme-rules"\nversion = "1.0"\n'
        '[project.entry-points.ocspolicy]\nacme = "acme_rules"\n'
    )
    more = f'        additional_dependencies: ["acme-rules @ file://{acme}"]\n'
    folder = project(tmp_path / "project", hooks, more=more)
    status, said = commit(home, folder)
    assert status == 1
    assert "error[ACM001] deployment-exists: there is here" in said


def test_validate_gets_the_files_that_change(tmp_path: Path, hooks: Path, home: str) -> None:
    folder = project(tmp_path / "project", hooks, "ocspolicy-validate")
    (folder / "compose.yaml").write_text("services: {}\n")
    (folder / "licenses.yaml").write_text(SHORT)
    git("add", ".", cwd=folder)
    assert commit(home, folder)[0] == 0, "a shortage is none of its business"
    (folder / "estate.yaml").write_text(DEPLOYMENT.replace("roles", "rolez"))
    git("add", ".", cwd=folder)
    status, said = commit(home, folder)
    assert status == 1
    assert "did you mean 'roles'?" in " ".join(said.split())


def test_manifest_of_hooks_is_what_pre_commit_expects() -> None:
    listed = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in listed] == ["ocspolicy", "ocspolicy-validate"]
    done = subprocess.run(
        [str(PRE_COMMIT), "validate-manifest", ".pre-commit-hooks.yaml"], cwd=ROOT, env=dict(os.environ), check=False
    )
    assert done.returncode == 0


def test_our_own_hook_judges_our_own_examples(hooks: Path, home: str) -> None:
    status, said = pre_commit(home, "run", "--all-files", "--verbose", "--config", ".pre-commit-config.yaml", cwd=hooks)
    assert status == 0, said
    assert said.count("covered: ") >= 6
