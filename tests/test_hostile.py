"""What an author of a pull request may try: every promise of SECURITY.md, kept by the command as a whole."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from in_process import Outcome, run_here
from process import COMMAND, DAY, DEPLOYMENT, INVENTORY, ROOT, environment, estate, git, run
from repositories import make_trap, needs_root

from ocspolicy.report import FORMATS

SHORT = INVENTORY.replace("quantity: 4", "quantity: 3")
PEOPLE = DEPLOYMENT.replace("count: 100", "from: {path: people.csv}")


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def check(folder: Path, *arguments: str, form: str = "concise") -> Outcome:
    ran = run_here("check", *DAY, "--format", form, *arguments, cwd=folder)
    assert "Traceback" not in ran.out + ran.err
    assert "bug of ocspolicy" not in ran.err
    return ran


def said(ran: Outcome) -> str:
    return " ".join((ran.out + ran.err).split())


# 1. Status 0 means that every deployment found was fully judged by every selected rule.

UNJUDGED: list[tuple[str, dict[str, str | bytes], tuple[str, ...]]] = [
    ("nothing", {"estate.yaml": "", "licenses.yaml": ""}, ()),
    ("only-foreign", {"estate.yaml": "services: {}\n", "licenses.yaml": "kind: ConfigMap\n"}, ()),
    ("only-an-inventory", {"estate.yaml": ""}, ()),
    ("only-a-deployment", {"licenses.yaml": ""}, ()),
    ("nothing-parsed", {"estate.yaml": "apiVersion: ocspolicy/v1\n{", "licenses.yaml": "apiVersion: ocspolicy/v1\n{"}, ()),
    ("one-not-parsed", {"more.yaml": DEPLOYMENT.replace("here", "there") + "}"}, ()),
    ("one-not-parsed-and-misspelt", {"more.yaml": DEPLOYMENT.replace("apiVersion", "apiVersin") + "}"}, ()),
    ("one-not-parsed-and-near-us", {"more.yaml": DEPLOYMENT.replace("ocspolicy/v1", "ocspolcy/v1") + "}"}, ()),
    ("one-not-parsed-in-json", {"more.json": '{"kind": "Deployment", "apiVersion" : "ocspolicy/v1"'}, ()),
    *((f"one-not-parsed-{name}", {"more.yaml": DEPLOYMENT.replace("apiVersion: ", f"apiVersion: {aside}") + "}"}, ()) for name, aside in (("with-anchor", "&v "), ("with-tag", "!!str "), ("with-comment", "# x\n  "), ("in-block", ">-\n  "), ("in-list", "["))),
    ("version-unknown", {"more.yaml": DEPLOYMENT.replace("/v1", "/v2")}, ()),
    ("near-miss", {"more.yaml": DEPLOYMENT.replace("ocspolicy/v1", "ocspolcy/v1")}, ()),
    ("key-near-miss", {"more.yaml": DEPLOYMENT.replace("apiVersion", "apiversion")}, ()),
    ("inventory-without-version", {"more.yaml": INVENTORY.replace("apiVersion: ocspolicy/v1\n", "")}, ()),
    ("named-file-missing", {}, (".", "missing.yaml")),
    ("named-inventory-missing", {}, ("--inventory", "missing.yaml")),
    ("configured-inventory-missing", {"ocspolicy.toml": "inventory = ['missing.yaml']"}, ()),
    ("people-missing", {"estate.yaml": PEOPLE}, ()),
    ("selector-misspelt", {}, ("--select", "ROl")),
    ("ignored-misspelt", {"ocspolicy.toml": "ignore = ['CAL999']"}, ()),
    ("severity-misspelt", {"ocspolicy.toml": "severity = {ROL01 = 'off'}"}, ()),
    ("all-rules-off", {"ocspolicy.toml": "ignore = ['CAL', 'ROL', 'GCH', 'INV', 'IDN', 'HDR']"}, ()),
    ("all-rules-lowered-off", {"ocspolicy.toml": "select = ['ROL001']\nseverity = {ROL001 = 'off'}"}, ()),
    ("configuration-broken", {"ocspolicy.toml": "fail-on = "}, ()),
    ("key-unknown", {"ocspolicy.toml": "fial-on = 'never'"}, ()),
    ("plugin-missing", {"ocspolicy.toml": "plugins = ['acme_rules']"}, ()),
    ("required-plugin-missing", {"ocspolicy.toml": "required-plugins = {acme-rules = '*'}"}, ()),
    ("role-unknown-as-error", {"estate.yaml": DEPLOYMENT.replace("product", "x"), "more.yaml": DEPLOYMENT}, ()),
    ("revision-unknown", {}, ("--policy-from", "main")),
]  # fmt: skip


@pytest.mark.parametrize(("files", "arguments"), [it[1:] for it in UNJUDGED], ids=[it[0] for it in UNJUDGED])
def test_what_is_not_fully_judged_is_status_2_in_every_format(
    tmp_path: Path, files: dict[str, str | bytes], arguments: tuple[str, ...]
) -> None:
    write(estate(tmp_path), files)
    for form in FORMATS:
        ran = check(tmp_path, *arguments, form=form)
        assert ran.status == 2, form
        assert ran.out + ran.err, form
    assert json.loads(check(tmp_path, *arguments, form="json").out)["summary"]["passed"] is False


@pytest.mark.parametrize("fail_on", ["warning", "error", "never"])
def test_no_setting_makes_unjudged_pass(tmp_path: Path, fail_on: str) -> None:
    write(estate(tmp_path), {"more.yaml": DEPLOYMENT.replace("/v1", "/v2")})
    for more in ((), ("--quiet",), ("--no-waivers",), ("--select", "ROL001"), ("--ignore", "CAL")):
        assert check(tmp_path, "--fail-on", fail_on, *more).status == 2


# 3. Nothing in the checked repository runs as code.

TRAP = "import pathlib\npathlib.Path({!r}).touch()\n"


def traps(root: Path, marker: Path) -> None:
    """Lay what Python, an installer or a plugin mechanism could pick up."""
    text = TRAP.format(str(marker))
    names = ("sitecustomize", "usercustomize", "yaml", "pluggy", "pydantic", "argcomplete", "json", "typing", "ocspolicy_cal", "acme")  # fmt: skip
    files: dict[str, str | bytes] = {f"{name}.py": text for name in names}
    files |= {
        "ocspolicy/__init__.py": text,
        "ocspolicy/__main__.py": text,
        "acme-1.0.dist-info/entry_points.txt": "[ocspolicy]\nacme = acme\n",
        "acme-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n",
        "acme.egg-info/entry_points.txt": "[ocspolicy]\nacme = acme\n",
        "acme.pth": f"import pathlib; pathlib.Path({str(marker)!r}).touch()\n",
        "conftest.py": text,
        "setup.py": text,
        "ocspolicy.toml": 'plugins = ["acme"]\n',
    }
    write(root, files)


@pytest.mark.parametrize("start", [[COMMAND], [sys.executable, "-P", "-m", "ocspolicy"]], ids=["command", "-P -m"])
def test_code_in_the_tree_does_not_run(tmp_path: Path, start: list[str]) -> None:
    root, marker = estate(tmp_path / "root"), tmp_path / "ran"
    traps(root, marker)
    git("init", "-q", cwd=root)
    git("add", "--all", cwd=root)
    done = subprocess.run([*start, "check", *DAY], cwd=root, env=environment(), capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 2, "the plugin that the tree asks for is not installed"
    assert "plugin acme could not be loaded" in " ".join(done.stdout.split())
    (root / "ocspolicy.toml").unlink()
    git("rm", "-q", "--cached", "ocspolicy.toml", cwd=root)
    for arguments in (["check", *DAY], ["position", *DAY], ["rules"], ["validate", "estate.yaml"]):
        done = subprocess.run([*start, *arguments], cwd=root, env=environment(), capture_output=True, check=False)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    assert not marker.exists()


@pytest.mark.parametrize("name", ["this", "antigravity", "unittest.__main__", "venv.__main__", "pip.__main__", "os"])
def test_a_configuration_does_not_start_programs_of_python(tmp_path: Path, name: str) -> None:
    write(estate(tmp_path), {"ocspolicy.toml": f"plugins = ['{name}']"})
    ran = check(tmp_path)
    assert ran.status == 2
    assert f"plugin {name} could not be loaded: it is part of Python or a program" in ran.out
    assert sorted(it.name for it in tmp_path.iterdir()) == ["estate.yaml", "licenses.yaml", "ocspolicy.toml"]


CHATTY = """
from ocspolicy.api import Rule, Severity, hookimpl

