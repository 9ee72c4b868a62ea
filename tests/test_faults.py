"""What the machine does to a run: streams, disks, signals and limits. The right status, one line, nothing left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from process import COMMAND, DAY, DEPLOYMENT, INVENTORY, Ran, environment, estate, git, run
from repositories import give_to_nobody, needs_root

resource = pytest.importorskip("resource", reason="the limits of a process are set as on Unix")

SHORT = INVENTORY.replace("quantity: 4", "quantity: 3")
MANY_PROBLEMS = "apiVersion: ocspolicy/v1\nkind: Deployment\nmetadata: {name: many}\n" + "".join(
    f"key{number}: 1\n" for number in range(3000)
)


def start(
    *arguments: str, cwd: Path, before: Callable[[], object] | None = None, out: int = subprocess.PIPE, **changed: str
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [COMMAND, *arguments],
        cwd=cwd,
        env=environment(**changed),
        stdout=out,
        stderr=subprocess.PIPE,
        preexec_fn=before,  # noqa: PLW1509 -- these tests start no thread
    )


def end(process: subprocess.Popen[bytes], seconds: float = 60) -> Ran:
    out, err = process.communicate(timeout=seconds)
    ran = Ran(process.returncode, (out or b"").decode(), err.decode())
    assert "Traceback" not in ran.out + ran.err
    return ran


def limit(kind: int, most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (most, most))


def names(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def shell(script: str, cwd: Path) -> Ran:
    """Run a shell script in which `$0` is the command."""
    done = subprocess.run(
        ["sh", "-c", script, COMMAND], cwd=cwd, env=environment(), capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


STREAMS = [
    ("no-input", "<&-", 0, 1, ""),
    ("no-errors", "2>&-", 0, 1, ""),
    ("no-output", ">&-", 2, 2, "found standard output closed"),
    ("nothing", "<&- >&- 2>&-", 2, 2, ""),
    ("full-output", ">/dev/full", 2, 2, "could not write the result to standard output: No space left on device"),
    ("full-errors", "2>/dev/full", 0, 1, ""),
    ("full-both", ">/dev/full 2>&1", 2, 2, ""),
]


@pytest.mark.parametrize(("redirected", "covered", "short", "said"), [it[1:] for it in STREAMS], ids=[it[0] for it in STREAMS])  # fmt: skip
def test_streams_that_are_closed_or_full(tmp_path: Path, redirected: str, covered: int, short: int, said: str) -> None:
    for inventory, status in ((INVENTORY, covered), (SHORT, short)):
        estate(tmp_path, inventory=inventory)
        for form in ("text", "json"):
            ran = shell(f'"$0" check --as-of 2009-06-01 --format {form} {redirected}', tmp_path)
            assert ran.status == status
            assert said in ran.err
            assert ran.err.count("\n") <= 1
            assert bool(ran.out) is (status < 2)


@pytest.mark.parametrize("command", ["--version", "--help", "check --help", "rules", "schema Deployment", "completion bash"])  # fmt: skip
def test_a_full_disk_is_seen_by_every_command(tmp_path: Path, command: str) -> None:
    ran = shell(f'"$0" {command} >/dev/full', tmp_path)
    assert ran.status == 2
    assert ran.err.startswith("error: could not write")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("command", ["--help", "check --help"])
@pytest.mark.parametrize("redirected", [">/dev/full", ">&-"])
def test_help_that_cannot_be_written(tmp_path: Path, command: str, redirected: str) -> None:
    ran = shell(f'PYTHONUNBUFFERED=1 "$0" {command} {redirected}', tmp_path)
    assert (ran.status, ran.err.count("\n")) == (2, 1)


def test_wrong_usage_without_standard_error(tmp_path: Path) -> None:
    for script in ('"$0" chekc 2>&-', '"$0" check --colour 2>&-', '"$0" 2>&-', '"$0" check --as-of x 2>/dev/full'):
        assert shell(script, tmp_path) == Ran(2, "", "")


@pytest.mark.parametrize("inventory", [INVENTORY, SHORT, ""], ids=["0", "1", "2"])
def test_a_reader_that_leaves_early_is_silent(tmp_path: Path, inventory: str) -> None:
    estate(tmp_path, inventory=inventory)
    status = run("check", *DAY, cwd=tmp_path).status
    read, write = os.pipe()
    os.close(read)
    ran = end(start("check", *DAY, "--format", "sarif", cwd=tmp_path, out=write))
    os.close(write)
    assert ran == Ran(status, "", "")


@contextmanager
def hanging(tmp_path: Path, how: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a run that waits for ever: for a reader that does not read, or for a git that does not answer."""
    root = estate(tmp_path / "root")
    changed: dict[str, str] = {}
    arguments: tuple[str, ...] = ()
    read, write = os.pipe()
    waiting = "the pipe is full"
    if how == "pipe":
        (root / "many.yaml").write_text(MANY_PROBLEMS)
    elif how == "fifo":
        arguments = ("--output", "out.fifo")
        os.mkfifo(root / "out.fifo")
        waiting = "wait_for_partner"
    else:
        git("init", "-q", cwd=root)
        fake = tmp_path / "bin" / "git"
        fake.parent.mkdir()
        fake.write_text(f"#!/bin/sh\necho $$ > '{tmp_path}/pid'\nexec sleep 300\n")
        fake.chmod(0o755)
        changed = {"PATH": f"{fake.parent}{os.pathsep}{os.environ['PATH']}"}
    process = start("check", *arguments, cwd=root, out=write, **changed)
    try:
        _until_it_waits(process, waiting, tmp_path / "pid" if how == "git" else None)
        yield process
    finally:
        process.kill()
        os.close(read)
        os.close(write)


