from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from first_party import PACKAGES, judge
from hypothesis import given, settings
from hypothesis import strategies as st

from ocspolicy import rule as rules
from ocspolicy.api import Finding, Rule
from ocspolicy.catalog import Catalog
from ocspolicy.finding import Report
from ocspolicy.testing import Case, cases, package_cases

EXPECTED_IDS = {
    *(f"CAL{number:03}" for number in range(1, 11)),
    *(f"ROL{number:03}" for number in range(1, 12)),
    *(f"GCH{number:03}" for number in range(1, 6)),
    *(f"INV{number:03}" for number in range(1, 4)),
    *("HDR001", "IDN001"),
}


def _rules() -> Iterator[tuple[str, type[Rule[Any]]]]:
    for package in PACKAGES:
        for rule in importlib.import_module(package).ocspolicy_rules():
            yield package, rule


RULES = list(_rules())
EVERY_RULE = pytest.mark.parametrize(("package", "rule"), RULES, ids=[rule.id for _, rule in RULES])


@pytest.mark.parametrize("case", [case for package in PACKAGES for case in cases(package)])
def test_case(case: Case) -> None:
    case.check()


def test_all_rules_are_there() -> None:
    assert {rule.id for _, rule in RULES} == EXPECTED_IDS


@EVERY_RULE
def test_rule_is_sound(package: str, rule: type[Rule[Any]]) -> None:
    assert list(rules.faults(rule)) == []
    assert rule.__module__ == f"{package}.{rule.name.replace('-', '_')}"
    assert rule.__name__ == rule.name.title().replace("-", "")


@EVERY_RULE
def test_sources_are_explained(package: str, rule: type[Rule[Any]]) -> None:
    catalog = Catalog.builtin()
    for mark in rule.sources:
        source = catalog.source(mark)
        assert source is not None, (package, mark)
        assert source.statement or not re.search(r"\d", mark), (package, mark)


@EVERY_RULE
def test_cases_show_bad_good_and_a_boundary(package: str, rule: type[Rule[Any]]) -> None:
    mine = {case.name.partition("/")[2]: case for case in package_cases(package) if case.rule == rule.id}
    assert {"bad", "good"} < set(mine)
    assert rule.id in mine["bad"].run().fired
    assert rule.id not in mine["good"].run().fired


def test_fingerprints_of_a_case_are_unique() -> None:
    for package in PACKAGES:
        for case in package_cases(package):
            prints = [finding.fingerprint for finding in case.report().findings]
            assert len(prints) == len(set(prints)), case.name


POOL = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {{name: contoso}}
pools:
  - name: pool01
    edition: enterprise
    servers:
      - {{name: fe01, roles: [front-end]}}
      - {{name: fe02, roles: [front-end]}}
servers:
  - {{name: edge01, roles: [edge]}}
  - {{name: edge02, roles: [edge]}}
{more}
---
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {{product: ocs-2007-r2, license: server, edition: enterprise, quantity: {owned}}}
"""
ADDITIONAL = ["mediation", "archiving", "monitoring", "director", "cwa", "web-components", "web-conferencing"]


def _more(roles: list[str]) -> str:
    return "\n".join(f"  - {{name: more{number}, roles: [{role}]}}" for number, role in enumerate(roles))


@settings(deadline=None, max_examples=25)
@given(roles=st.lists(st.sampled_from(ADDITIONAL), max_size=4))
def test_two_front_ends_and_two_edges_need_exactly_four(
    tmp_path_factory: pytest.TempPathFactory, roles: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("estate")
    more = _more([*roles, "group-chat"])
    assert judge(folder, POOL.format(more=more, owned=4)).findings == ()
    report = judge(folder, POOL.format(more=more, owned=3))
    assert report.problems == ()
    found = {finding.rule: finding for finding in report.findings}
    assert set(found) == {"ROL001", "GCH001", *(["ROL003"] if roles else [])}
    facts = found["ROL001"].facts
    assert (facts["required"], facts["owned"], facts["short"]) == (4, 3, 1)
    if roles:
        assert found["ROL003"].facts["servers"] == [f"more{number}" for number in range(len(roles))]


def _only(report: Report, rule: str) -> Finding:
    (found,) = (finding for finding in report.findings if finding.rule == rule)
    return found


def test_a_fingerprint_survives_other_numbers_and_lines(tmp_path: Path) -> None:
    before = _only(judge(tmp_path, POOL.format(more="", owned=3)), "ROL001")
    after = _only(judge(tmp_path, "# a comment\n" + POOL.format(more=_more(["edge"]), owned=1)), "ROL001")
    assert before.fingerprint == after.fingerprint
    assert before.facts["short"] != after.facts["short"]
    assert before.subject != after.subject


LINES = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: contoso}
---
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
"""
LINE = "  - {product: ocs-2007-r2, license: user-cal, edition: standard, quantity: %d, validUntil: 2009-01-01}\n"


def test_a_line_is_known_by_what_it_says(tmp_path: Path) -> None:
    one = judge(tmp_path, LINES + LINE % 5)
    other = "  - {product: ocs-2007-r2, license: user-cal, edition: enterprise, quantity: 1, validUntil: 2009-01-01}\n"
    two = judge(tmp_path, LINES + other + LINE % 7 + LINE % 5)
    prints = [finding.fingerprint for finding in two.findings if finding.rule == "INV001"]
    assert len(set(prints)) == 3
    assert prints[1] == _only(one, "INV001").fingerprint


def test_what_an_unread_document_could_take_back_is_withheld(tmp_path: Path) -> None:
    text = POOL.format(more=_more(["group-chat", "mediation", "egde"]), owned=0)
    (tmp_path / "broken.yaml").write_text(
        "apiVersion: ocspolicy/v1\nkind: LicenseInventory\nlicenses: [", encoding="utf-8"
    )
    report = judge(tmp_path, text)
    assert report.status == 2
    assert {finding.rule for finding in report.findings} == {"ROL004"}


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ({"undetermined": {"remote-call-contrl": "standard"}}, "did you mean 'remote-call-control'?"),
        ({"undetermined": {"remote-call-control": "enterprize"}}, "did you mean 'enterprise'?"),
        ({"undetermined": {"edge": "none"}}, "expected one of counted, free"),
        ({"headroom": {"user-cal/enterprize": 5}}, "did you mean 'user-cal/enterprise'"),
    ],
    ids=["unknown-feature", "unknown-tier", "tier-for-a-role", "unknown-kind"],
)
def test_a_mistake_in_the_policy_decides_nothing(tmp_path: Path, configured: dict[str, Any], expected: str) -> None:
    report = judge(tmp_path, POOL.format(more="", owned=4), **configured)
    assert report.status == 2
    assert expected in report.problems[0].message
