import re

import pytest
import report_samples
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import SAMPLES, WAIVED, report, reports, shortage

from ocspolicy.errors import JudgementError, Problem
from ocspolicy.finding import Report
from ocspolicy.report import FORMATS, View, render, renderer
from ocspolicy.report.reasons import certificate
from ocspolicy.report.wording import last_line

VIEWS = {
    "": {},
    ".wide": {"width": 160},
    ".verbose": {"verbose": True},
    ".quiet": {"quiet": True},
    ".color": {"color": True},
}
views = st.builds(View, st.booleans(), st.integers(1, 200), st.booleans(), st.booleans())
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2028\u2029\ud800-\udfff]")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view or "plain")
@pytest.mark.parametrize("sample", SAMPLES)
def test_text(sample: str, view: str) -> None:
    text = render(SAMPLES[sample], "text", **VIEWS[view])
    compare(GOLDEN / "report" / sample / f"text{view}.txt", text)


@pytest.mark.parametrize("sample", SAMPLES)
def test_concise(sample: str) -> None:
    compare(GOLDEN / "report" / sample / "concise.txt", render(SAMPLES[sample], "concise"))


@settings(deadline=None, max_examples=100)
@given(reports, st.sampled_from(["text", "concise"]), views)
def test_no_line_acts_and_the_last_line_is_the_verdict(any_report: Report, name: str, view: View) -> None:
    text = renderer(name)(any_report, view)
    plain = STYLE.sub("", text)
    assert text.endswith("\n")
    assert plain.split("\n")[-2] == last_line(any_report)
    assert not HIDDEN.search(plain)
    for line in [*plain.split("\n"), *text.split("\n")]:
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line.lower()


@settings(deadline=None, max_examples=50)
@given(reports, st.integers(1, 200))
def test_color_changes_no_character(any_report: Report, width: int) -> None:
    plain = render(any_report, "text", width=width, verbose=True)
    assert STYLE.sub("", render(any_report, "text", width=width, verbose=True, color=True)) == plain


@settings(deadline=None, max_examples=60)
@given(reports)
def test_every_finding_and_problem_is_there(any_report: Report) -> None:
    text = render(any_report, "text")
    heads = re.findall(r"^(?:error|warning|info|waived)\[", text, re.MULTILINE)
    assert len(heads) == len(any_report.findings)
    assert len(re.findall(r"^error: could not", text, re.MULTILINE)) == len(any_report.problems)
    concise = render(any_report, "concise")
    assert len(concise.split("\n")) - 2 == len(any_report.findings) + len(any_report.problems)


def test_a_waived_finding_says_in_concise_too_why_it_does_not_count() -> None:
    (line, _, _) = render(report(findings=(shortage(waived=WAIVED),)), "concise").split("\n")
    assert line == (
        "emea.yaml:13:5: waived[ROL001] 1 of 4 server licenses is missing"
        " (waived until 2009-06-30 by it-finance: EA order 778 signed, delivery in June)"
    )


@settings(deadline=None, max_examples=50)
@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_findings_changes_nothing(any_report: Report, random: object) -> None:
    shuffled = list(any_report.findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = any_report._replace(findings=tuple(shuffled))
    for name in FORMATS:
        assert render(again, name) == render(any_report, name)


@pytest.mark.parametrize(
    ("license_kind", "required", "owned", "lines", "expected"),
    [
        ("server", 1, 0, 0, "1 running server needs a license, and no inventory line can serve it"),
        ("server", 2, 0, 0, "2 running servers need a license, and no inventory line can serve any of them"),
        (
            "server",
            1,
            0,
            1,
            "1 running server needs a license, and the only line that can serve it covers 0: a#/0; 1 - 0 = 1 short",
        ),
        (
            "user-cal",
            5,
            3,
            2,
            "5 users need a CAL, and the 2 lines that can serve any of them cover 3: a#/0 and a#/1; 5 - 3 = 2 short",
        ),
        (
            "x",
            5,
            3,
            1,
            "5 needs are to be served, and the only line that can serve any of them covers 3: a#/0; 5 - 3 = 2 short",
        ),
    ],
)
def test_the_certificate_is_a_sentence(license_kind: str, required: int, owned: int, lines: int, expected: str) -> None:
    named = [f"a#/{number}" for number in range(lines)]
    proof = {"required": required, "owned": owned, "lines": named, "deployments": ["contoso-emea"]}
    assert certificate(shortage(facts={"license": license_kind, "certificate": proof})) == [expected]


@pytest.mark.parametrize("proof", [None, [], "x", {}, {"required": "4", "owned": 3}, {"required": 4}])
def test_what_is_no_certificate_is_left_out(proof: object) -> None:
    assert certificate(shortage(facts={"certificate": proof})) == []


def test_a_trace_is_shown_with_verbose_only() -> None:
    broken = report(problems=(Problem("internal", "rule ROL001 failed", None, None, "Traceback\n  File x\n"),))
    assert "File x" not in render(broken, "text")
    assert "  = trace: Traceback\n             File x\n" in render(broken, "text", verbose=True)


def test_an_unknown_format_is_a_problem_with_near_misses() -> None:
    with pytest.raises(JudgementError, match=r"found format 'jsn', expected one of .*did you mean 'json'\?"):
        render(SAMPLES["clean"], "jsn")


def test_what_a_certificate_does_not_show_is_said() -> None:
    found = report_samples.shortage()
    proof = {**found.facts["certificate"], "indivisible": 2}
    said = certificate(found._replace(facts={**found.facts, "certificate": proof}))
    assert said == [*certificate(found), "2 more stay uncovered, since a suite cannot be split"]
