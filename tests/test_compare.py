"""The comparison of two products, by the command line."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from in_process import run_here
from process import DAY, DEPLOYMENT, INVENTORY, ROOT, estate, run

BOTH = ("ocs-2007", "ocs-2007-r2")
PRODUCTS = ("ocs-2007", "ocs-2007-r2", "lync-2010", "lync-2013", "sfb-2015", "sfb-2019", "sfb-se")

RICH = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: here}
pools:
  - name: pool01
    edition: enterprise
    servers:
      - {name: fe01, roles: [front-end, web-components, mediation]}
servers:
  - {name: fe02, roles: [front-end]}
  - {name: edge01, roles: [edge], count: 2}
  - {name: med01, roles: [mediation, director]}
  - {name: chat01, roles: [group-chat]}
  - {name: mon01, roles: [monitoring]}
  - {name: sql01, roles: [back-end]}
users:
  - {group: staff, count: 50, features: [group-chat, desktop-sharing]}
  - {group: voice, count: 20, features: [enterprise-voice, remote-call-control, single-number-reach]}
  - {group: floor, count: 30, devices: 10, licenseBy: device, features: [delegation]}
  - {group: partners, count: 5, relationship: external, authentication: active-directory}
"""

POOR = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {product: ocs-2007, license: server, edition: enterprise, quantity: 4}
  - {product: ocs-2007-r2, license: user-cal, edition: standard, quantity: 60}
  - {product: lync-2010, license: user-cal, edition: enterprise, quantity: 60}
  - {product: lync-2010, license: external-connector, quantity: 9}
  - {product: sfb-2019, license: server, quantity: 1}
  - {license: enterprise-cal-suite, quantity: 10}
  - {license: core-cal-suite, quantity: 10}
"""

SUITE = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {product: lync-2010, license: server, edition: enterprise, quantity: 4}
  - {license: enterprise-cal-suite, quantity: 100}
"""


def arguments(*products: str) -> tuple[str, ...]:
    return ("compare", *DAY, *(part for product in products for part in ("--product", product)))


def compare(folder: Path, *products: str, of: str = ".") -> dict[str, Any]:
    ran = run_here(*arguments(*products), "--format", "json", of, cwd=folder)
    assert ran.status == 0, ran.out + ran.err
    read: dict[str, Any] = json.loads(ran.out)
    return read


def told(folder: Path, *products: str) -> str:
    return " ".join(run_here(*arguments(*products), cwd=folder).out.split())


def changes(read: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(change["kind"], change["id"]): change for change in read["changes"]}


def test_comparison_tells_the_story_of_the_announcement() -> None:
    read = compare(ROOT, *BOTH, of="examples/announcement")
    needs = {(row["license"], row["edition"]): (row["before"], row["after"]) for row in read["needs"]}
    assert needs["server", "standard"] == (6, 2), "six other servers, then the two Edges"
    assert needs["group-chat-server", None] == (1, 0)
    assert needs["group-chat-cal", None] == (420, 0)
    freed = {name for servers in read["servers"] for name in servers["names"] if not servers["after"]}
    assert freed == {f"{name}.litware.example" for name in ("chat01", "cwa01", "mon01")} | {"med01.litware.example (2)"}
    found = changes(read)
    assert found["role", "communicator-web-access"]["names"] == ["cwa01.litware.example"]
    assert found["role", "mediation"]["uses"] == 2
    assert found["role", "group-chat"]["after"]["says"].startswith("additional software: needs no license of its own")
    assert found["feature", "group-chat"]["after"]["says"] == "included in the Standard CAL, which its users need"
    assert found["feature", "desktop-sharing"]["before"]["says"].startswith("not offered")
    assert found["feature", "desktop-sharing"]["after"]["says"].startswith("included in the Enterprise CAL")
    assert found["external", "external-users"]["uses"] == 60
    assert "External Connector" in found["external", "external-users"]["before"]["says"]
    assert all(change["before"]["inferred"] and change["before"]["source"] for change in found.values())
    assert not any(change["after"]["inferred"] for change in found.values())
    assert all(change["after"]["source"] for change in found.values())
    assert [result["summary"]["passed"] for result in read["results"]] == [False, True]
    text = run(*arguments(*BOTH), "examples/announcement", cwd=ROOT).out
    assert "[inferred: D 25]" in text
    assert "one server license of any edition -> no license" in text
    assert "under ocs-2007-r2: covered" in text


def test_same_product_changes_nothing() -> None:
    read = compare(ROOT, "ocs-2007-r2", "ocs-2007-r2", of="examples/contoso")
    assert read["changes"] == read["servers"] == []
    assert all(row["before"] == row["after"] and not row["because"] for row in read["needs"] + read["balances"])


# --- Every difference with the fact behind it


