"""Markdown as CommonMark with tables reads it. REMARK names a folder with remark-github, which does as GitHub does."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from process import DAY, INVENTORY, estate, run
from references import EXAMPLES, FORMS, REFERENCE
from report_samples import POSITION, SAMPLES, WAIVED, report, reports, shortage, texts

from ocspolicy.errors import Problem
from ocspolicy.finding import PositionRow, Report, Severity
from ocspolicy.report import MARKDOWN_LIMIT, render
from ocspolicy.report.headline import verdict_of
from ocspolicy.report.inert import code, prose
from ocspolicy.report.sanitize import shown
from ocspolicy.report.wording import last_line

REMARK = os.environ.get("REMARK", "")
LINKS = """
import {readFileSync} from "node:fs"; import {unified} from "unified"; import parse from "remark-parse";
import gfm from "remark-gfm"; import github from "remark-github";
const page = await unified().use(parse).use(gfm).use(github, {repository: "acme/estate"});
const found = [];
const walk = (node) => { if (["link", "image", "linkReference", "delete", "emphasis"].includes(node.type))
    found.push(node.type); (node.children || []).forEach(walk); };
for (const text of JSON.parse(readFileSync(process.argv[1], "utf8"))) walk(await page.run(page.parse(text)));
console.log(JSON.stringify(found));
"""
names = st.lists(st.sampled_from([*EXAMPLES, " ", "licenses", "front-end"]) | texts, max_size=5).map("".join)
LEAST = 16_000


class Seen(NamedTuple):
    """What a reader sees: text by cell or paragraph, and what of it is not code."""

    blocks: list[str]
    bare: list[str]
    markup: list[str]


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def seen(text: str) -> Seen:
    """Read a text as CommonMark with tables."""
    given_ = Seen([], [], [])
    for token in tokens(text):
        if token.type == "html_block":
            given_.markup.append(token.content.strip())
        elif token.type == "inline":
            block = ""
            for child in token.children or []:
                match child.type:
                    case "text":
                        given_.bare.append(child.content)
                        block += child.content
                    case "code_inline":
                        block += child.content
                    case "html_inline":
                        given_.markup.append(child.content)
                        block += "\n"
                    case kind:
                        assert kind in {"strong_open", "strong_close"}, kind
            given_.blocks.append(block)
    return given_


def plain(text: str) -> str:
    """Give what a reader sees of a text: blanks run together, and one at an edge shows nothing."""
    return re.sub(" +", " ", shown(text).replace("\t", " ")).strip(" ")


def cells(text: str) -> Iterator[list[str]]:
    """Give the rows of all tables, without their heads."""
    row: list[str] = []
    for token, after in zip(tokens(text), [*tokens(text)[1:], None], strict=True):
        if token.type == "td_open":
            assert after is not None
            row.append(seen(f"| a |\n| - |\n| {after.content} |").blocks[-1])
        elif token.type == "tr_close" and row:
            yield row
            row = []


@pytest.mark.parametrize("sample", SAMPLES)
def test_markdown(sample: str) -> None:
    compare(GOLDEN / "report" / sample / "summary.md", render(SAMPLES[sample], "markdown"))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_an_example(form: str) -> None:
    assert any(re.search(FORMS[form], example, re.IGNORECASE) for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("around", ["{}", "a {} b", "see {}, or ({}).", "x{}", "{}x", "{} {}"])
def test_a_reference_stays_what_was_written(example: str, around: str) -> None:
    text = around.replace("{}", example)
    for made in (prose(text), code(text)):
        found = seen(f"| a |\n| --- |\n| x {made} |")
        assert found.blocks[1:] == [plain(f"x {text}")]
        assert not [it for it in found.bare if REFERENCE.search(it.replace("|", "").replace("`", ""))]
        assert found.markup == []


@settings(deadline=None, max_examples=300)
@given(names)
def test_any_text_is_seen_as_it_was_and_is_inert(text: str) -> None:
    for made in (prose(text), code(text)):
        found = seen(f"| a | b |\n| --- | --- |\n| x {made} | y |")
        assert found.blocks[2:] == [plain(f"x {text}"), "y"]
        # A pipe or a backtick stands alone between two spans, where it is part of nothing.
        assert not [it for it in found.bare if REFERENCE.search(it.replace("|", "").replace("`", ""))]
        assert found.markup == []


def test_a_sentence_stays_prose_and_its_names_become_code() -> None:
    said = "1 of 4,200 standard server licenses is missing (until 2009-06-30): 'edge02.fabrikam.example' has none."
    assert prose(said) == said.replace("edge02.fabrikam.example", "`edge02.fabrikam.example`")
    assert prose("user(s) of front-end pools") == "`user(s)` of front-end pools"


def everywhere(text: str) -> Report:
    """Put a text wherever a report has one."""
    found = shortage(rule=text, name=text, message=text, deployment=text, remedy=text, subject=text)
    waived = shortage(key=("waived",), message=text, waived=WAIVED._replace(reason=text, approved_by=text))
    rows = (PositionRow(text, text, text, text, 2, 1),)
    return report(deployments=(text,), findings=(found, waived), position=rows)


@settings(deadline=None, max_examples=100)
@given(names)
def test_a_report_is_inert_wherever_a_text_stands(text: str) -> None:
    problem = report(problems=(Problem("input", text, None, None),), deployments=(text,))
    for one in (everywhere(text), problem):
        found = seen(render(one, "markdown"))
        for it in found.bare:
            assert not REFERENCE.search(it.replace("|", "").replace("`", "")), it
        for it in found.markup:
            assert re.fullmatch(
                r"<!-- ocspolicy:check -->|<br>|</?sub>|<details>\n<summary><b>[\w ]+</b></summary>|</details>", it
            )


@settings(deadline=None, max_examples=100)
@given(names)
def test_every_cell_reads_back(text: str) -> None:
    rows = list(cells(render(everywhere(text or "a"), "markdown")))
    text = text or "a"
    assert rows[0][0] == plain(f"{text} {text}/{text}/{text}")
    finding, where, remedy = rows[1]
    assert finding == f"{plain(f'{text} {text}')}\n{plain(text)}"
    assert where == "\n".join(part for part in (plain(text), "emea.yaml:13:5") if part)
    assert remedy == plain(text)
    assert len(rows) == 3


@pytest.mark.skipif(not REMARK, reason="REMARK does not name a folder with remark-github")
def test_remark_links_nothing(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node
    pages = [render(everywhere(example), "markdown") for example in EXAMPLES]
    pages += [render(everywhere(f"see {example}, or ({example})."), "markdown") for example in EXAMPLES]
    pages += [render(one, "markdown") for one in SAMPLES.values()]

    def found(texts_: list[str]) -> list[str]:
        (tmp_path / "texts.json").write_text(json.dumps(texts_))
        done = subprocess.run(
            [node, "--input-type=module", "-e", LINKS, str(tmp_path / "texts.json")],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            cwd=REMARK,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        )
        kinds: list[str] = json.loads(done.stdout)
        return kinds

    assert found(["GH-26, @name and a@example.com"]) == ["link"] * 3
    assert found(pages) == []


@settings(deadline=None, max_examples=100)
@given(reports, st.sampled_from([LEAST, MARKDOWN_LIMIT, 2**20]))
def test_every_finding_is_a_row_or_counted_and_no_line_acts(any_report: Report, limit: int) -> None:
    text = render(any_report, "markdown", limit=limit)
    assert len(text.encode()) <= limit
    assert text.startswith("<!-- ocspolicy:check -->\n### ")
    seen_ = seen(text)
    assert plain(verdict_of(any_report).title).lower() in seen_.blocks[0].lower()
    assert seen_.blocks[1] == " ".join(map(plain, verdict_of(any_report).sentences))
    assert seen_.blocks[-1].strip("\n") == plain(last_line(any_report))
    rows = list(cells(text))
    left_out = sum(int(number.replace(",", "")) for number in re.findall(r"([\d,]+) (?:more|in all), left out", text))
    listed = len(any_report.problems) if any_report.problems else len(any_report.position)
    assert len(rows) + left_out == len(any_report.findings) + listed
    for line in text.split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line.lower()


@pytest.mark.parametrize("limit", [LEAST, MARKDOWN_LIMIT, 2**20])
@pytest.mark.parametrize("count", [10, 500, 5000])
def test_rows_are_cut_to_the_size_and_counted_but_never_the_verdict(count: int, limit: int) -> None:
    findings = tuple(shortage(key=(str(number),), subject=str(number)) for number in range(count))
    position = tuple(PositionRow("p", f"kind-{number}", None, None, number % 2, 0) for number in range(count))
    text = render(report(findings=findings, position=position), "markdown", limit=limit)
    assert len(text.encode()) <= limit
    assert f"short; {count:,} errors in contoso-emea." in text
    assert f"<summary><b>{count:,} errors</b></summary>\n" in text
    found = len(re.findall(r"^\| `ROL001", text, re.MULTILINE))
    listed = len(re.findall(r"^\| `p kind", text, re.MULTILINE))
    left_out = [int(it.replace(",", "")) for it in re.findall(r"^and ([\d,]+) more, left out", text, re.MULTILINE)]
    assert found + listed + sum(left_out) == 2 * count
    assert min(found, listed) >= min(count, 15)
    if left_out:
        assert len(text.encode()) > limit - 1_000


def test_the_worst_names_leave_room_for_the_verdict() -> None:
    names_ = tuple(f"{'|' * 79}{number}" for number in range(9))
    findings = tuple(shortage(key=(name,), deployment=name, message="|" * 2_000, remedy="`" * 2_000) for name in names_)
    sharing = report().summary.__class__(9, 1, 1, 1, sharing=names_)
    text = render(report(deployments=names_, summary=sharing, findings=findings), "markdown", limit=LEAST)
    assert len(text.encode()) <= LEAST
    assert "9 in all, left out for want of room" in text
    assert "as of 2009-06-01" in text


def test_a_long_text_is_cut() -> None:
    assert len(render(report(findings=(shortage(message="x" * 100_000),)), "markdown")) < 3_000


def test_verdict_then_position_then_findings_folded_by_severity() -> None:
    text = render(SAMPLES["many"], "markdown")
    order = ["### ❌ ocspolicy: not covered", "1 of 3 license kinds is short; 2 errors", "| license kind |", "2 errors</b>",
             "1 warning</b>", "1 info</b>", "\n<sub>failed: 2 errors"]  # fmt: skip
    assert sorted(order, key=text.index) == order
    assert text.count("<details>\n<summary>") == text.count("\n\n</details>\n\n") == 3
    assert "(disputed)" in text
    assert "1 waived finding</b>" in render(SAMPLES["waived"], "markdown")


def test_the_kinds_that_are_short_come_first() -> None:
    rows = list(cells(render(report(), "markdown")))
    assert [row[1:] for row in rows] == [["1", "0", "-1"], ["3", "3", "0"], ["4,200", "5,000", "800"]]
    assert len(POSITION) == 3


@pytest.mark.parametrize(
    ("sample", "sign"), [("clean", "✅"), ("waived", "✅"), ("short", "❌"), ("never", "❌"), ("problem", "⚠️")]
)
def test_the_sign_is_that_of_the_verdict(sample: str, sign: str) -> None:
    assert render(SAMPLES[sample], "markdown").split("\n")[1].startswith(f"### {sign} ocspolicy: ")


def test_what_could_not_be_judged_is_not_folded_and_shows_no_position() -> None:
    text = render(report(problems=(Problem("input", "no"),), findings=(shortage(severity=Severity.INFO),)), "markdown")
    assert text.index("| problem |") < text.index("<details>")
    assert "balance" not in text


def test_the_size_is_an_option(tmp_path: Path) -> None:
    root = estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    servers = "".join(f"      - {{name: fe{number}.example, roles: [front-end]}}\n" for number in range(400))
    many = (root / "estate.yaml").read_text().replace("    servers:\n", f"    servers:\n{servers}", 1)
    (root / "estate.yaml").write_text(many)
    made = run(
        "check", *DAY, "--format", "markdown:a.md", "--format", "json:a.json", "--markdown-limit", "16000", cwd=root
    )
    assert made.status == 1
    assert len((root / "a.md").read_bytes()) <= 16_000
    again = run("report", "a.json", "--format", "markdown", "--markdown-limit=16000", cwd=root)
    assert again.out.encode() == (root / "a.md").read_bytes()


@pytest.mark.parametrize("given_", ["", "x", "-1", "15999", "1e6", "16_000", "٣٠٠٠٠", "9" * 5000])
def test_no_other_size_is_taken(tmp_path: Path, given_: str) -> None:
    ran = run("check", *DAY, "--format", "markdown", f"--markdown-limit={given_}", cwd=estate(tmp_path))
    assert ran.status == 2
    assert ran.err.startswith(f"error: --markdown-limit: found '{given_[:40]}', expected a number of bytes from 16,000")
