from __future__ import annotations

import csv
import io
import re
import tracemalloc
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.errors import JudgementError
from ocspolicy.people import fold, identity_fault, read_identities

LAB = Path(__file__).parents[2] / "shared/data/real/skype-lab/new-ad-users.csv"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be")


def read(
    data: bytes | str,
    file: str = "people.csv",
    identity: str | None = None,
    where: dict[str, str] | None = None,
) -> list[str]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_identities(io.BytesIO(raw), file, identity=identity, where=where))


def faults(
    data: bytes | str,
    file: str = "people.csv",
    identity: str | None = None,
    where: dict[str, str] | None = None,
) -> list[tuple[str, str]]:
    with pytest.raises(JudgementError) as raised:
        read(data, file, identity, where)
    assert all(problem.kind == "input" for problem in raised.value.problems)
    for problem in raised.value.problems:
        assert "\n" not in problem.message
        assert len(problem.message) < 700
    return [(str(problem.location), problem.message) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("data", "people"),
    [
        pytest.param("mail\nann\nBob\n", ["ann", "bob"], id="one column"),
        pytest.param("mail,x\nann,1", ["ann"], id="no line end at the end"),
        pytest.param("mail,x\r\nann,1\r\n", ["ann"], id="crlf"),
        pytest.param("mail,x\n", [], id="no rows"),
        pytest.param("mail,x", [], id="header alone"),
        pytest.param("mail,x\nann,1\n\n\r\n\n", ["ann"], id="blank lines at the end"),
        pytest.param("mail;x\nann;1,5\n", ["ann"], id="semicolons"),
        pytest.param("mail\tx\nann\t1,5;6\n", ["ann"], id="tabs"),
        pytest.param('"a,b;c";mail\n1;ann\n', ["ann"], id="delimiters in a quoted name"),
        pytest.param('"a\nb;c",mail\n1,ann\n', ["ann"], id="a line end in a quoted name"),
        pytest.param('#TYPE System.String[,]\r\n"x","mail"\r\n"1","ann"\r\n', ["ann"], id="type line"),
        pytest.param("#TYPE\nmail\nann\n", ["ann"], id="bare type line"),
        pytest.param(" MAIL ,x\nann,1\n", ["ann"], id="case and blanks of a name"),
        pytest.param("mail,sipaddress,UserPrincipalName\n1,2,3\n", ["3"], id="the user principal name first"),
        pytest.param("mail,sipAddress\n1,2\n", ["2"], id="then the sip address"),
        pytest.param('x,mail\n"1 ""a"", 2\r\n3",ann\n', ["ann"], id="doubled quotes and line ends"),
        pytest.param('x,mail\n"\r",ann\n', ["ann"], id="a lone return within quotes"),
        pytest.param('x,mail\n"",ann\n"""",bob\n', ["ann", "bob"], id="quotes of nothing"),
        pytest.param("mail,,\nann,,\n", ["ann"], id="columns without a name"),
        pytest.param("mail\nann\nann\n", ["ann", "ann"], id="repeated people"),
        pytest.param("mail\n#ann\n", ["#ann"], id="a number sign means nothing"),
    ],
)
def test_csv(data: str, people: list[str]) -> None:
    assert read(data) == people
    for encoding in ENCODINGS[1:]:
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        assert read((mark + data).encode(encoding)) == people


@pytest.mark.parametrize(
    ("data", "people"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("ann\nsip:Bob", ["ann", "bob"], id="no line end at the end"),
        pytest.param("ann\r\nbob\r\n", ["ann", "bob"], id="crlf"),
        pytest.param("ann\n \n\n", ["ann"], id="blank lines at the end"),
        pytest.param('"ann",1\n#TYPE x\n', ['"ann",1', "#type x"], id="no csv"),
    ],
)
def test_one_identity_a_line(data: str, people: list[str]) -> None:
    for file in ("people.txt", "people", "people.csv.txt", "csv"):
        assert read(data, file) == people
    for encoding in ENCODINGS[1:]:
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        assert read((mark + data).encode(encoding), "people.txt") == people