@pytest.mark.parametrize("counted", ["warn", "count"])
@pytest.mark.parametrize(
    ("deployment", "inventory"), [(RICH, POOR), (DEPLOYMENT, INVENTORY), (RICH, SUITE)], ids=["rich", "plain", "suite"]
)
def test_each_changed_row_has_a_fact_beside_it(tmp_path: Path, deployment: str, inventory: str, counted: str) -> None:
    estate(tmp_path, deployment, inventory)
    (tmp_path / "ocspolicy.toml").write_text(f'external-authenticated = "{counted}"\n')
    changed = 0
    for before, after in permutations(PRODUCTS if deployment is RICH else PRODUCTS[:4], 2):
        read = compare(tmp_path, before, after)
        known = {key for key, change in changes(read).items() if change["uses"] or change["names"]}
        for row in read["needs"] + read["balances"]:
            if row["before"] != row["after"]:
                changed += 1
                because = {(it["kind"], it["id"]) for it in row["because"]}
                assert because, (before, after, row)
                assert because <= known
    assert changed > 20


def test_what_a_suite_grants_is_a_fact(tmp_path: Path) -> None:
    estate(tmp_path, inventory=SUITE)
    read = compare(tmp_path, "ocs-2007-r2", "lync-2010")
    suite = changes(read)["suite", "enterprise-cal-suite"]
    assert suite["uses"] == 100
    assert suite["before"]["says"] == "one unit gives its holder the Standard CAL and the Enterprise CAL"
    assert suite["after"]["says"] == "one unit gives its holder no CAL of this product"
    row = next(row for row in read["balances"] if row["license"] == "user-cal")
    assert (row["before"], row["after"]) == (None, -100)
    assert {"kind": "suite", "id": "enterprise-cal-suite"} in row["because"]
    assert "Enterprise CAL Suite: 100 units" in told(tmp_path, "ocs-2007-r2", "lync-2010")


def test_editions_that_a_product_no_longer_has_are_a_fact(tmp_path: Path) -> None:
    read = compare(estate(tmp_path), "lync-2010", "lync-2013")
    kind = changes(read)["license", "server"]
    assert "Standard Edition, Enterprise Edition" in kind["before"]["says"]
    assert "sold without editions" in kind["after"]["says"]
    row = next(row for row in read["needs"] if row["edition"] == "enterprise")
    assert row["because"] == [{"kind": "role", "id": "front-end"}, {"kind": "license", "id": "server"}]


def test_lines_that_are_too_old_are_a_fact(tmp_path: Path) -> None:
    read = compare(estate(tmp_path), "ocs-2007-r2", "lync-2010")
    version = changes(read)["version", "ocs-2007-r2"]
    assert version["after"]["says"] == "do not serve Lync Server 2010, which is newer"
    assert version["after"]["source"] == ["P 10", "D 10"]
    assert len(version["names"]) == 2


TIERS = """\
apiVersion: ocspolicy/v1
kind: Catalog
products:
  - id: lync-2013
    tiers:
      - {id: plus, requires: [standard, enterprise], source: [contract 7]}
    externalUsers: {licensing: connector-or-cal, license: partner-pass, source: [contract 7]}
    licenses:
      - {id: partner-pass, name: Partner Pass, holders: [deployment], source: [contract 7]}
    roles:
      - {id: edge, aliases: [outpost], licensing: counted, license: server, edition: none, source: [contract 7]}
"""


def test_terms_of_the_organization_are_compared_too(tmp_path: Path) -> None:
    estate(tmp_path, RICH.replace("roles: [edge]", "roles: [outpost]"), POOR)
    (tmp_path / "terms.yaml").write_text(TIERS)
    (tmp_path / "ocspolicy.toml").write_text('catalogs = ["terms.yaml"]\n')
    read = compare(tmp_path, "sfb-2015", "lync-2013")
    found = changes(read)
    assert found["tier", "plus"]["after"]["says"].endswith("on top of the Standard CAL and Enterprise CAL")
    row = next(row for row in read["needs"] if (row["license"], row["edition"]) == ("user-cal", "enterprise"))
    assert row["because"] == [{"kind": "tier", "id": "plus"}]
    assert found["role", "outpost"]["names"] == ["edge01 (2)"], "an alias that one product alone knows"
    assert "one Partner Pass for each server" in found["external", "external-users"]["after"]["says"]


def test_what_the_policy_decides_is_said(tmp_path: Path) -> None:
    estate(tmp_path)
    (tmp_path / "ocspolicy.toml").write_text('undetermined = {edge = "free"}\n')
    read = compare(tmp_path, "ocs-2007-r2", "lync-2010")
    assert changes(read)["role", "edge"]["after"]["says"].endswith("needs a license; the configuration says free")


# --- Servers