def _until_it_waits(process: subprocess.Popen[bytes], waiting: str, pid: Path | None) -> None:
    """Wait until the process sleeps and has used no time for a while."""
    before, calm = -1.0, 0
    for _ in range(600):
        assert process.poll() is None, f"ended before {waiting}"
        time.sleep(0.05)
        if pid is not None:
            if pid.exists() and pid.read_text().strip():
                return
            continue
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(") ")[2].split()
        used = float(fields[11]) + float(fields[12])
        calm = calm + 1 if fields[0] == "S" and used == before and used > 5 else 0
        before = used
        if calm == 6:
            return
    raise AssertionError(f"never reached that {waiting}")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc shows when a process waits")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["TERM", "INT"])
@pytest.mark.parametrize("how", ["pipe", "fifo", "git"])
def test_a_signal_ends_a_run_that_waits(tmp_path: Path, how: str, number: int, status: int) -> None:
    with hanging(tmp_path, how) as process:
        process.send_signal(number)
        assert end(process, 10) == Ran(status, "", "")
    if how == "git":
        time.sleep(0.1)
        child = Path("/proc", (tmp_path / "pid").read_text().strip(), "stat")
        assert not child.exists() or ") Z " in child.read_text(), "nobody may have buried it yet"


def test_a_signal_at_any_time_leaves_no_file(tmp_path: Path) -> None:
    estate(tmp_path)
    began = time.monotonic()
    whole = run("check", *DAY, "--format", "json", cwd=tmp_path).out
    usual = time.monotonic() - began
    met = set()
    for number in range(12):
        process = start("check", *DAY, "--format", "json", "--output", "out.txt", cwd=tmp_path)
        time.sleep(usual * (number + 1) / 12)
        process.terminate()
        ran = end(process)
        met.add(ran.status)
        assert ran.status in {0, 143, -signal.SIGTERM}, "the last is Python's before our first line"
        assert ran.err == ""
        assert set(names(tmp_path)) <= {"estate.yaml", "licenses.yaml", "out.txt"}
        assert not (tmp_path / "out.txt").exists() or (tmp_path / "out.txt").read_text() == whole
    assert 143 in met


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_disk_that_fills_while_a_report_is_written(tmp_path: Path, form: str) -> None:
    estate(tmp_path)
    (tmp_path / "report").write_text("the one before")
    arguments = ("check", *DAY, "--format", form, "--output", "report")
    ran = end(start(*arguments, cwd=tmp_path, before=limit(resource.RLIMIT_FSIZE, 64)))
    assert ran == Ran(2, "", "error: report: could not write the report: File too large\n")
    assert (tmp_path / "report").read_text() == "the one before"
    assert names(tmp_path) == ["estate.yaml", "licenses.yaml", "report"]
    assert end(start(*arguments, cwd=tmp_path)).status == 0
    assert (tmp_path / "report").read_text() != "the one before"


