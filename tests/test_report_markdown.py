import html
import re

import pytest
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from report_samples import SAMPLES, report, reports, shortage, texts

from ocspolicy.finding import Report
from ocspolicy.report import render
from ocspolicy.report.sanitize import shown


def read(cell: str) -> str:
    """Read a cell as a browser does, without the empty entities that break what forges look for."""
    return html.unescape(cell.replace("&#8203;", ""))


@pytest.mark.parametrize("sample", SAMPLES)
def test_markdown(sample: str) -> None:
    compare(GOLDEN / "report" / sample / "summary.md", render(SAMPLES[sample], "markdown"))


@settings(deadline=None, max_examples=200)
@given(texts)
def test_any_text_reads_back_from_its_cell_and_is_inert(text: str) -> None:
    lines = render(report(findings=(shortage(message=f"x{text}x"),)), "markdown").split("\n")
    (row,) = [line for line in lines if line.startswith("| **error**")]
    cells = row.split(" | ")
    assert len(cells) == 6
    assert read(cells[2]) == shown(f"x{text}x").replace("\t", " ")
    assert not re.search(r"[`\\<>\[\]*_~$]|@(?!&#8203;)|(?<!&)#(?!&#8203;)|://|www\.", cells[2])


@settings(deadline=None, max_examples=100)
@given(reports)
def test_every_finding_is_a_row_and_no_line_acts(any_report: Report) -> None:
    text = render(any_report, "markdown")
    assert text.startswith("<!-- ocspolicy:check -->\n### ocspolicy: ")
    rows = [line for line in text.split("\n") if re.match(r"\| (\*\*error\*\*|warning|info) \|", line)]
    assert len(rows) == sum(found.waived is None for found in any_report.findings)
    for line in text.split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line.lower()


@pytest.mark.parametrize("count", [10, 500, 5000])
def test_rows_are_cut_and_counted_but_never_the_verdict(count: int) -> None:
    findings = tuple(shortage(key=(str(number),), subject=str(number)) for number in range(count))
    text = render(report(findings=findings), "markdown")
    assert len(text) <= 65_536
    assert f"\n{count:,} errors; judged" in text
    assert "\n| license | required | owned | balance |\n" in text
    rows = len(re.findall(r"^\| \*\*error\*\*", text, re.MULTILINE))
    left_out = re.findall(r"^([\d,]+) more rows? left out", text, re.MULTILINE)
    assert rows + sum(int(number.replace(",", "")) for number in left_out) == count
    assert rows >= min(count, 100)


def test_a_long_text_is_cut() -> None:
    assert len(render(report(findings=(shortage(message="x" * 100_000),)), "markdown")) < 3_000


def test_the_gravest_come_first_and_waived_ones_stand_apart() -> None:
    text = render(SAMPLES["many"], "markdown")
    severities = re.findall(r"^\| (?:\*\*)?(error|warning|info)", text, re.MULTILINE)
    assert severities == ["error", "error", "warning", "info"]
    assert "(disputed)" in text
    assert "**waived**" not in text
    assert "**waived**" in render(SAMPLES["waived"], "markdown")
