"""Opens pages in a headless Chromium, where one is installed, without network and without leaving a trace."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason=f"none of {', '.join(NAMES)} is installed")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-lcd-text",
    "--enable-logging=stderr",
    "--v=0",
)
DARK = "--force-dark-mode"


class Seen(NamedTuple):
    """What a browser made of a page: the document, and what it wrote on its console."""

    dom: str
    console: list[str]


def chromium(page: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        return subprocess.run(
            [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()],
            capture_output=True,
            timeout=120,
            check=True,
            encoding="utf-8",
            errors="replace",
            env=os.environ | {"TZ": "UTC"},
        )


def opened(page: Path, text: str, *flags: str) -> Seen:
    """Open a text as a page."""
    page.write_text(text, encoding="utf-8")
    done = chromium(page, *flags, "--dump-dom")
    return Seen(done.stdout, [line for line in done.stderr.split("\n") if "CONSOLE" in line])


def picture(page: Path, text: str, target: Path, size: tuple[int, int], *flags: str) -> None:
    """Write a picture of a page of so many pixels, width and height."""
    page.write_text(text, encoding="utf-8")
    chromium(page, *flags, f"--window-size={size[0]},{size[1]}", f"--screenshot={target}")


class Element(NamedTuple):
    """An element with its attributes and what is in it: elements and texts."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"]

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, name: str = "", **attributes: str) -> Iterator["Element"]:
        """Find the elements below this one by name and attributes; a class is one of several."""
        for child in self.children:
            if isinstance(child, Element):
                if name in {"", child.name} and all(
                    value in child.attributes.get(key.rstrip("_"), "").split() for key, value in attributes.items()
                ):
                    yield child
                yield from child.all(name, **attributes)

    def one(self, name: str = "", **attributes: str) -> "Element":
        (found,) = self.all(name, **attributes)
        return found


class _Reader(HTMLParser):
    VOID = ("meta", "wbr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), tag
        element = Element(tag, {name: value or "" for name, value in attrs}, [])
        self.open[-1].children.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment


def read(text: str) -> Element:
    """Read a page in which every element is closed as it was opened."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    (top,) = reader.open
    return top
