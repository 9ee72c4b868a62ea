"""`ocspolicy init`: what it writes passes, its hook runs, its plugin works; what is there is left alone."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from process import COMMAND, DEPLOYMENT, INVENTORY, environment, git, run
from ruamel.yaml import YAML

from ocspolicy.errors import JudgementError
from ocspolicy.starter.plugin import skeleton

WRITTEN = [
    ".ocspolicy/deployment.schema.json",
    ".ocspolicy/license-inventory.schema.json",
    ".pre-commit-config.yaml",
    "estate.yaml",
    "licenses.yaml",
    "ocspolicy.toml",
]
BIN = str(Path(COMMAND).parent)
SNIPPET = re.compile(r"Below 'repos:':\n\n(.*?)\n\nNext\n", re.DOTALL)


def files(folder: Path) -> dict[str, str]:
    """Read all that lies in a folder, but for git's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def initialized(folder: Path, *arguments: str) -> str:
    ran = run("init", *arguments, cwd=folder)
    assert (ran.status, ran.err) == (0, "")
    return ran.out


def data(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def pre_commit(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    variables = environment(PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}", PRE_COMMIT_HOME=str(home))
    command = [sys.executable, "-P", "-m", "pre_commit", "run", "--all-files", "--color", "never"]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


def test_what_is_written_passes_at_once(tmp_path: Path) -> None:
    said = initialized(tmp_path, "new")
    new = tmp_path / "new"
    assert sorted(files(new)) == WRITTEN
    assert all(f"new/{name.partition('/')[0]}" in said for name in WRITTEN)
    checked = run("check", "--fail-on", "info", cwd=new)
    assert (checked.status, checked.err) == (0, "")
    assert checked.out.startswith("covered: no findings; judged 1 deployment (new) against 4 lines of 1 inventory")
    steps = re.findall(r"^  (\d)  (.*)$", said, re.MULTILINE)
    assert [number for number, _ in steps] == [str(number) for number in range(1, len(steps) + 1)]
    assert [step for step in ("cd new", "ocspolicy check", "git init", "pre-commit install") if step not in said] == []


def test_a_change_of_the_examples_is_noticed(tmp_path: Path) -> None:
    initialized(tmp_path)
    manifest = tmp_path / "estate.yaml"
    manifest.write_text(manifest.read_text().replace("count: 50", "count: 53"))
    checked = run("check", cwd=tmp_path)
    assert checked.status == 1
    assert "3 of " in checked.out


@pytest.mark.parametrize(("name", "kind"), [("estate.yaml", "deployment"), ("licenses.yaml", "license-inventory")])
def test_editors_reach_the_schema(tmp_path: Path, name: str, kind: str) -> None:
    initialized(tmp_path)
    first = (tmp_path / name).read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(.*)", first)
    assert found is not None
    schema = (tmp_path / found[1]).read_text(encoding="utf-8")
    assert schema == run("schema", kind, cwd=tmp_path).out
    Draft202012Validator(json.loads(schema)).validate(data(tmp_path / name))


def test_a_second_time_nothing_is_changed_and_all_is_named(tmp_path: Path) -> None:
    initialized(tmp_path)
    before = files(tmp_path)
    (tmp_path / "estate.yaml").write_text(before["estate.yaml"] + "# mine\n")
    before = files(tmp_path)
    said = initialized(tmp_path)
    assert files(tmp_path) == before
    assert "Written" not in said
    assert [name for name in WRITTEN if name not in said] == []
    assert "git add" not in said


def test_every_commented_key_of_the_configuration_can_be_used(tmp_path: Path) -> None:
    initialized(tmp_path)
    path = tmp_path / "ocspolicy.toml"
    text, number = re.subn(r"^# (?=[a-z-]+ = )", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert number == 8
    path.write_text(text.replace('"licenses/*.yaml"', '"licenses.yaml"'), encoding="utf-8")
    ran = run("check", cwd=tmp_path)
    assert (ran.status, ran.err) == (0, ""), ran.out
    assert "HDR001" in ran.out


def test_every_commented_example_can_be_used(tmp_path: Path) -> None:
    initialized(tmp_path)
    for name in ("estate.yaml", "licenses.yaml"):
        path = tmp_path / name
        text, number = re.subn(r"^  # (?=- |  )", "  ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert number >= 2
        path.write_text(text, encoding="utf-8")
    (tmp_path / "people.csv").write_text("userPrincipalName\na@example.com\n")
    assert "covered: " in run("check", "--as-of", "2029-01-01", cwd=tmp_path).out.replace("failed: ", "covered: ")
    assert run("validate", "estate.yaml", "licenses.yaml", cwd=tmp_path).status == 0


def test_hook_runs_in_a_git_repository(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    git("init", cwd=repository)
    said = initialized(repository)
    assert "git init" not in said
    git("add", *WRITTEN, cwd=repository)
    passed = pre_commit(repository, tmp_path / "home")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert re.search(r"^ocspolicy\.+Passed$", passed.stdout, re.MULTILINE)
    manifest = repository / "estate.yaml"
    manifest.write_text(manifest.read_text().replace("roles: [mediation]", "roles: [edge]"))
    failed = pre_commit(repository, tmp_path / "home")
    assert failed.returncode == 1
    assert "ROL001" in failed.stdout


def test_hook_of_a_folder_in_a_repository_judges_that_folder(tmp_path: Path) -> None:
    folder = "sub/d ir's"
    repository = tmp_path / "repository"
    repository.mkdir()
    git("init", cwd=repository)
    initialized(repository, folder)
    assert sorted(files(repository)) == sorted(
        name if name == ".pre-commit-config.yaml" else f"{folder}/{name}" for name in WRITTEN
    )
    git("add", ".", cwd=repository)
    ran = pre_commit(repository, tmp_path / "home")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (repository / folder / "licenses.yaml").write_text(INVENTORY, encoding="utf-8")
    assert pre_commit(repository, tmp_path / "home").returncode == 1


def test_hooks_that_are_there_are_left_alone_and_the_entry_is_shown(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    git("init", cwd=repository)
    hooks = repository / ".pre-commit-config.yaml"
    hooks.write_text("repos:\n")
    said = initialized(repository)
    assert hooks.read_text() == "repos:\n"
    snippet = SNIPPET.search(said)
    assert snippet is not None
    hooks.write_text(f"repos:\n{snippet[1]}\n")
    git("add", ".", cwd=repository)
    ran = pre_commit(repository, tmp_path / "home")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert SNIPPET.search(initialized(repository)) is None


ENTRY = "- id: ocspolicy"
LOCAL = "repos:\n  - repo: local\n    hooks:\n      "


@pytest.mark.parametrize(
    ("hooks", "said"),
    [
        (f"{LOCAL}{ENTRY}\n", None),
        ('repos: [{repo: local, hooks: [{name: x, "id": \'ocspolicy\'}]}]\n', None),
        (f"{LOCAL}- id: other # someday: {ENTRY}\n", "Below 'repos:':"),
        (f"# someday: {ENTRY}\n{LOCAL}- id: other\n", "Below 'repos:':"),
        (f"{LOCAL}- id: other\n        name: |\n          {ENTRY}\n", "Below 'repos:':"),
        ("repos: []\n", "As the list 'repos', before what stands in its brackets now"),
        ("fail_fast: true\n", "As the list 'repos', which is not there:"),
        ("", "As the list 'repos', which is not there:"),
        ("- [\n", "As the list 'repos', which is not there:"),
        ("repos: {hooks: 3}\n", "Below 'repos:':"),
        ("repos: [3, {hooks: [4, {id: [ocspolicy]}]}]\n", "As the list 'repos', before"),
    ],
)  # fmt: skip
def test_a_hook_is_what_yaml_says_is_one(tmp_path: Path, hooks: str, said: str | None) -> None:
    (tmp_path / ".pre-commit-config.yaml").write_text(hooks)
    shown = initialized(tmp_path)
    assert ("To add to" in shown) is (said is not None)
    assert said is None or said in " ".join(shown.split())


@pytest.mark.parametrize("name", ["true", "false", "null", "nullable"])
def test_a_folder_whose_name_is_no_text_to_yaml(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    assert run("init", cwd=folder).status == 0
    assert run("check", cwd=folder).status == 0


def test_a_folder_that_looks_like_an_option_can_be_gone_to(tmp_path: Path) -> None:
    said = initialized(tmp_path, "--", "-x")
    step = re.search(r"go there: (.*)", said)
    assert step is not None
    subprocess.run(["sh", "-c", f"{step[1]} && test -f estate.yaml"], cwd=tmp_path, check=True)


def test_a_configuration_in_pyproject_is_left_alone_and_what_may_be_added_is_said(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.ocspolicy]\nfail-on = "warning"\n')
    said = initialized(tmp_path)
    assert "ocspolicy.toml" not in files(tmp_path)
    assert project.read_text() == '[tool.ocspolicy]\nfail-on = "warning"\n'
    assert "Below [tool.ocspolicy], where you want another value than these defaults:" in " ".join(said.split())
    assert "\nwaiver-warning-days = 30\n" in said
    assert "\nfail-on" not in said
    assert run("check", cwd=tmp_path).status == 0


def test_a_pyproject_of_others_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    initialized(tmp_path)
    assert "ocspolicy.toml" in files(tmp_path)


def test_no_license_is_invented_beside_a_real_estate(tmp_path: Path) -> None:
    (tmp_path / "emea.yaml").write_text(DEPLOYMENT)
    said = initialized(tmp_path)
    assert "emea.yaml" in said
    assert "estate.yaml" not in files(tmp_path)
    checked = run("check", cwd=tmp_path)
    assert checked.status == 1
    assert "ROL001" in checked.out
    assert "holds" not in checked.out
    assert data(tmp_path / "licenses.yaml")["licenses"] == []


def test_no_server_is_invented_beside_real_licenses(tmp_path: Path) -> None:
    (tmp_path / "owned.yaml").write_text(INVENTORY)
    initialized(tmp_path)
    assert "licenses.yaml" not in files(tmp_path)
    manifest = data(tmp_path / "estate.yaml")
    assert (manifest["pools"], manifest["servers"], manifest["users"]) == ([], [], [])
    assert run("check", cwd=tmp_path).status == 0


def test_a_second_estate_of_a_repository_covers_nothing_of_the_first(tmp_path: Path) -> None:
    git("init", cwd=tmp_path)
    (tmp_path / "dir.yaml").write_text(DEPLOYMENT.replace("here", "Dir"))
    initialized(tmp_path, "dir")
    assert data(tmp_path / "dir" / "estate.yaml")["metadata"]["name"] == "head-office"
    assert data(tmp_path / "dir" / "licenses.yaml")["licenses"] == []
    assert run("check", cwd=tmp_path).status == 1
    assert run("check", cwd=tmp_path / "dir").status == 0


def test_a_file_of_that_name_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "estate.yaml").write_text("mine: true\n")
    said = initialized(tmp_path)
    assert (tmp_path / "estate.yaml").read_text() == "mine: true\n"
    assert "write a document of 'kind: Deployment': estate.yaml is there and holds none" in said


def _broken_document(folder: Path) -> None:
    (folder / "emea.yaml").write_text(DEPLOYMENT.replace("kind: Deployment", "kind: Deplyoment"))


def _broken_configuration(folder: Path) -> None:
    (folder / "ocspolicy.toml").write_text("fail-on = [\n")


def _link_elsewhere(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / ".ocspolicy").symlink_to(folder.parent / "elsewhere")


def _file_as_folder(folder: Path) -> None:
    (folder / ".ocspolicy").write_text("")


def _folder_as_hooks(folder: Path) -> None:
    (folder / ".pre-commit-config.yaml").mkdir()


def _pipe_as_hooks(folder: Path) -> None:
    os.mkfifo(folder / ".pre-commit-config.yaml")


def _excluded_manifest(folder: Path) -> None:
    (folder / "ocspolicy.toml").write_text('exclude = ["*.json", "e*.yaml"]\n')


def _ignored_inventory(folder: Path) -> None:
    git("init", cwd=folder)
    (folder / ".gitignore").write_text("*.yaml\n!estate.yaml\n")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (_broken_document, "emea.yaml:2:7: "),
        (_broken_configuration, "ocspolicy.toml: found what is not TOML"),
        (_link_elsewhere, "found a link that leads elsewhere"),
        (_file_as_folder, "could not write this file"),
        (_folder_as_hooks, "could not be read: found a folder, expected a file"),
        (_pipe_as_hooks, "found a pipe, socket or device, expected a regular file"),
        (_excluded_manifest, "ocspolicy.toml: exclude: found 'e*.yaml', which hides estate.yaml from every check"),
        (
            _ignored_inventory,
            "licenses.yaml: git ignores this file, expected one that a check sees; 'git check-ignore -v licenses.yaml'",
        ),
    ],
)
def test_what_cannot_be_read_or_written_leaves_nothing_behind(tmp_path: Path, prepare: Any, said: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    prepare(folder)
    before = files(tmp_path)
    ran = run("init", cwd=folder)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert files(tmp_path) == before


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    (tmp_path / "mine").write_text("x")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))

    done = subprocess.run(
        [COMMAND, "init", "new/deep"],
        cwd=tmp_path,
        env=environment(),
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "deployment.schema.json: could not write this file: File too large; nothing was written" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mine",), "mine: found a file, expected a folder to write to"),
        (("mine/deeper",), "mine: found a file, expected a folder to write to"),
        (("--plugin", "Acme"), "--plugin: found 'Acme', expected at most 60 lower-case letters"),
        (("--plugin", "acme-rules", "."), "found mine in it, expected an empty folder"),
        (("--plugin", "acme-rules", "mine"), "mine: found a file, expected a folder to write to"),
    ],
)
def test_bad_input_is_one_line_and_status_2(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "mine").write_text("x")
    ran = run("init", *arguments, cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert files(tmp_path) == {"mine": "x"}


def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o555)
    where = Path("/proc/sys/ocspolicy") if os.access(folder, os.W_OK) else folder
    if not where.parent.is_dir():
        pytest.skip("no folder here refuses a write")
    for arguments in ((str(where),), ("--plugin", "acme-rules", str(where))):
        ran = run("init", *arguments, cwd=tmp_path)
        assert (ran.status, ran.out) == (2, "")
        assert "could not write this file: " in ran.err
        assert ran.err.count("\n") == 1


SERVERS = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: here}
servers:
  - {name: edge01, roles: [edge], labels: {site: dublin}}
  - {name: edge02, roles: [edge], labels: {rack: '7'}}
"""


def _installed(plugin: Path, site: Path) -> dict[str, str]:
    """Install a plugin into a folder of its own, by pip where what builds it is at hand; the variables to find it."""
    if find_spec("hatchling") and find_spec("pip"):
        pip = ["pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index", "--target", str(site)]
        subprocess.run([sys.executable, "-P", "-m", *pip, str(plugin)], env=environment(), check=True)
    else:
        project = tomllib.loads((plugin / "pyproject.toml").read_text())["project"]
        info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir(parents=True)
        lines = [f"{name} = {target}" for name, target in project["entry-points"]["ocspolicy"].items()]
        (info / "entry_points.txt").write_text("\n".join(["[ocspolicy]", *lines, ""]))
        for package in plugin.glob("*/__init__.py"):
            shutil.copytree(package.parent, site / package.parent.name)
    return {"PYTHONPATH": str(site)}


def test_plugin_installs_loads_and_passes_its_tests(tmp_path: Path) -> None:
    said = initialized(tmp_path, "--plugin", "acme-rules")
    plugin = tmp_path / "acme-rules"
    assert all(f"acme-rules/{name}" in said for name in files(plugin))
    variables = _installed(plugin, tmp_path / "site")
    root = tmp_path / "root"
    root.mkdir()
    (root / "estate.yaml").write_text(SERVERS)
    (root / "licenses.yaml").write_text(INVENTORY)
    found = run("check", "--select", "ACM", cwd=root, **variables).out
    assert "warning[ACM001] server-without-site: server 'edge02' has no label 'site'" in found
    (root / "ocspolicy.toml").write_text('[rules.ACM001]\nlabel = "rack"\n')
    assert "'edge01' has no label 'rack'" in run("check", "--select", "ACM", cwd=root, **variables).out
    page = run("explain", "server-without-site", cwd=root, **variables).out
    assert "rules.ACM001.label  The label that servers need. (default: 'site')" in page
    assert "roles: [edge]} # expect: ACM001 server=edge02 label=site" in page
    cases = run("test", "acme-rules", cwd=tmp_path, **variables)
    assert (cases.status, cases.out) == (0, "passed: 2 cases for 1 rule; each is made to fire\n")
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "acme-rules"]
    for label, passed in (("site", True), ("building", False)):
        code = tmp_path / "site" / "acme_rules" / "server_without_site.py"
        code.write_text(code.read_text().replace('default="site"', f'default="{label}"'))
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(**variables), capture_output=True, text=True, check=False
        )
        assert (done.returncode == 0) is passed, done.stdout
        assert ("2 passed" if passed else "2 failed") in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acme_rules", "expected at most 60 lower-case letters"),
        ("../x", "expected at most 60 lower-case letters"),
        ("1st", "expected at most 60 lower-case letters"),
        ("", "expected at most 60 lower-case letters"),
        ("-".join("a" * 31), "expected at most 60 lower-case letters"),
        ("class", "which Python uses itself"),
        ("json", "which Python uses itself"),
        ("pluggy", "which an installed package has already"),
        ("ocspolicy", "which an installed package has already"),
        ("ocspolicy-cal", "which an installed package has already"),
    ],
)
def test_name_that_no_package_can_have(name: str, said: str) -> None:
    with pytest.raises(JudgementError, match=re.escape(said)):
        skeleton(name)


@pytest.mark.parametrize(
    ("name", "rule"), [("acme-rules", "ACM001"), ("calls", "CAS001"), ("ab", "ABX001"), ("rol", "ROX001")]
)
def test_ids_of_a_plugin_are_not_those_of_the_program(name: str, rule: str) -> None:
    pieces = {piece.path: piece.text for piece in skeleton(name)}
    assert f'id = "{rule}"' in pieces[f"{name.replace('-', '_')}/server_without_site.py"]
    assert f"{name.replace('-', '_')}/cases/{rule}/bad.yaml" in pieces
    assert not re.search(r"@[a-z]+@", "".join(pieces.values()))
