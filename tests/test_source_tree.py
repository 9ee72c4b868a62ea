"""Trees, places and comments. A tree is shown as `pointer: value @ place`, keys as `key @ place`."""

from textwrap import dedent
from typing import Any

import pytest

from ocspolicy.place import Location, Span
from ocspolicy.source import Comment, Node, Unspelled, parse


def lines_of(node: Node) -> list[str]:
    place = "{}:{}-{}:{}".format(*node.span)
    if node.kind == "scalar":
        value = f"Unspelled {node.value.text}" if isinstance(node.value, Unspelled) else repr(node.value)
        return [f"{node.pointer}: {value} @ {place}"]
    shown = [f"{node.pointer}: {node.kind} @ {place}"]
    for key, value in node.items.items():
        name = node.keys[key]
        shown += ["{} @ {}:{}-{}:{}".format(key, *name.span), *lines_of(value)]
    return shown + [line for element in node.elements for line in lines_of(element)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\n", [": 'a' @ 1:1-1:2"], id="a plain scalar"),
        pytest.param("  'a b'  \n", [": 'a b' @ 1:3-1:8"], id="quotes belong to the place"),
        pytest.param(
            "k: plain over\n   two lines   # c\n",
            [": mapping @ 1:1-2:13", "k @ 1:1-1:2", "/k: 'plain over two lines' @ 1:4-2:13"],
            id="a plain scalar of two lines",
        ),
        pytest.param(
            "k:\n  - x\n  - y\n\n# c\nl: 1\n",
            [
                ": mapping @ 1:1-6:5",
                "k @ 1:1-1:2",
                "/k: sequence @ 2:3-3:6",
                "/k/0: 'x' @ 2:5-2:6",
                "/k/1: 'y' @ 3:5-3:6",
                "l @ 6:1-6:2",
                "/l: 1 @ 6:4-6:5",
            ],
            id="a block collection ends with its last value, not at the next key",
        ),
        pytest.param(
            "k:\n- x\n-\nl:\n",
            [
                ": mapping @ 1:1-4:3",
                "k @ 1:1-1:2",
                "/k: sequence @ 2:1-3:2",
                "/k/0: 'x' @ 2:3-2:4",
                "/k/1: None @ 3:2-3:2",
                "l @ 4:1-4:2",
                "/l: None @ 4:3-4:3",
            ],
            id="a list that is not indented, values that are left out",
        ),
        pytest.param(
            "[ {a: 1, b: },\n  [] ]\n",
            [
                ": sequence @ 1:1-2:7",
                "/0: mapping @ 1:3-1:14",
                "a @ 1:4-1:5",
                "/0/a: 1 @ 1:7-1:8",
                "b @ 1:10-1:11",
                "/0/b: None @ 1:12-1:12",
                "/1: sequence @ 2:3-2:5",
            ],
            id="brackets belong to the place",
        ),
        pytest.param(
            "[a: 1, b]\n",
            [
                ": sequence @ 1:1-1:10",
                "/0: mapping @ 1:2-1:6",
                "a @ 1:2-1:3",
                "/0/a: 1 @ 1:5-1:6",
                "/1: 'b' @ 1:8-1:9",
            ],
            id="a pair in a list",
        ),
        pytest.param(
            "k: |  # c\n  one\n\n  two\n\n\nl: >-\n  a\n  b\n",
            [
                ": mapping @ 1:1-9:4",
                "k @ 1:1-1:2",
                "/k: 'one\\n\\ntwo\\n' @ 1:4-4:6",
                "l @ 7:1-7:2",
                "/l: 'a b' @ 7:4-9:4",
            ],
            id="a block of text ends with its text",
        ),
        pytest.param(
            "k: |+  # c\n\n\nl: |2-\n",
            [": mapping @ 1:1-4:7", "k @ 1:1-1:2", "/k: '\\n\\n' @ 1:4-1:6", "l @ 4:1-4:2", "/l: '' @ 4:4-4:7"],
            id="a block without text is its header",
        ),
        pytest.param(
            "? a\n? b\n: 1\n? c # no value\n\n",
            [
                ": mapping @ 1:1-4:4",
                "a @ 1:3-1:4",
                "/a: None @ 1:4-1:4",
                "b @ 2:3-2:4",
                "/b: 1 @ 3:3-3:4",
                "c @ 4:3-4:4",
                "/c: None @ 4:4-4:4",
            ],
            id="explicit keys, with and without values",
        ),
        pytest.param(
            "a: &x !!str 1\nb: &y\n  - *x\nc: *y\nd: &e\n",
            [
                ": mapping @ 1:1-5:6",
                "a @ 1:1-1:2",
                "/a: '1' @ 1:13-1:14",
                "b @ 2:1-2:2",
                "/b: sequence @ 3:3-3:7",
                "/a: '1' @ 1:13-1:14",
                "c @ 4:1-4:2",
                "/b: sequence @ 3:3-3:7",
                "/a: '1' @ 1:13-1:14",
                "d @ 5:1-5:2",
                "/d: None @ 5:6-5:6",
            ],
            id="anchors and tags are left out, an alias stands where its anchor does",
        ),
        pytest.param(
            "- &a # c\n  - 1\n- &b\n  k: 1\n- &c {l: 1}\n- k: &d\n  - 2\n",
            [
                ": sequence @ 1:1-7:6",
                "/0: sequence @ 2:3-2:6",
                "/0/0: 1 @ 2:5-2:6",
                "/1: mapping @ 4:3-4:7",
                "k @ 4:3-4:4",
                "/1/k: 1 @ 4:6-4:7",
                "/2: mapping @ 5:6-5:12",
                "l @ 5:7-5:8",
                "/2/l: 1 @ 5:10-5:11",
                "/3: mapping @ 6:3-7:6",
                "k @ 6:3-6:4",
                "/3/k: sequence @ 7:3-7:6",
                "/3/k/0: 2 @ 7:5-7:6",
            ],
            id="anchored collections",
        ),
        pytest.param("a/b~c: {'': 1}\n", [
                ": mapping @ 1:1-1:15", "a/b~c @ 1:1-1:6",
                "/a~1b~0c: mapping @ 1:8-1:15", " @ 1:9-1:11", "/a~1b~0c/: 1 @ 1:13-1:14",
            ], id="pointers are escaped"),
        pytest.param(
            "é😀: ['ü', x]\n",
            [
                ": mapping @ 1:1-1:13",
                "é😀 @ 1:1-1:3",
                "/é😀: sequence @ 1:5-1:13",
                "/é😀/0: 'ü' @ 1:6-1:9",
                "/é😀/1: 'x' @ 1:11-1:12",
            ],
            id="columns count characters",
        ),
        pytest.param('- "a\\u00e9\\\n  b"\n- 010\n', [": sequence @ 1:1-3:6", "/0: 'aéb' @ 1:3-2:5", "/1: Unspelled 010 @ 3:3-3:6"], id="escapes"),
        pytest.param('{"a": "\\ud83d\\ude00"}', [": mapping @ 1:1-1:22", "a @ 1:2-1:5", "/a: '😀' @ 1:7-1:21"], id="a surrogate pair as JSON writes it"),
        pytest.param("yes: on\n", [": mapping @ 1:1-1:8", "yes @ 1:1-1:4", "/yes: 'on' @ 1:6-1:8"], id="words of YAML 1.1 are text"),
    ],
)  # fmt: skip
def test_values_know_their_places(text: str, expected: list[Any]) -> None:
    source = parse(text.encode(), "f.yaml")
    assert source.problem is None
    (document,) = source.documents
    assert document.problems == ()
    assert lines_of(document.root) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("\n  \n# only a comment\n", [], id="no document"),
        pytest.param("---\n", [None], id="an empty document"),
        pytest.param("a: 1\n---\n- 2\n...\n---\nx\n", [{"a": 1}, [2], "x"], id="three documents"),
        pytest.param("%YAML 1.2\n---\na: 1\n", [{"a": 1}], id="a version that is ours"),
        pytest.param("%TAG ! tag:yaml.org,2002:\n%FOO bar # c\n---\na: !str 1\n", [{"a": "1"}], id="other directives"),
        pytest.param("a: &x 1\n---\nb: &x 2\nc: *x\n", [{"a": 1}, {"b": 2, "c": 2}], id="anchors of each document"),
        pytest.param("- &x 1\n- [*x, &x 2]\n- *x\n", [[1, [1, 2], 2]], id="an anchor given again"),
        pytest.param('{"a": [1, "b", null, true]}', [{"a": [1, "b", None, True]}], id="JSON"),
        pytest.param('\t{\n\t\t"a": 1\n\t}'.lstrip(), [{"a": 1}], id="JSON indented with tabs"),
    ],
)
def test_documents_and_their_data(text: str, expected: list[Any]) -> None:
    source = parse(text.encode(), "f.yaml")
    assert source.problem is None
    assert [document.problems for document in source.documents] == [()] * len(expected)
    assert [document.root.data() for document in source.documents] == expected


