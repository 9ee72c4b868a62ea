"""Generated documents: what was written is what is read, by both parsers, at the same places."""

import gc
import json
import subprocess
import sys
from io import StringIO
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ocspolicy.source import Node, Source, Unspelled, parse
from ocspolicy.source.read import read_fast, read_reference
from ocspolicy.source.text import decode

HAS_LIBYAML = read_fast(decode(b"", "f.yaml")[0]) is not None
WORDS = st.from_regex(r"[a-zé😀][a-z #:/@.-]{0,8}[a-z]", fullmatch=True).filter(
    lambda it: " #" not in it and ": " not in it
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\x85\u2028\u2029"), max_size=12)
NUMBERS = st.integers(-(10**12), 10**12)
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)


def data_of(source: Source) -> list[Any]:
    assert source.problem is None
    assert [document.problems for document in source.documents] == [()] * len(source.documents)
    return [document.root.data() for document in source.documents]


def shape_of(node: Node) -> tuple[Any, ...]:
    value = node.value.text if isinstance(node.value, Unspelled) else node.value
    items = [(shape_of(node.keys[key]), shape_of(item)) for key, item in node.items.items()]
    head = (node.kind, tuple(node.span), node.pointer, node.plain, node.text, type(node.value).__name__, repr(value))
    return (*head, items, [shape_of(element) for element in node.elements])


def everything(source: Source) -> tuple[Any, ...]:
    documents = [(shape_of(document.root), document.problems) for document in source.documents]
    return documents, list(source.comments), source.problem


def check_places(node: Node) -> None:
    """Check that every place holds what its node says, and lies in its parent's place."""
    shown = node.source.content[node.start : node.end]
    assert shown == shown.strip()
    if node.kind == "scalar" and node.plain:
        assert shown.split() == node.text.split()
    elif node.kind == "scalar":
        assert shown[0] in "'\"|>"
    for child in [*node.keys.values(), *node.items.values(), *node.elements]:
        assert node.start <= child.start <= child.end <= node.end
        check_places(child)


class Page(NamedTuple):
    """A document that was written at random, and what it says."""

    text: str
    data: object
    comments: list[str]


class Writer:
    """Writes data as YAML, each part in a style drawn at random."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.comments = []

    def some(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def end(self) -> str:
        kind = self.some("", "", "", "comment", "blank")
        if kind == "comment":
            self.comments.append(f"# c{len(self.comments)} 'x' \"y")
            return f"  {self.comments[-1]}\n"
        return "\n\n" if kind else "\n"

    def scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        return self.some(value, "'" + value.replace("'", "''") + "'", json.dumps(value, ensure_ascii=False))

    def flow(self, value: Any) -> str:
        if isinstance(value, list):
            return "[" + self.some(", ", ",\n    ").join(map(self.flow, value)) + self.some("]", " ]")
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.flow(key)}: {self.flow(item)}" for key, item in value.items()) + "}"
        return json.dumps(value, ensure_ascii=False)

    def block(self, value: Any, indent: int) -> str:
        """Give what follows a `:` or `-`, up to the line's end."""
        if value and isinstance(value, list | dict) and self.some("block", "block", "flow") == "block":
            deeper = indent + self.some(1, 2, 4)
            head = self.end()
            if isinstance(value, list):
                entries = [f"{' ' * deeper}-{self.block(item, deeper)}" for item in value]
            else:
                entries = [
                    f"{' ' * deeper}{self.scalar(key)}:{self.block(item, deeper)}" for key, item in value.items()
                ]
            return head + "".join(entries)
        if isinstance(value, list | dict):
            return " " + self.flow(value) + self.end()
        if isinstance(value, str) and self.some("literal", "", ""):
            return f" |-\n{' ' * (indent + 2)}{value}\n"
        return f" {self.scalar(value)}" + self.end()


@st.composite
def pages(draw: st.DrawFn) -> Page:
    scalars = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS)
    inner = st.recursive(
        scalars, lambda it: st.lists(it, max_size=4) | st.dictionaries(WORDS, it, max_size=4), max_leaves=12
    )
    data = draw(st.dictionaries(WORDS, inner, min_size=1, max_size=5))
    writer = Writer(draw)
    text = "".join(f"{writer.scalar(key)}:{writer.block(item, 0)}" for key, item in data.items())
    return Page(text, data, writer.comments)


@given(pages())
@settings(deadline=None, max_examples=120)
def test_a_written_document_is_read_as_it_was_meant(page: Page) -> None:
    text, problem = decode(page.text.encode(), "f.yaml")
    assert problem is None
    source = read_reference(text)
    assert data_of(source) == [page.data]
    check_places(source.documents[0].root)
    assert sorted(comment.text for comment in source.comments) == sorted(page.comments)
    assert [comment.line for comment in source.comments] == sorted(comment.line for comment in source.comments)
    if HAS_LIBYAML:
        fast = read_fast(text)
        assert fast is not None
        assert everything(fast) == everything(source)