def test_one_file_that_cannot_be_written_does_not_keep_back_the_others(tmp_path: Path) -> None:
    estate(tmp_path, inventory=SHORT)
    ran = run("check", *DAY, "--format", "json:no/such.json", "--format", "sarif:fine.sarif", "--format", "text", cwd=tmp_path)  # fmt: skip
    assert ran.status == 2
    assert ran.err == "error: no/such.json: could not write the report: No such file or directory\n"
    assert ran.last.startswith("failed: ")
    assert (tmp_path / "fine.sarif").exists()


@pytest.mark.parametrize("most", [7, 9, 20])
def test_few_file_descriptors(tmp_path: Path, most: int) -> None:
    git("init", "-q", cwd=estate(tmp_path))
    ran = end(start("check", *DAY, cwd=tmp_path, before=limit(resource.RLIMIT_NOFILE, most)))
    assert ran.status in {0, 2}
    if ran.status == 2:
        assert "too many open files" in " ".join((ran.out + ran.err).split()).lower()
    assert most < 20 or ran.status == 0, "so many are enough"


def test_an_input_that_needs_more_memory_than_there_is(tmp_path: Path) -> None:
    estate(tmp_path)
    servers = "".join(f"  - {{name: s{number}, roles: [edge]}}\n" for number in range(15_000))
    (tmp_path / "big.yaml").write_text(
        DEPLOYMENT.replace("name: here", "name: big").replace("users:", servers + "users:")
    )
    ran = end(start("check", *DAY, cwd=tmp_path, before=limit(resource.RLIMIT_AS, 80 << 20)))
    assert (ran.status, ran.out) == (2, "")
    first, *_ = ran.err.splitlines()
    assert first.startswith("error: could not judge: "), ran.err
    assert "too little memory" in first


