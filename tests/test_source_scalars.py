from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.source import Unspelled, parse

UNSPELLED = "no spelling of ours"


def value_of(text: str) -> tuple[Any, list[str]]:
    source = parse(f"a: {text}\n".encode(), "f.yaml")
    assert source.problem is None
    (document,) = source.documents
    value = document.root.items["a"].value
    return (UNSPELLED if isinstance(value, Unspelled) else value), [problem.message for problem in document.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(text, None) for text in ("", "~", "null", "Null", "NULL")],
        *[(text, True) for text in ("true", "True", "TRUE")],
        *[(text, False) for text in ("false", "False", "FALSE")],
        ("0", 0),
        ("7", 7),
        ("1000000001", 1_000_000_001),
        ("-1", -1),
        ("-120", -120),
        ("9" * 40, int("9" * 40)),
        ("1.0", 1.0),
        ("0.5", 0.5),
        ("-1.25", -1.25),
        *[
            (text, UNSPELLED)
            for text in (
                "010",
                "00",
                "-0",
                "-07",
                "+5",
                "0o17",
                "0x1F",
                "1e3",
                "1E5",
                "1.5e3",
                "1.",
                ".5",
                "-.5",
                "+1.5",
                "01.5",
                ".inf",
                "-.INF",
                ".nan",
                ".NaN",
                "9" * 41,
                "9" * 5_000,
                "9" * 400 + ".0",
                "1e999999999",
            )
        ],
        *[
            (text, text)
            for text in (
                "yes",
                "no",
                "on",
                "Off",
                "y",
                "tRUE",
                "nULL",
                "1_000",
                "1:30",
                "0b11",
                "0o9",
                "0x",
                "-0x1F",
                "1.2.3",
                "2009-02-01",
                "2009-02-01T00:00:00Z",
                "+",
                ".",
                "..5",
                "1e",
                "e3",
                "٣",
                "1 2",
                "=",
                ".Inf0",
            )
        ],
        ("'5'", "5"),
        ('"true"', "true"),
        ("''", ""),
        ("'~'", "~"),
    ],
)
def test_a_scalar_is_what_yaml_1_2_or_the_quantity_rule_says(text: str, expected: Any) -> None:
    value, problems = value_of(text)
    assert problems == []
    assert (type(value), value) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!!str 5", "5"),
        ("!!str true", "true"),
        ("!!str", ""),
        ("!!str '5'", "5"),
        ("!!int 5", 5),
        ("!!int '5'", 5),
        ("!!int 010", UNSPELLED),
        ("!!int 0x1F", UNSPELLED),
        ("!!float 1.5", 1.5),
        ("!!float 3", 3.0),
        ("!!float 1e3", UNSPELLED),
        ("!!float .inf", UNSPELLED),
        ("!!bool true", True),
        ("!!bool 'False'", False),
        ("!!null null", None),
        ("!!null ''", None),
        ("!!null", None),
        ("!<tag:yaml.org,2002:int> 5", 5),
    ],
)
def test_a_core_tag_is_honored(text: str, expected: Any) -> None:
    value, problems = value_of(text)
    assert problems == []
    assert (type(value), value) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("!!int x", "int"),
        ("!!int 1.0", "int"),
        ("!!int ''", "int"),
        ("!!float true", "float"),
        ("!!bool yes", "bool"),
        ("!!bool 1", "bool"),
        ("!!null 0", "null"),
        ("!!seq x", "seq"),
        ("!!map x", "map"),
    ],
)
def test_a_core_tag_that_does_not_fit_is_a_problem(text: str, tag: str) -> None:
    _, problems = value_of(text)
    shown = text.partition(" ")[2].strip("'")
    assert problems == [f"found '{shown}' under the tag !!{tag}, expected a value of that type; leave the tag out"]


@given(st.integers(min_value=-(10**40) + 1, max_value=10**40 - 1))
@settings(deadline=None)
def test_every_whole_number_in_its_spelling_is_that_number(number: int) -> None:
    assert value_of(str(number)) == (number, [])


@given(st.from_regex(r"[-+.0-9eExo_:]{1,12}", fullmatch=True))
@settings(deadline=None)
def test_only_the_one_spelling_is_a_whole_number(text: str) -> None:
    source = parse(f"a: {text}\n".encode(), "f.yaml")
    if source.problem is None and source.documents[0].root.kind == "mapping":
        node = source.documents[0].root.items.get("a")
        if node is not None and isinstance(node.value, int):
            assert str(node.value) == text
