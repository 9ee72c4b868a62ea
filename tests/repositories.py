"""Real git repositories for tests, whatever the machine's own configuration of git says."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import ocspolicy

OURS = "apiVersion: ocspolicy/v1\nkind: Deployment\nmetadata: {name: one}\n"
FOREIGN = "apiVersion: policy/v1\nkind: PodDisruptionBudget\n"


@dataclass(frozen=True)
class Repository:
    path: Path

    def git(self, *arguments: str, **environment: str) -> str:
        identity = ("-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "protocol.file.allow=always")
        scrubbed = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.path,
            env=scrubbed | settings | environment,
            check=True,
            capture_output=True,
        )
        return os.fsdecode(done.stdout)

    def write(self, name: str, text: str = OURS) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def commit(self, **files: str) -> str:
        """Write files whose names stand with `__` for a dot, and commit all that is there."""
        for name, text in files.items():
            self.write(name.replace("__", "."), text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD").strip()


def make_repository(path: Path) -> Repository:
    path.mkdir(parents=True, exist_ok=True)
    repository = Repository(path.resolve())
    repository.git("init", "--quiet", "--initial-branch", "main", ".")
    return repository


def make_trap(folder: Path, marker: Path) -> None:
    """Make a folder look like a bare repository whose configuration runs a program."""
    for name in ("objects", "refs"):
        (folder / name).mkdir(parents=True)
        (folder / name / ".keep").touch()
    (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    program = folder / "program.sh"
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\n", encoding="utf-8")
    program.chmod(0o755)
    settings = (
        f'[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = "{folder}"\n\tfsmonitor = "{program}"\n'
    )
    (folder / "config").write_text(settings, encoding="utf-8")


_NOBODY = 65534

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away and become another user"
)


def give_to_nobody(folder: Path, *, keep: Path) -> None:
    """Give all below a folder to a user without rights, but for one thing that stays closed to that user."""
    for path in (folder, *folder.rglob("*")):
        if path != keep:
            os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)


def run_python(code: str) -> str:
    """Run Python code in a bare process; give what it prints."""
    package = str(Path(ocspolicy.__file__).parents[1])
    command = [sys.executable, "-S", "-P", "-c", f"import sys; sys.path.insert(0, {package!r})\n{code}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def run_as_nobody(imports: str, code: str) -> str:
    """Run Python code as that user, after the imports; give what it prints."""
    become = f"os.setgroups([]); os.setgid({_NOBODY}); os.setuid({_NOBODY}); os.chdir('/')"
    return run_python(f"import os, subprocess\n{imports}\n{become}\n{code}")
