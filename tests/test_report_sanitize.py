import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from read_back import unshown

from ocspolicy.report.sanitize import cells, guard, shown

MARKS = [
    "::",
    "##[",
    "##vso[",
    "##VsO[",
    "#",
    "\u202e",
    "\n",
    "\r\n",
    "\x1b[2J",
    "\t",
    " ",
    "\xa0",
    "a",
    "\u200b",
    "\\",
    "u202e",
    "\\u000a",
    "U000e0001",
    "\udce9",
]
anything = st.text() | st.lists(st.sampled_from(MARKS)).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("pool01.contoso.example", "pool01.contoso.example", id="a plain name"),
        pytest.param("Zoë\tΩμδ 日本 👩", "Zoë\tΩμδ 日本 👩", id="letters of all scripts and tab stay"),
        pytest.param("a\nb\r", r"a\u000ab\u000d", id="line ends"),
        pytest.param("\x1b[31m\x00\x7f", r"\u001b[31m\u0000\u007f", id="controls"),
        pytest.param("\x85\x9b", r"\u0085\u009b", id="second controls"),
        pytest.param("\u202eevil\u2066", r"\u202eevil\u2066", id="bidi"),
        pytest.param("\u2028\u2029", r"\u2028\u2029", id="separators"),
        pytest.param("a\u200bb\ufeff\u00ad", r"a\u200bb\ufeff\u00ad", id="zero width"),
        pytest.param("\ud800\udcff", r"\ud800\udcff", id="surrogates"),
        pytest.param("\U000e0041\ufe0f\u3164", r"\U000e0041\ufe0f\u3164", id="tags, selectors, fillers"),
        pytest.param("\ufffe\uffff", r"\ufffe\uffff", id="no characters"),
        pytest.param(
            r"C:\new\\users \\host\r CONTOSO\ulrich \u12 \u202E",
            r"C:\new\\users \\host\r CONTOSO\ulrich \u12 \u202E",
            id="paths and accounts stay",
        ),
        pytest.param(r"\u202e \\U000e0001 a\u000a", r"\\u202e \\\\U000e0001 a\\u000a", id="what looks like an escape"),
        pytest.param("C:\\\u202e \\\\\n", r"C:\\\u202e \\\\\u000a", id="backslashes before an escape"),
        pytest.param("\\##[x]", r"\\\u0023#[x]", id="a backslash before a command"),
        pytest.param("##vso[x]", r"\u0023#vso[x]", id="an Azure command"),
        pytest.param("##VSO[x] ###[y]", r"\u0023#VSO[x] #\u0023#[y]", id="whatever its case, and groups"),
        pytest.param("## heading", "## heading", id="no command"),
        pytest.param("a::b", "a::b", id="colons inside a line"),
    ],
)
def test_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("::error::x", r"\u003a:error::x", id="at the start"),
        pytest.param(" \t\xa0\u3000::error::x", " \t\xa0\u3000\\u003a:error::x", id="after any blanks"),
        pytest.param("a ::error::x", "a ::error::x", id="not after text"),
        pytest.param("\\#" + "#[x]", r"\\\u0023#[x]", id="put together after a backslash"),
        pytest.param("#" + "#[x]", r"\u0023#[x]", id="put together"),
        pytest.param(":", ":", id="one colon"),
    ],
)
def test_guard(line: str, expected: str) -> None:
    assert guard(line) == expected


@settings(deadline=None, max_examples=500)
@given(anything)
def test_nothing_acts_whatever_the_text(text: str) -> None:
    line = guard(shown(text))
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [char for char in line if unicodedata.category(char) in hidden and char != "\t"]
    assert len(line.splitlines()) <= 1
    assert "##[" not in line
    assert "##vso[" not in line.lower()
    assert not line.lstrip().startswith("::")


@settings(deadline=None)
@given(anything)
def test_what_is_sanitized_stays_as_it_is(text: str) -> None:
    assert shown(shown(text)) == shown(text)
    assert guard(guard(text)) == guard(text)


@settings(deadline=None)
@given(anything)
def test_cells_are_the_shown_text_by_character(text: str) -> None:
    assert len(cells(text)) == len(text)
    assert "".join(cells(text)) == shown(text)


@settings(deadline=None, max_examples=1000)
@given(anything)
def test_any_text_reads_back(text: str) -> None:
    assert unshown(shown(text)) == text
    assert unshown(guard(shown(text))) == text


def test_a_long_run_of_backslashes_is_shown_at_once() -> None:
    run = "\\" * 2_000_000
    assert shown(run) == guard(run) == run
    assert shown(run + "\n") == run * 2 + r"\u000a"


def test_every_default_ignorable_that_python_knows_is_shown_as_an_escape() -> None:
    formats = [chr(number) for number in range(0x110000) if unicodedata.category(chr(number)) == "Cf"]
    assert [char for char in formats if shown(char) == char] == []
