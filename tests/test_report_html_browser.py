"""The page in a real browser. AXE names axe.min.js (npm package axe-core) where accessibility is to be checked too."""

import html
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from browser import DARK, Element, needs_browser, opened, read
from process import ROOT, result, run
from report_samples import EVIL, HOSTILE_LINE, SAMPLES, USED_WAIVER, report, shortage

from ocspolicy.finding import PositionRow, Report, WaiverInfo
from ocspolicy.place import Location, Span
from ocspolicy.report import render

pytestmark = needs_browser

AXE = os.environ.get("AXE")
EXAMPLE = ("check", "examples/announcement-short", "--as-of", "2009-06-01")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n')
STATES = ("used", "ending", "expired", "overruled", "exceeded", "unused", "invalid")
LONG = report(
    deployments=tuple(f"deployment-{number}" for number in range(30)),
    position=(
        PositionRow("ocs-2007-r2", "user-cal", "enterprise", "user", 10**9, 10**9 - 1),
        PositionRow(None, "x" * 300, "y" * 300, None, 10**15, 0),
    ),
    findings=(shortage(message="z" * 500, location=Location("w" * 500, Span(1, 1, 1, 9)), excerpt="v" * 500),),
    waivers=tuple(WaiverInfo("ROL001", "u" * 200, "2009-06-30", "t" * 200, it, USED_WAIVER.location) for it in STATES),
)
PAGES: dict[str, Report] = {**SAMPLES, "long": LONG}


def with_script(text: str, *scripts: str) -> str:
    """Put scripts into a copy of a page that may run them, with all that is folded open."""
    assert POLICY.search(text)
    added = "".join(f"<script>{script}</script>" for script in scripts)
    return POLICY.sub("", text).replace("<details", "<details open").replace("</body>", f"{added}</body>")


def told(dom: str) -> Any:
    """Read the JSON text that a script has left as the title."""
    match = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert match
    return json.loads(html.unescape(match[1]))


def outline(element: Element) -> list[object]:
    """Give names, attributes and texts, without the line ends between blocks."""
    given: list[object] = [(element.name, sorted(element.attributes.items()))]
    for child in element.children:
        if isinstance(child, Element):
            given.append(outline(child))
        elif child.strip("\n"):
            given.append(child.strip("\n"))
    return given


@pytest.mark.parametrize("sample", ["short", "problem", "hostile"])
def test_a_browser_sees_the_page_as_it_was_built(sample: str, tmp_path: Path) -> None:
    text = render(SAMPLES[sample], "html")
    seen = opened(tmp_path / "page.html", text)
    assert seen.console == []
    built, parsed = read(text), read(seen.dom)
    assert outline(parsed.one("body")) == outline(built.one("body"))
    assert parsed.one("title").text == built.one("title").text


def test_the_policy_of_the_page_refuses_whatever_else(tmp_path: Path) -> None:
    added = (
        ("<style>", "<style> "),
        ("<main", '<main style="color:red"'),
        ("</body>", "<script>document.title = 'ran'</script></body>"),
        ("</body>", '<img src="https://example.com/a.png"></body>'),
    )
    text = render(SAMPLES["clean"], "html")
    for change in added:
        assert change[0] in text
        text = text.replace(*change)
    seen = opened(tmp_path / "page.html", text)
    refused = [line for line in seen.console if "Content Security Policy" in line]
    assert len(refused) == len(added)
    assert "<title>Covered: " in seen.dom


def test_the_numbers_of_a_real_run_are_on_its_page(tmp_path: Path) -> None:
    ran = run(*EXAMPLE, "--format", "html", cwd=ROOT)
    assert ran.status == 1
    page = read(opened(tmp_path / "page.html", ran.out).dom)
    judged = result("examples/announcement-short", cwd=ROOT)
    shown = [
        tuple(cell.text for cell in row.all("td"))[:2]
        for row in page.one("table", class_="position").all("tr", class_="numbers")
    ]
    assert shown == [(f"{row['required']:,}", f"{row['owned']:,}") for row in judged["position"]]
    messages = {found["message"] for found in judged["findings"]}
    assert messages == {head.text.removeprefix("error") for card in page.all("article") for head in card.all("h3")}
    assert page.one("h1").text == "Not covered"


BROKEN = r"""
    const broken = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/[\p{L}\p{N}_]+/gu)) {
        const range = document.createRange();
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
        if (lines.size > 1 && !walker.currentNode.parentElement.closest("caption")) broken.push(word[0]);
    }
    parent.document.title = JSON.stringify(broken);"""


def framed(page: str, width: int, *scripts: str) -> str:
    """Put a page into a frame: a window cannot be made as narrow as a telephone."""
    inside = html.escape(with_script(page, *scripts) if scripts else page)
    return f'<!doctype html><title></title><body style="margin:0"><iframe width="{width}" height="1130" style="border:0" srcdoc="{inside}"></iframe>'


@pytest.mark.parametrize("width", [380, 640, 700, 1000])
@pytest.mark.parametrize("sample", ["short", "many", "waived", "problem", "example"])
def test_no_word_is_broken(sample: str, width: int, tmp_path: Path) -> None:
    page = run(*EXAMPLE, "--format", "html", cwd=ROOT).out if sample == "example" else render(PAGES[sample], "html")
    assert told(opened(tmp_path / "page.html", framed(page, width, BROKEN)).dom) == []


@pytest.mark.parametrize(("sample", "width"), [("hostile", 320), ("long", 320), ("long", 1000)])
def test_nothing_sticks_out(sample: str, width: int, tmp_path: Path) -> None:
    measure = "parent.document.title = JSON.stringify([innerWidth, document.documentElement.scrollWidth])"
    seen = opened(tmp_path / "page.html", framed(render(PAGES[sample], "html"), width, measure))
    assert told(seen.dom) == [width, width]


def test_an_unknown_name_opens_nothing(tmp_path: Path) -> None:
    count = "document.title = JSON.stringify([document.images.length, document.scripts.length, document.forms.length])"
    nasty = f"{EVIL}<img src=x onerror=document.body.remove()><form></form><script>document.body.remove()</script>"
    place = Location(f'a"><script>document.body.remove()</script>{nasty}', Span(1, 1, 1, 9))
    found = shortage(message=nasty, location=place, excerpt=nasty + HOSTILE_LINE, rule=nasty, deployment=nasty)
    page = with_script(render(report(findings=(found,), deployments=(nasty,)), "html"), count)
    seen = opened(tmp_path / "page.html", page)
    assert told(seen.dom) == [0, 1, 0]
    assert seen.console == []


@pytest.mark.skipif(AXE is None, reason="AXE does not name axe.min.js")
@pytest.mark.parametrize("flags", [(), (DARK,)], ids=["light", "dark"])
@pytest.mark.parametrize("sample", PAGES)
def test_axe_finds_nothing_to_mend(sample: str, flags: tuple[str, ...], tmp_path: Path) -> None:
    check = """axe.run(document, {rules: {"target-size": {enabled: true}}}).then(found => {
        document.title = JSON.stringify({
            dark: matchMedia("(prefers-color-scheme: dark)").matches,
            passes: found.passes.length,
            found: [...found.violations, ...found.incomplete].map(it => [it.id, it.nodes.map(node => node.html)])})})"""
    page = with_script(render(PAGES[sample], "html"), Path(AXE or "").read_text("utf-8"), check)
    checked = told(opened(tmp_path / "page.html", page, "--virtual-time-budget=20000", *flags).dom)
    assert checked["found"] == []
    assert checked["passes"] > 30
    assert checked["dark"] == (DARK in flags)
