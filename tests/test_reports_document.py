"""docs/reports.md shows what is really printed; OCSPOLICY_UPDATE=1 prints it anew."""

import os
import re
import shlex
from functools import cache

import pytest
from process import ROOT, run

from ocspolicy.report import FORMATS

DOCUMENT = ROOT / "docs" / "reports.md"
BLOCK = re.compile(r"(?<=```console\n)\$ (ocspolicy [^\n]*)\n(.*?)(?=```)", re.DOTALL)
LINES = [match[1] for match in BLOCK.finditer(DOCUMENT.read_text("utf-8"))]


@cache
def output(command: str) -> str:
    return run(*shlex.split(command)[1:], cwd=ROOT).out


def printed(line: str) -> str:
    """Give what a shell prints for a command behind which `head -n N` or `grep -m1 -A N TEXT` may stand."""
    command, _, cut = line.partition(" | ")
    lines = output(command).splitlines()
    match shlex.split(cut):
        case []:
            first, count = 0, len(lines)
        case ["head", "-n", number]:
            first, count = 0, int(number)
        case ["grep", "-m1", "-A", number, text]:
            first, count = next(index for index, one in enumerate(lines) if text in one), int(number) + 1
        case other:
            raise AssertionError(other)
    return "".join(f"{one}\n" for one in lines[first : first + count])


@pytest.mark.parametrize("line", LINES)
def test_output_is_as_printed(line: str) -> None:
    now = printed(line)
    text = DOCUMENT.read_text("utf-8")
    if os.environ.get("OCSPOLICY_UPDATE") == "1":
        assert not os.environ.get("CI"), "the document is not rewritten in CI"
        text = BLOCK.sub(lambda match: f"$ {line}\n{now}" if match[1] == line else match[0], text)
        DOCUMENT.write_text(text, "utf-8")
    assert f"```console\n$ {line}\n{now}```" in text


def test_every_format_has_its_section() -> None:
    headings = re.findall(r"^## (\w+):", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(FORMATS)
    shown = {re.search(r"--format (\w+)", line) for line in LINES}
    assert {found[1] for found in shown if found} | {"text"} == set(FORMATS)


def test_the_pictures_are_there_and_small() -> None:
    named = re.findall(r"!\[[^]]+\]\((pictures/[^)]+)\)", DOCUMENT.read_text("utf-8"))
    assert sorted(named) == sorted(f"pictures/{it.name}" for it in (ROOT / "docs" / "pictures").iterdir())
    for name in named:
        assert (ROOT / "docs" / name).stat().st_size < 200_000


def test_every_section_has_its_picture() -> None:
    sections = re.split(r"^## ", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)[1:]
    for section in sections:
        assert re.search(rf"!\[[^]]+\]\(pictures/{section.partition(':')[0]}\.(svg|png)\)", section), section[:20]