@needs_root
@pytest.mark.parametrize("closed", ["estate.yaml", "people.csv", "ocspolicy.toml", "folder", "root"])
def test_what_may_not_be_read_is_never_passed_over(closed: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = estate(Path(folder) / "root", DEPLOYMENT.replace("count: 100", "from: {path: people.csv}"))
        (root / "people.csv").write_text("mail\nann@example.com\n")
        (root / "ocspolicy.toml").write_text("fail-on = 'error'\n")
        (root / "folder").mkdir()
        path = root if closed == "root" else root / closed
        give_to_nobody(Path(folder), keep=path)
        assert _as_nobody("check", *DAY, cwd=Path(folder), path="root").status == 0, "root may not be asked yet"
        path.chmod(0o000)
        ran = _as_nobody("check", *DAY, cwd=Path(folder), path="root")
    assert ran.status == 2
    assert "permission denied" in " ".join(ran.out.split()).lower()
    assert closed == "root" or closed in ran.out


@needs_root
def test_a_folder_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        estate(Path(folder))
        ran = _as_nobody("check", *DAY, "--output", "report.txt", cwd=Path(folder))
        assert ran == Ran(2, "", "error: report.txt: could not write the report: Permission denied\n")
        assert names(Path(folder)) == ["estate.yaml", "licenses.yaml"]


def _as_nobody(*arguments: str, cwd: Path, path: str = ".") -> Ran:
    """Run as a user without rights; the interpreter is started before, since that user may not read it."""
    become = "os.setgroups([]); os.setgid(65534); os.setuid(65534)"
    load = "import ocspolicy.commands.check, ocspolicy.check, ocspolicy.load, ocspolicy.census, ocspolicy.documents.deployment"
    warm = f"from in_process import run_here; from pathlib import Path; run_here('check', {str(Path(__file__).parents[1] / 'examples' / 'contoso')!r}, cwd=Path('/'))"
    code = f"import os, sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); {load}; {warm}; {become}; from ocspolicy import cli; sys.exit(cli.main({[*arguments, path]!r}))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=cwd, env=environment(), capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_file_that_vanishes_while_git_still_lists_it(tmp_path: Path) -> None:
    git("init", "-q", cwd=estate(tmp_path))
    git("add", ".", cwd=tmp_path)
    (tmp_path / "licenses.yaml").unlink()
    ran = run("check", *DAY, cwd=tmp_path)
    assert ran.status == 2
    assert "licenses.yaml" in ran.out
    assert "listed by git but missing" in " ".join(ran.out.split())


STRANGE: list[dict[str, str]] = [
    {},
    {"TMPDIR": "/nonexistent"},
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"LC_ALL": "tr_TR.UTF-8"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "utf-16"},
    {"PYTHONIOENCODING": "cp1252:strict"},
    {"HOME": "/nonexistent"},
    {"TERM": "dumb", "COLUMNS": "1"},
    {"COLUMNS": "x"},
    {"TZ": "Pacific/Kiritimati"},
    {"PYTHONOPTIMIZE": "1"},
    {"PYTHONWARNINGS": "error"},
    {"PYTHONDEVMODE": "1"},
]


def test_strange_surroundings(tmp_path: Path) -> None:
    estate(tmp_path, inventory=SHORT)
    (tmp_path / "other.yaml").write_text(DEPLOYMENT.replace("here", "Älmhult \u2603 東京"), encoding="utf-8")
    (tmp_path / "results").mkdir()
    written = set()
    for number, changed in enumerate(STRANGE):
        file = tmp_path / "results" / f"{number}.txt"
        ran = run("check", *DAY, "--format", "text", "--format", f"json:{file}", cwd=tmp_path, **changed)
        assert (ran.status, ran.err) == (1, ""), changed
        assert ran.out, changed
        written.add(file.read_bytes())
    assert len(written) == 1, "what machines read has one encoding"


def test_python_without_docstrings_cannot_say_what_rules_are_for(tmp_path: Path) -> None:
    ran = run("check", *DAY, cwd=estate(tmp_path), PYTHONOPTIMIZE="2")
    assert ran.status == 2
    assert "unset PYTHONOPTIMIZE" in ran.out


def test_an_environment_without_a_home_or_a_path(tmp_path: Path) -> None:
    estate(tmp_path)
    done = subprocess.run([COMMAND, "check", *DAY], cwd=tmp_path, env={}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    git("init", "-q", cwd=tmp_path)
    done = subprocess.run([COMMAND, "check", *DAY], cwd=tmp_path, env={"PATH": ""}, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 2
    assert "found a git repository, but no git on the PATH" in " ".join(done.stdout.split())


@pytest.mark.parametrize("arguments", [("check",), ("check", "/"), ("validate", "x.yaml"), ("check", "--output", "o"), ("rules",)])  # fmt: skip
def test_a_current_folder_that_is_gone(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    ran = shell(f'rmdir "$PWD"; exec "$0" {" ".join(arguments)}', gone)
    assert ran.status == 2
    said = " ".join((ran.out + ran.err).split())
    assert "the current folder no longer exists" in said or "o: could not write the report: No such file" in said
