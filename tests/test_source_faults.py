"""What a document of ours may not say, and the limits of a file."""

from collections.abc import Iterator

import pytest

from ocspolicy.source import parse
from ocspolicy.source.anchors import MAX_ALIASES, MAX_EXPANDED
from ocspolicy.source.build import MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES
from ocspolicy.source.faults import MAX_PROBLEMS, MAX_PROBLEMS_IN_FILE


def faults_of(text: str) -> list[str]:
    source = parse(text.encode(), "f.yaml")
    assert source.problem is None
    return [
        f"{problem.location} {problem.location.pointer}: {problem.message}"
        for document in source.documents
        for problem in document.problems
    ]


TEMPLATE = (
    "found the template expression '{{ .Values.name }}', expected YAML; render the template first, or quote the text"
)
TAGS = "expected none; only the core tags such as !!str are read"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a: 1\nb: {c: 1, c: 2}\n'a': 3\n",
            [
                "f.yaml:2:11 /b/c: found the key 'c' a second time, expected it once; the first stands in line 2",
                "f.yaml:3:1 /a: found the key 'a' a second time, expected it once; the first stands in line 1",
            ],
            id="keys given twice",
        ),
        pytest.param(
            '{"a": 1,\n "\\u0061": 2}',
            ["f.yaml:2:2 /a: found the key 'a' a second time, expected it once; the first stands in line 1"],
            id="a key given twice in JSON, once escaped",
        ),
        pytest.param("a: 1\nA: 2\n", [], id="keys that differ in case only"),
        pytest.param(
            "a: &a {b: 1}\nc:\n  <<: *a\n",
            ["f.yaml:3:3 /c/<<: found the merge key '<<', expected plain keys; write the merged keys out"],
            id="a merge key",
        ),
        pytest.param("'<<': 1\n", [], id="a quoted << is text"),
        pytest.param(
            "a: !vault |\n  x\nb: !e []\nc: ! x\nd: !!set {}\n",
            [
                f"f.yaml:1:4 /a: found the tag '!vault', {TAGS}",
                f"f.yaml:3:4 /b: found the tag '!e', {TAGS}",
                f"f.yaml:4:4 /c: found the tag '!', {TAGS}",
                f"f.yaml:5:4 /d: found the tag 'tag:yaml.org,2002:set', {TAGS}",
            ],
            id="foreign tags",
        ),
        pytest.param(
            "%TAG !! tag:x,2000:\n---\na: !!str x\n",
            [f"f.yaml:3:4 /a: found the tag 'tag:x,2000:str', {TAGS}"],
            id="a core tag declared to be another",
        ),
        pytest.param(
            "a: !!str [x]\nb: !!map [x]\nc: !!seq {}\n",
            [
                "f.yaml:1:4 /a: found a sequence under the tag !!str, expected a value of that type; leave the tag out",
                "f.yaml:2:4 /b: found a sequence under the tag !!map, expected a value of that type; leave the tag out",
                "f.yaml:3:4 /c: found a mapping under the tag !!seq, expected a value of that type; leave the tag out",
            ],
            id="core tags on other kinds",
        ),
        pytest.param("a: !!seq [x]\nb: !!map {}\nc: !!seq\n- x\n", [], id="core tags on their kinds"),
        pytest.param(
            "1: a\nnull: b\ntrue: c\n010: d\n",
            [
                "f.yaml:1:1 /1: found a number as a key, '1', expected keys to be text; put it in quotes",
                "f.yaml:2:1 /null: found a null as a key, 'null', expected keys to be text; put it in quotes",
                "f.yaml:3:1 /true: found a boolean as a key, 'true', expected keys to be text; put it in quotes",
                "f.yaml:4:1 /010: found a number as a key, '010', expected keys to be text; put it in quotes",
            ],
            id="keys that are no text",
        ),
        pytest.param(
            "? [x,\n   y]\n: e\n? {f: g}\n: h\n",
            [
                "f.yaml:1:3 /[x,    y]: found a sequence as a key, '[x,    y]', expected keys to be text; put it in quotes",
                "f.yaml:4:3 /{f: g}: found a mapping as a key, '{f: g}', expected keys to be text; put it in quotes",
            ],
            id="collections as keys",
        ),
        pytest.param(
            ": a\n",
            ["f.yaml:1:1 /: found a value without a key, expected 'key: value'"],
            id="no key",
        ),
        pytest.param(
            "{?  }\n",
            ["f.yaml:1:3 /: found a value without a key, expected 'key: value'"],
            id="no key in braces",
        ),
        pytest.param("!!str 1: a\n'2': b\n", [], id="keys made text"),
        pytest.param(
            "name: {{ .Values.name }}\n",
            [f"f.yaml:1:8 /name/{{ .Values.name }}: {TEMPLATE}"],
            id="a template that happens to be YAML",
        ),
        pytest.param(
            "{?a: 1, b: [?c, ? d]}\n",
            [
                "f.yaml:1:2 /a: found '?a', expected quotes around a text that begins with ?",
                "f.yaml:1:13 /b/0/c: found '?c', expected quotes around a text that begins with ?",
            ],
            id="a question mark in brackets",
        ),
        pytest.param("a: 1\n?b: 1\n? c\n: ?d\ne: f?", [], id="a question mark elsewhere"),
        pytest.param(
            "a: *.tmp\n",
            ["f.yaml:1:4 /a: found '*.tmp', an alias of an anchor that is not there; put text that begins with * in quotes"],
            id="a pattern that nobody quoted",
        ),
        pytest.param(
            "a: &x [1, {b: *x}]\n",
            ["f.yaml:1:15 /a/1/b: found '*x' inside the value that it stands for, expected a value that ends; write it out"],
            id="a recursive alias",
        ),
        pytest.param(
            "a: &x 1\n---\nb: *x\n",
            ["f.yaml:3:4 /b: found '*x', an alias of an anchor that is not there; put text that begins with * in quotes"],
            id="an anchor of another document",
        ),
        pytest.param(
            'a: "\\ud83d"\nb: "\\0"\nc: "x\\Ny"\nd: "\\L"\ne: "\\ude00\\ud83d"\n',
            [
                "f.yaml:1:4 /a: found the escape for U+D83D, half a surrogate pair, expected text; remove it",
                "f.yaml:2:4 /b: found the escape for U+0000, a character that is refused, expected text; remove it",
                "f.yaml:3:4 /c: found the escape for U+0085, a character that is refused, expected text; remove it",
                "f.yaml:4:4 /d: found the escape for U+2028, a character that is refused, expected text; remove it",
                "f.yaml:5:4 /e: found the escape for U+DE00, half a surrogate pair, expected text; remove it",
            ],
            id="escapes for what no text may hold",
        ),
        pytest.param('a: "\\e\\x07\\u202e\\ufeff"\n', [], id="escapes that output makes visible"),
    ],
)  # fmt: skip
def test_a_document_has_its_faults_located(text: str, expected: list[str]) -> None:
    assert faults_of(text) == expected


