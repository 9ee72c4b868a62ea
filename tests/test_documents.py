from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.documents import Placed, consistency
from ocspolicy.documents.ownership import kind_of, within_two_edits
from ocspolicy.documents.shape import check
from ocspolicy.errors import Problem
from ocspolicy.source import Node, parse


def root_of(text: str) -> Node:
    source = parse(text.encode(), "a.yaml")
    assert source.problem is None
    return source.documents[0].root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apiVersion: ocspolicy/v1\nkind: Deployment", "Deployment"),
        ("apiVersion: ocspolicy/v1\nkind: LicenseInventory", "LicenseInventory"),
        ("apiVersion: v1\nkind: Deployment", None),
        ("apiVersion: apps/v1\nkind: Deployment\nspec: {ocspolicy: 1}", None),
        ("kind: Deployment", None),
        ("ocspolicy: 1", None),
        ("- 1", None),
        ("text", None),
        ("apiVersion: ocspolicy/v2\nkind: Deployment", "found apiVersion 'ocspolicy/v2'"),
        ("apiVersion: ocspolicy\nkind: Deployment", "expected 'apiVersion: ocspolicy/v1'"),
        ("apiVersion: ocspolicyx/9\nkind: Deployment", "expected 'apiVersion: ocspolicy/v1'"),
        ("apiVersion: ocspolcy/v1\nkind: Deployment", "expected 'apiVersion: ocspolicy/v1'"),
        ("apiVersion: ocpolicy/v\nkind: Deployment", "expected 'apiVersion: ocspolicy/v1'"),
        ("apiVersion: OCSPolicy/V1\nkind: Deployment", "expected 'apiVersion: ocspolicy/v1'"),
        ("apiversion: ocspolicy/v1\nkind: Deployment", "expected 'apiVersion: ocspolicy/v1'"),
        ("apiVerison: ocspolicy/v1\nkind: Deployment", "expected 'apiVersion: ocspolicy/v1'"),
        ("kind: LicenseInventory\nlicenses: []", "without an apiVersion"),
        ("apiVersion: other/v1\nkind: LicenseInventory", None),
        ("apiVersion: ocspolicy/v1", "found no 'kind'"),
        ("apiVersion: ocspolicy/v1\nkind: Deploymnt", "did you mean 'Deployment'?"),
        ("apiVersion: ocspolicy/v1\nkind: [Deployment]", "found kind a sequence"),
    ],
)
def test_what_is_ours(text: str, expected: str | None) -> None:
    kind = kind_of(root_of(text))
    if isinstance(kind, Problem):
        assert expected is not None
        assert expected in kind.message
    else:
        assert kind == expected


