from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from first_party import judge, judgement_of
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy.finding import Report

NAMES = ("alpha", "beta", "gamma")


class Site(NamedTuple):
    servers: int
    staff: int
    partners: int


class Line(NamedTuple):
    license: str
    quantity: int
    scope: tuple[str, ...]


sites = st.lists(st.builds(Site, st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3)
scopes = st.sampled_from([(), ("alpha",), ("beta",), ("alpha", "beta"), ("beta", "gamma")])
lines = st.lists(
    st.builds(Line, st.sampled_from(["external-connector", "user-cal"]), st.integers(0, 4), scopes), max_size=4
)


def _text(estate: list[Site], owned: list[Line]) -> str:
    documents: list[object] = [
        {
            "apiVersion": "ocspolicy/v1",
            "kind": "Deployment",
            "metadata": {"name": name},
            "product": "lync-2010",
            "servers": [{"name": "fe", "roles": ["front-end"], "edition": "standard", "count": site.servers}][
                : site.servers
            ],
            "users": [
                {"group": "staff", "count": site.staff},
                {"group": "partners", "count": site.partners, "relationship": "external"},
            ],
        }
        for name, site in zip(NAMES, estate, strict=False)
    ]
    entries = [
        {
            "product": "lync-2010",
            "license": line.license,
            "quantity": line.quantity,
            **({"edition": "standard"} if line.license == "user-cal" else {}),
            **({"scope": {"deployments": list(line.scope)}} if line.scope else {}),
        }
        for line in owned
    ]
    documents.append({"apiVersion": "ocspolicy/v1", "kind": "LicenseInventory", "licenses": entries})
    return "\n---\n".join(map(json.dumps, documents))


def _served(wanted: dict[str, int], owned: list[Line]) -> int:
    """Give the most needs that lines can serve, by Hall's theorem: the worst set of deployments decides."""
    names = [name for name, count in wanted.items() if count]
    worst = 0
    for mask in range(1 << len(names)):
        chosen = {name for bit, name in enumerate(names) if mask >> bit & 1}
        reach = sum(line.quantity for line in owned if not line.scope or chosen.intersection(line.scope))
        worst = max(worst, sum(wanted[name] for name in chosen) - reach)
    return sum(wanted.values()) - worst


@settings(deadline=None, max_examples=100)
@given(estate=sites, owned=lines)
def test_connectors_go_by_name_and_cals_to_the_staff_first(
    tmp_path_factory: pytest.TempPathFactory, estate: list[Site], owned: list[Line]
) -> None:
    named = dict(zip(NAMES, estate, strict=False))
    connectors = [line for line in owned if line.license == "external-connector"]
    cals = [line for line in owned if line.license == "user-cal"]
    covered: dict[str, int] = {}
    for name, site in named.items():
        trial = {**covered, name: max(1, site.servers)}
        if site.partners and _served(trial, connectors) == sum(trial.values()):
            covered = trial
    wanted = {name: site.staff for name, site in named.items()}
    expected, before = {}, _served(wanted, cals)
    for name, site in named.items():
        partners = 0 if name in covered else site.partners
        wanted[name] += partners
        after = _served(wanted, cals)
        if partners > after - before:
            expected[name] = partners - (after - before)
        before = after
    found = judgement_of(tmp_path_factory.mktemp("estate"), _text(estate, owned), select=("CAL009",))
    report = found.report
    assert report.problems == ()
    shown: Counter[str] = Counter()
    for asking in (asking for reason in found.reasons() for asking in reason.asking):
        if "external-users" in {fact.kind for fact in asking.facts}:
            shown[asking.deployment] += asking.uncovered
    assert +shown == expected, "the tree names those whom the finding names"
    assert {finding.deployment: finding.facts["short"] for finding in report.findings} == expected


def _deployment(name: str, product: str, *groups: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "apiVersion": "ocspolicy/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "product": product,
        "servers": [{"name": f"fe-{name}", "roles": ["front-end"], "edition": "standard"}],
        "users": list(groups),
        **more,
    }


def _judged(folder: Path, deployments: list[dict[str, object]], *owned: dict[str, object], **settings: Any) -> Report:
    inventory = {"apiVersion": "ocspolicy/v1", "kind": "LicenseInventory", "licenses": list(owned)}
    report = judge(folder, "\n---\n".join(map(json.dumps, [*deployments, inventory])), **settings)
    assert report.problems == ()
    return report


STAFF = {"group": "staff", "count": 10}
PARTNERS = {"group": "partners", "count": 5, "relationship": "external"}
OLD = {"product": "ocs-2007", "license": "user-cal", "edition": "standard"}


@pytest.mark.parametrize(
    ("quantity", "required", "short", "free"),
    [(12, 15, 3, 0), (15, 15, 0, 0), (16, 15, 0, 1), (17, 15, 0, 2)],
)
def test_external_people_use_what_they_are_given(
    tmp_path: Path, quantity: int, required: int, short: int, free: int
) -> None:
    settings = {"select": ("CAL", "HDR"), "headroom": {"user-cal/standard": 2}}
    report = _judged(
        tmp_path, [_deployment("alpha", "ocs-2007", STAFF, PARTNERS)], {**OLD, "quantity": quantity}, **settings
    )
    found = {finding.rule: finding.facts for finding in report.findings}
    rows = [(row.required, row.owned) for row in report.position if row.license == "user-cal"]
    assert rows == [(required, quantity)]
    assert (found["CAL009"]["short"] if "CAL009" in found else 0) == short
    assert ("HDR001" in found) is (free < 2)


def test_people_whom_connectors_cover_use_no_cals(tmp_path: Path) -> None:
    deployment = _deployment("alpha", "ocs-2007", STAFF, {**PARTNERS, "count": 4})
    connector = {"product": "ocs-2007", "license": "external-connector", "quantity": 1}
    report = _judged(tmp_path, [deployment], {**OLD, "quantity": 12}, connector, select=("CAL009",))
    rows = {row.license: (row.required, row.owned) for row in report.position}
    assert report.findings == ()
    assert rows["user-cal"] == (10, 12)
    assert rows["external-connector"] == (1, 1)


PERSON: dict[str, object] = {"group": "guests", "members": ["x@a.example"], "relationship": "external"}


@pytest.mark.parametrize(
    ("owned", "expected"),
    [
        pytest.param(("lync-2010", 1), {}, id="a newer CAL serves both versions of one person"),
        pytest.param(("ocs-2007-r2", 1), {"CAL009": 1}, id="an older one leaves the newer need"),
        pytest.param(("lync-2010", 0), {"CAL001": 1, "CAL009": 1}, id="each version asks"),
    ],
)
def test_one_external_person_of_two_products_is_one_holder(
    tmp_path: Path, owned: tuple[str, int], expected: dict[str, int]
) -> None:
    product, quantity = owned
    deployments = [
        _deployment("alpha", "ocs-2007-r2", {**PERSON, "authentication": "active-directory"}),
        _deployment("beta", "lync-2010", PERSON),
    ]
    cals = {"product": product, "license": "user-cal", "edition": "standard", "quantity": quantity}
    report = _judged(tmp_path, deployments, cals, select=("CAL001", "CAL009"), external_authenticated="count")
    assert {finding.rule: finding.facts["short"] for finding in report.findings} == expected
    required = sum(row.required for row in report.position if row.license == "user-cal")
    assert required == quantity + sum(expected.values())


def test_each_version_of_one_external_person_asks(tmp_path: Path) -> None:
    deployments = [_deployment("alpha", "ocs-2007", PERSON), _deployment("beta", "lync-2010", PERSON)]
    report = _judged(tmp_path, deployments, {**OLD, "quantity": 5}, select=("CAL009",))
    assert {finding.deployment: finding.facts["short"] for finding in report.findings} == {"beta": 1}


@pytest.mark.parametrize("connectors", [0, 1])
def test_no_connector_is_asked_for_a_group_chat_server(tmp_path: Path, connectors: int) -> None:
    servers = [
        {"name": "fe", "roles": ["front-end"], "edition": "standard"},
        {"name": "chat", "roles": ["group-chat"]},
    ]
    deployment = _deployment("alpha", "ocs-2007", PARTNERS, servers=servers)
    owned = {"product": "ocs-2007", "license": "external-connector", "quantity": connectors}
    report = _judged(tmp_path, [deployment], owned, select=("CAL009",))
    assert [finding.facts["connectors"] for finding in report.findings] == ([] if connectors else [1])


@pytest.mark.parametrize(
    ("groups", "certainty", "readings"),
    [
        pytest.param([PARTNERS], "disputed", (5, 0), id="external alone"),
        pytest.param([STAFF, PARTNERS], "disputed", (15, 10), id="with staff"),
        pytest.param([{**PARTNERS, "features": ["presence"]}], "disputed", (5, 0), id="whatever they use"),
        pytest.param([STAFF], "certain", None, id="staff alone"),
    ],
)
def test_external_people_whom_the_policy_counts_are_disputed(
    tmp_path: Path, groups: list[dict[str, object]], certainty: str, readings: tuple[int, int] | None
) -> None:
    users = [{**it, "authentication": "active-directory"} if "relationship" in it else it for it in groups]
    deployments = [_deployment("alpha", "ocs-2007-r2", *users)]
    report = _judged(tmp_path, deployments, select=("CAL001",), external_authenticated="count")
    (finding,) = report.findings
    assert finding.certainty == certainty
    given = finding.facts.get("readings")
    assert (tuple(given.values()) if given else None) == readings
    assert ("D 4" in finding.source) is (readings is not None)
