"""Bytes that somebody made to hurt: refused at a place, in bounded time, never by an exception."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.source import Node, Source, Unspelled, excerpt, parse
from ocspolicy.source.text import MAX_BYTES

KEPT = Path(__file__).parent / "hostile" / "yaml"

# Every kept file: what is wrong with the file (f) or with its document (d), where; or nothing (-).
EXPECTED = {
    "anchor-with-colon.yaml": "f 1:5 found 'b', expected '---' on a line of its own before a document",
    "billion-laughs.yaml": "f 7:45 found aliases that stand for more than 100,000 values in all",
    "brackets.yaml": "f 3:74 found collections nested more than 64 deep",
    "escape-beyond-unicode.yaml": r"f 3:8 found the escape '\\UFFFFFFFF', expected a character that exists",
    "half-a-surrogate.json": "d 1:40 found the escape for U+D83D, half a surrogate pair",
    "helm.yaml": "f 1:1 found the template expression '{{- if .Values.enabled }}', expected YAML",
    "key-given-twice.json": "d 2:52 found the key 'quantity' a second time, expected it once; the first stands in line 2",
    "latin-1.yaml": "f 3:8 found the byte 0xFC, which is no UTF-8 here",
    "line-separator.yaml": "f 3:8 found the line separator U+2028",
    "long-number.yaml": "-",
    "merge-chain.yaml": "f 19:8 found aliases that stand for more than 100,000 values in all",
    "nul.yaml": "f 3:8 found a NUL character",
    "open-quote.yaml": 'f 4:15 found no closing " for the text that begins here',
    "python-tag.yaml": "d 3:7 found the tag 'tag:yaml.org,2002:python/object/apply:os.system', expected none",
    "question-mark.yaml": "d 4:23 found '?quantity', expected quotes around a text that begins with ?",
    "recursive.yaml": "d 4:5 found '*all' inside the value that it stands for",
    "tabs.yaml": "f 4:1 found a tab, expected blanks",
    "two-marks.yaml": "f 3:1 found a byte order mark inside the file",
    "utf-16-unmarked.yaml": "f 1:2 found UTF-32, or UTF-16 without its byte order mark",
    "version-of-many-digits.yaml": "f 1:1 found a directive that is not understood",
    "waiver-in-a-text.yaml": "-",
    "yaml-1.1.yaml": "f 1:1 found the directive %YAML 1.1, expected %YAML 1.2 or none",
}


def verdict(source: Source) -> str:
    faults = [fault for document in source.documents for fault in document.problems]
    problem, sign = (source.problem, "f") if source.problem else (faults[0] if faults else None, "d")
    if problem is None:
        return "-"
    return f"{sign} {problem.location.span.line}:{problem.location.span.column} {problem.message}"


@pytest.mark.parametrize("name", sorted(path.name for path in KEPT.iterdir()))
def test_a_kept_file_is_refused_as_it_was_before(name: str) -> None:
    source = parse((KEPT / name).read_bytes(), name)
    assert verdict(source).startswith(EXPECTED[name].replace("\\\\", "\\"))


def test_a_kept_waiver_in_a_text_is_no_comment() -> None:
    assert list(parse((KEPT / "waiver-in-a-text.yaml").read_bytes(), "f.yaml").comments) == []


def test_a_kept_long_number_is_no_number() -> None:
    (document,) = parse((KEPT / "long-number.yaml").read_bytes(), "f.yaml").documents
    assert isinstance(document.root.at(["licenses", 0, "quantity"]).value, Unspelled)


def fill(unit: str, before: str = "", after: str = "", size: int = 64 * 1024) -> str:
    return before + unit * ((size - len(before) - len(after)) // len(unit)) + after


FLOODS = {
    "comments": fill("# comment\n"),
    "hashes": fill("#"),
    "empty comments": fill("#\n"),
    "newlines": fill("\n"),
    "carriage returns": fill("\r"),
    "blanks": fill(" "),
    "one word": fill("a"),
    "words": fill("a "),
    "plain lines": fill("a\n"),
    "brackets": fill("["),
    "braces": fill("{"),
    "closing brackets": fill("]"),
    "dashes": fill("- "),
    "question marks": fill("? "),
    "question marks in brackets": fill("?a,", "{"),
    "colons": fill(":"),
    "colons and blanks": fill(": "),
    "keys on one line": fill("a: "),
    "commas": fill(",", "["),
    "anchors": fill("&a "),
    "anchors and newlines": fill("&a\n"),
    "anchored entries": fill("- &a\n"),
    "tags": fill("!t "),
    "tagged entries": fill("- !t x\n"),
    "aliases": fill("*a,", "[&a x,", "]"),
    "unknown aliases": fill("*b,", "[", "]"),
    "quoted": fill("x ", '"', '"'),
    "quoted, open": fill("x ", '"'),
    "quoted newlines, open": fill("\n", '"'),
    "quotes": fill("'"),
    "double quotes": fill('"'),
    "escapes": fill("\\n", '"', '"'),
    "surrogates": fill("\\ud83d\\ude00", '"', '"'),
    "lists": fill("[a],", "[", "]"),
    "pairs": fill("a: b,", "[", "]"),
    "mappings": fill("{a},", "[", "]"),
    "mappings as keys": fill("{a},", "{", "}"),
    "templates": fill("{a},", "{", "}"),
    "texts with hashes": fill('"#",', "[", "]"),
    "entries": fill("- a\n"),
    "empty entries": fill("-\n"),
    "a key again": fill("a: 1\n"),
    "null keys": fill("? \n"),
    "numbers as keys": fill("1: \n"),
    "documents": fill("---\n"),
    "faulty documents": fill("1: a\n---\n"),
    "document ends": fill("...\n"),
    "directives": fill("%a\n"),
    "a block of text": fill("  x\n", "a: |\n"),
    "a block of blank lines": fill("\n", "a: |\n"),
    "a block of deeper blank lines": fill("  \n", "a: |\n"),
    "blocks of text": fill("- |\n x\n"),
    "tabs in brackets": fill("\t", "[", "]"),
    "digits": fill("9"),
    "minus signs": fill("-", "a: "),
    "points": fill(".", "a: 1"),
    "nothing, then a colon": fill("\n", "a\n", ": b\n"),
    "a long line with a mistake": fill(",a", "a: b: c"),
    "deeper and deeper": "".join(" " * level + "a:\n" for level in range(350)),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_read_in_bounded_time(name: str) -> None:
    start = time.perf_counter()
    source = parse(FLOODS[name].encode(), "f.yaml")
    len(source.comments)
    # Half a second on a slow machine; what grows with the square of the length takes minutes.
    assert time.perf_counter() - start < 10


MEMORY = """
import resource, sys
from ocspolicy.source import parse
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
source = parse(data, "f.yaml")
assert source.problem is None, source.problem
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss is that of Linux")
def test_memory_is_a_small_multiple_of_the_file() -> None:
    pytest.importorskip("yaml._yaml", reason="the reference takes a quarter of a minute")
    server = "  - name: edge{}.contoso.example\n    roles: [edge]\n    labels:\n      site: dublin\n"
    data = "servers:\n" + "".join(server.format(number) for number in range(25_000))
    done = subprocess.run([sys.executable, "-c", MEMORY], input=data.encode(), capture_output=True, check=True)
    assert float(done.stdout) < 20 * len(data) / 1_000_000 + 30


