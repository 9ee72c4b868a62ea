from __future__ import annotations

import json
from typing import NamedTuple

import pytest
from first_party import judge
from hypothesis import given, settings
from hypothesis import strategies as st

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
    report = judge(tmp_path_factory.mktemp("estate"), _text(estate, owned), select=("CAL009",))
    assert report.problems == ()
    assert {finding.deployment: finding.facts["short"] for finding in report.findings} == expected
