"""What runs in forges, as a machine without the forge can run it: the scripts with their parameters filled in."""

import re
import sys
from pathlib import Path
from typing import Any

from process import INVENTORY, ROOT, estate, git
from ruamel.yaml import YAML

SHORT = INVENTORY.replace("quantity: 4", "quantity: 3")

# An interpreter whose environments hold what this one's does, so that nothing needs to be installed.
PYTHON = """\
#!/bin/sh
case "$*" in
  *"-m venv"*) mkdir -p "$(dirname "$FAKE_VENV")" && cp "$0" "$FAKE_VENV" ;;
  *"-m pip"*) exit "$FAKE_PIP" ;;
  *) exec {python} "$@" ;;
esac
"""


def load(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def interpreter(folder: Path, *, own: str = "environment/bin/python", pip: int = 0) -> dict[str, str]:
    """Put an interpreter first on the PATH; give the variables that it needs.

    Args:
        folder: where it is put.
        own: where its environments have theirs.
        pip: the exit status of an install.
    """
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "python3"
    program.write_text(PYTHON.format(python=sys.executable))
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "FAKE_VENV": own, "FAKE_PIP": str(pip)}


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


def gitlab_job(**given: str) -> tuple[str, dict[str, str]]:
    """The script and the variables of the GitLab component's job, with the inputs and otherwise their defaults."""
    header, body = (ROOT / "templates" / "ocspolicy.yml").read_text("utf-8").split("\n---\n")
    for name, about in YAML(typ="safe", pure=True).load(header)["spec"]["inputs"].items():
        value = given[name] if name in given or "default" not in about else about["default"]
        body = body.replace(f"$[[ inputs.{name} ]]", str(value).lower() if isinstance(value, bool) else str(value))
    assert "$[[" not in body, "every input that is used is declared"
    job = YAML(typ="safe", pure=True).load(body)["ocspolicy"]
    return "set -e\n" + "\n".join(job["script"]), job["variables"]


def azure_steps(**given: object) -> list[tuple[str, dict[str, str]]]:
    """The scripts of the Azure template and their variables, as Azure expands them.

    Azure knows literals in single quotes, where a backslash is a backslash, and functions; all that the template may
    use is a parameter by its name, of the type that it declares.
    """
    template = load(ROOT / "azure" / "ocspolicy-steps.yml")
    types = {"string": str, "boolean": bool}
    values: dict[str, object] = {}
    for about in template["parameters"]:
        name = about["name"]
        value = given[name] if name in given or "default" not in about else about["default"]
        assert isinstance(value, types[about["type"]]), f"Azure refuses {name}"
        assert value in about.get("values", [value])
        values[name] = value
    assert set(given) <= set(values), "Azure refuses unknown parameters"

    def expanded(text: str) -> str:
        found = re.sub(r"\$\{\{ parameters\.(\w+) \}\}", lambda match: str(values[match[1]]), text)
        assert "${{" not in found, "an expression that this reader does not know"
        return found

    steps = [it for it in template["steps"] if "bash" in it]
    assert not any("${{" in it["bash"] for it in steps), "nothing given is ever part of a script"
    return [(it["bash"], {name: expanded(text) for name, text in it.get("env", {}).items()}) for it in steps]
