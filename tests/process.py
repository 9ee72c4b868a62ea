"""Runs the installed command as a user does: a real process, a scrubbed environment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
COMMAND = str(Path(sys.executable).parent / "ocspolicy")
DAY = ("--as-of", "2009-06-01")


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def last(self) -> str:
        return self.out.rstrip("\n").rpartition("\n")[2]


def environment(**changed: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR"}}
    return kept | changed


def run(*arguments: str, cwd: Path, **changed: str) -> Ran:
    done = subprocess.run(
        [COMMAND, *arguments], cwd=cwd, env=environment(**changed), capture_output=True, timeout=120, check=False
    )
    ran = Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert "Traceback" not in ran.out + ran.err
    assert ran.status in {0, 1, 2}
    return ran


def result(*arguments: str, cwd: Path, **changed: str) -> dict[str, Any]:
    ran = run("check", *DAY, "--format", "json", *arguments, cwd=cwd, **changed)
    read: dict[str, Any] = json.loads(ran.out)
    return read


def git(*arguments: str, cwd: Path) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=cwd, env=environment(), capture_output=True, check=True, text=True
    )
    return done.stdout


DEPLOYMENT = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: here}
pools:
  - name: pool01
    edition: enterprise
    servers:
      - {name: fe01, roles: [front-end]}
      - {name: fe02, roles: [front-end]}
servers:
  - {name: edge01, roles: [edge]}
  - {name: edge02, roles: [edge]}
users:
  - {group: staff, count: 100}
"""

INVENTORY = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {product: ocs-2007-r2, license: server, edition: enterprise, quantity: 4}
  - {product: ocs-2007-r2, license: user-cal, edition: standard, quantity: 100}
"""


def estate(folder: Path, deployment: str = DEPLOYMENT, inventory: str = INVENTORY) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "estate.yaml").write_text(deployment, encoding="utf-8")
    (folder / "licenses.yaml").write_text(inventory, encoding="utf-8")
    return folder