print("imported")


class Chatty(Rule):
    '''A rule that prints.

    Why: it may.
    Remedy: none.
    '''

    id = "ACM001"
    name = "chatty"
    severity = Severity.INFO
    sources = ("D",)
    message = "x"

    def judge(self, context):
        print("judged")
        return []


@hookimpl
def ocspolicy_rules():
    print("asked")
    return [Chatty]
"""


def test_what_a_plugin_prints_is_no_part_of_the_result(tmp_path: Path) -> None:
    root = write(estate(tmp_path / "root"), {"ocspolicy.toml": "plugins = ['chatty']"})
    write(tmp_path / "site", {"chatty.py": CHATTY})
    ran = run("check", *DAY, "--format", "json", cwd=root, PYTHONPATH=str(tmp_path / "site"))
    assert ran.status == 0
    assert "ACM001" in {rule["id"] for rule in json.loads(ran.out)["rules"]}
    assert ran.err.split() == ["imported", "asked", "judged"]


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A repository that holds the environment which judges it, as many do."""
    root = write(estate(tmp_path / "root"), {".gitignore": ".venv\n"})
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root / ".venv")], check=True)
    import ocspolicy

    here = Path(ocspolicy.__file__).parents[1]
    (packages,) = (root / ".venv").glob("lib/python*/site-packages")
    for entry in here.glob("ocspolicy*"):
        shutil.copytree(entry, packages / entry.name)
    others = [it for it in sys.path if it.endswith("site-packages")]
    (packages / "others.pth").write_text("".join(f"{it}\n" for it in others))
    git("init", "-q", cwd=root)
    git("add", ".", cwd=root)
    return root


