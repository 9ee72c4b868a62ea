"""The programs to compare with, each in an environment of its own, and our own wheel as users install it."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]

DISTRIBUTIONS = ("check-jsonschema", "cfn-lint", "yamllint", "pre-commit-hooks", "polars")


class Peers(NamedTuple):
    """Where the programs are.

    `python` is that of the environment in which `ocspolicy` is installed, `exact` that of one with the solver too;
    `programs` maps a peer to the folder of its programs; `absent` says of the others why they are not there.
    """

    python: Path
    exact: Path
    programs: dict[str, Path]
    absent: dict[str, str]
    versions: dict[str, str]

    @property
    def ocspolicy(self) -> str:
        """The command as users start it."""
        return str(self.python.parent / "ocspolicy")

    def program(self, peer: str, name: str) -> str:
        """Give the path of a peer's program."""
        return str(self.programs[peer] / name)


def installed(work: Path) -> Peers:
    """Build our wheel, install it and the peers below `work`; what is installed there already is kept, but ours.

    Raises:
        subprocess.CalledProcessError: our own wheel cannot be built or installed.
    """
    wheel = _wheel()
    python = _environment(work / "ocspolicy", f"{wheel}[fast]", fresh=True)
    exact = _environment(work / "exact", f"{wheel}[fast,exact]", fresh=True)
    shutil.rmtree(wheel.parent)
    programs, absent, versions = {}, {}, {}
    for name in ("ocspolicy", "pydantic", "ruamel.yaml", "PyYAML"):
        versions[name] = _version(python, name)
    for name in DISTRIBUTIONS:
        try:
            peer = _environment(work / name, name, fresh=False)
        except subprocess.CalledProcessError:
            absent[name] = f"{name} could not be installed"
            continue
        programs[name] = peer.parent
        versions[name] = _version(peer, name)
    _ripgrep(programs, absent, versions)
    return Peers(python, exact, programs, absent, versions)


def here() -> Peers:
    """Take what is installed beside the running interpreter, and no peers: nothing is fetched."""
    python = Path(sys.executable)
    why = "a quick run has no peers"
    absent = dict.fromkeys((*DISTRIBUTIONS, "ripgrep"), why)
    return Peers(python, python, {}, absent, {"ocspolicy": _version(python, "ocspolicy")})


def has_raw_events(python: Path) -> bool:
    """Tell whether PyYAML with libyaml is there to be compared with."""
    return subprocess.run([python, "-c", "import yaml._yaml"], capture_output=True, check=False).returncode == 0


def _ripgrep(programs: dict[str, Path], absent: dict[str, str], versions: dict[str, str]) -> None:
    found = shutil.which("rg")
    if found is None:
        absent["ripgrep"] = "ripgrep is not installed"
        return
    programs["ripgrep"] = Path(found).parent
    said = subprocess.run([found, "--version"], capture_output=True, check=True, text=True).stdout
    versions["ripgrep"] = said.split()[1]


def _wheel() -> Path:
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def _environment(folder: Path, requirement: str, *, fresh: bool) -> Path:
    """Make an environment with one requirement in it, unless it is there, and give its interpreter."""
    python = folder / "bin" / "python"
    done = folder / "installed"
    if done.exists() and not fresh:
        return python
    print(f"installs {folder.name}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", requirement], check=True)
    done.touch()
    return python


def _version(python: Path, name: str) -> str:
    program = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    asked = subprocess.run([python, "-c", program, name], capture_output=True, check=True, text=True)
    return asked.stdout.strip()
