"""The reason of every number of the position: who asks, what serves, which fact says so, what can be added up."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from process import DAY, DEPLOYMENT, INVENTORY, ROOT, estate, run

SHORT = "examples/announcement-short"
EXAMPLES = [
    "announcement", "announcement-short", "before-r2", "contoso", "shared-inventory", "sql-server", "virtual-machines-short",
]  # fmt: skip

MIXED = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: d1}
pools:
  - name: p
    edition: enterprise
    servers:
      - {name: fe01, roles: [front-end]}
      - {name: fe02, roles: [front-end, edge]}
  - name: q
    edition: standard
    servers:
      - {name: se01, roles: [front-end, mediation]}
servers:
  - {name: edge01, roles: [edge], count: 3}
users:
  - group: named
    members: [alice@x, bob@x, carol@x, dave@x]
    features: [desktop-sharing]
  - group: two
    members: [alice@x, eve@x]
  - group: anon
    count: 5
    features: [instant-messaging]
---
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: d2}
servers:
  - {name: edge01, roles: [edge]}
users:
  - group: named2
    members: [alice@x, zoe@x]
    features: [team-call]
"""
MIXED_LINES = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {id: A, product: ocs-2007-r2, license: server, edition: enterprise, quantity: 3, assignedTo: [fe01], scope: {deployments: [d1]}}
  - {id: B, product: ocs-2007-r2, license: server, edition: standard, quantity: 2}
  - {id: C, product: ocs-2007-r2, license: user-cal, edition: standard, quantity: 6}
  - {id: D, license: enterprise-cal-suite, quantity: 3, scope: {deployments: [d1]}}
  - {id: G, product: lync-2010, license: user-cal, edition: enterprise, quantity: 1}
"""
GUESTS = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: d1}
servers:
  - {name: e1, roles: [edge]}
  - {name: e2, roles: [edge]}
users:
  - {group: guests, count: 50, relationship: external, authentication: active-directory}
  - {group: staff, count: 10}
"""
GUEST_LINES = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {product: ocs-2007-r2, license: server, edition: standard, quantity: 5}
  - {product: ocs-2007-r2, license: external-connector, quantity: 2}
  - {product: ocs-2007-r2, license: user-cal, edition: standard, quantity: 20}