def test_an_installation_inside_the_repository_is_usual_and_a_tracked_one_is_refused(installation: Path) -> None:
    def judge(*arguments: str) -> Outcome:
        command = [str(installation / ".venv" / "bin" / "python"), "-P", "-m", "ocspolicy", "check", *DAY, *arguments]
        done = subprocess.run(command, cwd=installation, env=environment(), capture_output=True, text=True, check=False)
        return Outcome(done.returncode, done.stdout, done.stderr)

    assert judge().status == 0
    (module,) = (installation / ".venv").glob("lib/python*/site-packages/ocspolicy_cal/__init__.py")
    git("add", "--force", str(module), cwd=installation)
    ran = judge()
    assert ran.status == 2
    assert f"found '{module.relative_to(installation)}' of the running installation tracked by git" in said(ran)
    assert "git rm -r --cached .venv" in said(ran)
    assert judge("--allow-local-plugins").status == 0
    git("rm", "-q", "--cached", str(module), cwd=installation)
    assert judge().status == 0


def test_git_is_not_made_to_run_code(tmp_path: Path) -> None:
    root, marker = estate(tmp_path / "root"), tmp_path / "ran"
    make_trap(root / "trap", marker)
    write(root / "trap", {"estate.yaml": DEPLOYMENT, "licenses.yaml": INVENTORY})
    git("init", "-q", cwd=root)
    git("add", "estate.yaml", "licenses.yaml", cwd=root)
    git("commit", "-qm", "a", cwd=root)
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\ncat\n")
    program.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "filter.x.clean",
        "filter.x.smudge",
        "diff.external",
        "core.sshCommand",
    ):
        git("config", name, str(program), cwd=root)
    write(root, {".gitattributes": "* filter=x diff=x\n"})
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        write(root, {f".git/hooks/{name}": program.read_text()})
        (root / ".git" / "hooks" / name).chmod(0o755)
    (root / "estate.yaml").touch()
    for arguments in ((".",), ("--tracked",), ("estate.yaml", "licenses.yaml"), ("--policy-from", "HEAD", "--inventory-from", "main")):  # fmt: skip
        assert run("check", *DAY, "--ignore", "ROL007", *arguments, cwd=root).status in {0, 1, 2}
    assert run("check", *DAY, cwd=root / "trap").status == 0, "the folder is a folder"
    assert not marker.exists()


@needs_root
def test_a_repository_of_somebody_else_is_refused_with_the_line_to_type(tmp_path: Path) -> None:
    git("init", "-q", cwd=estate(tmp_path / "root"))
    for path in (tmp_path / "root", tmp_path / "root" / ".git"):
        os.chown(path, 12345, 12345)
    ran = run("check", *DAY, cwd=tmp_path / "root", HOME=str(tmp_path), GIT_CONFIG_NOSYSTEM="1")
    assert ran.status == 2
    line = f"git config --global --add safe.directory {tmp_path / 'root'}"
    assert f"if you trust it, type: {line}" in " ".join(ran.out.split())


# 4. No network, and nothing outside the repository.

WATCH = """
import os, sys
events = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        flags = arguments[2] or 0
        events.append(("write" if flags & 3 else "open", os.path.abspath(os.fsdecode(arguments[0]))))
    elif event in {"os.listdir", "os.scandir"} and isinstance(arguments[0], str):
        events.append(("open", os.path.abspath(arguments[0])))
    elif event == "subprocess.Popen":
        events.append(("run", arguments[1]))
    elif event.partition(".")[0] in {"socket", "urllib", "http", "ftplib", "smtplib", "ctypes", "webbrowser"} or event in {
        "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "os.remove", "os.rename", "os.mkdir", "os.chmod", "os.link", "os.symlink", "shutil.rmtree", "tempfile.mkstemp"}:
        events.append((event, repr(arguments)))
sys.addaudithook(watch)
sys.argv = ["ocspolicy", *sys.argv[1:]]
from ocspolicy.__main__ import main
try:
    main()
except SystemExit:
    pass
import json
print(json.dumps(events), file=sys.__stderr__)
"""


@pytest.mark.parametrize(
    "command",
    ["check", "check --format sarif --tracked", "check --policy-from HEAD --inventory-from HEAD", "position --why", "rules",
     "validate estate.yaml link.yaml", "explain ROL001", "compare --product ocs-2007 --product ocs-2007-r2", "--help"],
)  # fmt: skip
def test_no_network_and_nothing_outside(tmp_path: Path, command: str) -> None:
    outside = write(
        tmp_path / "outside", {"secret.yaml": DEPLOYMENT, "secret.csv": "mail\na@b\n", "bin/git": "#!/bin/sh\n"}
    )
    root = write(estate(tmp_path / "root", PEOPLE), {"people.csv": "mail\nann@example.com\n", "ocspolicy.toml": "inventory = ['*.yaml', '**/x/*.yaml']\n"})  # fmt: skip
    (root / "link.yaml").symlink_to(outside / "secret.yaml")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    git("init", "-q", cwd=root)
    git("add", "estate.yaml", "licenses.yaml", "people.csv", "link.yaml", cwd=root)
    git("commit", "-qm", "a", cwd=root)
    done = subprocess.run([sys.executable, "-P", "-c", WATCH, *command.split()], cwd=root, env=environment(), capture_output=True, text=True, check=False)  # fmt: skip
    events = json.loads(done.stderr.splitlines()[-1])
    started = [argv for event, argv in events if event == "run"]
    assert {os.path.basename(argv[0]) for argv in started} <= {"git"}
    assert all("safe.bareRepository=explicit" in argv and "core.fsmonitor=false" in argv for argv in started)
    allowed = tuple(str(it) for it in {root, *(Path(it) for it in sys.path if it), Path(sys.prefix), Path(sys.base_prefix), Path("/dev/null"), Path("/usr/share/zoneinfo"), Path("/proc/self")})  # fmt: skip
    assert [path for event, path in events if event == "open" and not path.startswith(allowed)] == []
    assert not any(str(outside) in path for event, path in events if event == "open")
    kept = {event for event, _ in events} - {"open", "run"}
    written = {path for event, path in events if event == "write" and "__pycache__" not in path}
    assert written <= {os.devnull}
    assert kept <= {"write", "os.posix_spawn", "os.fork", "os.mkdir", "os.rename"}, "the latter are Python's own caches"