def test_an_empty_document_stands_behind_its_marker() -> None:
    source = parse(b"---\n\n# c\n---\nx\n--- # d\n", "f.yaml")
    assert [document.root.span for document in source.documents] == [(1, 4, 1, 4), (5, 1, 5, 2), (6, 4, 6, 4)]


def test_a_node_answers_about_itself() -> None:
    (document,) = parse(b"servers:\n  - {name: x, roles: [edge]}\n", "emea.yaml").documents
    root = document.root
    node = root.at(["servers", 0, "roles", 0])
    assert (node.file, node.text, node.plain) == ("emea.yaml", "edge", True)
    assert (node.line, node.column, node.end_line, node.end_column) == (2, 23, 2, 27)
    assert node.location == Location("emea.yaml", Span(2, 23, 2, 27), "/servers/0/roles/0")
    assert node.parent is root.at(["servers", 0, "roles"])
    assert root.parent is None
    assert root.at(["servers", 7, "name"]) is root.items["servers"]
    assert root.keys["servers"].pointer == "/servers"
    assert node.note("here").location == node.location


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# a\n  # b  \n#\n", [(1, 1, "# a", True), (2, 3, "# b", True), (3, 1, "#", True)], id="alone"),
        pytest.param("a: 1 # x # y\nb: 2\t\n".replace("\t", ""), [(1, 6, "# x # y", False)], id="behind a value"),
        pytest.param("a: x#y\nb: http://x/#z # c\n", [(2, 16, "# c", False)], id="no blank, no comment"),
        pytest.param("a: 'x # y'\nb: \"x # y\n  # z\" # c\n", [(3, 8, "# c", False)], id="quoted text"),
        pytest.param("a: >\n  x # y\n  # z\n# c\nb: |-\n  # no\n", [(4, 1, "# c", True)], id="blocks of text"),
        pytest.param("a: | # c\n  x\n", [(1, 6, "# c", False)], id="the header of a block of text"),
        pytest.param("a: |+ # c # d\n  # x\n", [(1, 7, "# c # d", False)], id="a header and a text with a hash"),
        pytest.param("a: x\n  y # c\n", [(2, 5, "# c", False)], id="plain text of two lines"),
        pytest.param("[a, # c\n 'b # d', # e\n]\n# f\n", [(1, 5, "# c", False), (2, 11, "# e", False), (4, 1, "# f", True)], id="flow"),
        pytest.param("--- # a\nx\n... # b\n", [(1, 5, "# a", False), (3, 5, "# b", False)], id="behind markers"),
        pytest.param("%TAG ! tag:x,1: # a\n--- # b\n", [(1, 17, "# a", False), (2, 5, "# b", False)], id="behind a directive"),
        pytest.param("a: # x\n  - # y\n    1\n", [(1, 4, "# x", False), (2, 5, "# y", False)], id="behind indicators"),
        pytest.param("a: &x # c\n  1\nb: !!str # d\n", [(1, 7, "# c", False), (3, 10, "# d", False)], id="behind anchors and tags"),
        pytest.param("'a # b': 1 # c\n? |\n  # d\n: 2\n", [(1, 12, "# c", False)], id="keys"),
        pytest.param("a: 1 # x\r\n# y\r\n", [(1, 6, "# x", False), (2, 1, "# y", True)], id="CRLF"),
        pytest.param("é😀: ü # x\n", [(1, 7, "# x", False)], id="columns count characters"),
        pytest.param("{a: 1,\t# x\n}", [(1, 8, "# x", False)], id="behind a tab"),
        pytest.param("a: 'it''s' # x\nb: \"\\\"# y\" # z\n", [(1, 12, "# x", False), (2, 12, "# z", False)], id="quotes in quotes"),
    ],
)  # fmt: skip
def test_comments_are_what_stands_between_the_scalars(text: str, expected: list[Any]) -> None:
    source = parse(text.encode(), "f.yaml")
    assert source.problem is None
    assert list(source.comments) == [Comment(*comment) for comment in expected]


def test_comments_are_a_sequence() -> None:
    comments = parse(b"# a\n# b\n# c\n", "f.yaml").comments
    assert len(comments) == 3
    assert comments[-1].text == "# c"
    assert [comment.text for comment in comments[1:]] == ["# b", "# c"]


def test_what_was_read_before_a_mistake_is_kept() -> None:
    text = dedent(
        """\
        a: 1 # one
        ---
        b: 2 # two
        ---
        c: 'open # three
        # four
        """
    )
    source = parse(text.encode(), "f.yaml")
    assert source.problem is not None
    assert [document.root.data() for document in source.documents] == [{"a": 1}, {"b": 2}]
    assert [comment.text for comment in source.comments] == ["# one", "# two"]
    assert source.file == "f.yaml"
    assert source.lines[4] == "c: 'open # three"
