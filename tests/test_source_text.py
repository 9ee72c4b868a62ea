import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.place import Location, Span
from ocspolicy.source import excerpt, parse
from ocspolicy.source.text import EXCERPT_WIDTH, MAX_BYTES, Lines, Text, decode

DOCUMENT = "a: 1\nbé: '😀'\nc: x\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(DOCUMENT.encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + DOCUMENT.encode(), id="UTF-8 with its mark"),
        pytest.param(codecs.BOM_UTF16_LE + DOCUMENT.encode("utf-16-le"), id="UTF-16, little end first"),
        pytest.param(codecs.BOM_UTF16_BE + DOCUMENT.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(DOCUMENT.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(DOCUMENT.replace("\n", "\r").encode(), id="CR"),
    ],
)
def test_every_encoding_and_line_end_gives_the_same_values_and_places(data: bytes) -> None:
    root = parse(data, "f.yaml").documents[0].root
    assert root.data() == {"a": 1, "bé": "😀", "c": "x"}
    assert root.items["a"].span == (1, 4, 1, 5)
    assert root.items["bé"].span == (2, 5, 2, 8)
    assert root.items["c"].span == (3, 4, 3, 5)


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        pytest.param(
            b"a: 1\r\nb: caf\xe9 x\n",
            (2, 7, 2, 8),
            "found the byte 0xE9, which is no UTF-8 here, expected UTF-8; save the file as UTF-8",
            id="Latin-1",
        ),
        pytest.param(
            b"a: \xed\xa0\x80\n",
            (1, 4, 1, 5),
            "found the byte 0xED, which is no UTF-8 here, expected UTF-8; save the file as UTF-8",
            id="a surrogate in UTF-8",
        ),
        pytest.param(
            codecs.BOM_UTF16_LE + "a: 1\n".encode("utf-16-le") + b"\x00\xd8",
            (2, 1, 2, 2),
            "found the byte 0x00, which is no UTF-16 here, expected UTF-16; save the file as UTF-8",
            id="half a surrogate pair in UTF-16",
        ),
        pytest.param(
            "aé: 1\n".encode("utf-16-be"),
            (1, 4, 1, 5),
            "found UTF-32, or UTF-16 without its byte order mark, expected UTF-8; save the file as UTF-8",
            id="UTF-16 without its mark",
        ),
        pytest.param(
            "a: 1\n".encode("utf-16-le"),
            (1, 2, 1, 3),
            "found UTF-32, or UTF-16 without its byte order mark, expected UTF-8; save the file as UTF-8",
            id="ASCII in UTF-16 without its mark",
        ),
        pytest.param(
            codecs.BOM_UTF32_LE + "a: 1\n".encode("utf-32-le"),
            (1, 1, 1, 2),
            "found UTF-32, or UTF-16 without its byte order mark, expected UTF-8; save the file as UTF-8",
            id="UTF-32",
        ),
        pytest.param(b"a: 1\nb: \x00\n", (2, 4, 2, 5), "found a NUL character, expected text; remove it", id="NUL"),
        pytest.param(
            "a: x\u2028y\n".encode(),
            (1, 5, 1, 6),
            "found the line separator U+2028, expected text; remove it",
            id="U+2028",
        ),
        pytest.param(
            "a: 1 # \u2029\n".encode(),
            (1, 8, 1, 9),
            "found the paragraph separator U+2029, expected text; remove it",
            id="U+2029 in a comment",
        ),
        pytest.param(
            "a: '\x85'\n".encode(),
            (1, 5, 1, 6),
            "found the line separator U+0085, expected text; remove it",
            id="U+0085",
        ),
        pytest.param(
            "a: 1\n\ufeffb: 2\n".encode(),
            (2, 1, 2, 2),
            "found a byte order mark inside the file, expected text; remove it",
            id="a second byte order mark",
        ),
        pytest.param(
            b"a: \x1b[31m\n",
            (1, 4, 1, 5),
            "found the character U+001B, which is not printable, expected text; remove it",
            id="an escape character",
        ),
    ],
)
def test_what_is_no_text_is_refused_at_its_place(data: bytes, place: tuple[int, int, int, int], message: str) -> None:
    source = parse(data, "f.yaml")
    assert source.problem is not None
    assert (source.documents, list(source.comments)) == ((), [])
    assert source.problem.kind == "input"
    assert source.problem.message == message
    assert source.problem.location == Location("f.yaml", Span(*place))
    assert len(source.lines) >= place[0]


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    source = parse(b"#" * (MAX_BYTES + 1), "f.yaml")
    assert source.problem is not None
    assert source.problem.kind == "limit"
    assert source.problem.message == (
        "found a file of 8,388,609 bytes, expected at most 8,388,608; move people into CSV files or split it"
    )
    assert parse(b"#" * MAX_BYTES, "f.yaml").problem is None


@given(st.text(alphabet="a\né\r😀", max_size=40))
@settings(deadline=None)
def test_lines_are_those_between_the_line_ends(content: str) -> None:
    text, problem = decode(content.encode(), "f")
    assert problem is None
    lines = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert list(text.lines) == lines
    assert text.lines[1:] == lines[1:]
    assert text.lines[-1] == lines[-1]
    for offset in range(len(text.content)):
        line, column = text.place(offset)
        assert (lines[line - 1] + "\n")[column - 1] == text.content[offset]


def test_a_line_that_is_not_there_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        Lines("a\nb")[2]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param(Span(2, 1, 2, 2), "two", id="one line"),
        pytest.param(Span(1, 2, 3, 1), "one\ntwo\nthree", id="three lines"),
        pytest.param(Span(1, 2, 4, 1), "one\ntwo\nthree …", id="more lines than are shown"),
        pytest.param(Location("f", Span(4, 1, 4, 5)), "four", id="a location"),
        pytest.param(Location("f"), "", id="a whole file"),
        pytest.param(None, "", id="no place"),
        pytest.param(Span(9, 1, 9, 2), "", id="a line that is not there"),
    ],
)
def test_an_excerpt_is_what_stands_in_the_lines(place: Location | Span | None, expected: str) -> None:
    assert excerpt(Text("f", "one\ntwo\nthree\nfour").lines, place) == expected


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 1_000 + "HERE" + "y" * 1_000
    shown = excerpt([line], Span(1, 1_001, 1, 1_005))
    assert "HERE" in shown
    assert shown.startswith("… x")
    assert shown.endswith("y …")
    assert len(shown) == EXCERPT_WIDTH + 4
    assert excerpt([line], Span(1, 1, 1, 2)) == "x" * EXCERPT_WIDTH + " …"