def test_a_configuration_behind_a_link_is_not_read(tmp_path: Path) -> None:
    for name in ("ocspolicy.toml", "pyproject.toml"):
        root = estate(tmp_path / name / "root")
        write(tmp_path / name, {"secret.toml": 'fail-on = "s3cr3t"\n[tool.ocspolicy]\nt0ken = 1\n'})
        (root / name).symlink_to(tmp_path / name / "secret.toml")
        for arguments in ((), ("--config", name)):
            ran = check(root, *arguments)
            assert ran.status == 2
            assert "out of the root" in said(ran)
            assert "s3cr3t" not in said(ran)
            assert "t0ken" not in said(ran)


def test_patterns_of_the_configuration_follow_no_link(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"s3cr3t.yaml": INVENTORY})
    root = write(
        estate(tmp_path / "root"), {"ocspolicy.toml": "inventory = ['out/*.yaml', '**/deep.yaml', 'licen*.yaml']"}
    )
    (root / "out").symlink_to(outside, target_is_directory=True)
    for name in ("a", "b", "c"):
        (root / name).symlink_to(".", target_is_directory=True)
    began = time.monotonic()
    ran = check(root)
    assert time.monotonic() - began < 10, "three links to the folder itself can be followed in 3^40 ways"
    assert ran.status == 2
    assert said(ran).count("found no file that matches") == 2
    assert "s3cr3t" not in said(ran)


def test_a_report_is_not_written_through_a_link(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"victim": "untouched"})
    root = estate(tmp_path / "root", inventory=SHORT)
    (root / "report.txt").symlink_to(outside / "victim")
    (root / "reports").symlink_to(outside, target_is_directory=True)
    (root / "ocspolicy-waivers.yaml").symlink_to(outside / "victim")
    for repository in (False, True):
        if repository:
            git("init", "-q", cwd=root)
        for cwd, prefix in ((root, ""), *([(tmp_path, "root/")] if repository else [])):
            for file in ("report.txt", "reports/victim", "reports/new"):
                ran = run_here("check", str(root), *DAY, "--output", prefix + file, cwd=cwd)
                assert ran.status == 2
                assert "found the link 'report" in ran.err
        ran = run_here("waive", *DAY, "--reason", "x", "--expires", "2030-01-01", cwd=root)
        assert ran.status == 2
        assert "found the link 'ocspolicy-waivers.yaml'" in ran.err
    assert [(it.name, it.read_text()) for it in outside.iterdir()] == [("victim", "untouched")]
    outer = tmp_path / "link"
    outer.symlink_to(outside, target_is_directory=True)
    assert run_here("check", str(root), *DAY, "--output", str(outer / "fine"), cwd=root).status == 1
    assert (outside / "fine").exists(), "a link of one's own, outside of any tree, is one's own"


@pytest.mark.parametrize("kind", ["fifo", "zero", "folder", "stdin"])
@pytest.mark.parametrize("use", ["named", "inventory", "people", "tracked", "config"])
def test_what_is_no_regular_file_neither_hangs_nor_counts(tmp_path: Path, kind: str, use: str) -> None:
    root = estate(tmp_path / "root", PEOPLE if use == "people" else DEPLOYMENT)
    odd = root / {"people": "people.csv", "config": "ocspolicy.toml"}.get(use, "odd.yaml")
    if kind == "fifo":
        os.mkfifo(odd)
    elif kind == "folder":
        odd.mkdir()
    else:
        odd.symlink_to("/dev/zero" if kind == "zero" else "/dev/stdin")
    if use == "tracked":
        git("init", "-q", cwd=root)
        git("add", "estate.yaml", "licenses.yaml", cwd=root)
        identifier = git("hash-object", "-w", "estate.yaml", cwd=root).strip()
        git("update-index", "--add", "--cacheinfo", f"100644,{identifier},odd.yaml", cwd=root)
    arguments = {
        "named": (".", "odd.yaml"),
        "inventory": ("--inventory", "odd.yaml"),
        "config": ("--config", "ocspolicy.toml"),
    }
    ran = check(root, *arguments.get(use, ()))
    passed_over = (kind, use) == ("folder", "named") or (use == "tracked" and odd.is_symlink())
    assert ran.status == (0 if passed_over else 2), said(ran)


# 5. The same bytes.