def test_the_first_of_two_equal_keys_counts() -> None:
    (document,) = parse(b"a: 1\na: [2, 3]\n", "f.yaml").documents
    assert document.root.data() == {"a": 1}


def test_a_foreign_document_does_not_hide_the_others() -> None:
    source = parse(b"apiVersion: v1\nx: !Ref y\n1: {<<: *z}\n---\nb: 1\n", "f.yaml")
    assert source.problem is None
    assert [len(document.problems) for document in source.documents] == [4, 0]


def test_faults_beyond_those_that_can_be_read_are_counted() -> None:
    shown = faults_of("a: 1\n" * (MAX_PROBLEMS + 8))
    assert len(shown) == MAX_PROBLEMS + 1
    assert shown[-1].endswith("found 7 more problems in this document, not shown; mend those above first")


def test_every_faulty_document_keeps_a_fault() -> None:
    documents = MAX_PROBLEMS_IN_FILE // 2 + 10
    source = parse(b"1: a\n2: b\n---\n" * documents, "f.yaml")
    assert len(source.documents) == documents + 1
    assert all(document.problems for document in source.documents[:-1])
    assert sum(len(document.problems) for document in source.documents) == MAX_PROBLEMS_IN_FILE + 10 + 10


def nested(levels: int, inner: str) -> str:
    return "[" * levels + inner + "]" * levels


