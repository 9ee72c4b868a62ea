import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.place import Span
from ocspolicy.report.excerpt import source_rows
from ocspolicy.report.layout import width_of, wrap
from ocspolicy.source.text import excerpt


def drawn(lines: str, span: Span, room: int = 60) -> list[str]:
    return [row.text if row.number is None else f"{row.number}|{row.text}" for row in source_rows(lines, span, room)]


@pytest.mark.parametrize(
    ("source", "span", "expected"),
    [
        pytest.param("  count: 4_200", Span(7, 10, 7, 15), ["7|  count: 4_200", "         ^^^^^"], id="a value"),
        pytest.param("a: 日本 b", Span(1, 4, 1, 6), ["1|a: 日本 b", "   ^^^^"], id="wide characters under it"),
        pytest.param("日本: x", Span(1, 5, 1, 6), ["1|日本: x", "      ^"], id="wide characters before it"),
        pytest.param("\tb: x", Span(1, 5, 1, 6), ["1|    b: x", "       ^"], id="a tab before it"),
        pytest.param("a\tb", Span(1, 2, 1, 4), ["1|a    b", " ^^^^^"], id="a tab under it"),
        pytest.param("e\u0301: x", Span(1, 5, 1, 6), ["1|e\u0301: x", "   ^"], id="a combining mark before it"),
        pytest.param("\u202e: x", Span(1, 4, 1, 5), [r"1|\u202e: x", "        ^"], id="an escape before it"),
        pytest.param("##[x] y", Span(1, 7, 1, 8), [r"1|\u0023#[x] y", "           ^"], id="a command before it"),
        pytest.param("a:", Span(3, 3, 3, 3), ["3|a:", "  ^"], id="nothing at the end of a line"),
        pytest.param("a: b\r", Span(1, 4, 1, 5), ["1|a: b", "   ^"], id="a carriage return at the end"),
        pytest.param("", Span(1, 1, 1, 1), ["1|", "^"], id="an empty line"),
        pytest.param("a", Span(1, 900, 2, 999), ["1|a", " ^"], id="columns that are not there"),
        pytest.param("- a: 1\n  b: 2", Span(4, 3, 5, 7), ["4|- a: 1", "  ^^^^", "5|  b: 2"], id="two lines"),
        pytest.param(
            "- a: 1\n  b: 2\n  c: 3\n  d: 4\n  e: 5",
            Span(4, 3, 8, 7),
            ["4|- a: 1", "  ^^^^", "5|  b: 2", "6|  c: 3", "..."],
            id="more lines than are shown",
        ),
    ],
)
def test_marks_stand_below_the_span(source: str, span: Span, expected: list[str]) -> None:
    assert drawn(source, span) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param(Span(1, 1, 1, 4), ["1|abc0123456789012345678901...", "^^^"], id="at the start"),
        pytest.param(Span(1, 50, 1, 53), ["1|...456789012345xyz0123456...", " " * 15 + "^^^"], id="in the middle"),
        pytest.param(Span(1, 100, 1, 103), ["1|...567890123456end", " " * 15 + "^^^"], id="at the end"),
        pytest.param(
            Span(1, 50, 1, 99),
            ["1|...456789012345xyz0123456...", " " * 15 + "^" * 10],
            id="longer than the room",
        ),
    ],
)
def test_long_lines_are_cut_around_the_span(span: Span, expected: list[str]) -> None:
    digits = "0123456789"
    line = "abc" + digits * 4 + "012345" + "xyz" + digits * 4 + "0123456" + "end"
    assert drawn(line, span, 28) == expected


lines = st.text(st.characters(exclude_characters="\n"), max_size=80) | st.lists(
    st.sampled_from(["日", "\t", "e\u0301", "##[", "\x1b", "a", " "]), max_size=60
).map("".join)


@settings(deadline=None, max_examples=300)
@given(lines, st.integers(1, 90), st.integers(0, 90), st.integers(1, 120))
def test_marks_never_leave_the_line_and_the_line_fits(line: str, column: int, size: int, room: int) -> None:
    source, marks = source_rows(line, Span(1, column, 1, column + size), room)[:2]
    room = max(room, 20)
    assert width_of(source.text) <= room
    assert marks.text.strip(" ") == "^" * marks.text.count("^") != ""
    assert width_of(marks.text) <= room + 1


@settings(deadline=None)
@given(lines, st.integers(1, 100), st.integers(0, 30))
def test_wrapped_text_keeps_every_word_and_its_blanks(text: str, width: int, indent: int) -> None:
    from ocspolicy.report.sanitize import guard, shown

    text = guard(shown(text))
    wrapped = wrap(text, width, " " * indent)
    assert "".join(wrapped).replace(" ", "").replace(r"\u003a", ":") == text.replace(" ", "").replace(r"\u003a", ":")
    for line in wrapped:
        assert width_of(line) <= max(width, indent + 20) or " " not in line.strip()


def test_a_huge_line_is_drawn_at_once() -> None:
    line = "x" * 8_000_000
    assert drawn(line, Span(1, 4_000_000, 1, 4_000_009), 60)[1] == " " * 15 + "^" * 9


@pytest.mark.parametrize("column", [1, 80, 81, 120, 500, 990], ids=str)
def test_marks_are_right_in_the_excerpt_of_a_very_long_line(column: int) -> None:
    line = "." * (column - 1) + "xyz" + "." * (1000 - column)
    span = Span(1, column, 1, column + 3)
    source, marks = source_rows(excerpt([line], span), span, 60)
    assert [source.text[at] for at, mark in enumerate(marks.text) if mark == "^"] == ["x", "y", "z"]