def test_bytes_depend_on_bytes_and_the_day_only(tmp_path: Path) -> None:
    seen = set()
    surroundings: list[dict[str, str]] = [{}, {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "COLUMNS": "40"}]  # fmt: skip
    for number, changed in enumerate(surroundings):
        root = estate(tmp_path / str(number) / ("x" * number) / "root", PEOPLE, SHORT)
        files = {"b.yaml": DEPLOYMENT.replace("here", "Älmhult"), "people.csv": "mail\nann@example.com\nÅsa@example.com\n", "a/c.yaml": "a: 1\n"}  # fmt: skip
        git("init", "-q", cwd=root)
        for name in sorted(files, reverse=number % 2 == 0):
            write(root, {name: files[name]})
            os.utime(root / name, (number, number))
        pairs = [f"--format={form}:{tmp_path / str(number) / form}" for form in FORMATS]
        paths = ["estate.yaml", "b.yaml", "licenses.yaml", "a"]
        ran = run("check", *DAY, *pairs, *(reversed(paths) if number else paths), cwd=root, **changed)
        assert ran.status == 1
        written = [(tmp_path / str(number) / form).read_bytes() for form in FORMATS]
        assert all(b"2009-06-01" in it for form, it in zip(FORMATS, written, strict=True) if form != "gitlab")
        assert not any(str(tmp_path).encode() in it for it in written), "no report tells where the tree lies"
        seen.add(tuple(written))
    assert len(seen) == 1


# 7. Limits on size, depth, expansion and time.

