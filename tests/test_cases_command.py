"""`ocspolicy test`: the cases of a rule's author, run by the command."""

from pathlib import Path

import pytest
from process import ROOT, run

CASE = """\
# {first}
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {{name: contoso}}
servers:
  - {{name: edge01, roles: [edge]}}{comment}
---
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {{product: ocs-2007-r2, license: server, edition: standard, quantity: {owned}}}
"""
BAD = CASE.format(first="as-of: 2009-06-01", comment=" # expect: ROL001 short=1", owned=0)
GOOD = CASE.format(first="covered", comment="", owned=1)


def put(folder: Path, name: str, text: str, rule: str = "ROL001") -> None:
    path = folder / "cases" / rule / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_all_as_expected(tmp_path: Path) -> None:
    put(tmp_path, "bad.yaml", BAD)
    put(tmp_path, "good.yaml", GOOD)
    put(tmp_path / ".hidden", "wrong.yaml", GOOD.replace("quantity: 1", "quantity: 0"))
    ran = run("test", ".", cwd=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "passed: 2 cases for 1 rule; each is made to fire\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (BAD.replace("quantity: 0", "quantity: 1"), "case.yaml:6: expected ROL001 short=1, found none"),
        (BAD.replace("short=1", "short=2"), "case.yaml:6: expected ROL001 short=2, found short=1"),
        (BAD.replace(" # expect: ROL001 short=1", ""), "found ROL001 (1 of 1 server license is missing), expected no"),
    ],
    ids=["missing", "another-fact", "not-expected"],
)
def test_difference_is_status_1(tmp_path: Path, text: str, fault: str) -> None:
    put(tmp_path, "case.yaml", text)
    put(tmp_path, "good.yaml", GOOD)
    ran = run("test", "cases", cwd=tmp_path)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("cases/ROL001/case.yaml:\n  ")
    assert fault in ran.out
    assert ran.last.startswith("failed: 1 of 2 cases for 1 rule; ")


def test_rules_that_no_case_makes_fire_are_named(tmp_path: Path) -> None:
    put(tmp_path, "good.yaml", GOOD)
    put(tmp_path, "good.yaml", GOOD, "ROL002")
    put(tmp_path, "bad.yaml", BAD)
    ran = run("test", cwd=tmp_path)
    assert ran.status == 0
    silent = ran.out.splitlines()
    assert "no case makes ROL002 (server-edition-mismatch) fire" in silent
    assert "no case makes ROL011 (server-license-version-too-old) fire" in silent
    assert not any("ROL001" in line or "CAL" in line for line in silent)
    assert ran.last == "passed: 3 cases for 2 rules; 10 rules never made to fire"
    alone = run("test", "cases/ROL002", cwd=tmp_path)
    assert alone.out.splitlines() == [silent[0], "passed: 1 case for 1 rule; 1 rule never made to fire"]


@pytest.mark.parametrize(
    ("rule", "name", "text", "said"),
    [
        ("ROL001", "case.yaml", GOOD.replace("quantity: 1", "quantity: one"), "case.yaml:11:"),
        ("ROL001", "case.yaml", "a: [", "case.yaml"),
        ("ACM001", "case.yaml", GOOD, "found 'ACM001', expected a rule id"),
        ("ROL001", "case/estate.yaml", GOOD, "fail-on"),
    ],
    ids=["shape", "no-yaml", "unknown-rule", "configuration"],
)
def test_a_case_that_cannot_be_judged_is_status_2(tmp_path: Path, rule: str, name: str, text: str, said: str) -> None:
    (tmp_path / "cases" / rule / "case").mkdir(parents=True)
    (tmp_path / "cases" / rule / "case" / "ocspolicy.toml").write_text("fail-on = 3\n" if "/" in name else "")
    put(tmp_path, name, text, rule)
    ran = run("test", cwd=tmp_path)
    assert ran.status == 2
    assert said in ran.out + ran.err


@pytest.mark.parametrize("folder", ["nothing", ".", "file"])
def test_no_cases_are_status_2(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("x")
    ran = run("test", folder, cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("where", ["", "cases/ROL001/good/"], ids=["repository", "case"])
def test_code_of_the_tree_is_not_loaded_without_being_allowed(tmp_path: Path, where: str) -> None:
    put(tmp_path, "good/estate.yaml", GOOD)
    put(tmp_path, "bad.yaml", BAD)
    (tmp_path / f"{where}ocspolicy.toml").write_text('plugins = ["trap"]\n')
    (tmp_path / "trap.py").write_text("open('sprung', 'w')\n")
    ran = run("test", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (ran.status, ran.out) == (2, "")
    assert "pass --allow-local-plugins" in ran.err
    assert not (tmp_path / "sprung").exists()
    assert run("test", "--allow-local-plugins", cwd=tmp_path, PYTHONPATH=str(tmp_path)).status == 0
    assert (tmp_path / "sprung").exists()


def test_cases_of_the_program_itself(tmp_path: Path) -> None:
    ran = run("test", str(ROOT / "plugins" / "ocspolicy_inventory"), cwd=tmp_path)
    assert ran.status == 0
    assert ran.last.endswith("rules; each is made to fire")