SAMPLES = [
    *(path.read_bytes() for path in sorted(KEPT.iterdir()) if path.stat().st_size < 1_500),
    b"# c\na: [1, {b: 'x', c: }]\nd: |  # e\n  f # g\n? h\n: &i !!str j\nk: *i\n--- \"l\\u00e9\"\n",
    "é: ü # x\r\nn:\r\n- - 😀\r\n".encode("utf-16-le"),
    b'{"a": [true, null, -1.5e3], "b": {"c": "\\ud83d\\ude00"}}',
]


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["set", "cut", "put", "twice"])):
            case "set" if at < len(data):
                data[at] = draw(st.integers(0, 255))
            case "cut":
                del data[at : at + draw(st.integers(1, 9))]
            case "put":
                data[at:at] = draw(
                    st.sampled_from([b"\n", b" ", b"\t", b"#", b'"', b"'", b"[", b"{", b"&", b"*", b":", b"- "])
                )
            case "twice":
                data[at:at] = data[at : at + draw(st.integers(1, 30))]
    return bytes(data)


def nodes_of(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += [*node.keys.values(), *node.items.values(), *node.elements]


@given(mutations())
@settings(deadline=None, max_examples=600)
def test_a_mutation_gives_documents_or_a_problem(data: bytes) -> None:
    source = parse(data, "f.yaml")
    assert isinstance(source, Source)
    problems = [fault for document in source.documents for fault in document.problems]
    for problem in [*problems, *([source.problem] if source.problem else [])]:
        assert problem.kind in ("input", "limit")
        assert re.fullmatch(r"found [^\n]{1,300}", problem.message)
        assert problem.location is not None
        assert 1 <= problem.location.span.line <= len(source.lines)
        assert len(excerpt(source.lines, problem.location).splitlines()) <= 3
    for document in source.documents:
        document.root.data()
        for node in nodes_of(document.root):
            assert 0 <= node.start <= node.end <= len(source.text.content)
            assert document.root.pointer == ""
            assert node.pointer == "" or node.pointer.startswith("/")
    for comment in source.comments:
        assert source.lines[comment.line - 1][comment.column - 1 :].startswith(comment.text)


@given(st.binary(max_size=80))
@settings(deadline=None, max_examples=300)
def test_any_bytes_give_documents_or_a_problem(data: bytes) -> None:
    assert isinstance(parse(data, "f.yaml"), Source)


def test_a_file_of_the_largest_size_is_read() -> None:
    pytest.importorskip("yaml._yaml", reason="the reference takes half a minute")
    line = b"- " + b"x" * 125 + b"\n"
    source = parse(line * (MAX_BYTES // len(line)), "f.yaml")
    assert source.problem is None
    assert len(source.documents[0].root.elements) == MAX_BYTES // len(line)