WAIVER = '# ocspolicy: ignore[ROL001] expires=2009-12-31 reason="x"'
MANY = 3000
LIMITS: list[tuple[str, Callable[[], dict[str, str | bytes]], int, str]] = [
    ("a large file", lambda: {"more.yaml": DEPLOYMENT + "#" * (8 << 20)}, 2, "found more than 8 MiB"),
    ("deep", lambda: {"more.yaml": DEPLOYMENT + "x: " + "[" * 64 + "]" * 64}, 2, "nested more than 64 deep"),
    ("very deep", lambda: {"more.yaml": DEPLOYMENT + "x: " + "[" * 100_000}, 2, "nested more than 64 deep"),
    ("deep in JSON", lambda: {"more.json": '{"apiVersion": "ocspolicy/v1", "x": ' + '{"a":' * 90_000}, 2, "nested more than 64 deep"),
    ("aliases", lambda: {"more.yaml": DEPLOYMENT + "x0: &x0 [a]\n" + "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1, 12))}, 2, "stand for more than 100,000 values"),
    ("merge keys", lambda: {"more.yaml": DEPLOYMENT + "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 4)}]}}\n" for i in range(1, 14))}, 2, "aliases that stand for more than 100,000 values"),
    ("many documents", lambda: {"more.yaml": "---\napiVersion: ocspolicy/v1\n" * 100_000}, 2, "documents"),
    ("blanks after the version", lambda: {"more.yaml": "ocspolicy: [\n}\napiVersion:" + " " * 80_000 + "x"}, 1, "1 of 4 server licenses is missing"),
    ("lines after the version", lambda: {"more.yaml": "ocspolicy: [\n}\n" + "apiVersion:\n" * 100_000}, 1, "1 of 4 server licenses is missing"),
    ("waivers alone in lines", lambda: {"more.yaml": "apiVersion: ocspolicy/v1\nkind: Waivers\nwaivers: []\n" + f"{WAIVER}\n" * MANY}, 1, "warning[WVR001]"),
    ("waivers at the ends of lines", lambda: {"estate.yaml": DEPLOYMENT.replace("users:", "".join(f"  - {{name: s{i}, roles: [edge]}} {WAIVER}\n" for i in range(MANY)) + "users:")}, 0, "1 waived"),
    ("declared waivers", lambda: {"more.yaml": "apiVersion: ocspolicy/v1\nkind: Waivers\nwaivers:\n" + "".join(f"  - {{rule: ROL001, subject: s{i}, reason: x, expires: 2030-01-01}}\n" for i in range(MANY))}, 1, "3,000 waivers"),
    ("a large configuration", lambda: {"ocspolicy.toml": "#" * (300 * 1024)}, 2, "found a configuration of 307,200 bytes, expected at most 262,144"),
    ("a deep key", lambda: {"ocspolicy.toml": "\n".join(f"b{i}.{'.'.join('a' * 500)} = 1" for i in range(200))}, 2, "more than 32 parts"),
    ("a large number", lambda: {"ocspolicy.toml": f"waiver-warning-days = 0x{'f' * 9000}"}, 2, "found a number beyond 1000000000"),
    ("many patterns", lambda: {"ocspolicy.toml": "exclude = [" + "'x', " * 2000 + "]"}, 2, "found 2,000 entries, expected at most 1,000"),
    ("a costly pattern", lambda: {"ocspolicy.toml": f"exclude = ['{'*a' * 400}']"}, 2, "expected at most 3 '*'"),
    ("a costly path", lambda: {"ocspolicy.toml": f"inventory = ['{'**/' * 330}x']", f"{'a/' * 200}b.yaml": ""}, 2, "found no file that matches"),
    ("a long path", lambda: {"ocspolicy.toml": f"inventory = ['{'*' * 1001}']"}, 2, "expected at most 1000 characters"),
    ("a long identity", lambda: {"estate.yaml": PEOPLE, "people.csv": "mail\n" + "x" * (1 << 20) + "\n"}, 2, "people.csv:2"),
    ("a long row", lambda: {"estate.yaml": PEOPLE, "people.csv": 'mail\n"' + "x\n" * (1 << 20)}, 2, "people.csv:2"),
    ("a long name", lambda: {"more.yaml": DEPLOYMENT.replace("here", "x" * 300)}, 2, "name"),
    ("many faults", lambda: {"more.yaml": DEPLOYMENT + "".join(f"key{i}: 1\n" for i in range(MANY))}, 2, "unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "status", "message"), [it[1:] for it in LIMITS], ids=[it[0] for it in LIMITS])
def test_time_and_size_are_bounded(
    tmp_path: Path, files: Callable[[], dict[str, str | bytes]], status: int, message: str
) -> None:
    write(estate(tmp_path, inventory=SHORT), files())
    began = time.monotonic()
    ran = check(tmp_path)
    assert time.monotonic() - began < 20, "each took minutes or hours without its limit"
    assert (message in said(ran), ran.status) == (True, status), said(ran)[:500]


# Input: numbers, days, YAML.

SPELLINGS = [
    "true", '"5"', "5.0", "0b11", "0x10", "0o17", "1_000", "010", "00", "+5", "1e3", "1:30", "-1", "1000000001", "9" * 5000, "\u0663", "\uff11",
    "null", "~", "", "[]", "{}", ".5", "0.", "1 000", "1,000", "!!str 5", ".inf", ".nan", "-0", "5kg", "*x", "five",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS, ids=[it[:12] or "nothing" for it in SPELLINGS])
def test_only_one_spelling_is_a_quantity(tmp_path: Path, spelling: str) -> None:
    for deployment, inventory, file in (
        (DEPLOYMENT.replace("count: 100", f"count: {spelling}"), INVENTORY, "estate.yaml"),
        (DEPLOYMENT, INVENTORY.replace("quantity: 100", f"quantity: {spelling}"), "licenses.yaml"),
    ):
        ran = check(estate(tmp_path, deployment, inventory))
        assert ran.status == 2
        assert ran.out.startswith(f"{file}:{14 if file == 'estate.yaml' else 5}:")


@pytest.mark.parametrize(
    ("count", "status"), [("0", 0), ("1", 0), ("100", 0), ("101", 1), ("1000000000", 1), ("!!int 7", 0)]
)
def test_quantities_are_what_they_say(tmp_path: Path, count: str, status: int) -> None:
    assert check(estate(tmp_path, DEPLOYMENT.replace("count: 100", f"count: {count}"))).status == status


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ("validFrom: 2009-06-01", 0),
        ("validUntil: 2009-06-01", 0),
        ("validUntil: '2009-06-01'", 0),
        ("validUntil: 2009-05-31", 1),
        ("validFrom: 2009-02-30", 2),
        ("validFrom: 2009-2-3", 2),
        ("validFrom: 2009-06-01T00:00:00Z", 2),
        ("validFrom: 20090601", 2),
        ("validFrom: 2009-W05-6", 2),
        ("validFrom: 2009-152", 2),
        ("validFrom: 0000-01-01", 2),
        ("validFrom: \uff19\uff19\uff19\uff19-01-01", 2),
        ("validFrom: null", 2),
        ("validFrom: yesterday", 2),
        ("validFrom: 2009-02-02, validUntil: 2009-02-01", 2),
    ],
)
def test_days_exist_and_are_in_order(tmp_path: Path, days: str, status: int) -> None:
    inventory = INVENTORY.replace("quantity: 4", f"quantity: 4, {days}")
    assert check(estate(tmp_path, inventory=inventory)).status == status


@pytest.mark.parametrize("day", ["2009-W05-6", "2009-02-30", "2009-1-1", "20300101", "2030-01-01x", "soon"])
def test_a_waiver_in_place_ends_on_a_day(tmp_path: Path, day: str) -> None:
    deployment = DEPLOYMENT.replace("edge02, roles: [edge]}", f'edge02, roles: [edge]}}  # ocspolicy: ignore[ROL001] expires={day} reason="x"')  # fmt: skip
    ran = check(estate(tmp_path, deployment, SHORT))
    assert ran.status == 2
    assert f"found expires={day}" in said(ran)


REFUSED = [
    ("YAML 1.1", "%YAML 1.1\n---\n" + DEPLOYMENT, "found the directive %YAML 1.1"),
    ("YAML 1.3", "%YAML 1.3\n---\n" + DEPLOYMENT, "directive"),
    ("a tag", DEPLOYMENT.replace("here", "!x here"), "found the tag '!x'"),
    ("code", DEPLOYMENT.replace("here", "!!python/object/apply:os.system [id]"), "found the tag"),
    ("a set", DEPLOYMENT.replace("[edge]", "!!set {edge}"), "found the tag"),
    ("recursion", DEPLOYMENT.replace("{name: here}", "&a {name: here, labels: *a}"), "found '*a' inside the value"),
    ("a merge key", DEPLOYMENT + "<<: {}\n", "found the merge key"),
    ("a doubled key", DEPLOYMENT + "users: []\n", "found the key 'users' a second time"),
    ("a doubled key in JSON", json.dumps({"apiVersion": "ocspolicy/v1", "kind": "Deployment"})[:-1] + ', "kind": "Deployment"}', "found the key 'kind' a second time"),
    ("half a pair, escaped", DEPLOYMENT.replace("here", '"\\ud800"'), "half a surrogate pair"),
    ("half a pair", DEPLOYMENT.replace("here", "a\ud800b").encode("utf-8", "surrogatepass"), "found the byte 0xED"),
    ("U+0085", DEPLOYMENT.replace("here", "a\x85b"), "U+0085"),
    ("U+2028", DEPLOYMENT.replace("here", "a\u2028b"), "U+2028"),
    ("U+2029", DEPLOYMENT.replace("here", '"a\u2029b"'), "U+2029"),
    ("NUL", DEPLOYMENT.replace("here", "a\0b"), "NUL"),
    ("an escape", DEPLOYMENT.replace("here", "a\x1bb"), "U+001B"),
    ("UTF-16 without a mark", DEPLOYMENT.encode("utf-16-le"), "UTF-16 without its byte order mark"),
    ("UTF-32", DEPLOYMENT.encode("utf-32"), "UTF-32"),
    ("a pointer of Git LFS", f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n", "Git LFS pointer"),
    ("a tab", DEPLOYMENT.replace("  - {name: edge01", "\t- {name: edge01"), "found a tab"),
    ("no end", DEPLOYMENT + "x: '", "found no closing '"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), [it[1:] for it in REFUSED], ids=[it[0] for it in REFUSED])
def test_yaml_that_is_refused_where_it_stands(tmp_path: Path, text: str | bytes, message: str) -> None:
    ran = check(write(estate(tmp_path, inventory=INVENTORY), {"estate.yaml": text}))
    assert ran.status == 2
    assert message in said(ran)
    assert re.match(r"estate\.yaml:(\d+:\d+: )?", ran.out)
    assert ran.out.count("\n") <= 3, "one line for each fault, and the last"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-8-crlf", "utf-8-cr"])
def test_encodings_that_are_read(tmp_path: Path, encoding: str) -> None:
    codec, _, end = encoding.partition("-cr")
    text = DEPLOYMENT.replace("\n", {"lf": "\r\n", "": "\n"}[end] if end or codec == encoding else "\r")
    assert check(write(estate(tmp_path), {"estate.yaml": text.encode(codec)})).status == 0


INSIDE = [
    ("quoted", 'name: "edge02 {}"', 1),
    ("single-quoted", "name: 'edge02 {}'", 1),
    ("folded", "name: edge02\n    labels:\n      a: >\n        {}", 1),
    ("literal", "name: edge02\n    labels:\n      a: |\n        {}", 1),
    ("comment", "name: edge02 {}", 0),
]  # fmt: skip


@pytest.mark.parametrize(("place", "status"), [it[1:] for it in INSIDE], ids=[it[0] for it in INSIDE])
def test_a_waiver_inside_a_scalar_is_text(tmp_path: Path, place: str, status: int) -> None:
    waiver = "# ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x"
    server = f"  - {place.format(waiver)}\n    roles: [edge]\n"
    deployment = DEPLOYMENT.replace("  - {name: edge02, roles: [edge]}\n", server)
    assert check(estate(tmp_path, deployment, SHORT)).status == status


# Input: CSV and identities.

TABLES: list[tuple[str, bytes, str]] = [
    ("an open quote", b'mail\n"ann@example.com\nbob@example.com\n', "people.csv:2"),
    ("a doubled header", b"mail,mail\na@b,c@d\n", "people.csv:1"),
    ("no header", b"", "people.csv"),
    ("another header", b"post\na@b\n", "people.csv:1"),
    ("a wider row", b"mail,name\na@b,c,d\n", "people.csv:2"),
    ("a narrower row", b"mail,name\na@b\n", "people.csv:2"),
    ("an empty identity", b"mail,name\n ,c\n", "people.csv:2"),
    ("NUL", b"mail\na\0@b\n", "people.csv:2"),
    ("not UTF-8", b"mail\na\xff@b\n", "people.csv:2"),
    ("UTF-16 without a mark", "mail\na@b\n".encode("utf-16-le"), "people.csv"),
]


@pytest.mark.parametrize(("data", "place"), [it[1:] for it in TABLES], ids=[it[0] for it in TABLES])
def test_tables_that_are_refused(tmp_path: Path, data: bytes, place: str) -> None:
    ran = check(write(estate(tmp_path, PEOPLE), {"people.csv": data}))
    assert ran.status == 2
    assert place in ran.out


@pytest.mark.parametrize(
    ("text", "codec", "people"),
    [
        ("mail\nann@x\nANN@x\nsip:ann@x\n SMTP:Ann@x \n", "utf-8", 1),
        ("mail\nstraße@x\nstrasse@x\n", "utf-8", 2),
        ("mail\n\u212a@x\nk@x\n", "utf-8", 2),
        ("mail\n\u0130@x\ni@x\n\u0131@x\n", "utf-8", 3),
        ("mail\ncafe\u0301@x\ncaf\xe9@x\n", "utf-8", 2),
        ("mail\n\u0430nn@x\nann@x\n", "utf-8", 2),
        ("#TYPE Selected.User\nmail\nann@x\nbob@x\n", "utf-16", 2),
        ("name;mail\na;ann@x\nb;bob@x\n", "utf-8-sig", 2),
        ("name\tmail\na\tann@x\n", "utf-8", 1),
        ("ocspolicy,mail\n::error::,ann@x\n", "utf-8", 1),
    ],
)
def test_people_are_neither_merged_nor_split(tmp_path: Path, text: str, codec: str, people: int) -> None:
    write(estate(tmp_path, PEOPLE), {"people.csv": text.encode(codec)})
    read = json.loads(check(tmp_path, form="json").out)
    assert [row["required"] for row in read["position"] if row["license"] == "user-cal"] == [people]
    alike = any(it in text for it in "\u0301\u0430\u212a\u0131\xdf")
    assert any(found["rule"] == "IDN001" for found in read["findings"]) is alike


# Output.

EVIL = (
    "x\x1b[31m\x07\x9b0m\u202e\u2066\u200b\ufeff\u2028\U000e0041 ##vso[task.complete] ##[error]y ]]> </script>"
    "<script>alert(1)</script> | `@user` #1 ![i](http://x) [l](http://x) %0A::error::z =1+1 \\N{x} &amp; '\""
)
LINES = "::error file=a::b"
NAMED = json.dumps(EVIL)


def evil_estate(folder: Path, name: str) -> Path:
    """Put a text into every place that a report may show."""
    text = json.dumps(name)
    deployment = (
        DEPLOYMENT.replace("here", text)
        .replace("pool01", text)
        .replace("edge02", json.dumps(name + "2"))
        .replace("[edge]}\nusers", f"[edge, {text}]}}\nusers")
        .replace("staff, count: 100", f"{text}, count: 101, features: [{text}]")
    )
    line = f"agreement: {text}, note: {text}, id: {text}, assignedTo: [{text}], scope: {{deployments: [{text}]}}"
    inventory = SHORT.replace("quantity: 3", f"quantity: 3, {line}")
    waivers = f"---\napiVersion: ocspolicy/v1\nkind: Waivers\nwaivers:\n  - {{rule: ROL001, reason: {text}, approvedBy: {text}, subject: {text}, expires: 2030-01-01}}\n"
    return estate(folder, deployment, inventory + waivers)


BAD = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\U000e0000-\U000e0fff\ud800-\udfff]")  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "name", [EVIL, LINES, "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1"], ids=["all", "lines", "=", "@", "+", "-"]
)
def test_names_only_show_in_every_format(tmp_path: Path, form: str, name: str) -> None:
    evil_estate(tmp_path, name)
    for more in ((), ("--verbose",), ("--color", "always")):
        ran = check(tmp_path, *more, form=form)
        assert ran.status in {1, 2}
        out = re.sub("\x1b\\[[0-9;]*m", "", ran.out) if "always" in more and form in {"text", "concise"} else ran.out
        assert not BAD.search(out), BAD.search(out)
        assert_inert(out, form)