PIECES = [
    *("a", "é", "b: ", "c:\n", "- ", "\n- ", "\n  - ", "\n", "\n  ", "\n    ", " ", "[", "]", "{", "}", ", ", ",", ": ", ":", "? "),
    *("'q'", '"d"', "'", '"', "|\n", "|-\n  t\n", ">\n x\n", "|2", "#", " # c", "&a ", "*a", "*a ", "!t ", "!!str ", "---\n", "...\n"),
    *("\t", "%YAML 1.2\n", "<<: ", "1", "010", "~", "\\", "x y\n z", "@", "a: 1\n", "k: [v, {w: x}]\n", "\r\n", "\ufeff"),
]  # fmt: skip


@pytest.mark.skipif(not HAS_LIBYAML, reason="there is one parser only")
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(deadline=None, max_examples=1_000)
def test_both_parsers_give_the_same_for_anything(content: str) -> None:
    text, problem = decode(content.encode(), "f.yaml")
    if problem is None:
        source = read_fast(text)
        if source is not None:
            assert everything(source) == everything(read_reference(text))


@pytest.mark.skipif(not HAS_LIBYAML, reason="there is one parser only")
@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a:\tb\n", id="a tab"),
        pytest.param("%YAML 1.2\n---\na\n", id="a directive"),
        pytest.param("a\n...\n...\n", id="document ends"),
        pytest.param("a: !t b\n", id="a tag"),
        pytest.param("a: !!seq []\n", id="a tag of a collection"),
        pytest.param("- &a 1\n- *a:\n", id="an alias before a colon"),
        pytest.param("[a: b]\n", id="a pair in a list"),
        pytest.param('["a":b]\n', id="a pair that is not spaced"),
        pytest.param("|\n text\n", id="a block of text as a document"),
        pytest.param("a: |\n   \n  b\n", id="a first line with too many blanks"),
        pytest.param("a: ># c\n  b\n", id="a header that is not spaced"),
        pytest.param("a: [\n", id="a mistake"),
    ],
)
def test_what_the_parsers_read_differently_is_left_to_the_reference(content: str) -> None:
    text, problem = decode(content.encode(), "f.yaml")
    assert problem is None
    assert read_fast(text) is None


@given(DATA, st.sampled_from(["escaped", "raw"]), st.sampled_from([None, 2, "\t"]))
@settings(deadline=None, max_examples=120)
def test_json_is_read_as_it_was_meant(data: Any, characters: str, indent: int | str | None) -> None:
    written = json.dumps(data, ensure_ascii=characters == "escaped", indent=indent)
    source = parse(written.encode(), "f.json")
    if source.problem is not None:
        assert characters == "raw"
        assert "not printable" in source.problem.message or "byte order mark" in source.problem.message
    else:
        assert data_of(source) == [data]


@given(DATA)
@settings(deadline=None, max_examples=80)
def test_what_another_program_writes_is_read_as_it_was_meant(data: Any) -> None:
    stream = StringIO()
    YAML(typ="safe", pure=True).dump(data, stream)
    source = parse(stream.getvalue().encode(), "f.yaml")
    glued = [
        problem for document in source.documents for problem in document.problems if "begins with ?" in problem.message
    ]
    # ruamel.yaml writes '?>' without quotes, and does not read it so.
    quotes = source.problem is not None and "expected quotes around" in source.problem.message
    if not glued and not quotes:
        assert data_of(source) == [data]


def estate(servers: int) -> str:
    lines = [
        f"  - {{name: fe{number:05}.contoso.example, roles: [front-end], count: {number}}}  # {number}\n"
        f'  - name: "edge{number}"\n    labels:\n      site: dublin\n'
        for number in range(servers)
    ]
    return "apiVersion: ocspolicy/v1\nkind: Deployment\nservers:\n" + "".join(lines)


def test_a_large_file_is_read_like_a_small_one() -> None:
    text, _ = decode(estate(120).encode(), "f.yaml")
    assert len(text.content) > 10_000
    assert everything(parse(text.content.encode(), "f.yaml")) == everything(read_reference(text))


def test_without_libyaml_the_reference_reads_all() -> None:
    program = (
        "import sys; sys.modules['yaml'] = None\n"
        "from ocspolicy.source import parse\n"
        "source = parse(sys.stdin.buffer.read(), 'f.yaml')\n"
        "print(source.problem, len(source.documents[0].root.items['servers'].elements), len(source.comments))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=estate(120), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "None 240 120\n"


@pytest.mark.parametrize("text", ["a: 1\n", "a: 'open\n", "\x00"])
def test_the_collector_is_left_as_it_was(text: str) -> None:
    assert gc.isenabled()
    parse(text.encode(), "f.yaml")
    assert gc.isenabled()
    gc.disable()
    try:
        parse(text.encode(), "f.yaml")
        assert not gc.isenabled()
    finally:
        gc.enable()