"""


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    return estate(tmp_path, MIXED, MIXED_LINES)


def guests(folder: Path, connectors: int = 2) -> Path:
    (folder / "ocspolicy.toml").write_text('external-authenticated = "count"\n')
    return estate(folder, GUESTS, GUEST_LINES.replace("quantity: 2}", f"quantity: {connectors}}}"))


def position(*arguments: str, cwd: Path) -> dict[str, Any]:
    ran = run("position", *DAY, "--why", "--format", "json", *arguments, cwd=cwd)
    assert ran.status == 0, ran.out + ran.err
    read: dict[str, Any] = json.loads(ran.out)
    return read


def said(*arguments: str, cwd: Path) -> str:
    ran = run("position", *DAY, "--why", *arguments, cwd=cwd)
    assert ran.status == 0, ran.out + ran.err
    return " ".join(ran.out.split())


def of(read: dict[str, Any], license_: str, edition: str | None = None) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = (it for it in read["why"] if it["asking"] and (it["license"], it["edition"]) == (license_, edition))
    return found


def total(entries: list[dict[str, Any]], key: str = "number") -> int:
    return sum(entry[key] for entry in entries)


def check(read: dict[str, Any]) -> None:
    rows = {(row["product"], row["license"], row["edition"], row["metric"]): row for row in read["position"]}
    for why in read["why"]:
        row = rows.pop((why["product"], why["license"], why["edition"], why["metric"]), {"required": 0, "owned": 0})
        assert (why["required"], why["owned"]) == (row["required"], row["owned"])
        assert why["asked"] == total(why["asking"])
        assert why["required"] == why["asked"] - total(why["elsewhere"]) + total(why["standsIn"])
        assert why["required"] == total(why["serving"], "used") + total(why["asking"], "uncovered")
        assert why["owned"] == total(why["serving"], "units")
        for asking in why["asking"]:
            assert total(asking["servedBy"]) + asking["uncovered"] == asking["number"]
            for grounds in (asking["facts"], *(it["facts"] for it in asking["servedBy"])):
                assert grounds
                assert all(fact["source"] for fact in grounds)
        for line in why["serving"]:
            assert total(line["to"]) == line["used"] == line["units"] - line["left"]
            assert all(to["facts"] and to["serves"] for to in line["to"])
        assert (why["proof"] is not None) is (total(why["asking"], "uncovered") > 0)
        if why["proof"] is not None:
            assert total(why["proof"]["lines"], "serves") == why["proof"]["owned"]
            assert why["proof"]["required"] - why["proof"]["owned"] == why["proof"]["short"] > 0
    assert not rows


@pytest.mark.parametrize("example", EXAMPLES)
def test_reasons_of_the_examples_add_up(example: str) -> None:
    check(position(f"examples/{example}", cwd=ROOT))


def test_reasons_with_suites_assignments_and_newer_versions_add_up(mixed: Path) -> None:
    check(position(cwd=mixed))


@pytest.mark.parametrize("connectors", [1, 2, 3])
def test_reasons_with_connectors_add_up(tmp_path: Path, connectors: int) -> None:
    check(position(cwd=guests(tmp_path, connectors)))


def test_connectors_are_asked_for_by_servers_for_people() -> None:
    why = of(position("examples/before-r2", cwd=ROOT), "external-connector")
    (asking,) = why["asking"]
    assert (asking["holder"], asking["number"], asking["uncovered"]) == ("deployment", 8, 0)
    servers = [part for part in asking["parts"] if part["kind"] == "server"]
    assert total(servers) == 8
    assert {"name": "med01.litware.example", "number": 2}.items() <= servers[-2].items()
    assert [(it["name"], it["number"]) for it in asking["parts"] if it["kind"] == "group"] == [("partners", 60)]
    assert [(fact["id"], fact["source"]) for fact in asking["facts"]] == [("external-users", ["D 25"])]
    assert [to["deployment"] for line in why["serving"] for to in line["to"]] == ["head-office-2007"]


def test_people_whom_connectors_cover_are_counted_there(tmp_path: Path) -> None:
    text = said(cwd=guests(tmp_path))
    assert "d1: 2 licenses; served 2 by ocs-2007-r2 external-connector (External Connector [S 4, D 4])" in text
    assert "one for each server that needs a license: e1 and e2 covers guests (50 external people)" in text


def test_connectors_that_are_too_few_are_left_over_for_a_reason(tmp_path: Path) -> None:
    text = said(cwd=guests(tmp_path, 1))
    assert "0 of 1 used, 1 left over" in text
    assert "d1 would need 2 at once, more than are left, so its external people ask for CALs" in text


def test_a_suite_says_whose_needs_it_meets() -> None:
    text = said("examples/shared-inventory", cwd=ROOT)
    assert "required 2 = 2 in use for ocs-2007-r2 user-cal/enterprise and ocs-2007-r2 user-cal/standard" in text
    assert "for organizers of asia and organizers of europe" in text


def test_the_base_cal_is_needed_by_its_own_products_sources(tmp_path: Path) -> None:
    deployment = DEPLOYMENT.replace("metadata", "product: sfb-2019\nmetadata").replace(
        "count: 100", "count: 100, features: [desktop-sharing]"
    )
    text = said(cwd=estate(tmp_path, deployment))
    assert "Standard CAL is needed whatever they use [P 26, P 28];" in text
    assert "S 1]" not in text


@pytest.mark.parametrize(
    ("kind", "fact", "source"),
    [
        ("enterprise-cal-suite/user", "suite", "P 11"),
        ("ocs-2007-r2 server/enterprise", "edition", "P 22"),
        ("lync-2010 user-cal/enterprise", "version", "P 10"),
        ("ocs-2007-r2 user-cal/standard", "edition", "P 8"),
    ],
)
def test_each_grant_says_which_fact_lets_it_serve(mixed: Path, kind: str, fact: str, source: str) -> None:
    read = position(cwd=mixed)
    served = [it for why in read["why"] for asking in why["asking"] for it in asking["servedBy"] if it["kind"] == kind]
    assert served
    assert all(source in _sources(it["facts"])[fact] for it in served)
    lines = [line for why in read["why"] if _name(why) == kind for line in why["serving"]]
    assert all(source in _sources(to["facts"])[fact] for line in lines for to in line["to"])
    assert f", {source}]" in said(cwd=mixed) or f"[{source}]" in said(cwd=mixed)


def _sources(facts: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {fact["kind"]: fact["source"] for fact in facts}


def _name(why: dict[str, Any]) -> str:
    kind = "/".join(why[key] for key in ("license", "edition", "metric") if why[key])
    return f"{why['product']} {kind}" if why["product"] else kind


def test_a_newer_server_license_serves_an_older_server_by_decision(tmp_path: Path) -> None:
    newer = INVENTORY.replace("ocs-2007-r2, license: server", "lync-2010, license: server")
    assert "lync-2010 is newer than ocs-2007-r2 [D 10]" in said(cwd=estate(tmp_path, inventory=newer))


def test_what_other_kinds_serve_is_said_at_the_kind(mixed: Path) -> None:
    text = said(cwd=mixed)
    assert "required 4 = 5 asked for - 1 served by ocs-2007-r2 server/enterprise" in text
    assert "required 3 = 2 asked for + 1 in use for ocs-2007-r2 server/standard" in text
    assert (
        "required 1 = 5 asked for - 3 served by enterprise-cal-suite/user - 1 served by lync-2010 user-cal/enterprise"
        in text
    )


def test_everyone_asks_for_a_reason_of_their_own(mixed: Path) -> None:
    asking = [it for it in of(position(cwd=mixed), "user-cal", "standard")["asking"] if it["subject"] == "named"]
    named = [(it["number"], [(fact["id"], fact["through"]) for fact in it["facts"]]) for it in asking]
    assert named == [
        (3, [("standard", [])]),
        (1, [("instant-messaging", ["two"]), ("presence", ["two"])]),
    ]
    text = said(cwd=mixed)
    assert "named: 3 people; served 3 by enterprise-cal-suite/user" in text
    assert "because of instant messaging [P 5, T 5] (through two) and presence [P 5, T 5] (through two)" in text
    assert "because of desktop sharing [S 6] and Team Call [S 6] (through named2 of d2)" in text


PROOF = "6 running servers of d1 and d2 need a license, and the 2 lines that can serve any of them cover 4"


def test_a_certificate_says_which_units_are_assigned_elsewhere(mixed: Path) -> None:
    assert f"{PROOF}: A (2; 1 more is assigned to fe01, not counted here) and B (2); 6 - 4 = 2 short" in said(cwd=mixed)


def test_a_finding_says_its_certificate_in_the_same_words(mixed: Path) -> None:
    ran = run("check", *DAY, "--select", "ROL001", "--format", "json", cwd=mixed)
    certificate = json.loads(ran.out)["findings"][0]["facts"]["certificate"]
    assert certificate["serves"] == [2, 2]
    assert certificate["apart"] == [{"line": "licenses.yaml#/licenses/0", "units": 1, "servers": ["fe01"]}]
    text = " ".join(
        re.sub(r"^ *[|=]", "", run("check", *DAY, "--select", "ROL001", "--verbose", cwd=mixed).out).split()
    )
    assert (
        f"{PROOF}: licenses.yaml#/licenses/0 (2; 1 more is assigned to fe01, not counted here) and"
        " licenses.yaml#/licenses/1 (2); 6 - 4 = 2 short"
    ) in text


def test_reason_of_a_shortage_can_be_checked_by_hand() -> None:
    text = said(SHORT, cwd=ROOT)
    assert "edge02.fabrikam.example: 1 running server; 1 uncovered" in text
    assert "4 running servers of branch-office need a license" in text
    assert "4 - 3 = 1 short" in text
    assert "because of Edge [S 12, P 14, T 22, D 22]" in text


# --- people


@pytest.mark.parametrize("form", ["text", "json"])
def test_people_are_counted_and_not_named(form: str) -> None:
    read = run("position", *DAY, "examples/contoso", "--why", "--verbose", "--format", form, cwd=ROOT).out
    assert "everybody" in read
    assert "aokafor" not in read
    assert '"people"' not in read


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_check_names_nobody(form: str) -> None:
    read = run("check", *DAY, "examples/contoso", "--format", form, cwd=ROOT).out
    assert "everybody" in read
    assert "aokafor" not in read


def test_people_are_named_on_request(mixed: Path) -> None:
    text = said("--people", cwd=mixed)
    assert "estate.yaml:17:5 people: bob@x, carol@x and dave@x" in text
    assert "people: alice@x" in text
    asking = of(position("--people", cwd=mixed), "user-cal", "enterprise")["asking"]
    assert sorted(person for it in asking for person in it["people"]) == [
        "alice@x",
        "bob@x",
        "carol@x",
        "dave@x",
        "zoe@x",
    ]


def test_people_of_a_plain_count_have_no_names(mixed: Path) -> None:
    asking = of(position("--people", cwd=mixed), "user-cal", "standard")["asking"]
    assert all("people" not in it for it in asking if it["subject"] == "anon")


def test_many_people_are_cut_with_a_count(tmp_path: Path) -> None:
    (tmp_path / "people.txt").write_text("".join(f"p{number:02}@x\n" for number in range(25)))
    deployment = DEPLOYMENT.replace("count: 100", "from: {path: people.txt}")
    where = estate(tmp_path, deployment)
    assert "p08@x, p09@x and 15 more" in said("--people", cwd=where)
    assert "p23@x and p24@x" in said("--people", "--verbose", cwd=where)


def test_a_hostile_name_is_shown_inert(tmp_path: Path) -> None:
    deployment = DEPLOYMENT.replace("count: 100", 'members: ["::error::a\\u202e##[x]"]')
    ran = run("position", *DAY, "--why", "--people", "--verbose", cwd=estate(tmp_path, deployment))
    assert "error" in ran.out
    assert "\u202e" not in ran.out
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in ran.out.splitlines())


def test_names_are_those_of_reasons(tmp_path: Path) -> None:
    ran = run("position", "--people", cwd=estate(tmp_path))
    assert ran.status == 2
    assert "--people: found it without --why" in ran.err


# --- in reports


def test_a_saved_result_holds_the_reasons_and_the_page_shows_them(mixed: Path) -> None:
    ran = run("check", *DAY, "--format", "json:result.json", "--format", "html:page.html", cwd=mixed)
    assert ran.status == 1
    saved = json.loads((mixed / "result.json").read_text())
    check(saved)
    again = run("report", "result.json", "--format", "html", cwd=mixed)
    assert again.status == 0
    assert again.out == (mixed / "page.html").read_text()
    assert "6 - 4 = 2 short" in again.out


def test_reasons_of_other_numbers_than_the_position_are_refused(mixed: Path) -> None:
    run("check", *DAY, "--format", "json:result.json", cwd=mixed)
    saved = json.loads((mixed / "result.json").read_text())
    saved["why"][0]["required"] += 1
    (mixed / "result.json").write_text(json.dumps(saved))
    ran = run("report", "result.json", "--format", "html", cwd=mixed)
    assert ran.status == 2
    assert "found 4 at /why/0/required, expected 3, as in the position" in ran.err


def test_what_cannot_be_judged_has_no_reasons(tmp_path: Path) -> None:
    where = estate(tmp_path, inventory=INVENTORY.replace("100", "many"))
    ran = run("check", *DAY, "--format", "json", cwd=where)
    assert ran.status == 2
    assert json.loads(ran.out)["why"] == []