def test_the_end_of_the_name_decides_whatever_its_case() -> None:
    assert read("mail\nann\n", "a/PEOPLE.CSV") == ["ann"]


WHERE = "mail,dept,site\nann,Sales,Nice\nbob,sales,Nice\neve, Sales,Nice\n,Prod,Guy\ndan,Sales,Guy\n"


@pytest.mark.parametrize(
    ("where", "people"),
    [
        ({"Dept": "Sales"}, ["ann", "dan"]),
        ({" DEPT ": "Sales", "site": "Nice"}, ["ann"]),
        ({"dept": "Sales", "Dept": "sales"}, []),
        ({"dept": ""}, []),
    ],
)
def test_where_keeps_rows_that_equal_all_texts(where: dict[str, str], people: list[str]) -> None:
    assert read(WHERE, where=where) == people


def test_where_drops_rows_without_an_identity_too() -> None:
    assert faults(WHERE) == [("people.csv:5:1", "the identity is empty, expected one person's name or address")]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        pytest.param("", 1, "found no header", id="empty file"),
        pytest.param("\nmail\n", 1, "found no header", id="blank first line"),
        pytest.param("#TYPE x\n", 2, "found no header", id="type line alone"),
        pytest.param(",,\n", 1, "found no header", id="names are blank"),
        pytest.param("mail;a,b\n", 1, "the header has commas and semicolons", id="two delimiters"),
        pytest.param("a\tb;c,d\n", 1, "commas and semicolons and tabs", id="three delimiters"),
        pytest.param("mail,x,Mail\nann,1,2\n", 1, "columns 1 and 3 are both named 'Mail'", id="doubled"),
        pytest.param("mail,x,X\nann,1,2\n", 1, "columns 2 and 3 are both named 'X'", id="doubled elsewhere"),
        pytest.param("name,x\nann,1\n", 1, "found the columns 'name', 'x', expected one of user", id="missing"),
        pytest.param("#TYPE x\nname\nann\n", 2, "found the columns 'name'", id="missing after a type line"),
        pytest.param("mail,x\nann\n", 2, "1 field, expected 2", id="narrow"),
        pytest.param("mail,x\nann,1\nbob,1,2\n", 3, "3 fields, expected 2", id="wide"),
        pytest.param('mail,x\nann,"1\n2\n"\nbob\n', 5, "1 field", id="after a row of several lines"),
        pytest.param('mail,x\nann,1\n"1\n2"\n', 3, "1 field", id="a row of several lines"),
        pytest.param("mail,x\nann,1\n\n\nbob,2\n", 3, "blank line", id="blank lines between"),
        pytest.param("mail,x\n\nbob,2\n", 2, "blank line", id="blank line first"),
        pytest.param("mail\nann\n \n", 3, "identity is empty", id="a blank identity"),
        pytest.param('mail\nann\n""\n', 3, "identity is empty", id="a quoted empty identity"),
        pytest.param("#TYPE x\nmail\nsip:\n", 3, "identity is empty", id="a scheme alone"),
        pytest.param('mail,x\n"ann\nbob",1\n', 2, "control character U+000A", id="two people in one field"),
        pytest.param("mail,x\n" + "a" * 1025 + ",1\n", 2, "1025 characters", id="too long an identity"),
        pytest.param('mail,x\nann,1\n"bob,2\neve,3\n', 3, "a quote is left open", id="open quote"),
        pytest.param('mail,x\nann,1\n"bob"x,2\n', 3, "quote is in the wrong place", id="text after a quote"),
        pytest.param("mail,x\n" + '"ann","1"\n' * 9 + 'b"\n', 11, "quote is in the wrong", id="after quotes"),
        pytest.param('mail,x\nann,1\nb"ob,2\n', 3, "quote is in the wrong place", id="a quote in a field"),
        pytest.param('mail,x\nann,1\nbob",2\n', 3, "quote is in the wrong place", id="a quote ends a field"),
        pytest.param('mail,x\nann,1\n "bob",2\n', 3, "quote is in the wrong place", id="a blank before a quote"),
        pytest.param('mail,x\n"ann","\n"x\nbob,2\n', 2, "quote is in the wrong place", id="within a row of two"),
        pytest.param('"mail"x,y\nann,1\n', 1, "quote is in the wrong place", id="in the header"),
        pytest.param('mail,"x\nann,1\n', 1, "a quote is left open", id="open in the header"),
        pytest.param("mail,x\nann,1\rbob,2\n", 2, "carriage return", id="a lone return"),
        pytest.param("mail,x\rann,1\r", 1, "carriage return", id="lone returns only"),
        pytest.param("mail,x\nann,1\r\r\n", 2, "carriage return", id="two returns"),
        pytest.param('mail,x\n"ann"\r"1",1\n', 2, "carriage return", id="a lone return between quotes"),
        pytest.param("mail,x\nann,1\nb\0b,2\n", 3, "NUL", id="nul"),
        pytest.param('mail,x\nann,"1\n\0"\n', 2, "NUL", id="nul within quotes"),
        pytest.param("mail,x\nann,".encode("utf-16-le"), 1, "NUL", id="utf-16 without its mark"),
        pytest.param("mail,x\nann,1\n".encode("utf-32"), 1, "NUL", id="utf-32"),
        pytest.param(b"mail,x\nann,1\nb\xf6b,2\n", 3, "byte 0xF6 is not valid UTF-8", id="latin-1"),
        pytest.param(b"mail,x\nann,\xc3", 2, "byte 0xC3 is not valid UTF-8", id="cut short"),
        pytest.param("mail,x\nann,1\n".encode("utf-16")[:-1], 2, "not valid UTF-16", id="cut short utf-16"),
        pytest.param(
            b"\xff\xfe" + "mail\n".encode("utf-16-le") + b"\0\xd8\n\0",
            2,
            "not valid UTF-16",
            id="lone surrogate",
        ),
        pytest.param('mail,x\nann,"' + "1" * 140_000 + '"\n', 2, "no valid CSV", id="too long a field"),
        pytest.param("mail,x\nann," + "1" * 1_100_000, 2, "more than 1048576 characters", id="too long a line"),
        pytest.param('mail,x\n"","\n' + '","\n' * 600_000, 2, "the row has more than", id="too long a row"),
        pytest.param("version https://git-lfs.github.com/spec/v1\nsize 1\n", 1, "`git lfs pull`", id="lfs"),
    ],
)
def test_faults_of_csv(data: bytes | str, line: int, message: str) -> None:
    ((where, found),) = faults(data)
    assert where == f"people.csv:{line}:1"
    assert message in found


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        pytest.param("ann\n\n\nbob\n", 2, "blank line", id="blank lines between"),
        pytest.param("\nann\n", 1, "blank line", id="blank line first"),
        pytest.param("ann\nsip: \n", 2, "identity is empty", id="a scheme alone"),
        pytest.param("ann\nbob\reve\n", 2, "control character U+000D", id="a lone return"),
        pytest.param("ann\nbob\teve\n", 2, "control character U+0009", id="a tab"),
        pytest.param("a" * 1025 + "\n", 1, "1025 characters", id="too long"),
        pytest.param("a" * 1_100_000, 1, "more than 1048576 characters", id="far too long"),
        pytest.param("ann\nb\0b\n", 2, "NUL", id="nul"),
        pytest.param(b"ann\nbob\nb\xf6b\n", 3, "byte 0xF6 is not valid UTF-8", id="latin-1"),
        pytest.param("version https://git-lfs.github.com/spec/v1\nsize 1\n", 1, "`git lfs pull`", id="lfs"),
    ],
)
def test_faults_of_lists(data: bytes | str, line: int, message: str) -> None:
    ((where, found),) = faults(data, "people.txt")
    assert where == f"people.txt:{line}:1"
    assert message in found