def laughs(levels: int) -> Iterator[str]:
    yield "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, levels):
        yield f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(nested(MAX_DEPTH, "x"), None, id="as deep as can be"),
        pytest.param(
            nested(MAX_DEPTH + 1, "x"),
            "f.yaml:1:65: found collections nested more than 64 deep, expected fewer; flatten them",
            id="too deep",
        ),
        pytest.param(
            "[" * 30_000,
            "f.yaml:1:65: found collections nested more than 64 deep, expected fewer; flatten them",
            id="an open bracket for ever",
        ),
        pytest.param(
            "- " * 30_000,
            "f.yaml:1:129: found collections nested more than 64 deep, expected fewer; flatten them",
            id="a dash for ever",
        ),
        pytest.param(
            "".join(" " * level + "a:\n" for level in range(200)),
            "f.yaml:65:65: found collections nested more than 64 deep, expected fewer; flatten them",
            id="an indentation for ever",
        ),
        pytest.param(
            f"- &a {nested(MAX_DEPTH - 1, 'x')}\n- {nested(1, '*a')}\n",
            "f.yaml:2:4: found collections nested more than 64 deep, expected fewer; flatten them",
            id="too deep by an alias",
        ),
        pytest.param(
            "\n".join(["- &a0 [x]", *(f"- &a{n} [*a{n - 1}]" for n in range(1, 63))]), None, id="as deep by aliases as can be"
        ),
        pytest.param(
            "\n".join(["- &a0 [x]", *(f"- &a{n} [*a{n - 1}]" for n in range(1, 64))]),
            "f.yaml:64:9: found collections nested more than 64 deep, expected fewer; flatten them",
            id="one level more by aliases",
        ),
        pytest.param(
            "".join(laughs(9)),
            f"f.yaml:5:45: found aliases that stand for more than {MAX_EXPANDED:,} values in all, "
            "expected fewer; write the values out",
            id="a billion laughs",
        ),
        pytest.param("- &a x\n" + "- *a\n" * MAX_ALIASES, None, id="as many aliases as can be"),
        pytest.param(
            "- &a x\n" + "- *a\n" * (MAX_ALIASES + 1),
            "f.yaml:1002:3: found more than 1,000 aliases in a file, expected fewer; write the values out",
            id="too many aliases",
        ),
        pytest.param(
            "---\n" * (MAX_DOCUMENTS + 1),
            "f.yaml:10001:1: found more than 10,000 documents in a file, expected fewer; split the file",
            id="too many documents",
        ),
        pytest.param(
            "%YAML 1.1\n---\na: 0100\n",
            "f.yaml:1:1: found the directive %YAML 1.1, expected %YAML 1.2 or none; remove it",
            id="YAML 1.1",
        ),
        pytest.param(
            "a: 1\n...\n%YAML 1.3\n---\na: 0100\n",
            "f.yaml:3:1: found a directive that is not understood, expected '%YAML 1.2' or none; remove it",
            id="YAML 1.3",
        ),
    ],
)  # fmt: skip
def test_a_limit_is_kept_before_the_tree_is_walked(text: str, expected: str | None) -> None:
    problem = parse(text.encode(), "f.yaml").problem
    assert (problem and f"{problem.location}: {problem.message}") == expected
    if problem and "YAML" not in problem.message:
        assert problem.kind == "limit"


def test_data_of_the_deepest_document_can_be_taken() -> None:
    (document,) = parse(
        "\n".join(["- &a0 [x]", *(f"- &a{n} [*a{n - 1}]" for n in range(1, 63))]).encode(), "f"
    ).documents
    data, depth = document.root.data(), 0
    while isinstance(data, list):
        data, depth = data[-1], depth + 1
    assert depth == MAX_DEPTH


def test_the_number_of_values_is_limited() -> None:
    pytest.importorskip("yaml._yaml", reason="the reference takes a minute for a million values")
    problem = parse(b"[" + b"1," * MAX_NODES + b"]", "f.yaml").problem
    assert problem is not None
    assert problem.kind == "limit"
    assert problem.message == ("found more than 1,000,000 values in a file, expected fewer; move people into CSV files")
