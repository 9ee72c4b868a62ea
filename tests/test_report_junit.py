from typing import Any
from xml.etree import ElementTree as ET

import pytest
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from read_back import unshown
from report_samples import DISPUTED, EDGE02, SAMPLES, WAIVED, WAIVER, report, reports, shortage, texts

from ocspolicy.errors import Problem
from ocspolicy.finding import Report, Severity, Waived
from ocspolicy.report import render
from ocspolicy.report.sanitize import shown
from ocspolicy.report.wording import label


def parsed(any_report: Report) -> ET.Element:
    return ET.fromstring(render(any_report, "junit").encode("utf-8", "strict"))  # noqa: S314 -- our own output


def case_of(any_report: Report, deployment: str = "contoso-emea", rule: str = "ROL001 server-license-shortage") -> Any:
    found = parsed(any_report).findall(f"./testsuite[@name='deployment {deployment}']/testcase[@name='{rule}']")
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("sample", SAMPLES)
def test_junit(sample: str) -> None:
    compare(GOLDEN / "report" / sample / "junit.xml", render(SAMPLES[sample], "junit"))


@settings(deadline=None, max_examples=100)
@given(reports)
def test_the_counts_are_right_and_every_failing_finding_is_a_failure(any_report: Report) -> None:
    root = parsed(any_report)
    counts = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, tag in counts.items():
        assert int(root.get(name, "")) == len(root.findall(f".//{tag}"))
        for suite in root:
            assert int(suite.get(name, "")) == len(suite.findall(f".//{tag}"))
    failing = {(found.deployment, found.rule) for found in any_report.findings if any_report.fails(found)}
    assert len(root.findall(".//failure")) == len(failing)
    told = "".join(element.text or "" for element in root.iter() if element.tag in {"failure", "system-out"})
    for found in any_report.findings:
        assert f"{label(found)} {shown(found.message)}" in told
    if any_report.problems:
        passing = [
            case for case in root.iter("testcase") if case.find("failure") is None and case.find("error") is None
        ]
        assert all(case.find("skipped") is not None for case in passing)
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names)
    assert len({suite.get("name") for suite in root}) == len(root)


@settings(deadline=None, max_examples=100)
@given(reports)
def test_no_line_acts(any_report: Report) -> None:
    for line in render(any_report, "junit").split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line.lower()


@settings(deadline=None, max_examples=200)
@given(texts)
def test_any_text_reads_back(text: str) -> None:
    case = case_of(report(findings=(shortage(message=text, deployment="d", related=(), remedy=""),)), "d")
    assert unshown(case.find("failure").get("message")) == text
    assert unshown(case.find("failure").text.split("\n")[1]) == f"emea.yaml:13:5: error[ROL001] {text}"


def test_the_name_of_a_case_holds_no_message() -> None:
    cases = [case.attrib for case in parsed(SAMPLES["short"]).iter("testcase")]
    again = [case.attrib for case in parsed(report()).iter("testcase")]
    assert [(case["classname"], case["name"]) for case in cases] == [
        (case["classname"], case["name"]) for case in again
    ]
    assert {
        "classname": "deployment contoso-emea",
        "name": "CAL003 external-authenticated-access",
        "time": "0",
    } in cases


def test_a_failure_names_the_first_finding_and_tells_all() -> None:
    second = shortage(message="another", key=("x",), location=EDGE02._replace(file="later.yaml"))
    case = case_of(report(findings=(shortage(), second)))
    assert case.attrib["file"] == "emea.yaml"
    assert case.attrib["line"] == "13"
    assert case.find("failure").attrib == {
        "message": "1 of 4 server licenses is missing and 1 more finding",
        "type": "error",
    }
    assert "later.yaml:13:5: error[ROL001] another" in case.find("failure").text


def test_a_waived_finding_skips_its_case() -> None:
    case = case_of(report(findings=(shortage(waived=WAIVED),)))
    reason = "waived until 2009-06-30 by it-finance: EA order 778 signed, delivery in June"
    assert case.find("skipped").attrib == {"message": reason}
    assert case.find("failure") is None


def test_a_waived_finding_beside_a_failing_one_hides_nothing() -> None:
    other = shortage(waived=Waived("x", "2009-06-30", None, WAIVER), key=("x",))
    case = case_of(report(findings=(shortage(), other)))
    assert case.find("skipped") is None
    assert case.find("failure") is not None
    assert "waived[ROL001]" in case.find("system-out").text


def test_what_does_not_fail_the_build_passes_and_is_told() -> None:
    name = "CAL003 external-authenticated-access"
    case = case_of(report(findings=(DISPUTED,)), rule=name)
    assert [child.tag for child in case] == ["system-out"]
    assert "warning[CAL003]" in case.find("system-out").text
    assert case_of(report(findings=(DISPUTED,), fail_on=Severity.WARNING), rule=name).find("failure") is not None


def test_with_a_problem_nothing_passes() -> None:
    broken = report(problems=(Problem("input", "a", EDGE02), Problem("git", "b")))
    root = parsed(broken)
    (error,) = root.findall(".//error")
    assert error.attrib == {"message": "a and 1 more problem", "type": "input"}
    assert "emea.yaml:13:5: could not judge: a\ncould not judge: b\n" in error.text
    assert len(root.findall(".//skipped")) == len(root.findall(".//testcase")) - 1


def test_with_a_problem_a_warning_does_not_pass_its_case() -> None:
    broken = report(problems=(Problem("git", "b"),), findings=(DISPUTED,))
    case = case_of(broken, rule="CAL003 external-authenticated-access")
    assert [child.tag for child in case] == ["skipped", "system-out"]
    assert case.find("skipped").get("message") == "not judged in full"


def test_no_deployment_bears_the_name_of_a_suite_of_ours() -> None:
    names = ("judgement", "the estate as a whole")
    root = parsed(report(deployments=names, problems=(Problem("git", "b"),)))
    assert [suite.get("name") for suite in root] == [
        "judgement",
        "deployment judgement",
        "deployment the estate as a whole",
        "the estate as a whole",
    ]


def test_a_finding_without_a_remedy_promises_no_help() -> None:
    assert "help:" not in render(report(findings=(shortage(remedy=""),)), "junit")
