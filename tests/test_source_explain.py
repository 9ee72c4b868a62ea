"""The mistakes that people make, each with the one line that they are shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.source import parse
from ocspolicy.source.explain import explain
from ocspolicy.source.text import Text

NESTED = "which has a value already, expected the same indentation"
TEMPLATE = "expected YAML; render the template first, or quote the text"
DIRECTIVE = "found a directive that is not understood, expected '%YAML 1.2' or none; remove it"
TAB = "found a tab, expected blanks; indent and separate with blanks only"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        pytest.param('a: "foo\nb: 1\n', "1:4-1:8", 'found no closing " for the text that begins here, expected one', id="open double quote"),
        pytest.param("a: 'foo\nb: 1\n---\n", "1:4-1:8", "found no closing ' for the text that begins here, expected one", id="open single quote"),
        pytest.param(
            'a: "foo\nb: "bar"\n',
            "2:5-2:9",
            "found 'bar\"' behind a text in quotes that began in line 1, expected the end of the line; "
            'close the text with " where it ends',
            id="open quote that the next one closes",
        ),
        pytest.param(
            "a: 'it's'\n",
            "1:8-1:10",
            "found 's'' behind a text in quotes, expected the end of the line; write '' for a quote inside single quotes",
            id="apostrophe",
        ),
        pytest.param(
            'a: "x" y\n',
            "1:8-1:9",
            "found 'y' behind a text in quotes, expected the end of the line; write \\\" for a quote inside double quotes",
            id="text behind quotes",
        ),
        pytest.param("a: 1\n\n  b: 2\n", "3:3-3:5", f"found 'b:' indented deeper than the line above, {NESTED}", id="deeper"),
        pytest.param("s:\n  - name: a\n     roles: []\n", "3:6-3:12", f"found 'roles:' indented deeper than the line above, {NESTED}", id="deeper in a list"),
        pytest.param(
            "a:\n    b: 1\n  c: 2\n",
            "3:3-3:5",
            "found an indentation of 2, which is that of no line above, expected 0 as in the mapping that begins in line 1",
            id="less deep",
        ),
        pytest.param(
            "s:\n  - name: a\n   roles: []\n",
            "3:4-3:10",
            "found an indentation of 3, which is that of no line above, expected 2 as in the list that begins in line 2",
            id="less deep in a list",
        ),
        pytest.param("a:\n\tb: 1\n", "2:1-2:2", TAB, id="tab for indentation"),
        pytest.param("a:\n  - x\n  -\ty\n", "3:4-3:5", TAB, id="tab between"),
        pytest.param("a: b\t\n", "1:5-1:6", TAB, id="tab behind"),
        pytest.param("name contoso\nkind: x\n", "1:1-1:13", "found 'name contoso' without a ':', expected 'key: value'", id="no colon in the first line"),
        pytest.param("a: 1\nname contoso\nkind: x\n", "2:1-2:13", "found 'name contoso' without a ':', expected 'key: value'", id="no colon"),
        pytest.param("a:\n  name contoso\n\n  kind: x\n", "2:3-2:15", "found 'name contoso' without a ':', expected 'key: value'", id="no colon, nested"),
        pytest.param("a: 1\nname\n", "2:1-2:5", "found 'name' without a ':', expected 'key: value'", id="no colon at the end"),
        pytest.param("a:1\nb: 2\n", "1:1-1:4", "found 'a:1', expected a blank behind 'a:'", id="no blank behind the colon, first"),
        pytest.param("a: 1\nb:2\n", "2:1-2:4", "found 'b:2', expected a blank behind 'b:'", id="no blank behind the colon"),
        pytest.param("a:\n  -b\n  -c: 1\n", "2:3-2:5", "found '-b', expected a blank behind '-'", id="no blank behind the dash"),
        pytest.param("a: b: c\n", "1:5-1:6", "found a second ': ' in one line, expected one; put the value in quotes", id="two colons"),
        pytest.param("--- a: 1\n", "1:6-1:7", "found a second ': ' in one line, expected one; put the value in quotes", id="key behind ---"),
        pytest.param("k" * 2_000 + ": 1\n", "1:1-1:2004", "found a key of more than 1,024 characters, expected a shorter one", id="long key"),
        pytest.param("'a\n b': 1\n", "2:4-2:5", "found ':' where no key can end, expected 'key: value' on one line", id="key of two lines"),
        pytest.param("a: [x, y\n", "1:4-1:5", "found no ']' for the '[' that stands here, expected one", id="open bracket"),
        pytest.param("a: {x: y\n---\n", "1:4-1:5", "found no '}' for the '{' that stands here, expected one", id="open brace"),
        pytest.param("a: [x, y\nb: 1\n", "2:2-2:3", "found ':' behind the '[' of line 1, expected ',' or ']'", id="open bracket, then a key"),
        pytest.param('{"a": "1" "b": 2}', "1:11-1:15", "found '\"b\":' behind the '{' of line 1, expected ',' or '}'", id="no comma"),
        pytest.param("a: [x]]\n", "1:7-1:8", "found ']' without a '[' before it, expected none; remove it", id="one bracket too many"),
        pytest.param('{"a": 1}}', "1:9-1:10", "found '}' without a '{' before it, expected none; remove it", id="one brace too many"),
        pytest.param("[1,,2]", "1:4-1:5", "found ',' without a value before it, expected a value", id="two commas"),
        pytest.param("a: @foo\n", "1:4-1:8", "found '@foo', expected quotes around a text that begins with @", id="at"),
        pytest.param("a: `foo`\n", "1:4-1:9", "found '`foo`', expected quotes around a text that begins with `", id="backtick"),
        pytest.param("a: %foo\n", "1:4-1:8", "found '%foo', expected quotes around a text that begins with %", id="percent"),
        pytest.param("a: * b\n", "1:4-1:5", "found '*', expected quotes around a text that begins with *", id="star"),
        pytest.param("a: & b\n", "1:4-1:5", "found '&', expected quotes around a text that begins with &", id="ampersand"),
        pytest.param("{{- if .Values.x }}\na: 1\n", "1:1-1:20", f"found the template expression '{{{{- if .Values.x }}}}', {TEMPLATE}", id="Helm"),
        pytest.param("b: 1\na: {{ x }}-foo\n", "2:4-2:15", f"found the template expression '{{{{ x }}}}-foo', {TEMPLATE}", id="Helm in a value"),
        pytest.param("{% if x %}\na: 1\n", "1:1-1:11", f"found the template expression '{{% if x %}}', {TEMPLATE}", id="Jinja"),
        pytest.param("a: - b\n", "1:4-1:5", "found a list entry behind other text, expected it on a line of its own", id="list behind a key"),
        pytest.param("a: ? b\n", "1:4-1:5", "found '?' behind other text, expected it on a line of its own", id="explicit key behind a key"),
        pytest.param("a: 1\n- b\n", "2:1-2:2", "found a list entry in the mapping that begins in line 1, expected 'key: value'", id="list in a mapping"),
        pytest.param("- a\nb: 1\n", "2:1-2:3", "found 'b:' in the list that begins in line 1, expected '- ' before an entry", id="key in a list"),
        pytest.param(
            'a: "C:\\dir"\n',
            "1:7-1:9",
            "found '\\d' in double quotes, expected an escape that exists; double the backslash, or use single quotes",
            id="backslash",
        ),
        pytest.param('a: "\\xZZ"\n', "1:7-1:10", "found 'ZZ\"' in an escape, expected hexadecimal digits", id="bad escape"),
        pytest.param(
            'b: "\\U0001F600"\na: "\\UFFFFFFFF"\n',
            "2:5-2:15",
            "found the escape '\\UFFFFFFFF', expected a character that exists; the last is \\U0010FFFF",
            id="escape beyond the last character",
        ),
        pytest.param("a: |x\n  foo\n", "1:5-1:6", "found 'x' behind '|' or '>', expected the text on the next line", id="text behind |"),
        pytest.param("[a]\nb: 1\n", "2:1-2:3", "found 'b:', expected '---' on a line of its own before a document", id="two roots"),
        pytest.param("a: 1\n... x\n", "2:5-2:6", "found 'x' behind '...', expected the end of the line", id="text behind ..."),
        pytest.param("%YAML 2.0\n---\na\n", "1:1-1:6", "found another version of YAML, expected '%YAML 1.2' or none; remove the line", id="YAML 2"),
        pytest.param("%YAML\n---\na\n", "1:6-1:6", DIRECTIVE, id="no version"),
        pytest.param("%YAML 1.2\n%YAML 1.2\n---\n", "2:1-2:6", DIRECTIVE, id="two versions"),
        pytest.param("%YAML 1." + "9" * 5_000 + "\n---\n", "1:1-1:5009", DIRECTIVE, id="a version that no int can hold"),
        pytest.param("a: !e!foo bar\n", "1:4-1:10", "found '!e!foo', expected a tag that a %TAG line declares; leave the tag out", id="undeclared tag"),
        pytest.param("a: !<foo bar\n", "1:4-1:9", "found '!<foo', a tag that cannot be read, expected none; leave the tag out", id="open tag"),
        pytest.param("a: &x &y 1\n", "1:7-1:9", "found '&y' behind a value, expected the end of the line", id="two anchors"),
        pytest.param(
            "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n",
            "2:1-2:8",
            "found the mark of a merge conflict, '<<<<<<<', expected YAML; resolve the conflict",
            id="merge conflict",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_explained_where_it_was_made(text: str, place: str, message: str) -> None:
    problem = parse(text.encode(), "f.yaml").problem
    assert problem is not None
    assert problem.kind == "input"
    assert problem.message == message
    assert problem.location is not None
    assert "{}:{}-{}:{}".format(*problem.location.span) == place


def test_a_failure_of_the_parser_itself_is_located_behind_what_was_read() -> None:
    problem = explain(KeyError("x" * 10_000), Text("f.yaml", "a: 1\nb: 2\n"), 3, 4)
    assert str(problem.location) == "f.yaml:1:5"
    assert problem.message == (
        "found something behind this place on which the parser fails (KeyError), expected YAML 1.2; simplify what follows"
    )


@given(st.text(alphabet=" \n\t:-?[]{},\"'#&*!|>%@`ab0é\\<{", max_size=60))
@settings(deadline=None, max_examples=400)
def test_every_failure_is_one_line_at_a_place_in_the_file(text: str) -> None:
    source = parse(text.encode(), "f.yaml")
    if source.problem is not None:
        message, location = source.problem.message, source.problem.location
        assert message.startswith("found ")
        assert "\n" not in message
        assert len(message) < 300
        assert not message.endswith(".")
        assert location is not None
        assert location.span is not None
        assert 1 <= location.span.line <= location.span.end_line <= len(source.lines)
        assert location.span.column <= len(source.lines[location.span.line - 1]) + 1
        assert location.span[:2] <= location.span[2:]
