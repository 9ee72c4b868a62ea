import pytest
from hypothesis import given, settings
from report_samples import SAMPLES, report, reports, shortage

from ocspolicy.finding import Certainty, Report, Severity, Summary
from ocspolicy.report.wording import counted, last_line, listed


@pytest.mark.parametrize(
    ("number", "noun", "plural", "expected"),
    [
        (0, "waiver", "", "no waivers"),
        (1, "waiver", "", "1 waiver"),
        (2, "waiver", "", "2 waivers"),
        (12345, "waiver", "", "12,345 waivers"),
        (1, "inventory", "inventories", "1 inventory"),
        (12, "inventory", "inventories", "12 inventories"),
    ],
)
def test_counted(number: int, noun: str, plural: str, expected: str) -> None:
    assert counted(number, noun, plural) == expected


@pytest.mark.parametrize(
    ("words", "most", "expected"),
    [
        ([], 5, ""),
        (["a"], 5, "a"),
        (["a", "b"], 5, "a and b"),
        (["a", "b", "c"], 5, "a, b and c"),
        (["a", "b", "c"], 2, "a, b and 1 more"),
        (["a", "b", "c", "d"], 1, "a and 3 more"),
        (["a", "b", "c"], None, "a, b and c"),
    ],
)
def test_listed(words: list[str], most: int | None, expected: str) -> None:
    assert listed(words, most) == expected


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (
            "clean",
            "covered: no findings; judged 1 deployment (contoso-emea) against 2 lines of 1 inventory with",
        ),
        ("waived", "covered: 1 info (1 waived); judged "),
        ("disputed", "covered: 1 warning (1 left open by the terms); judged "),
        ("short", "failed: 2 errors; judged "),
        ("many", "failed: 2 errors, 1 warning, 1 info (1 left open by the terms); judged 3 deployments ("),
        ("problem", "could not judge: 2 problems; 1 error in what could be read; looked at 1 deployment "),
        ("never", "not covered (--fail-on never): 1 error; judged "),
    ],
)
def test_the_last_line_begins_with_the_verdict(sample: str, expected: str) -> None:
    assert last_line(SAMPLES[sample]).startswith(expected)


def test_the_last_line_says_what_was_judged() -> None:
    assert last_line(SAMPLES["many"]).endswith(
        "; judged 3 deployments (contoso-apac, contoso-emea and contoso-us;"
        " contoso-apac and contoso-emea share inventory lines) against 14 lines of 2 inventories"
        " with 24 rules; 3 files and 1 document passed over; 2 waivers; as of 2009-06-01"
    )


@pytest.mark.parametrize(
    ("names", "sharing", "expected"),
    [
        (("a", "b"), (), "(a and b)"),
        (("a", "b"), ("a", "b"), "(a and b; both share inventory lines)"),
        (("a", "b", "c"), ("a", "b", "c"), "(a, b and c; all share inventory lines)"),
        (
            tuple("abcdefg"),
            tuple("abcdef"),
            "(a, b, c, d, e and 2 more; a, b, c, d, e and 1 more share inventory lines)",
        ),
    ],
)
def test_the_last_line_names_deployments(names: tuple[str, ...], sharing: tuple[str, ...], expected: str) -> None:
    summary = Summary(deployments=len(names), sharing=sharing)
    assert expected in last_line(report(deployments=names, summary=summary))


def test_a_finding_below_the_limit_does_not_fail() -> None:
    warning = shortage(severity=Severity.WARNING)
    assert last_line(report(findings=(warning,))).startswith("covered: 1 warning;")
    assert last_line(report(findings=(warning,), fail_on=Severity.WARNING)).startswith("failed: 1 warning;")


def test_only_covered_without_an_error_is_called_covered() -> None:
    open_terms = shortage(certainty=Certainty.UNDETERMINED, severity=Severity.WARNING)
    assert "(1 left open by the terms)" in last_line(report(findings=(open_terms,)))


@settings(deadline=None)
@given(reports)
def test_the_last_line_is_one_line_and_never_claims_too_much(any_report: Report) -> None:
    line = last_line(any_report)
    assert len(line.splitlines()) == 1
    if line.startswith("covered:"):
        assert any_report.status == 0
        assert any_report.count(Severity.ERROR) == 0
    assert line.startswith("failed:") == (any_report.status == 1)
    assert line.startswith("could not judge:") == (any_report.status == 2)