def distance(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    return min(
        distance(one[1:], other) + 1,
        distance(one, other[1:]) + 1,
        distance(one[1:], other[1:]) + (one[0] != other[0]),
    )


@settings(deadline=None)
@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_two_edits_agree_with_the_definition(one: str, other: str) -> None:
    assert within_two_edits(one, other) == (distance(one, other) <= 2)


DEPLOYMENT = "apiVersion: ocspolicy/v1\nkind: Deployment\nmetadata: {name: a}\n"
INVENTORY = "apiVersion: ocspolicy/v1\nkind: LicenseInventory\nlicenses:\n"

SHAPES = [
    (
        "unknown key",
        DEPLOYMENT + "serverz: []",
        4,
        1,
        "found unknown key 'serverz', expected one of apiVersion",
    ),
    (
        "near miss of a nested key",
        DEPLOYMENT + "servers:\n- {name: a, roles: [x], rolez: [x]}",
        5,
        25,
        "did you mean 'roles'?",
    ),
    ("missing key", DEPLOYMENT + "servers:\n- name: a", 5, 3, "found no 'roles' here"),
    ("no value", DEPLOYMENT + "servers:", 4, 1, "found no value for 'servers'"),
    ("empty entry", DEPLOYMENT + "servers:\n-", 5, 2, "found an empty list entry"),
    ("wrong kind of value", DEPLOYMENT + "servers: yes", 4, 10, "in 'servers' found 'yes', expected a list"),
    (
        "leading zero",
        DEPLOYMENT + "users: [{group: a, count: 010}]",
        4,
        27,
        "found '010', expected a whole number",
    ),
    (
        "underscore",
        DEPLOYMENT + "users: [{group: a, count: 1_000}]",
        4,
        27,
        "found '1_000', expected a whole number",
    ),
    (
        "hexadecimal",
        DEPLOYMENT + "users: [{group: a, count: 0x10}]",
        4,
        27,
        "found '0x10', expected a whole number",
    ),
    (
        "plus sign",
        DEPLOYMENT + "users: [{group: a, count: +5}]",
        4,
        27,
        "found '+5', expected a whole number",
    ),
    ("float", DEPLOYMENT + "users: [{group: a, count: 5.0}]", 4, 27, "found '5.0', expected a whole number"),
    (
        "exponent",
        DEPLOYMENT + "users: [{group: a, count: 1e3}]",
        4,
        27,
        "found '1e3', expected a whole number",
    ),
    ("quoted", DEPLOYMENT + "users: [{group: a, count: '5'}]", 4, 27, "found '5', expected a whole number"),
    (
        "boolean",
        DEPLOYMENT + "users: [{group: a, count: true}]",
        4,
        27,
        "found 'true', expected a whole number",
    ),
    (
        "negative",
        DEPLOYMENT + "users: [{group: a, count: -5}]",
        4,
        27,
        "found '-5', expected a whole number of at least 0",
    ),
    ("too large", DEPLOYMENT + "users: [{group: a, count: 1000000001}]", 4, 27, "at most 1,000,000,000"),
    (
        "number as name",
        DEPLOYMENT + "servers: [{name: 12, roles: [x]}]",
        4,
        18,
        "expected text; put it in quotes",
    ),
    (
        "choice",
        DEPLOYMENT + "servers: [{name: a, roles: [x], machine: virtul}]",
        4,
        42,
        "did you mean 'virtual'?",
    ),
    (
        "day",
        DEPLOYMENT + "servers: [{name: a, roles: [x], startsOn: 2009-02-29}]",
        4,
        43,
        "a day that exists",
    ),
    (
        "day in another form",
        INVENTORY + "- {license: x, quantity: 1, validFrom: 20090201}",
        4,
        40,
        "written YYYY-MM-DD",
    ),
    (
        "text as a boolean",
        INVENTORY + "- {license: x, quantity: 1, softwareAssurance: yes}",
        4,
        48,
        "found 'yes', expected true or false",
    ),
    (
        "blank around a name",
        DEPLOYMENT + "servers: [{name: ' a', roles: [x]}]",
        4,
        18,
        "without blanks around it",
    ),
    ("upper-case id", INVENTORY + "- {license: Server, quantity: 1}", 4, 13, "lower-case letters"),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"), [case[1:] for case in SHAPES], ids=[case[0] for case in SHAPES]
)
def test_shape_error_stands_at_its_place(text: str, line: int, column: int, message: str) -> None:
    root = root_of(text)
    kind: Any = "Deployment" if "kind: Deployment" in text else "LicenseInventory"
    problems = check(kind, root)
    assert isinstance(problems, list)
    assert [
        (it.location.span.line, it.location.span.column) for it in problems if it.location and it.location.span
    ] == [(line, column)]
    assert message in problems[0].message
    assert "\n" not in problems[0].message


def test_all_errors_of_a_document_are_shown() -> None:
    problems = check("Deployment", root_of(DEPLOYMENT + "servers: [{nam: a, roles: [x]}]\nusers: [{group: 1}]\npools:"))
    assert isinstance(problems, list)
    assert [found.message.partition(",")[0] for found in problems] == [
        "found no value for 'pools'",
        "found unknown key 'nam'",
        "in 'group' found '1'",
    ]


CONSISTENCY = [
    (
        "server twice",
        "servers: [{name: a, roles: [x]}]\npools: [{name: p, servers: [{name: A, roles: [x]}]}]",
        "found server 'A' again, expected a unique name; the first stands at a.yaml:4:18",
    ),
    ("pool twice", "pools: [{name: p}, {name: P}]", "found pool 'P' again"),
    ("group twice", "users: [{group: g, count: 1}, {group: G, count: 1}]", "found group 'G' again"),
    (
        "unknown pool",
        "pools: [{name: pool01}]\nusers: [{group: g, count: 1, pool: pool1}]",
        "did you mean 'pool01'?",
    ),
    (
        "standby for nobody",
        "servers: [{name: a, roles: [x], state: cold-standby, standsInFor: b}]",
        "expected the name of a server of this deployment",
    ),
    ("no people", "users: [{group: g}]", "found none of them in group 'g'"),
    ("two sources of people", "users: [{group: g, count: 1, members: []}]", "found 'count' and 'members'"),
    ("devices missing", "users: [{group: g, count: 1, licenseBy: device}]", "without 'devices'"),
    (
        "devices for users",
        "users: [{group: g, count: 1, devices: 1}]",
        "expected 'licenseBy: device' with it",
    ),
]


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in CONSISTENCY], ids=[case[0] for case in CONSISTENCY])
def test_contradiction_is_named(text: str, message: str) -> None:
    root = root_of(DEPLOYMENT + text)
    model = check("Deployment", root)
    assert not isinstance(model, list), model
    problems = list(consistency.deployment_problems(Placed(model, root)))
    assert len(problems) == 1
    assert message in problems[0].message
