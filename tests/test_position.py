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


UNKNOWN = DEPLOYMENT.replace("[edge]", "[egde]").replace("count: 100", "count: 100, features: [remote-call-control]")
LEFT_OUT = (
    "nothing is counted for 1 id that no catalog knows (egde) and 1 thing that the terms leave open"
    " (remote-call-control); 'ocspolicy check' says where"
)


def test_what_is_not_counted_is_said(tmp_path: Path) -> None:
    estate(tmp_path, UNKNOWN)
    assert LEFT_OUT in " ".join(run("position", *DAY, cwd=tmp_path).out.split())
    assert position(cwd=tmp_path)["uncounted"] == {"unknown": ["egde"], "open": ["remote-call-control"]}
    (tmp_path / "ocspolicy.toml").write_text('undetermined = {remote-call-control = "none"}\n')
    assert position(cwd=tmp_path)["uncounted"] == {"unknown": ["egde"], "open": []}


def test_nothing_is_said_where_everything_is_counted(tmp_path: Path) -> None:
    assert "nothing is counted" not in run("position", *DAY, cwd=estate(tmp_path)).out


@pytest.mark.parametrize(
    ("group", "left"),
    [
        ("relationship: external, authentication: active-directory", ["external-users"]),
        ("relationship: external", []),
        ("authentication: anonymous, features: [remote-call-control]", []),
    ],
)
def test_only_who_asks_for_cals_leaves_something_open(tmp_path: Path, group: str, left: list[str]) -> None:
    estate(tmp_path, DEPLOYMENT.replace("count: 100", f"count: 100, {group}"))
    assert position(cwd=tmp_path)["uncounted"]["open"] == left