def test_a_server_that_needs_a_license_under_both_is_not_said_to_need_none(tmp_path: Path) -> None:
    estate(tmp_path, RICH, POOR)
    read = compare(tmp_path, *BOTH)
    names = [name for servers in read["servers"] for name in servers["names"]]
    assert names == ["chat01", "med01"]
    found = changes(read)
    assert found["role", "web-components"]["names"] == []
    assert found["role", "mediation"]["names"] == ["med01"]
    text = told(tmp_path, *BOTH)
    assert "1 server (med01) one server license of any edition -> no license" in text
    assert "fe01" not in text


def test_a_license_of_another_edition_is_another_need(tmp_path: Path) -> None:
    read = compare(estate(tmp_path, RICH, POOR), "ocs-2007-r2", "lync-2013")
    servers = {name: (it["before"], it["after"]) for it in read["servers"] for name in it["names"]}
    plain = [{"license": "server", "edition": None, "anyEdition": False}]
    assert servers["fe01"] == ([{"license": "server", "edition": "enterprise", "anyEdition": False}], plain)
    assert servers["edge01 (2)"][1] == []
    assert changes(read)["role", "web-components"]["names"] == [], (
        "the Front End's license covers it, of whatever edition"
    )


def test_additional_software_and_open_terms_touch_a_server_without_a_need(tmp_path: Path) -> None:
    read = compare(estate(tmp_path, RICH, POOR), "ocs-2007-r2", "lync-2010")
    assert changes(read)["role", "mediation"]["names"] == ["med01"]
    assert "med01" not in [name for servers in read["servers"] for name in servers["names"]]


# --- Certainty


def test_each_side_is_marked_for_itself(tmp_path: Path) -> None:
    estate(tmp_path, RICH, POOR)
    external = changes(compare(tmp_path, "ocs-2007-r2", "lync-2013"))["external", "external-users"]
    assert (external["before"]["certainty"], external["before"]["inferred"]) == ("disputed", False)
    assert external["before"]["source"] == ["S 4", "S 1", "D 4"]
    assert (external["after"]["certainty"], external["after"]["source"]) == ("certain", ["P 27"])
    text = told(tmp_path, "ocs-2007-r2", "lync-2013")
    assert "[disputed: S 4, S 1, D 4] -> external users need no license of their own [P 27]" in text
    assert "inferred" not in text
    assert "[open: ? 26] -> needs no license [P 27, T 27]" in told(tmp_path, "lync-2010", "lync-2013")


def test_explain_and_compare_use_the_same_words(tmp_path: Path) -> None:
    found = changes(compare(estate(tmp_path, RICH, POOR), *BOTH))
    for kind, name in (("role", "mediation"), ("feature", "group-chat"), ("external", "external-users")):
        page = " ".join(run_here("explain", name if kind != "external" else "ocs-2007", cwd=tmp_path).out.split())
        says = found[kind, name]["before"]["says"]
        assert f"{says[0].upper()}{says[1:]}." in page


# --- What is left out


def test_edition_that_nobody_states_is_assumed_and_said(tmp_path: Path) -> None:
    estate(
        tmp_path, DEPLOYMENT.replace("    edition: enterprise\n", "").replace("pools:", "product: lync-2013\npools:")
    )
    assert compare(tmp_path, "lync-2013", "ocs-2007-r2")["assumed"] == ["fe01 (here)", "fe02 (here)"]
    assert "the lowest is assumed: fe01 (here)" in told(tmp_path, "lync-2013", "ocs-2007-r2")


def test_what_is_not_counted_is_said(tmp_path: Path) -> None:
    unknown = DEPLOYMENT.replace("edge01, roles: [edge]", "edge01, roles: [egde]")
    estate(tmp_path, unknown.replace("count: 100", "count: 100, features: [desktop-sharin]"))
    read = compare(tmp_path, "ocs-2007", "lync-2010")
    assert read["uncounted"] == [
        {"unknown": ["desktop-sharin", "egde"], "open": []},
        {"unknown": ["desktop-sharin", "egde"], "open": ["edge"]},
    ]
    assert (
        "nothing is counted for 2 ids that no catalog knows (desktop-sharin and egde) and 1 thing that the terms"
        " of lync-2010 leave open (edge); 'ocspolicy check' says where"
    ) in told(tmp_path, "ocs-2007", "lync-2010")


@pytest.mark.parametrize(
    ("products", "said"),
    [
        ((), "found 0, expected two"),
        (("ocs-2007",), "found 1, expected two"),
        (("ocs-2007", "ocs2007r2"), "did you mean 'ocs-2007-r2'"),
    ],
)
def test_compare_refuses(tmp_path: Path, products: tuple[str, ...], said: str) -> None:
    ran = run(*arguments(*products), cwd=estate(tmp_path))
    assert ran.status == 2
    assert said in ran.err
