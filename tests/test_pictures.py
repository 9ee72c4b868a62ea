"""The pictures of docs/reports.md show what is printed now; OCSPOLICY_UPDATE=1 draws anew those that do not."""

import html
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import CHROMIUM, DARK, picture
from golden_files import compare
from pictures import comment, mark, shows, terminal
from process import ROOT, run

from ocspolicy.report import FORMATS

PICTURES = ROOT / "docs" / "pictures"
EXAMPLE = ("check", "examples/announcement-short", "--as-of", "2009-06-01")


class Page(NamedTuple):
    """A picture that a browser draws: of which format, how large, and how."""

    form: str
    width: int
    height: int
    flags: tuple[str, ...] = ()


PAGES = {
    "html": Page("html", 1000, 1130),
    "html-dark": Page("html", 1000, 1130, (DARK,)),
    "html-narrow": Page("html", 380, 1130),
    "markdown": Page("markdown", 900, 720),
}
TEXTS = {
    "text": "--color always",
    "concise": "--format concise --color always",
    "github": "--format github",
    "sarif": "--format sarif | grep -m1 -A 28 ruleId",
    "junit": "--format junit | head -n 20",
    "gitlab": "--format gitlab | head -n 24",
    "azure": "--format azure",
    "json": "--format json | head -n 28",
}


@cache
def printed(*more: str) -> str:
    return run(*EXAMPLE, *more, cwd=ROOT).out


def cut(text: str, how: str) -> str:
    """Do as `head -n N` or `grep -m1 -A N TEXT` does."""
    lines = text.splitlines(keepends=True)
    match how.split():
        case ["head", "-n", number]:
            return "".join(lines[: int(number)])
        case ["grep", "-m1", "-A", number, word]:
            first = next(index for index, line in enumerate(lines) if word in line)
            return "".join(lines[first : first + int(number) + 1])
        case []:
            return text
    raise AssertionError(how)


def page_of(page: Page) -> str:
    text = printed("--format", page.form)
    return comment(text) if page.form == "markdown" else text


def draw(page: Page, target: Path, work: Path) -> None:
    assert not os.environ.get("CI"), "pictures are not drawn in CI"
    text = page_of(page)
    if page.width < 500:  # a window cannot be made as narrow as a telephone, a frame can
        frame = f'<iframe width="{page.width}" height="{page.height}" style="border:0" srcdoc="{html.escape(text)}">'
        text = f'<!doctype html><meta charset="utf-8"><title>page</title><body style="margin:0">{frame}</iframe>'
    picture(work / "page.html", text, target, (page.width, page.height), *page.flags)
    mark(target, page_of(page))


@pytest.mark.parametrize("name", TEXTS)
def test_a_picture_of_text_shows_what_is_printed(name: str) -> None:
    options, _, how = TEXTS[name].partition(" | ")
    command = " ".join(("ocspolicy", *EXAMPLE, TEXTS[name])).replace(" --color always", "")
    drawn = terminal(command, cut(printed(*options.split()), how))
    compare(PICTURES / f"{name}.svg", drawn)


@pytest.mark.parametrize("name", PAGES)
def test_a_picture_of_a_page_is_of_the_page_of_now(name: str, tmp_path: Path) -> None:
    target = PICTURES / f"{name}.png"
    if os.environ.get("OCSPOLICY_UPDATE") == "1" and CHROMIUM and not shows(target, page_of(PAGES[name])):
        draw(PAGES[name], target, tmp_path)
    assert shows(target, page_of(PAGES[name])), f"draw {target} with OCSPOLICY_UPDATE=1, where a browser is installed"


def test_every_format_has_a_picture() -> None:
    assert {page.form for page in PAGES.values()} | set(TEXTS) == set(FORMATS)
    drawn = {f"{name}.png" for name in PAGES} | {f"{name}.svg" for name in TEXTS}
    assert {it.name for it in PICTURES.iterdir()} == drawn, "remove what no test draws, or draw with OCSPOLICY_UPDATE=1"
    assert sum(it.stat().st_size for it in PICTURES.iterdir()) < 1_500_000
