from __future__ import annotations

import json
from collections import Counter
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from first_party import judge
from hypothesis import given, settings
from hypothesis import strategies as st

EDITIONS = ("standard", "enterprise")


class Unit(NamedTuple):
    edition: str
    assured: bool


servers = st.lists(st.sampled_from(EDITIONS), min_size=1, max_size=3)
units = st.lists(st.builds(Unit, st.sampled_from(EDITIONS), st.booleans()), max_size=4)
targets = st.lists(st.integers(0, 2), min_size=1, max_size=3)


def _oracle(running: list[str], owned: list[Unit], standing: Counter[int]) -> int:
    """Try every assignment: of those that cover most servers, the most standbys that one can back."""
    best = (0, 0)
    for choice in product(range(-1, len(owned)), repeat=len(running)):
        used = [unit for unit in choice if unit >= 0]
        fits = all(
            unit < 0 or owned[unit].edition in {edition, "enterprise"}
            for edition, unit in zip(running, choice, strict=True)
        )
        if fits and len(set(used)) == len(used):
            assured = (server for server, unit in enumerate(choice) if unit >= 0 and owned[unit].assured)
            best = max(best, (len(used), sum(min(1, standing[server]) for server in assured)))
    return best[1]


def _text(running: list[str], owned: list[Unit], standing: list[int]) -> str:
    standbys = [
        {
            "name": f"cold{number}",
            "roles": ["front-end"],
            "edition": "standard",
            "state": "cold-standby",
            "standsInFor": f"fe{target}",
        }
        for number, target in enumerate(standing)
    ]
    front_ends = [{"name": f"fe{n}", "roles": ["front-end"], "edition": edition} for n, edition in enumerate(running)]
    deployment = {
        "apiVersion": "ocspolicy/v1",
        "kind": "Deployment",
        "metadata": {"name": "contoso"},
        "servers": [*front_ends, *standbys],
    }
    lines = [
        {
            "product": "ocs-2007-r2",
            "license": "server",
            "edition": it.edition,
            "quantity": 1,
            "softwareAssurance": it.assured,
        }
        for it in owned
    ]
    inventory = {"apiVersion": "ocspolicy/v1", "kind": "LicenseInventory", "licenses": lines}
    return f"{json.dumps(deployment)}\n---\n{json.dumps(inventory)}\n"


@settings(deadline=None, max_examples=100)
@given(running=servers, owned=units, wanted=targets)
def test_as_many_standbys_are_covered_as_any_assignment_can(
    tmp_path_factory: pytest.TempPathFactory, running: list[str], owned: list[Unit], wanted: list[int]
) -> None:
    standing = [target % len(running) for target in wanted]
    report = judge(tmp_path_factory.mktemp("estate"), _text(running, owned, standing), select=("ROL008",))
    short = sum(finding.facts["short"] for finding in report.findings)
    assert report.problems == ()
    assert len(standing) - short == _oracle(running, owned, Counter(standing))


@pytest.mark.parametrize(
    ("assured", "expected"),
    [pytest.param(15, [], id="for all"), pytest.param(10, ["cold0"], id="for internal people only")],
)
def test_cals_of_external_people_need_software_assurance_too(tmp_path: Path, assured: int, expected: list[str]) -> None:
    documents = [json.loads(part) for part in _text(["standard"], [Unit("standard", assured=True)], [0]).split("---")]
    deployment, inventory = documents
    partners = {"group": "partners", "count": 5, "relationship": "external"}
    deployment |= {"product": "ocs-2007", "users": [{"group": "staff", "count": 10}, partners]}
    cals = {"product": "ocs-2007", "license": "user-cal", "edition": "standard"}
    inventory["licenses"][0]["product"] = "ocs-2007"
    inventory["licenses"] += [
        {**cals, "quantity": assured, "softwareAssurance": True},
        {**cals, "quantity": 15 - assured},
    ]
    report = judge(tmp_path, f"{json.dumps(deployment)}\n---\n{json.dumps(inventory)}\n", select=("ROL008",))
    assert report.problems == ()
    assert [finding.subject for finding in report.findings] == expected