def test_missing_columns_are_all_named_with_near_misses() -> None:
    found = faults("upn,dept\nann,1\n", identity="up", where={"dpt": "1", "zone": "2"})
    assert found == [
        ("people.csv:1:1", "found no column 'up', expected it in the header; did you mean 'upn'?"),
        ("people.csv:1:1", "found no column 'dpt', expected it in the header; did you mean 'dept'?"),
        ("people.csv:1:1", "found no column 'zone', expected it in the header"),
    ]


def test_a_column_without_a_name_cannot_be_named() -> None:
    assert faults("mail,\nann,\n", where={" ": ""})[0][1].startswith("found no column ' '")


def test_long_headers_are_shown_in_part() -> None:
    names = ",".join(f"{index}{'x' * 100}" for index in range(5000))
    ((_, found),) = faults(names + "\n")
    assert found.count("x...'") == 8
    assert ", ..., expected" in found
    ((_, found),) = faults("m,mail," + names + "\n", identity="y" * 2000)
    assert "yyy...'" in found


def test_columns_of_a_list_are_refused() -> None:
    for options in ({"identity": "mail"}, {"where": {"a": "b"}}):
        ((where, found),) = faults("mail,a\nann,b\n", "people.txt", **options)
        assert where == "people.txt"
        assert "name the file .csv" in found