def assert_inert(out: str, form: str) -> None:
    commands = [line for line in out.splitlines() if line.lstrip().startswith("::")]
    if form == "github":
        assert all(re.match(r"::(error|warning|notice)( [^:]*)?::", line) for line in commands)
    else:
        assert commands == []
    vso = [line for line in out.splitlines() if "##vso[" in line.lower() or "##[" in line]
    if form == "azure":
        assert all(re.match(r"##vso\[task\.logissue [^\]]*\][^\[]*", line) and line.count("##") == 1 for line in vso)
    else:
        assert vso == []
    match form:
        case "json" | "sarif" | "gitlab":
            json.loads(out)
        case "junit":
            ET.fromstring(out)  # noqa: S314 -- our own output
        case "html":
            assert "<script>alert" not in out
            assert "default-src 'none'" in out
        case "markdown":
            bare = re.sub("`[^`\n]*`", "", out)
            assert not re.search(r"<(?!!-- ocspolicy|br>|/?sub>|/?details>|/?summary>|/?b>)|[\[\]@`]", bare)


def test_cells_are_no_formulas(tmp_path: Path) -> None:
    for name in ("=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1"):
        evil_estate(tmp_path, name)
        estate(tmp_path, (tmp_path / "estate.yaml").read_text(), INVENTORY)
        ran = run_here("position", *DAY, "--format", "csv", cwd=tmp_path)
        for row in csv.reader(io.StringIO(ran.out)):
            assert not any(cell[:1] in {"=", "@", "\t"} or re.match(r"[+-](?!\d+$)", cell) for cell in row)


