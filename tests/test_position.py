"""The position and its reasons, and the comparison of two products, by real processes."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from process import DAY, DEPLOYMENT, INVENTORY, ROOT, estate, run

SHORT = "examples/announcement-short"


def position(*arguments: str, cwd: Path) -> dict[str, Any]:
    ran = run("position", *DAY, "--format", "json", *arguments, cwd=cwd)
    assert ran.status == 0, ran.out + ran.err
    read: dict[str, Any] = json.loads(ran.out)
    return read


def test_position_never_fails_on_findings() -> None:
    ran = run("position", *DAY, SHORT, cwd=ROOT)
    assert ran.status == 0
    assert "ocs-2007-r2 server/standard 2 1 -1" in " ".join(ran.out.split())


def test_csv_has_a_row_for_each_kind() -> None:
    ran = run("position", *DAY, SHORT, "--format", "csv", cwd=ROOT)
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(row["license"], row["edition"], row["balance"]) for row in rows] == [
        ("server", "enterprise", "0"),
        ("server", "standard", "-1"),
        ("user-cal", "enterprise", "0"),
        ("user-cal", "standard", "0"),
    ]


@pytest.mark.parametrize("example", ["announcement", "announcement-short", "contoso"])
def test_reasons_add_up_to_the_position(example: str) -> None:
    read = position(f"examples/{example}", "--why", cwd=ROOT)
    rows = {(row["product"], row["license"], row["edition"], row["metric"]): row for row in read["position"]}
    for why in read["why"]:
        row = rows.pop(
            (why["product"], why["license"], why["edition"], why["metric"]), {"required": 0, "owned": 0, "balance": 0}
        )
        used = sum(line["used"] for line in why["serving"])
        uncovered = sum(it["uncovered"] for it in why["asking"])
        assert used + uncovered == row["required"]
        assert sum(line["units"] for line in why["serving"]) == row["owned"]
        for it in why["asking"]:
            assert sum(it["servedBy"].values()) + it["uncovered"] == it["number"]
        for line in why["serving"]:
            assert sum(to["number"] for to in line["to"]) == line["used"]
        assert (why["proof"] is not None) is (uncovered > 0)
    assert not rows


def test_reason_of_a_shortage_can_be_checked_by_hand() -> None:
    text = " ".join(run("position", *DAY, SHORT, "--why", cwd=ROOT).out.split())
    assert "edge02.fabrikam.example: 1 running server; 1 uncovered" in text
    assert "serves at most 3; 4 - 3 = 1 short" in text
    assert "because of Edge [S 12, P 14, T 22, D 22]" in text


def test_people_are_counted_and_not_named() -> None:
    read = run("position", *DAY, "examples/contoso", "--why", "--verbose", cwd=ROOT).out
    assert "everybody: 12 people" in read
    assert "aokafor" not in read


def test_why_is_no_csv(tmp_path: Path) -> None:
    assert run("position", "--why", "--format", "csv", cwd=estate(tmp_path)).status == 2


def test_unknown_format_names_its_near_miss(tmp_path: Path) -> None:
    ran = run("position", "--format", "txt", cwd=estate(tmp_path))
    assert ran.status == 2
    assert "did you mean 'text'?" in ran.err


def test_position_that_cannot_be_judged(tmp_path: Path) -> None:
    ran = run("position", *DAY, cwd=estate(tmp_path, inventory=INVENTORY.replace("100", "many")))
    assert ran.status == 2
    assert "licenses.yaml:5:" in ran.out


# --- compare

BOTH = ("--product", "ocs-2007", "--product", "ocs-2007-r2")


def compare(*arguments: str, cwd: Path) -> dict[str, Any]:
    ran = run("compare", *DAY, "--format", "json", *arguments, cwd=cwd)
    assert ran.status == 0, ran.out + ran.err
    read: dict[str, Any] = json.loads(ran.out)
    return read


def test_comparison_tells_the_story_of_the_announcement() -> None:
    read = compare(*BOTH, "examples/announcement", cwd=ROOT)
    needs = {(row["license"], row["edition"]): (row["before"], row["after"]) for row in read["needs"]}
    assert needs["server", "standard"] == (6, 2), "six other servers, then the two Edges"
    assert needs["group-chat-server", None] == (1, 0)
    assert needs["group-chat-cal", None] == (420, 0)
    changes = {(change["kind"], change["id"]): change for change in read["changes"]}
    assert changes["role", "communicator-web-access"]["names"] == ["cwa01.litware.example"]
    assert changes["role", "mediation"]["uses"] == 2
    assert changes["role", "group-chat"]["after"].startswith("no license of its own")
    assert changes["feature", "group-chat"]["after"] == "included in the Standard CAL"
    assert changes["feature", "desktop-sharing"]["before"] == "not offered"
    assert changes["feature", "desktop-sharing"]["after"] == "included in the Enterprise CAL"
    assert changes["external", "external-users"]["uses"] == 60
    assert "External Connector" in changes["external", "external-users"]["before"]
    assert all(change["certainty"] == "disputed" and change["source"] for change in changes.values())
    assert [result["summary"]["passed"] for result in read["results"]] == [False, True]
    text = run("compare", *DAY, *BOTH, "examples/announcement", cwd=ROOT).out
    assert "inferred: D 25" in text
    assert "under ocs-2007-r2: covered" in text


def test_same_product_changes_nothing() -> None:
    read = compare("--product", "ocs-2007-r2", "--product", "ocs-2007-r2", "examples/contoso", cwd=ROOT)
    assert read["changes"] == []
    assert all(row["before"] == row["after"] for row in read["needs"])


def test_edition_that_nobody_states_is_assumed_and_said(tmp_path: Path) -> None:
    estate(
        tmp_path, DEPLOYMENT.replace("    edition: enterprise\n", "").replace("pools:", "product: lync-2013\npools:")
    )
    read = compare("--product", "lync-2013", "--product", "ocs-2007-r2", cwd=tmp_path)
    assert read["assumed"] == ["fe01 (here)", "fe02 (here)"]
    assert (
        "the lowest is assumed: fe01 (here)"
        in run("compare", "--product", "lync-2013", "--product", "ocs-2007-r2", cwd=tmp_path).out
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "found 0, expected two"),
        (("--product", "ocs-2007"), "found 1, expected two"),
        (("--product", "ocs-2007", "--product", "ocs2007r2"), "did you mean 'ocs-2007-r2'"),
    ],
)
def test_compare_refuses(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = run("compare", *arguments, cwd=estate(tmp_path))
    assert ran.status == 2
    assert said in ran.err