def test_twenty_faults_are_shown_and_the_rest_counted() -> None:
    found = faults("mail,x\nann,1\n" + "bob\n" * 50)
    assert [where for where, _ in found] == [f"people.csv:{line}:1" for line in range(3, 23)] + ["people.csv"]
    assert found[-1][1].startswith("found 30 more faults")


def test_doubled_columns_are_bounded() -> None:
    assert len(faults("a," * 5000 + "mail\n")) == 20


def test_good_people_come_before_the_faults() -> None:
    people = read_identities(io.BytesIO(b"mail,x\nann,1\nbad\nbob,2\n"), "p.csv")
    assert [next(people), next(people)] == ["ann", "bob"]
    with pytest.raises(JudgementError):
        next(people)


class Dribble(io.RawIOBase):
    """Gives a byte at a time, as pipes do; then fails where that is asked for."""

    def __init__(self, data: bytes, error: OSError | None = None) -> None:
        self._data = io.BytesIO(data)
        self._error = error

    def read(self, size: int = -1, /) -> bytes:
        data = self._data.read(min(size, 1))
        if not data and self._error:
            raise self._error
        return data


def test_short_reads() -> None:
    data = "\ufeffmail;x\nann;1\n".encode("utf-16-be")
    assert list(read_identities(Dribble(data), "p.csv")) == ["ann"]  # type: ignore[arg-type]


def test_a_stream_that_fails_is_a_fault() -> None:
    stream = Dribble(b"mail\nann\n", OSError(5, "Input/output error"))
    with pytest.raises(JudgementError) as raised:
        list(read_identities(stream, "p.csv"))  # type: ignore[arg-type]
    assert raised.value.problems[0].message == "cannot be read: Input/output error"


def test_progress_counts_lines_and_the_stream_stays_open() -> None:
    stream = io.BytesIO(b"mail,x\n" + b"ann,1\n" * 200_000)
    seen: list[int] = []
    assert sum(1 for _ in read_identities(stream, "p.csv", progress=seen.append)) == 200_000
    assert len(seen) >= 2
    assert all(late - early >= 65_536 for early, late in zip([0, *seen], seen, strict=False))
    assert not stream.closed


@pytest.mark.parametrize("row", ["ann,1\n", '"a\xe9nn","1\r\n"",2"\r\n', '"\U0001f600","",\n'])
def test_whatever_stands_where_blocks_meet(row: str) -> None:
    header = "mail,x" + ",y" * (row.endswith(",\n")) + "\n"
    fields = row.count(",\n") + 2
    for pad in range(65_536 - 30, 65_536 + 5):
        first = f"first,{'1' * (pad - len(header))}" + "," * (fields - 2) + "\n"
        expected = ["first", next(csv.reader(io.StringIO(row, newline="")))[0], "last"]
        last = "last," + "," * (fields - 2) + "\n"
        assert read(header + first + row + last) == expected