@pytest.mark.parametrize("where", ["error", "config", "file", "argument", "reference"])
def test_standard_error_and_problems_only_show(tmp_path: Path, where: str) -> None:
    root = estate(tmp_path / "root")
    if where == "error":
        write(root, {"more.yaml": f"apiVersion: ocspolicy/v1\nkind: {NAMED}\n"})
    elif where == "config":
        write(root, {"ocspolicy.toml": f"{NAMED} = {NAMED}\n".replace("\\udb40\\udc41", "")})
    elif where == "file":
        write(root, {"a\x1b[31m\n::error::b\u202e.yaml": "apiVersion: ocspolicy/v1\n"})
    elif where == "reference":
        write(root, {"estate.yaml": DEPLOYMENT.replace("count: 100", f"from: {{path: {NAMED}}}")})
    for form in ("text", "concise", "github", "json"):
        if where == "argument":
            break
        ran = run_here("check", *DAY, "--format", form, cwd=root)
        assert ran.status == 2
        assert not BAD.search(ran.out + ran.err)
        assert_inert(ran.out, form)
        assert_inert(ran.err, "text")
    if where == "argument":
        done = subprocess.run(
            [COMMAND, "check", f"--{EVIL}\n::error::".replace(" ", "")],
            cwd=root,
            env=environment(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        assert not BAD.search(done.stderr.decode())
        assert_inert(done.stderr.decode(), "text")


def test_security_prints_the_promises() -> None:
    text = " ".join((ROOT / "SECURITY.md").read_text().split())
    for promise in ("Status 0 means", "traceback", "--allow-local-plugins", "never uses the network", "whole or absent", "--policy-from", "link"):  # fmt: skip
        assert promise in text
    for file in re.findall(r"tests/(test_\w+\.py)|`(test_\w+\.py)`", (ROOT / "SECURITY.md").read_text()):
        assert (ROOT / "tests" / "".join(file)).exists()
