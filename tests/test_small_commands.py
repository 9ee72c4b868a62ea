"""Validate, rules, schema, completion, and several formats in one run."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from process import COMMAND, DAY, DEPLOYMENT, INVENTORY, ROOT, environment, estate, run


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (DEPLOYMENT, 0, "valid; looked at 1 document of ours; 0 passed over"),
        (INVENTORY, 0, "valid; looked at 1 document of ours"),
        ("services: {}\n", 0, "valid; looked at 0 documents of ours; 1 passed over"),
        ("{{ helm }}\n: [\n", 0, "0 documents of ours"),
        (DEPLOYMENT + "---\nkind: ConfigMap\n", 0, "1 document of ours; 1 passed over"),
        (DEPLOYMENT.replace("count: 100", "cuont: 100"), 2, "did you mean 'count'?"),
        (DEPLOYMENT + "bad: [", 2, "invalid: 1 problem"),
        (DEPLOYMENT.replace("ocspolicy/v1", "ocspolicy/v2"), 2, "expected 'ocspolicy/v1'"),
    ],
)
def test_validate(tmp_path: Path, text: str, status: int, said: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    ran = run("validate", "a.yaml", cwd=tmp_path)
    assert ran.status == status
    assert said in " ".join(ran.out.split())


def test_validate_without_files_and_with_a_missing_one(tmp_path: Path) -> None:
    assert run("validate", cwd=tmp_path).status == 0
    ran = run("validate", "nowhere.yaml", cwd=tmp_path)
    assert ran.status == 2
    assert "nowhere.yaml" in ran.out + ran.err


def rules(*arguments: str, cwd: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(run("rules", "--format", "json", *arguments, cwd=cwd).out)["rules"]
    return listed


def test_rules_of_the_contract_are_all_there(tmp_path: Path) -> None:
    expected = [f"CAL{n:03}" for n in range(1, 11)] + [f"GCH{n:03}" for n in range(1, 6)] + ["HDR001", "IDN001"]
    expected += [f"INV{n:03}" for n in (1, 2, 3)] + [f"ROL{n:03}" for n in range(1, 12)]
    expected += [f"WVR{n:03}" for n in (1, 2, 3, 4)]
    listed = rules(cwd=tmp_path)
    assert [row["id"] for row in listed] == expected
    assert all(row["on"] and row["plugin"] == "ocspolicy" for row in listed)


def test_rules_follow_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "ocspolicy.toml").write_text('ignore = ["INV"]\nseverity = {ROL005 = "error", CAL003 = "off"}\n')
    listed = {row["id"]: row for row in rules(cwd=tmp_path)}
    assert not listed["INV001"]["on"]
    assert not listed["CAL003"]["on"]
    assert listed["ROL005"]["severity"] == "error"
    assert {row["id"] for row in rules("--select", "CAL001", cwd=tmp_path) if row["on"]} == {
        "CAL001",
        "CAL005",
        "ROL004",
        "WVR002",
    }


def test_rules_with_an_unknown_id_is_status_2(tmp_path: Path) -> None:
    ran = run("rules", "--select", "XYZ", cwd=tmp_path)
    assert ran.status == 2
    assert "found 'XYZ'" in ran.err


@pytest.mark.parametrize("kind", ["Deployment", "LicenseInventory", "Waivers", "Catalog", "configuration", "result"])
def test_schema_is_the_committed_one(tmp_path: Path, kind: str) -> None:
    name = {"LicenseInventory": "license-inventory"}.get(kind, kind.lower())
    assert run("schema", kind, cwd=tmp_path).out == (ROOT / "schemas" / f"{name}.schema.json").read_text()


def test_schema_lists_and_refuses(tmp_path: Path) -> None:
    assert "deployment" in run("schema", cwd=tmp_path).out.split()
    assert run("schema", "Deploiment", cwd=tmp_path).status == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(tmp_path: Path, shell: str) -> None:
    assert "ocspolicy" in run("completion", shell, cwd=tmp_path).out


@pytest.mark.parametrize(
    ("line", "offered"),
    [("ocspolicy che", "check"), ("ocspolicy check --as", "--as-of"), ("ocspolicy check --fail-on ", "warning")],
)
def test_completion_offers(tmp_path: Path, line: str, offered: str) -> None:
    answer = tmp_path / "answer"
    asked = environment(
        _ARGCOMPLETE="1",
        _ARGCOMPLETE_IFS="\n",
        COMP_LINE=line,
        COMP_POINT=str(len(line)),
        _ARGCOMPLETE_STDOUT_FILENAME=str(answer),
    )
    subprocess.run([COMMAND], env=asked, cwd=tmp_path, check=True, capture_output=True)
    assert offered in [word.strip() for word in answer.read_text().split("\n")]


@pytest.mark.skipif(not os.path.exists("/bin/bash"), reason="no bash here")
def test_bash_takes_the_script(tmp_path: Path) -> None:
    script = run("completion", "bash", cwd=tmp_path).out
    bash = f"{script}\ncomplete -p ocspolicy"
    done = subprocess.run(
        ["/bin/bash", "-c", bash],
        env=environment(PATH=str(Path(sys.executable).parent)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "ocspolicy" in done.stdout


def test_several_formats_in_one_run(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    ran = run("check", *DAY, "--format", "concise", "--format", "json:a.json", "--format", "text:b.txt", cwd=tmp_path)
    assert ran.status == 1
    assert ran.out.splitlines()[0].startswith("estate.yaml:12:5: error[ROL001]")
    assert json.loads((tmp_path / "a.json").read_text())["summary"]["error"] == 1
    assert "ROL001" in (tmp_path / "b.txt").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "text", "--format", "json"),
        ("--format", "json:"),
        ("--format", "json:a", "--format", "text:a"),
        ("--format", "json:a", "--output", "a"),
        ("--format", "jsn:a"),
    ],
)
def test_formats_that_contradict_each_other(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run("check", *DAY, *arguments, cwd=estate(tmp_path))
    assert ran.status == 2
    assert "--format" in ran.err or "found format" in ran.err
    assert not (tmp_path / "a").exists()


def test_one_unwritable_file_loses_no_other(tmp_path: Path) -> None:
    ran = run(
        "check",
        *DAY,
        "--format",
        "json:no/a.json",
        "--format",
        "text:b.txt",
        "--format",
        "concise",
        cwd=estate(tmp_path),
    )
    assert ran.status == 2
    assert (tmp_path / "b.txt").exists()
    assert ran.out.startswith("covered")


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "gitlab", "azure", "markdown", "concise", "text", "json"])
def test_saved_result_in_any_format(tmp_path: Path, form: str) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    direct = run("check", *DAY, "--format", form, "--format", "json:saved.json", cwd=tmp_path)
    again = run("report", "saved.json", "--format", form, cwd=tmp_path)
    assert (direct.status, again.status) == (1, 0)
    assert again.out == direct.out


@pytest.mark.parametrize(
    ("text", "said"), [("", "found"), ("{}", "schema"), ("[1", "found"), ('{"schema": "other"}', "schema")]
)
def test_report_refuses_what_is_no_result(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.json").write_text(text)
    ran = run("report", "a.json", cwd=tmp_path)
    assert ran.status == 2
    assert said in ran.err
    assert run("report", "nowhere.json", cwd=tmp_path).status == 2