def test_memory_does_not_grow_with_the_rows() -> None:
    data = b'"mail","x"\r\n' + b'"ann@contoso.example","1"\r\n' * 100_000
    stream = io.BytesIO(data)
    read("mail,x\nann,1\n")
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_identities(stream, "p.csv"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 100_000
    assert peak < 2_000_000


def test_rows_of_several_lines_are_bounded_each_not_together() -> None:
    assert len(read("mail,x\n" + '"ann","1\n2"\n' * 150_000)) == 150_000


FIELD = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r") | st.sampled_from(' ,;\t"\n'),
    max_size=6,
)
IDENTITY = FIELD.filter(lambda text: identity_fault(fold(text)) is None)


class Form(NamedTuple):
    delimiter: str
    quote_all: bool
    newline: str
    encoding: str


FORMS = st.builds(
    Form, st.sampled_from(",;\t"), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(ENCODINGS)
)
ROW = st.tuples(IDENTITY, FIELD, st.sampled_from(["", "Sales", "sales", 'a"b']))


@settings(deadline=None, max_examples=300)
@given(st.lists(ROW), FORMS, st.sampled_from([None, "", "Sales", 'a"b']))
def test_what_the_csv_module_writes_is_read_back(
    rows: list[tuple[str, str, str]], form: Form, dept: str | None
) -> None:
    text = io.StringIO("\ufeff" if form.encoding == "utf-16-be" else "")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(
        text,
        delimiter=form.delimiter,
        quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL,
        lineterminator=form.newline,
    )
    writer.writerows([("mail", "x", "dept"), *rows])
    expected = [fold(mail) for mail, _, found in rows if dept in {None, found}]
    data = text.getvalue().encode(form.encoding)
    assert read(data, where=None if dept is None else {"dept": dept}) == expected


REFERENCE_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]*)')
REFERENCE_END = re.compile(r",|\r?\n")


def reference(text: str) -> list[list[str]] | None:
    """Read CSV by the grammar; None where it is not followed, no fields for a blank line."""
    rows: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        field = REFERENCE_FIELD.match(text, at)
        end = field and REFERENCE_END.match(text, field.end())
        if not field or not end:
            return None
        if rows[-1] or field[0] or end[0] == ",":
            rows[-1].append(field[2] if field[1] is None else field[1].replace('""', '"'))
        if end[0] != ",":
            rows.append([])
        at = end.end()
    return rows


@settings(deadline=None, max_examples=1500)
@given(st.text(alphabet='ab"",,\n\n\r', max_size=14).map(lambda text: text.replace("\r", "\r\n")) | st.text('a",\n\r'))
def test_csv_is_read_by_the_grammar_or_refused(text: str) -> None:
    rows = reference(text if text.endswith("\n") else text + "\n")
    people: list[str] | None = None
    if rows is not None:
        while rows and not rows[-1]:
            rows.pop()
        if all(len(row) == 2 and identity_fault(fold(row[0])) is None for row in rows):
            people = [fold(row[0]) for row in rows]
    try:
        found = read("mail,x\n" + text)
    except JudgementError:
        assert people is None
    else:
        assert found == people


@settings(deadline=None, max_examples=300)
@given(
    st.binary(max_size=60),
    st.sampled_from(["p.csv", "p.txt"]),
    st.sampled_from([b"", b"mail,x\n", b"\xff\xfe"]),
)
def test_any_bytes_are_people_or_faults(data: bytes, file: str, start: bytes) -> None:
    try:
        people = read(start + data, file)
    except JudgementError:
        return
    assert all(identity_fault(person) is None for person in people)


@pytest.mark.skipif(not LAB.exists(), reason="the sample export is not here")
def test_a_real_export() -> None:
    data = LAB.read_bytes()
    assert read(data, identity="LogonUsername", where={"dept": "Sales"}) == ["pgas", "rbook", "dend"]
    assert len(read(data, identity="logonusername")) == 9
    ((where, found),) = faults(data)
    assert where == "people.csv:1:1"
    assert "'LogonUsername'" in found
