from __future__ import annotations

from pathlib import Path

import pytest

from ocspolicy.testing import Case, find_cases, package_cases

PACKAGE = "ocspolicy_counted_roles"
CASE = """\
{first}
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


def _case(folder: Path, *, comment: str = "", owned: int = 0, first: str = "# a case") -> Case:
    path = folder / "ROL001" / "case.yaml"
    path.parent.mkdir()
    path.write_text(CASE.format(first=first, comment=comment, owned=owned), encoding="utf-8")
    (case,) = find_cases(folder, (PACKAGE,))
    return case


@pytest.mark.parametrize(
    "comment",
    [
        " # expect: ROL001",
        " # expect: ROL001 short=1 license=server",
        " # expect: ROL001 certificate.owned=0 certificate.lines=''",
        " # expect: ROL001 certainty=certain severity=error deployment=contoso subject=edge01",
    ],
    ids=["rule", "facts", "inside-a-fact", "about-the-finding"],
)
def test_expected_findings_are_met(tmp_path: Path, comment: str) -> None:
    case = _case(tmp_path, comment=comment)
    outcome = case.run()
    assert (outcome.faults, outcome.fired) == ((), {"ROL001"})
    assert case.name == "ROL001/case"


@pytest.mark.parametrize(
    ("comment", "owned", "fault"),
    [
        ("", 0, "case.yaml:6:5: found ROL001 (1 of 1 server license is missing), expected no such finding"),
        (" # expect: ROL001 short=1", 1, "case.yaml:6: expected ROL001 short=1, found none"),
        (" # expect: ROL001 short=2", 0, "case.yaml:6: expected ROL001 short=2, found short=1"),
        (" # expect: ROL001 shrot=1", 0, "case.yaml:6: expected ROL001 shrot=1, found shrot=null"),
        (
            " # expect: ROL001 short",
            1,
            "case.yaml:6: found '# expect: ROL001 short', expected '# expect: ID fact=value'",
        ),
        (" # expect:", 1, "case.yaml:6: found '# expect:', expected '# expect: ID fact=value'"),
        (" # expect: ROL001 # expect: ROL001", 0, "case.yaml:6: expected ROL001, found none"),
    ],
    ids=["not-expected", "missing", "another-fact", "no-such-fact", "no-value", "empty", "twice"],
)
def test_differences_are_said(tmp_path: Path, comment: str, owned: int, fault: str) -> None:
    case = _case(tmp_path, comment=comment, owned=owned)
    assert fault in case.run().faults
    with pytest.raises(AssertionError, match=r"case\.yaml"):
        case.check()


@pytest.mark.parametrize(
    ("first", "fault"),
    [
        (
            "# as-of: yesterday",
            "case.yaml:1: found '# as-of: yesterday', expected a day that exists, written YYYY-MM-DD",
        ),
        ("kind: {", "case.yaml"),
    ],
    ids=["no-day", "no-yaml"],
)
def test_a_case_that_cannot_be_judged_fails(tmp_path: Path, first: str, fault: str) -> None:
    assert any(fault in found for found in _case(tmp_path, first=first, owned=1).run().faults)


def test_the_day_is_read_off_the_first_line(tmp_path: Path) -> None:
    assert _case(tmp_path, first="# as-of: 2012-02-29", owned=1).report().as_of == "2012-02-29"


def test_without_a_day_it_is_always_the_same(tmp_path: Path) -> None:
    assert _case(tmp_path, owned=1).report().as_of == "2009-06-01"


def test_a_folder_is_one_case_with_its_own_configuration(tmp_path: Path) -> None:
    folder = tmp_path / "cases" / "ROL001" / "ignored"
    folder.mkdir(parents=True)
    (folder / "estate.yaml").write_text(CASE.format(first="#", comment="", owned=0), encoding="utf-8")
    (folder / "ocspolicy.toml").write_text('ignore = ["ROL"]\n', encoding="utf-8")
    (case,) = find_cases(tmp_path, (PACKAGE,))
    assert case.name == "ROL001/ignored"
    assert any("switched off" in fault for fault in case.run().faults)


def test_cases_of_a_package_are_found_in_order() -> None:
    names = [case.name for case in package_cases(PACKAGE)]
    assert names == sorted(names)
    assert "ROL001/bad" in names


def test_a_package_that_is_not_there_has_no_cases() -> None:
    assert package_cases("no_such_package") == []
